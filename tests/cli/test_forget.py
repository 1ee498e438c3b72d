from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.shell import Bubbled
    from tests.control.desk import Desk


async def test_a_number_is_erased(bubbled: Bubbled, served: Path, desk: Desk) -> None:
    ended = await bubbled("--socket", served, "forget", "+31612345678")
    assert ended.out == "2 calls with +31612345678 erased from the history.\n"
    assert desk.kept == []

    assert (await bubbled("--socket", served, "forget", "+31612345678", "--json")).out == '{"erased": 0}\n'
    again = await bubbled("--socket", served, "forget", "+31612345678")
    assert again.out == "The history has no call with +31612345678.\n"
