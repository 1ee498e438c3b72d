from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

from bubbled.control.search import Search
from tests.control.desk import a_call

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.shell import Bubbled, Terminal
    from tests.control.desk import Desk


async def test_a_program_reads_one_object_a_line_newest_last(
    bubbled: Bubbled, served: Path, desk: Desk
) -> None:
    ended = await bubbled("--socket", served, "calls", "--json")
    assert [json.loads(line) for line in ended.out.splitlines()] == desk.kept


async def test_no_more_calls_than_asked_for(bubbled: Bubbled, served: Path) -> None:
    ended = await bubbled("--socket", served, "calls", "-n", "1", "--json")
    assert [json.loads(line)["id"] for line in ended.out.splitlines()] == ["1700000000.2"]


async def test_the_calls_of_a_day(bubbled: Bubbled, served: Path, desk: Desk) -> None:
    desk.kept.insert(0, a_call("1600000000.1", started_at="2026-11-21T22:00:00+00:00"))
    ended = await bubbled("--socket", served, "calls", "--on", "2026-11-21", "--json")
    assert [json.loads(line)["id"] for line in ended.out.splitlines()] == ["1600000000.1"]
    ended = await bubbled("--socket", served, "calls", "--on", "2026-11-22", "-n", "1", "--json")
    assert [json.loads(line)["id"] for line in ended.out.splitlines()] == ["1700000000.2"]


async def test_a_day_that_is_none_is_refused(bubbled: Bubbled, served: Path) -> None:
    ended = await bubbled("--socket", served, "calls", "--on", "soon")
    assert (ended.status, ended.out) == (1, "")
    assert "'soon' is no day" in ended.err


async def test_a_pipe_gets_tab_separated_lines(bubbled: Bubbled, served: Path) -> None:
    first, second = (await bubbled("--socket", served, "calls")).out.splitlines()
    assert first.split("\t") == [
        "2026-11-22T09:00:00+00:00",
        "inbound",
        "Jan Jansen, Bakkerij De Vries",
        "+31612345678",
        "answered",
        "65",
        "1700000000.1",
    ]
    assert second.split("\t")[2] == ""


async def test_a_name_cannot_forge_a_row_or_a_cell(bubbled: Bubbled, served: Path, desk: Desk) -> None:
    desk.kept = [a_call("1", contact=None, name="a\tb\r\nc\x1b[2J")]
    (line,) = (await bubbled("--socket", served, "calls")).out.splitlines()
    assert line.split("\t")[2] == "a b  c\N{REPLACEMENT CHARACTER}[2J"


async def test_a_terminal_shows_a_table(terminal: Terminal, served: Path, desk: Desk) -> None:
    desk.kept.append(
        a_call("1700000000.3", contact=None, number=None, direction="outbound", outcome="no_answer")
    )
    desk.kept.append(
        a_call("1700000000.4", contact=None, name="[bold]\x1b[2JEve[/bold]", state="ringing", outcome=None)
    )
    seen = await terminal("--socket", served, "calls", columns=140)
    assert "Jan Jansen, Bakkerij De Vries" in seen.screen
    assert "1:05" in seen.screen
    assert "no answer" in seen.screen
    assert "[bold]\N{REPLACEMENT CHARACTER}[2JEve[/bold]" in seen.screen


async def test_a_terminal_says_that_there_are_none(
    bubbled: Bubbled, terminal: Terminal, served: Path, desk: Desk
) -> None:
    desk.kept = []
    assert "no call of yours." in (await terminal("--socket", served, "calls")).screen
    assert (
        "no call of yours on that day"
        in (await terminal("--socket", served, "calls", "--on", "today")).screen
    )
    assert (await bubbled("--socket", served, "calls")).out == ""


async def test_a_narrow_terminal_still_shows_who_called(terminal: Terminal, served: Path) -> None:
    seen = await terminal("--socket", served, "calls", columns=40)
    assert "Jan" in seen.screen
    assert all(len(line) <= 40 for line in seen.screen.splitlines())


async def test_an_unknown_caller_is_named_as_such(bubbled: Bubbled, served: Path, desk: Desk) -> None:
    desk.kept = [a_call("1", contact=None, name=None, number=None, e164=None)]
    assert "number withheld" in (await bubbled("--socket", served, "calls")).out
    desk.kept = [a_call("1", contact=None, name=None, number=None, direction="outbound")]
    assert "number unknown" in (await bubbled("--socket", served, "calls")).out
    desk.kept = [a_call("1", contact={"name": None, "company": "De Vries", "probable": True})]
    assert "probably De Vries" in (await bubbled("--socket", served, "calls")).out


