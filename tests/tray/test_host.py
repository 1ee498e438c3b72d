"""How the icon comes to panels, through the end of panels and of buses."""

from __future__ import annotations

import asyncio
import subprocess
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from bubbled.model import Mute
from bubbled.tray.host import NO_BUS, NO_HOST
from bubbled.tray.state import Wish
from tests.popup.screens.desktop import program
from tests.tray.conftest import Shown, until
from tests.tray.panel import Panel
from tests.tray.sample import AT_REST

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.popup.screens.conftest import SessionBus
    from tests.tray.conftest import User

pytestmark = pytest.mark.desktop


async def test_it_comes_to_the_panel_that_is_there(session_bus: SessionBus, user: User) -> None:
    assert session_bus.address
    panel = await Panel.start()
    shown = Shown(user)
    running = asyncio.create_task(shown.tray.run())
    assert (await panel.gets_icon()).startswith(":")
    await shown.is_there()
    running.cancel()
    await asyncio.wait({running})
    await panel.stop()


async def test_it_comes_again_to_the_panel_that_comes_next(shown: Shown, user: User) -> None:
    for _ in range(3):
        panel = await Panel.start()
        await panel.gets_icon()
        await panel.choose(await panel.number("Quit"))
        assert await user.wanted() is Wish.QUIT
        await panel.stop()
        await until(lambda: shown.tray.trouble == NO_HOST)


async def test_what_changed_without_a_panel_is_there_when_one_comes(shown: Shown) -> None:
    await until(lambda: shown.tray.trouble == NO_HOST)
    shown.look(replace(AT_REST, mute=Mute()))
    panel = await Panel.start()
    await panel.gets_icon()
    assert (await panel.properties())["IconName"] == "bubbled-muted"
    await panel.stop()


async def test_without_a_panel_that_is_said_once(session_bus: SessionBus, user: User) -> None:
    assert session_bus.address
    with capture_logs() as log:
        shown = Shown(user, retry_s=0.01, grace_s=0.01)
        running = asyncio.create_task(shown.tray.run())
        await until(lambda: bool(log))
        for _ in range(2):
            panel = await Panel.start()
            await panel.gets_icon()
            await panel.stop()
            await until(lambda: shown.tray.trouble == NO_HOST)
        running.cancel()
        await asyncio.wait({running})
    said = [entry for entry in log if entry["log_level"] != "debug"]
    assert [(entry["log_level"], entry["reason"]) for entry in said] == [("info", NO_HOST)]


async def test_a_panel_that_refuses_is_told_and_nothing_else_happens(shown: Shown) -> None:
    await until(lambda: shown.tray.trouble == NO_HOST)
    with capture_logs() as log:
        panel = await Panel.start(refuses=True)
        await until(lambda: "no room for icons" in (shown.tray.trouble or ""))
        await panel.stop()
    assert [entry["reason"] for entry in log if entry["log_level"] == "warning"] == ["no room for icons"]
    panel = await Panel.start()
    await panel.gets_icon()
    await shown.is_there()
    await panel.stop()


async def test_a_watcher_without_a_panel_is_not_enough(shown: Shown) -> None:
    panel = await Panel.start(shows=False)
    await panel.gets_icon()
    await until(lambda: shown.tray.trouble == NO_HOST)
    await panel.begins_to_show()
    await shown.is_there()
    await panel.stop()


@contextmanager
def another_bus(configuration: Path) -> Iterator[str]:
    """The address of a bus that comes after the one that died."""
    with subprocess.Popen(  # noqa: S603 - nothing in it comes from outside
        [
            program("dbus-daemon"),
            "--nofork",
            "--nopidfile",
            "--print-address",
            f"--config-file={configuration}",
        ],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        yield process.stdout.readline().strip()
        process.terminate()


async def test_it_outlives_the_bus(
    shown: Shown, session_bus: SessionBus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = await Panel.start()
    await panel.gets_icon()
    await shown.is_there()
    session_bus.process.kill()
    await until(lambda: shown.tray.trouble == NO_BUS)
    shown.look(replace(AT_REST, missed=1))
    with another_bus(tmp_path / "bus.conf") as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        panel = await Panel.start()
        await panel.gets_icon()
        assert (await panel.properties())["IconName"] == "bubbled-missed"
        await panel.stop()


@pytest.mark.usefixtures("no_bus")
async def test_without_a_bus_it_waits_for_one(user: User) -> None:
    shown = Shown(user, retry_s=0.01)
    running = asyncio.create_task(shown.tray.run())
    await asyncio.wait({running}, timeout=0.1)
    assert not running.done()
    assert shown.tray.trouble == NO_BUS
    running.cancel()
    await asyncio.wait({running})
