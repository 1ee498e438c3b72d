from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bubbled.error import ControlError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.shell import Bubbled, Terminal
    from tests.control.desk import Desk


async def test_the_phones_are_listed_for_a_program(bubbled: Bubbled, served: Path) -> None:
    ended = await bubbled("--socket", served, "device")
    assert ended.status == 0
    assert ended.out.splitlines() == [
        "default\tDesk phone\tPJSIP/101\tready",
        "\t\tPJSIP/201\tnot registered",
    ]


async def test_an_arrow_shows_a_person_which_phone_rings(terminal: Terminal, served: Path) -> None:
    seen = await terminal("--socket", served, "device")
    (chosen,) = (line for line in seen.screen.splitlines() if "→" in line)
    assert "Desk phone" in chosen
    assert "PJSIP/101" in chosen


async def test_another_phone_is_chosen(bubbled: Bubbled, served: Path) -> None:
    ended = await bubbled("--socket", served, "device", "PJSIP/201", "--json")
    told = json.loads(ended.out)["devices"]
    assert [(each["device"], each["default"]) for each in told] == [("PJSIP/101", False), ("PJSIP/201", True)]


async def test_a_phone_that_there_is_not_is_told_in_one_line(
    bubbled: Bubbled, served: Path, desk: Desk
) -> None:
    desk.refusal = ControlError("'fax' is no phone of yours: nothing was done. Yours are PJSIP/101.")
    ended = await bubbled("--socket", served, "device", "fax")
    assert (ended.status, ended.out) == (1, "")
    assert ended.err == "bubbled: 'fax' is no phone of yours: nothing was done. Yours are PJSIP/101.\n"
