from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from bubbled.control.check import Verdict
from bubbled.control.status import HotkeyState
from bubbled.daemon import check
from bubbled.daemon.desktop import Desktop
from bubbled.dialing.selection.port import SelectionError
from tests.dialing.conftest import x_server
from tests.dialing.x11_server import running_x_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from tests.dialing.x11_server import XServer

__all__ = ["x_server"]


class Presses:
    """Counts presses, and waits for them."""

    def __init__(self) -> None:
        self.count = 0
        self._pressed = asyncio.Event()

    def __call__(self) -> None:
        self.count += 1
        self._pressed.set()

    async def next(self) -> None:
        async with asyncio.timeout(10):
            await self._pressed.wait()
        self._pressed.clear()


@asynccontextmanager
async def desktop_with(key: str, presses: Presses) -> AsyncIterator[Desktop]:
    desktop = Desktop(key, presses, look_every_s=0.05)
    running = asyncio.create_task(desktop.run())
    try:
        yield desktop
    finally:
        running.cancel()
        await asyncio.wait([running])
        await desktop.aclose()
        assert running.cancelled(), running.exception()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - nothing tells of a changed property
            await asyncio.sleep(0.005)


@pytest.fixture
def no_desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def on_x11(no_desktop: None, x_server: XServer, monkeypatch: pytest.MonkeyPatch) -> XServer:
    assert no_desktop is None
    monkeypatch.setenv("DISPLAY", x_server.name)
    return x_server


@pytest.mark.desktop
async def test_the_selection_is_read_here_and_on_a_display_that_is_named(on_x11: XServer) -> None:
    with running_x_server() as other:
        on_x11.begin_own("x11_owner.py", "whole", given=b"020-1234567")
        other.begin_own("x11_owner.py", "whole", given=b"06-12345678")
        async with desktop_with("none", Presses()) as desktop:
            assert await desktop.selection() == "020-1234567"
            assert await desktop.selection(other.display) == "06-12345678"
            assert await desktop.selection() == "020-1234567"


@pytest.mark.usefixtures("no_desktop")
async def test_without_a_desktop_the_key_does_nothing_and_says_so() -> None:
    async with desktop_with("F7", Presses()) as desktop:
        await until(lambda: desktop.hotkey is not None and desktop.hotkey.trouble is not None)
        (told,) = check.hotkey(desktop.hotkey)
        assert told.verdict is Verdict.WARNING
        assert "no desktop" in told.text
        with pytest.raises(SelectionError, match="no desktop"):
            await desktop.selection()


@pytest.mark.usefixtures("no_desktop")
async def test_where_no_key_is_wished_none_is_missed() -> None:
    async with desktop_with("none", Presses()) as desktop:
        await asyncio.sleep(0)
        assert desktop.hotkey is None
        (told,) = check.hotkey(None)
        assert told.verdict is Verdict.OK


@pytest.mark.desktop
async def test_the_key_is_had_and_can_be_another(on_x11: XServer) -> None:
    presses = Presses()
    async with desktop_with("F7", presses) as desktop:
        await until(lambda: desktop.hotkey == HotkeyState("F7", "x11", None))
        on_x11.press("F7")
        await presses.next()
        desktop.change_key("F8")
        await until(lambda: desktop.hotkey == HotkeyState("F8", "x11", None))
        on_x11.press("F7")
        on_x11.press("F8")
        await presses.next()
        on_x11.press("F7", "F8")
        await presses.next()
        assert presses.count == 3
        (told,) = check.hotkey(desktop.hotkey)
        assert told.text == "F8 dials what is selected (x11)"


@pytest.mark.desktop
async def test_no_key_may_become_one(on_x11: XServer) -> None:
    presses = Presses()
    async with desktop_with("none", presses) as desktop:
        await asyncio.sleep(0)
        desktop.change_key("F9")
        await until(lambda: desktop.hotkey == HotkeyState("F9", "x11", None))
        on_x11.press("F9")
        await presses.next()


@pytest.mark.desktop
async def test_the_key_goes_along_to_another_display(
    on_x11: XServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    presses = Presses()
    with running_x_server() as other:
        other.begin_own("x11_owner.py", "whole", given=b"06-12345678")
        async with desktop_with("F7", presses) as desktop:
            await until(lambda: desktop.hotkey == HotkeyState("F7", "x11", None))
            on_x11.kill()
            await until(lambda: desktop.hotkey is not None and desktop.hotkey.trouble is not None)
            monkeypatch.setenv("DISPLAY", other.name)  # as the service manager would tell it
            await until(lambda: desktop.hotkey == HotkeyState("F7", "x11", None))
            other.press("F7")
            await presses.next()
            assert await desktop.selection() == "06-12345678"
