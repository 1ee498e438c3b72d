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
