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
    ended = await bubbled("--socket", served, "note", "--call", "1700000000.1", "Wants", "20", "more")
    assert (ended.status, ended.out) == (0, "Noted; it is written into Customers with the call.\n")
    assert desk.notes == ["Wants 20 more"]


async def test_without_a_call_the_daemon_chooses_it(bubbled: Bubbled, served: Path, desk: Desk) -> None:
    answer = json.loads((await bubbled("--socket", served, "note", "Hello", "--json")).out)
    assert answer == {"call": "1700000000.2", "directory": None, "note": "Hello", "remark": None}
    assert (await bubbled("--socket", served, "note", "Again")).out == "Noted.\n"
    desk.remark = "The call is written in Odoo:\x1b add the note there."
    ended = await bubbled("--socket", served, "note", "And again")
    assert ended.out == "Noted. The call is written in Odoo:\N{REPLACEMENT CHARACTER} add the note there.\n"


async def test_a_note_on_no_call_and_no_note_at_all_are_refused_in_a_line(
    bubbled: Bubbled, served: Path, desk: Desk
) -> None:
    assert "no call 7/8" in (await bubbled("--socket", served, "note", "--call", "7/8", "Hello")).err
    desk.refusal = ControlError("A note can have 4000 characters.")
    ended = await bubbled("--socket", served, "note", "--call", "1", "Hello")
    assert (ended.status, ended.err) == (1, "bubbled: A note can have 4000 characters.\n")
    assert (await bubbled("--socket", served, "note")).status == 2
