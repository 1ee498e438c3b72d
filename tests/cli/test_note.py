from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bubbled.error import ControlError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.shell import Bubbled
    from tests.control.desk import Desk


async def test_a_note_goes_to_the_call_and_its_crm_is_told(
    bubbled: Bubbled, served: Path, desk: Desk
) -> None:
    ended = await bubbled("--socket", served, "note", "Wants 20 more", "1700000000.1")
    assert (ended.status, ended.out) == (0, "Noted; it is written into Customers with the call.\n")
    assert desk.notes == ["Wants 20 more"]


async def test_without_a_call_it_is_the_latest(bubbled: Bubbled, served: Path) -> None:
    answer = json.loads((await bubbled("--socket", served, "note", "Hello", "--json")).out)
    assert answer == {"call": "1700000000.2", "directory": None, "note": "Hello"}
    ended = await bubbled("--socket", served, "note", "Again")
    assert ended.out.startswith("Noted, for the case that the caller turns out to be in a CRM")


async def test_a_note_that_has_no_place_is_refused_in_a_line(
    bubbled: Bubbled, served: Path, desk: Desk
) -> None:
    assert "no call 7/8" in (await bubbled("--socket", served, "note", "Hello", "7/8")).err
    desk.refusal = ControlError("That call is written: add the note there.")
    ended = await bubbled("--socket", served, "note", "Hello", "1")
    assert (ended.status, ended.err) == (1, "bubbled: That call is written: add the note there.\n")
    assert (await bubbled("--socket", served, "note")).status == 2
