from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.shell import Bubbled
    from tests.control.desk import Desk


async def test_the_newest_popup_gets_the_keyboard_without_a_word(bubbled: Bubbled, served: Path) -> None:
    ended = await bubbled("--socket", served, "focus")
    assert (ended.status, ended.out, ended.err) == (0, "", "")


async def test_programs_are_told_in_json(bubbled: Bubbled, served: Path) -> None:
    ended = await bubbled("--socket", served, "focus", "--json")
    assert (ended.status, ended.out) == (0, '{"focused": true}\n')


async def test_without_a_window_that_is_said(bubbled: Bubbled, served: Path, desk: Desk) -> None:
    desk.has_window = False
    ended = await bubbled("--socket", served, "focus")
    assert (ended.status, ended.out) == (1, "")
    assert ended.err == (
        "bubbled: There is no popup that takes the keyboard: none is up, or it is no window on X11.\n"
    )
