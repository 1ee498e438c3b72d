"""Real calls as a person sees them: dunst on a virtual display, read from the pixels."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.lab.pbx import Asterisk
    from tests.lab.stage import Stage
    from tests.popup.screens.conftest import SessionBus
    from tests.popup.screens.desktop import Display
    from tests.popup.screens.real_server import RealServer
    from tests.system.bubbled import Bubbled, Home

pytestmark = pytest.mark.desktop


@pytest.fixture
async def on_desktop(
    asterisk: Asterisk,
    dunst: RealServer,
    session_bus: SessionBus,
    home: Home,
    start: Callable[..., Bubbled],
) -> Bubbled:
    """A daemon that follows Alice and shows her calls on the display."""
    assert dunst
    home.configure(asterisk.ami)
    daemon = start(DBUS_SESSION_BUS_ADDRESS=session_bus.address)
    await (await daemon.ready()).is_connected()
    await daemon.status(lambda it: it["screen"] == "native")
    return daemon


async def test_a_customer_from_ring_to_hangup(on_desktop: Bubbled, stage: Stage, display: Display) -> None:
    outer = await stage.inbound()
    inner = await stage.alice.rings()
    await display.reads("Jan Jansen", "Bakker & Zn", "Calling you", "Customers")
    await display.keep("system-1-ringing.png")
    await inner.answer()
    await display.reads("Jan Jansen", "Talking", gone=("Calling",))
    await outer.hang_up()
    await display.is_empty()
    await on_desktop.call(outcome="answered", popup="shown")


async def test_a_hostile_name_is_shown_as_it_is(on_desktop: Bubbled, stage: Stage, display: Display) -> None:
    outer = await stage.inbound(number="+31201112233", name="<b>Police</b> $(reboot)")
    await stage.alice.rings()
    await display.reads("<b>Police</b>", "Calling you")
    await display.keep("system-2-hostile.png")
    await outer.hang_up()
    await display.reads("<b>Police</b>", "Missed call")
    await on_desktop.call(outcome="missed", name="<b>Police</b> $(reboot)")


async def test_a_dead_pbx_takes_its_popups_along(on_desktop: Bubbled, stage: Stage, display: Display) -> None:
    outer, _ = await stage.conversation()
    await display.reads("Jan Jansen", "Talking")
    await stage.restart_pbx()
    await display.is_empty()
    await on_desktop.is_connected()
    outer.over()
    again = await stage.inbound()
    await stage.alice.rings()
    await display.reads("Jan Jansen", "Calling you")
    await again.hang_up()
    await display.reads("Missed call")


async def test_it_stops_in_time_while_the_notification_server_hangs(
    on_desktop: Bubbled, stage: Stage, dunst: RealServer, display: Display
) -> None:
    await stage.inbound()
    await stage.alice.rings()
    await display.reads("Jan Jansen")
    dunst.hang()
    async with asyncio.timeout(2):
        assert await on_desktop.stop() == 0


async def test_a_killed_notification_server_shows_the_call_when_it_is_back(
    on_desktop: Bubbled, stage: Stage, dunst: RealServer, display: Display
) -> None:
    outer, _ = await stage.conversation()
    await display.reads("Jan Jansen", "Talking")
    dunst.kill()
    await on_desktop.status(lambda it: it["screen"] is None)
    dunst.start()
    await display.reads("Jan Jansen", "Talking")
    await outer.hang_up()
    await display.is_empty()


async def test_the_daemon_survives_the_x_server(
    on_desktop: Bubbled, stage: Stage, dunst: RealServer, display: Display
) -> None:
    outer, _ = await stage.conversation()
    await display.reads("Jan Jansen", "Talking")
    display.kill()
    dunst.kill()  # it ends by itself, as everything on that display
    await on_desktop.status(lambda it: it["screen"] is None)
    await outer.hang_up()
    await on_desktop.call(outcome="answered", popup="shown")
    assert await on_desktop.stop() == 0