async def test_a_call_in_an_unknown_shape_is_one_line_of_complaint(
    bubbled: Bubbled, served: Path, desk: Desk
) -> None:
    desk.kept = [a_call("1", started_at="yesterday")]
    ended = await bubbled("--socket", served, "calls")
    assert ended.status == 1
    assert ended.err.count("\n") == 1


async def test_the_latest_popup_is_shown_again(bubbled: Bubbled, served: Path, desk: Desk) -> None:
    ended = await bubbled("--socket", served, "show")
    assert ended.out == "The popup of the call with +31612345678 is shown again.\n"
    assert desk.shown == ["1700000000.2"]


async def test_the_popup_of_a_certain_call_is_shown_again(bubbled: Bubbled, served: Path, desk: Desk) -> None:
    ended = await bubbled("--socket", served, "show", "1700000000.1", "--json")
    assert json.loads(ended.out) == desk.kept[0]
    assert desk.shown == ["1700000000.1"]


async def test_a_call_that_is_not_there_is_refused(bubbled: Bubbled, served: Path) -> None:
    ended = await bubbled("--socket", served, "show", "../../x y\x1b")
    assert (ended.status, ended.out) == (1, "")
    assert "no call ../../x y" in ended.err
    assert "\x1b" not in ended.err


async def test_calls_are_searched_for_newest_last(bubbled: Bubbled, served: Path, desk: Desk) -> None:
    ended = await bubbled("--socket", served, "calls", "--find", "jan", "--json")
    assert [json.loads(line)["id"] for line in ended.out.splitlines()] == ["1700000000.1"]
    ended = await bubbled("--socket", served, "calls", "--find", "", "--json")
    assert [json.loads(line)["id"] for line in ended.out.splitlines()] == ["1700000000.1", "1700000000.2"]
    assert [(each.text, each.whose, each.limit) for each in desk.searches] == [
        ("jan", "me", 50),
        ("", "me", 50),
    ]


async def test_each_criterion_of_a_search_is_asked_for(bubbled: Bubbled, served: Path, desk: Desk) -> None:
    many = (
        "--find",
        "06-12 é",
        "--whose",
        "102",
        "--since",
        "2026-11-01",
        "--until",
        "2 Nov 2026",
        "--missed",
    )
    assert (await bubbled("--socket", served, "calls", *many, "-n", "7")).status == 0
    assert (await bubbled("--socket", served, "calls", "--missed", "--on", "2026-11-01")).status == 0
    first, second = date(2026, 11, 1), date(2026, 11, 2)
    assert desk.searches == [
        Search(text="06-12 é", whose="102", since=first, until=second, missed=True, limit=7),
        Search(since=first, until=first, missed=True),
    ]


async def test_whose_calls_they_are_is_told_where_it_was_asked(bubbled: Bubbled, served: Path) -> None:
    ended = await bubbled("--socket", served, "calls", "--whose", "all")
    assert [line.split("\t")[-2:] for line in ended.out.splitlines()] == [
        ["1700000000.1", "me"],
        ["1700000000.2", "me"],
    ]


async def test_a_person_is_told_of_more_and_of_calls_that_cannot_be_found_yet(
    terminal: Terminal, served: Path, desk: Desk
) -> None:
    desk.gap = "Calls of before 2025 are not found yet."
    seen = await terminal("--socket", served, "calls", "--find", "", "-n", "1")
    assert "Calls of before 2025 are not found yet." in seen.screen
    assert "The latest 1; there are more" in seen.screen
    assert "No such call" in (await terminal("--socket", served, "calls", "--find", "zzz")).screen


async def test_all_that_is_found_is_written_as_a_table(bubbled: Bubbled, served: Path, desk: Desk) -> None:
    ended = await bubbled("--socket", served, "calls", "--csv", "--on", "2026-11-22")
    assert ended.out.split() == ["1700000000.1", "1700000000.2"]
    assert desk.searches == [Search(since=date(2026, 11, 22), until=date(2026, 11, 22))]


async def test_a_search_that_contradicts_itself_is_refused(bubbled: Bubbled, served: Path) -> None:
    for arguments in (("--on", "today", "--since", "today"), ("--csv", "-n", "5")):
        ended = await bubbled("--socket", served, "calls", *arguments)
        assert (ended.status, ended.out) == (2, "")
    ended = await bubbled("--socket", served, "calls", "--find", "x" * 201)
    assert (ended.status, "at most 200" in ended.err) == (1, True)
