from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from bubbled.error import ControlError
from bubbled.note import LONGEST_TEXT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.control.desk import Desk

OFFERED = {
    "popup": "1700000000.2",
    "headline": "Jan Jansen",
    "buttons": [
        {"number": 1, "id": "call", "label": "Call back", "asks": ""},
        {"number": 2, "id": "page", "label": "Open in CRM", "asks": ""},
        {"number": 3, "id": "copy", "label": "Copy number", "asks": ""},
        {"number": 4, "id": "note", "label": "Note", "asks": "Note on this call"},
    ],
}


async def ask(served: Path, method: str, target: str, body: Any = None) -> tuple[int, Any]:
    connector = aiohttp.UnixConnector(str(served))
    async with (
        aiohttp.ClientSession("http://bubbled", connector=connector) as session,
        session.request(method, f"/v1/calls/{target}", json=body) as answer,
    ):
        return answer.status, await answer.json()


async def test_the_buttons_of_a_popup_are_told(served: Path) -> None:
    assert await ask(served, "GET", "latest/buttons") == (200, OFFERED)
    of_another = OFFERED | {"popup": "1700000000.1"}
    assert await ask(served, "GET", "1700000000.1/buttons") == (200, of_another)


async def test_one_is_pressed(served: Path, desk: Desk) -> None:
    assert await ask(served, "POST", "latest/press", {"button": "call"}) == (200, OFFERED)
    await ask(served, "POST", "1700000000.1/press", {"button": "note", "text": "On\nMonday"})
    assert desk.presses == [(None, "call", ""), ("1700000000.1", "note", "On\nMonday")]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"button": ""},
        {"button": 1},
        {"button": "x" * 201},
        {"button": "note", "text": None},
        {"button": "note", "text": "x" * (LONGEST_TEXT + 1)},
    ],
)
async def test_what_is_no_press_is_refused(served: Path, desk: Desk, body: dict[str, Any]) -> None:
    for call in ("latest", "1700000000.1"):
        status, answer = await ask(served, "POST", f"{call}/press", body)
        assert status == 400
        assert answer["error"]
    assert desk.presses == []


async def test_a_popup_that_is_not_up_is_told(served: Path, desk: Desk) -> None:
    desk.refusal = ControlError("No popup of that call is up.")
    status, answer = await ask(served, "GET", "7/buttons")
    assert (status, answer["error"]) == (409, "No popup of that call is up.")
