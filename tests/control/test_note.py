from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp
import pytest

from bubbled.note import LONGEST_TEXT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.control.desk import Desk


async def note(served: Path, call: str, text: object) -> tuple[int, object]:
    connector = aiohttp.UnixConnector(str(served))
    async with (
        aiohttp.ClientSession("http://bubbled", connector=connector) as session,
        session.post(f"/v1/calls/{call}/note", json={"text": text}) as answer,
    ):
        return answer.status, await answer.json()


async def test_a_note_goes_to_one_call_or_to_the_latest(served: Path, desk: Desk) -> None:
    assert await note(served, "1700000000.1", "One\r\ntwo") == (
        200,
        {"call": "1700000000.1", "directory": "Customers", "note": "One\ntwo", "remark": None},
    )
    status, answer = await note(served, "latest", "Three")
    assert (status, desk.notes) == (200, ["One\ntwo", "Three"])
    assert isinstance(answer, dict)
    assert answer["call"] == "1700000000.2"


@pytest.mark.parametrize("text", ["", " \n ", 7, None, "x" * (LONGEST_TEXT + 1)])
async def test_what_is_no_note_is_refused(served: Path, desk: Desk, text: object) -> None:
    status, _ = await note(served, "latest", text)
    assert (status, desk.notes) == (400, [])


async def test_a_call_that_nobody_knows_is_told(served: Path) -> None:
    assert (await note(served, "7", "Hello"))[0] == 404
