"""Which real calls pop up on a real desktop: while it wants quiet, while popups are muted, after the end."""

from __future__ import annotations

import asyncio
import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.dialing.x11_server import program
from tests.popup.quiet import windows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.lab.pbx import Asterisk
    from tests.lab.stage import Stage
    from tests.popup.screens.conftest import SessionBus
    from tests.popup.screens.desktop import Display
    from tests.popup.screens.real_server import RealServer
    from tests.system.bubbled import Bubbled, Home

pytestmark = pytest.mark.desktop


@pytest.fixture
def begin(
    asterisk: Asterisk, dunst: RealServer, session_bus: SessionBus, home: Home, start: Callable[..., Bubbled]
) -> Callable[..., Bubbled]:
    """Starts a daemon that follows Alice and shows her calls on the display, by more settings for popups."""
    assert dunst

    def begun(popup: str, screen: str = "native") -> Bubbled:
        home.configure(asterisk.ami, more=f'[popup]\nscreen = "{screen}"\n{popup}')
        return start(DBUS_SESSION_BUS_ADDRESS=session_bus.address, DISPLAY=os.environ["DISPLAY"])

    return begun


async def run(*command: str) -> None:
    await asyncio.to_thread(subprocess.run, [program(command[0]), *command[1:]], check=True)


async def test_while_the_user_is_not_to_be_disturbed_no_popup_comes_and_afterwards_it_does(
    begin: Callable[[str], Bubbled], stage: Stage, display: Display
) -> None:
    daemon = await (await begin('quiet = ["do_not_disturb"]').ready()).is_connected()
    await run("dunstctl", "set-paused", "true")
    outer = await stage.inbound()
    inner = await stage.alice.rings()
    await daemon.call(state="ringing", popup="do not disturb is on")
    assert "no popup: do not disturb is on." in (await daemon.ask("why"))[1]
    await run("dunstctl", "set-paused", "false")
    await display.reads("Jan Jansen", "Calling you")
    await daemon.call(state="ringing", popup="shown")
    await inner.answer()
    await display.reads("Jan Jansen", "Talking")
    await outer.hang_up()
    await display.is_empty()
    await daemon.stop()


@pytest.fixture
def slides(display: Display) -> Iterator[str]:
    """The title of a window that fills the screen."""
    assert display
    programs = [windows.manage(os.environ), windows.a_window(os.environ, "slides")]
    windows.fill(os.environ, "slides", "add")
    yield "slides"
    windows.end(*programs)


async def test_in_full_screen_no_popup_comes_and_a_missed_call_is_told_afterwards(
    begin: Callable[..., Bubbled], slides: str, stage: Stage
) -> None:
    # In the terminal: whether a notification server lives through a change of full screen is not asked here.
    daemon = await (await begin('quiet = ["full_screen"]', "terminal").ready()).is_connected()
    outer = await stage.inbound()
    await stage.alice.rings()
    await daemon.call(state="ringing", popup="full screen on this display")
    await outer.hang_up()
    await daemon.call(outcome="missed", popup="full screen on this display")
    windows.fill(os.environ, slides, "remove")
    await daemon.call(outcome="missed", popup="shown")
    await daemon.stop()


async def test_after_a_mute_the_calls_are_listed_and_a_popup_stays_for_a_note(
    begin: Callable[[str], Bubbled], stage: Stage, display: Display
) -> None:
    daemon = await (await begin("keep_after_s = 600").ready()).is_connected()
    await daemon.ask("mute", "1h")
    outer = await stage.inbound()
    await stage.alice.rings()
    await outer.hang_up()
    call = await daemon.call(outcome="missed")
    assert call["popup"].startswith("muted until ")
    assert (await daemon.ask("mute", "--toggle"))[1] == "Popups are shown again.\n"
    await display.reads("While muted: 1 call", "Jan Jansen, missed")
    await display.keep("system-muted.png")
    await daemon.ask("mute", "--toggle")
    await display.reads("Popups are muted", gone=("While muted",))
    await daemon.ask("unmute")
    outer, inner = await stage.conversation()
    await display.reads("Jan Jansen", "Talking")
    await outer.hang_up()
    await inner.is_over()
    await display.reads("Jan Jansen", "Call ended")
    await daemon.stop()
