from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.control.desk import a_call

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.shell import Bubbled, Terminal
    from tests.control.desk import Desk


async def test_every_directorys_answer_and_time_is_told(bubbled: Bubbled, served: Path) -> None:
    ended = await bubbled("--socket", served, "lookup", "+31612345678")
    assert ended.out.splitlines() == [
        "Customers\thit\t0.4\tJan Jansen, Bakkerij De Vries",
        "CRM\terror\t12.0\tthe file is gone",
    ]


async def test_a_terminal_shows_a_table(terminal: Terminal, served: Path) -> None:
    seen = await terminal("--socket", served, "lookup", "+31612345678")
    assert "Bakkerij De Vries" in seen.screen
    assert "Directory" in seen.screen


async def test_a_program_reads_json(bubbled: Bubbled, served: Path) -> None:
    answer = json.loads((await bubbled("--socket", served, "lookup", "+31612345678", "--json")).out)
    assert [each["outcome"] for each in answer["asked"]] == ["hit", "error"]


async def test_what_is_no_number_is_refused(bubbled: Bubbled, served: Path) -> None:
    ended = await bubbled("--socket", served, "lookup", "jan")
    assert (ended.status, ended.out) == (1, "")
    assert "no possible phone number" in ended.err


async def test_nobody_is_asked_to_explain_who_would_be_told(bubbled: Bubbled, served: Path) -> None:
    ended = await bubbled("--socket", served, "lookup", "+31612345678", "--explain")
    assert ended.out.splitlines() == ["Customers\t\t", "CRM\tcrm.example.com\t+31612345678, 0612345678"]
    ended = await bubbled("--socket", served, "lookup", "+31612345678", "--explain", "--json")
    told = json.loads(ended.out)
    assert told["tells"][1]["hosts"] == [{"host": "crm.example.com", "sent": ["+31612345678", "0612345678"]}]


async def test_why_tells_who_was_asked(bubbled: Bubbled, served: Path) -> None:
    ended = await bubbled("--socket", served, "why", "1700000000.1")
    *story, crm, customers = ended.out.splitlines()
    assert (crm, customers) == ("CRM\ttimeout\t2000.0\t", "Customers\thit, cached\t0.2\t")
    assert story[0].endswith("the popup was shown (native).")
    assert not any("\t" in line for line in story)
    told = json.loads((await bubbled("--socket", served, "why", "1700000000.1", "--json")).out)
    assert [(asked["outcome"], asked["cached"]) for asked in told["asked"]] == [
        ("timeout", False),
        ("hit", True),
    ]


async def test_why_explains_to_a_person(terminal: Terminal, served: Path) -> None:
    seen = await terminal("--socket", served, "why", "1700000000.1")
    assert "the popup was shown (native)." in seen.screen
    assert "The contact is from Customers." in seen.screen
    seen = await terminal("--socket", served, "why")
    assert "Nobody was asked" in seen.screen


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("muted until 14:00", "+31612345678: no popup: muted until 14:00."),
        ("outside the hours Mon-Fri 08:30-17:30", "no popup: outside the hours Mon-Fri 08:30-17:30."),
        (None, "+31612345678"),
    ],
)
async def test_why_explains_why_there_was_no_popup(
    terminal: Terminal, served: Path, desk: Desk, verdict: str | None, words: str
) -> None:
    desk.kept.append(a_call("1700000000.3", popup=verdict))
    seen = await terminal("--socket", served, "why")
    assert words in " ".join(seen.screen.split())
    assert ("no popup" in seen.screen) is (verdict is not None)


async def test_why_of_an_unknown_call_is_refused(bubbled: Bubbled, served: Path) -> None:
    ended = await bubbled("--socket", served, "why", "17")
    assert (ended.status, "There is no call 17" in ended.err) == (1, True)
