"""A whole daemon that shows the calls of the demo PBX in windows, read from the pixels."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING

import pytest

from bubbled.control.check import Verdict
from bubbled.daemon.port import DaemonPort
from tests.popup.screens.conftest import services, session_bus
from tests.popup.window.conftest import desk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from bubbled.control.check import Check
    from bubbled.daemon.daemon import Daemon
    from bubbled.pbx.demo import DemoPbx
    from tests.popup.window.desk import Desk

    Run = Callable[[Path], AbstractAsyncContextManager[Daemon]]

pytestmark = pytest.mark.desktop
__all__ = ["desk", "services", "session_bus"]


def change(file: Path, before: str, after: str) -> None:
    """Change the settings as the user does."""
    file.write_text(file.read_text().replace(before, after))


@pytest.fixture
async def at_desk(
    desk: Desk,
    settings_file: Path,
    run: Run,
    pbx: DemoPbx,
) -> AsyncIterator[DaemonPort]:
    """A daemon with windows, and a missed call on the display."""
    window = '[popup]\nscreen = "window"\n[popup.window]\nmonitor = "RIGHT"\ntheme = "light"'
    change(settings_file, '[popup]\nscreen = "terminal"', window)
    async with run(settings_file) as daemon:
        await pbx.wait_for_client()
        await pbx.play("missed", speed=50.0)
        await desk.display.reads("Missed call", "Call back")
        yield DaemonPort(daemon)


async def test_a_reload_moves_what_is_up(desk: Desk, at_desk: DaemonPort, settings_file: Path) -> None:
    await desk.until(lambda box: box is not None and (box.right, box.bottom) == (2544, 1008), "the corner")
    change(settings_file, "[popup.window]", '[popup.window]\ncorner = "top-left"')
    await at_desk.reload()
    await desk.until(lambda box: box is not None and (box.x, box.y) == (1280 + 16, 16), "the other corner")


async def test_the_keyboard_reaches_it_by_the_control_api(desk: Desk, at_desk: DaemonPort) -> None:
    assert await at_desk.focus()
    (window,) = desk.windows()
    async with asyncio.timeout(10):
        while desk.owner() != window:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0)


async def test_it_survives_its_process_and_the_x_server(desk: Desk, at_desk: DaemonPort) -> None:
    (window,) = desk.windows()
    named = desk.eyes.create_resource_object("window", window)
    process = named.get_full_property(desk.eyes.intern_atom("_NET_WM_PID"), 0).value[0]
    os.kill(process, signal.SIGKILL)
    await desk.display.reads("Missed call", "Call back")
    assert (await at_desk.status()).screen == "window"
    desk.display.kill()
    async with asyncio.timeout(20):
        while (popups := await popups_of(at_desk)).verdict is Verdict.OK:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0)
    assert "No notification server is running" in popups.text
    assert (await at_desk.status()).screen is None


async def popups_of(port: DaemonPort) -> Check:
    return next(check for check in await port.doctor() if check.name == "Popups")
