from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from bubbled.control.layout import Candidate
from bubbled.error import ControlError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.control.desk import Desk


async def post(served: Path, resource: str, body: Any) -> tuple[int, Any]:
    connector = aiohttp.UnixConnector(str(served))
    async with (
        aiohttp.ClientSession("http://bubbled", connector=connector) as session,
        session.post(f"/v1/layout/{resource}", json=body) as answer,
    ):
        return answer.status, await answer.json()


async def test_a_candidate_is_previewed(served: Path, desk: Desk) -> None:
    body = {"popup": {"layout": {"headline": "$name"}}, "buttons": None, "scene": "missed", "call": None}
    status, answer = await post(served, "preview", body)
    assert status == 200
    assert answer["card"]["headline"] == "Jan Jansen"
    assert answer["mistakes"] == [{"key": "popup.layout.lines[2]", "line": None, "text": "must not be empty"}]
    assert (answer["picture"], answer["warnings"]) == ("/photos/jan.jpg", ["a doubt"])
    assert answer["buttons"][0]["is_shown"] is True
    assert answer["legend"]["variables"][0]["example"] == "Jan Jansen"
    assert desk.candidates == [
        Candidate({"popup": {"layout": {"headline": "$name"}}, "button": None}, scene="missed")
    ]


async def test_what_is_left_out_is_as_in_the_settings(served: Path, desk: Desk) -> None:
    await post(served, "preview", {"call": "1700000000.1"})
    assert [(each.sections, each.call) for each in desk.candidates] == [({}, "1700000000.1")]


async def test_a_button_is_tried(served: Path) -> None:
    assert await post(served, "press", {"button": 2}) == (200, {"outcome": "It would press 2"})
    for wrong in (None, True, "1"):
        assert (await post(served, "press", {"button": wrong}))[0] == 400


async def test_a_candidate_is_shown_on_the_screen(served: Path, desk: Desk) -> None:
    assert (await post(served, "example", {"scene": "missed", "popup": {}}))[0] == 200
    assert desk.examples == ["missed"]


@pytest.mark.parametrize(
    "body",
    [
        {"scene": 1},
        {"scene": "x" * 201},
        {"call": 5},
        {"call": "x" * 201},
        {"popup": {"layout": {"headline": "\ud800"}}},
        {"buttons": [{"\udfff": "x"}]},
    ],
)
async def test_what_is_no_candidate_is_refused(served: Path, desk: Desk, body: dict[str, Any]) -> None:
    status, answer = await post(served, "preview", body)
    assert (status, "\n" in answer["error"]) == (400, False)
    assert desk.candidates == []


async def test_a_refusal_is_one_line(served: Path, desk: Desk) -> None:
    desk.refusal = ControlError("That call is not in the history any more.")
    assert await post(served, "preview", {}) == (409, {"error": str(desk.refusal)})
