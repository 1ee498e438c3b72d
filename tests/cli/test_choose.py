from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bubbled.control.choice import Match
from bubbled.error import ControlError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.shell import Bubbled, Terminal
    from tests.control.desk import Desk


async def test_who_has_the_number_is_listed_for_a_program(bubbled: Bubbled, served: Path) -> None:
    ended = await bubbled("--socket", served, "choose")
    assert ended.status == 0
    assert ended.out.splitlines() == ["1\tchosen\tJan Jansen · Utrecht", "2\t\tJan Jansen · Gouda"]


async def test_an_arrow_shows_a_person_who_is_in_the_popup(terminal: Terminal, served: Path) -> None:
    seen = await terminal("--socket", served, "choose")
    (shown,) = (line for line in seen.screen.splitlines() if "→" in line)
    assert "Utrecht" in shown


async def test_one_of_them_is_chosen(bubbled: Bubbled, served: Path, desk: Desk) -> None:
    ended = await bubbled("--socket", served, "choose", "2")
    assert ended.out == "It is Jan Jansen · Gouda; that is remembered for the number.\n"
    assert [each.is_chosen for each in desk.family] == [False, True]
    answer = json.loads((await bubbled("--socket", served, "choose", "1", "--json")).out)
    assert [each["chosen"] for each in answer["matches"]] == [True, False]


async def test_for_another_call(bubbled: Bubbled, served: Path) -> None:
    ended = await bubbled("--socket", served, "choose", "--call", "1700000000.1", "--json")
    assert json.loads(ended.out)["call"] == "1700000000.1"
    assert "no call 7/8" in (await bubbled("--socket", served, "choose", "1", "--call", "7/8")).err


async def test_nobody_to_choose_is_told_to_a_person(terminal: Terminal, served: Path, desk: Desk) -> None:
    desk.family = ()
    assert "No contact is known" in (await terminal("--socket", served, "choose")).screen


async def test_a_hostile_name_forges_no_line(bubbled: Bubbled, served: Path, desk: Desk) -> None:
    desk.family = (Match("Jan\n2\tchosen\tPiet\x1b[2J", {}, is_chosen=True),)
    assert (await bubbled("--socket", served, "choose")).out == "1\tchosen\tJan 2 chosen Piet�[2J\n"
    assert len((await bubbled("--socket", served, "choose", "1")).out.splitlines()) == 1


async def test_a_refusal_is_one_line(bubbled: Bubbled, served: Path, desk: Desk) -> None:
    desk.refusal = ControlError("There is no 9 to choose.")
    ended = await bubbled("--socket", served, "choose", "9")
    assert (ended.status, ended.out, ended.err) == (1, "", "bubbled: There is no 9 to choose.\n")
    assert (await bubbled("--socket", served, "choose", "0")).status == 2


async def test_a_name_is_no_number_of_the_list(bubbled: Bubbled, served: Path) -> None:
    ended = await bubbled("--socket", served, "choose", "Jan")
    assert (ended.status, ended.out) == (2, "")
    assert "number from the list of `bubbled choose`" in ended.err
