from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.shell import Bubbled, Terminal


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
