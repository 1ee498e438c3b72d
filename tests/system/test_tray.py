"""The icon of a whole daemon: real calls, a real panel, popups of dunst, and a user with a mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.tray.real_panel import AMBER, BLUE, GREEN, GREY, Panel, panel_on

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.lab.pbx import Asterisk
    from tests.lab.stage import Stage
    from tests.popup.screens.conftest import SessionBus
    from tests.popup.screens.desktop import Display
    from tests.popup.screens.real_server import RealServer
    from tests.system.bubbled import Bubbled, Home

pytestmark = pytest.mark.desktop


@pytest.fixture
def panel(display: Display, services: Path) -> Iterator[Panel]:
    yield from panel_on(display, services, "xfce4-panel")


@pytest.fixture
async def at_work(  # noqa: PLR0913, PLR0917 - all that stands on the desk
    asterisk: Asterisk,
    dunst: RealServer,
    session_bus: SessionBus,
    home: Home,
    start: Callable[..., Bubbled],
    panel: Panel,
) -> Bubbled:
    """A daemon that follows Alice, with its icon in a panel."""
    assert dunst
    home.configure(asterisk.ami, more='[popup]\nscreen = "native"\n[log]\nlevel = "debug"\n')
    daemon = start(DBUS_SESSION_BUS_ADDRESS=session_bus.address)
    await (await daemon.ready()).is_connected()
    await panel.takes(daemon.logs("the icon is registered"))
    return daemon


async def test_a_day_with_the_icon(at_work: Bubbled, stage: Stage, panel: Panel, display: Display) -> None:
    outer = await stage.inbound()
    inner = await stage.alice.rings()
    await panel.shows(AMBER)
    await inner.answer()
    await panel.shows(GREEN)
    await outer.hang_up()
    await at_work.call(outcome="answered")
    await panel.shows(BLUE)

    await panel.opens_menu()
    await display.click("calls")
    await display.reads("Jan Jansen", "answered")
    await display.keep("system-tray-1-calls.png")
    await display.click("Jansen,")
    await display.reads("Jan Jansen", "Bakker", "Call ended")
    await display.keep("system-tray-2-popup.png")

    await panel.opens_menu()
    await display.click("popups")
    await at_work.status(lambda it: it["mute"] is not None)
    await panel.shows(GREY)
    second = await stage.inbound()
    await stage.alice.rings()
    await at_work.call(state="ringing", popup="muted")
    await second.hang_up()
    await panel.opens_menu()
    await display.click("popups")
    await at_work.status(lambda it: it["mute"] is None)

    await panel.opens_menu()
    await display.click("Quit")
    assert await at_work.ended() == 0
