from __future__ import annotations

import asyncio
import sys
from contextlib import suppress

import pytest

from bubbled import keystroke
from bubbled.dialing.hotkey.pynput import ABSENT, PynputHotkey, notation


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("F7", "<f7>"),
        ("Pause", "<pause>"),
        ("PageUp", "<page_up>"),
        ("PageDown", "<page_down>"),
        ("PrintScreen", "<print_screen>"),
        ("ScrollLock", "<scroll_lock>"),
        ("Ctrl+Alt+D", "<ctrl>+<alt>+d"),
        ("Shift+Super+Ctrl+1", "<ctrl>+<shift>+<cmd>+1"),
    ],
)
def test_a_key_is_written_as_pynput_reads_it(key: str, written: str) -> None:
    assert notation(keystroke.parse(key)) == written


async def test_without_pynput_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pynput", None)
    hotkey = PynputHotkey(keystroke.parse("F7"), lambda: None)
    task = asyncio.create_task(hotkey.run())
    async with asyncio.timeout(10):
        while hotkey.trouble != ABSENT:  # noqa: ASYNC110 - nothing tells of a changed property
            await asyncio.sleep(0)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
