"""The hotkey on a real X server, with keys pressed by xdotool."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from bubbled import keystroke
from bubbled.dialing.hotkey.purpose import DIALLING
from bubbled.dialing.hotkey.x11 import X11Hotkey
from bubbled.display import Display
from tests.dialing.x11_server import XServer, line, running_x_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

pytestmark = pytest.mark.desktop

SOON_S = 0.05
"""How often what is missing is looked for, so that no test waits for it."""


class Key:
    """A hotkey and how often it was pressed."""

    def __init__(self, display: Display, key: str = "F7") -> None:
        self.presses = 0
        self._changed = asyncio.Condition()
        self._news: set[asyncio.Task[None]] = set()
        self.hotkey = X11Hotkey(
            keystroke.parse(key), self._pressed, display, retry_s=SOON_S, patience_s=20 * SOON_S
        )

    def _pressed(self) -> None:
        self.presses += 1

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not condition():  # noqa: ASYNC110 - nothing tells of a changed property
                await asyncio.sleep(0.005)

    async def works(self) -> None:
        await self.until(lambda: self.hotkey.trouble is None)

    async def is_pressed(self, times: int) -> None:
        await self.until(lambda: self.presses >= times)
        assert self.presses == times

    async def has_trouble(self, words: str) -> None:
        await self.until(lambda: words in (self.hotkey.trouble or ""))


@asynccontextmanager
async def having(display: Display, key: str = "F7") -> AsyncIterator[Key]:
    """Have a key for as long as the block lasts."""
    held = Key(display, key)
    task = asyncio.create_task(held.hotkey.run())
    try:
        yield held
        assert not task.done()
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_a_press_is_told_and_no_program_below_gets_it(x_server: XServer) -> None:
    window = x_server.begin_own("x11_window.py", "focus")
    async with having(x_server.display) as key:
        await key.works()
        x_server.press("F7", "F8")
        assert await line(window) == "F8"
        await key.is_pressed(1)
    x_server.press("F7")
    assert await line(window) == "F7", "it is given back"


async def test_only_exactly_these_modifiers_count(x_server: XServer) -> None:
    window = x_server.begin_own("x11_window.py", "focus")
    others = ("shift+F7", "ctrl+F7", "alt+F7", "super+F7", "ctrl+shift+F7")
    async with having(x_server.display) as key:
        await key.works()
        x_server.press(*others, "F7", "F8")
        seen = []
        while "F8" not in seen:
            seen.append(await line(window))
        assert seen.count("F7") == len(others)
        await key.is_pressed(1)


@pytest.mark.parametrize("locks", [(), ("Num_Lock",), ("Caps_Lock",), ("Num_Lock", "Caps_Lock")])
async def test_locks_make_no_difference(x_server: XServer, locks: tuple[str, ...]) -> None:
    window = x_server.begin_own("x11_window.py", "focus")
    async with having(x_server.display) as key, having(x_server.display, "Ctrl+Alt+D") as other:
        await key.works()
        await other.works()
        x_server.press(*locks, "F7", "ctrl+alt+d", "F8")
        seen = []
        while "F8" not in seen:
            seen.append(await line(window))
        assert not {"F7", "d"} & set(seen)
        await key.is_pressed(1)
        await other.is_pressed(1)


async def test_every_screen_of_a_display_has_it() -> None:
    with running_x_server("-screen", "1", "480x360x24") as x_server:
        window = x_server.begin_own("x11_window.py", "focus", screen=1)
        async with having(x_server.display) as key:
            await key.works()
            x_server.press("F7", "F8")
            assert await line(window) == "F8"
            await key.is_pressed(1)


async def test_a_key_that_is_held_down_is_one_press(x_server: XServer) -> None:
    x_server.run("xset", "r", "rate", "100", "100")
    window = x_server.begin_own("x11_window.py", "focus")
    async with having(x_server.display) as key:
        await key.works()
        # The window tells when the server has repeated a key: F8, held for as long as F7 before it.
        x_server.run(
            "xdotool", "keydown", "F7", "sleep", "0.3", "keyup", "F7", "keydown", "F8", "sleep", "0.3"
        )
        for _ in range(3):
            assert await line(window) == "F8"
        await key.is_pressed(1)
        x_server.press("F7")
        await key.is_pressed(2)


async def test_pressing_twice_is_two_presses(x_server: XServer) -> None:
    async with having(x_server.display) as key:
        await key.works()
        for times in (1, 2, 3):
            x_server.press("F7")
            await key.is_pressed(times)


async def test_other_keys_that_are_pressed_meanwhile_are_not_it(x_server: XServer) -> None:
    async with having(x_server.display) as key:
        await key.works()
        x_server.run("xdotool", "keydown", "F7", "key", "a", "key", "ctrl+F5", "keyup", "F7", "key", "F7")
        await key.is_pressed(2)


async def test_the_key_is_followed_to_where_a_new_layout_has_it(x_server: XServer) -> None:
    window = x_server.begin_own("x11_window.py", "focus")
    async with having(x_server.display) as key:
        await key.works()
        x_server.run("xmodmap", "-e", "keycode 73 = F9", "-e", "keycode 75 = F7")
        await _until_pressed(x_server, key)
        presses = key.presses
        x_server.run("xdotool", "key", "73", "key", "F8")
        seen = []
        while "F8" not in seen:
            seen.append(await line(window))
        assert "F9" in seen, "where it was before is free again"
        await key.is_pressed(presses)


async def _until_pressed(x_server: XServer, key: Key) -> None:
    """The keyboard changes without saying when all have taken note."""
    async with asyncio.timeout(10):
        while not key.presses:
            await asyncio.to_thread(x_server.run, "xdotool", "key", "75")


async def test_a_key_that_no_keyboard_has_is_a_trouble_until_one_has_it(x_server: XServer) -> None:
    x_server.run("xmodmap", "-e", "keysym F7 = F9")
    async with having(x_server.display) as key:
        await key.has_trouble(DIALLING.missing("F7"))
        x_server.run("xmodmap", "-e", "keycode 73 = F7")
        await key.works()
        x_server.press("F7")
        await key.is_pressed(1)


async def test_a_key_that_is_taken_is_a_trouble_until_it_is_free(x_server: XServer) -> None:
    holder = x_server.begin_own("x11_window.py", "grab", "F7")
    with capture_logs() as logs:
        async with having(x_server.display) as key:
            await key.has_trouble(DIALLING.taken("F7"))
            x_server.press("F7")
            assert await line(holder) == "F7"
            assert holder.stdin
            holder.stdin.close()
            await key.works()
            x_server.press("F7")
            await key.is_pressed(1)
    assert [entry["event"] for entry in logs if entry["log_level"] == "warning"] == [DIALLING.taken("F7")]


async def test_a_key_of_which_another_program_has_a_part_is_left_to_the_others(x_server: XServer) -> None:
    window = x_server.begin_own("x11_window.py", "focus")
    x_server.begin_own("x11_window.py", "grab", "F7", "Num_Lock")
    async with having(x_server.display) as key:
        await key.has_trouble(DIALLING.taken("F7"))
        x_server.press("F7")
        assert await line(window) == "F7"
        assert not key.presses


async def test_a_display_that_is_away_comes_back_with_the_key(x_server: XServer) -> None:
    x_server.kill()
    async with having(x_server.display) as key:
        await key.has_trouble("cannot be reached")
        for times in (1, 2):
            x_server.start()
            await key.works()
            x_server.press("F7")
            await key.is_pressed(times)
            x_server.kill()
            await key.has_trouble("so F7 dials nothing")


async def test_a_display_that_hangs_holds_up_nobody(x_server: XServer) -> None:
    x_server.freeze()
    async with having(x_server.display) as key:
        turns = 0
        async with asyncio.timeout(10):
            while "does not answer" not in (key.hotkey.trouble or ""):
                await asyncio.sleep(0)
                turns += 1
        assert turns > 1000
        x_server.thaw()
        await key.works()
        x_server.press("F7")
        await key.is_pressed(1)


async def test_a_display_that_hangs_for_a_while_keeps_the_key(x_server: XServer) -> None:
    async with having(x_server.display) as key:
        await key.works()
        x_server.freeze()
        x_server.begin("xdotool", "key", "F7")
        for _ in range(1000):
            await asyncio.sleep(0)
        assert not key.presses
        x_server.thaw()
        await key.is_pressed(1)


@pytest.mark.parametrize(
    ("display", "words"),
    [
        (Display(), "There is no X display, so F7 dials nothing"),
        (Display(x11="nonsense"), "DISPLAY is 'nonsense', which is no X display, so F7 dials nothing"),
        (Display(x11=":59000"), "The X display :59000 cannot be reached (Connection refused), so F7"),
    ],
)
async def test_a_display_that_is_none_is_a_trouble_that_is_told_once(display: Display, words: str) -> None:
    with capture_logs() as logs:
        async with having(display) as key:
            await key.has_trouble(words)
            told = len(logs)
            await key.until(lambda: len(logs) > told)
    assert [entry["log_level"] for entry in logs[:2]] == ["warning", "debug"]


async def test_a_defect_of_whoever_is_told_comes_to_light(x_server: XServer) -> None:
    def fail() -> None:
        raise RuntimeError("a defect")

    hotkey = X11Hotkey(keystroke.parse("F7"), fail, x_server.display, retry_s=SOON_S)
    asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)
    async with asyncio.timeout(10):
        task = asyncio.create_task(hotkey.run())
        while hotkey.trouble:  # noqa: ASYNC110 - nothing tells of a changed property
            await asyncio.sleep(0.005)
        x_server.press("F7")
        with pytest.raises(RuntimeError, match="a defect"):
            await task
