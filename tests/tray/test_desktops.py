"""The icon and its menu in Plasma, and in GNOME with its extension for icons, used with the mouse."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bubbled.model import Mute
from bubbled.tray.state import ShowCall, Wish
from tests.popup.screens.desktop import output, wide_display
from tests.tray.real_panel import BLUE, DESKTOPS, GREY, RED, Panel, panel_on
from tests.tray.sample import AT_REST, JAN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.popup.screens.desktop import Display
    from tests.tray.conftest import Shown, User

__all__ = ["wide_display"]

pytestmark = pytest.mark.desktop


@pytest.fixture(params=DESKTOPS)
def panel(request: pytest.FixtureRequest, wide_display: Display, services: Path) -> Iterator[Panel]:
    wide_display.is_dark = request.param == "gnome-shell"
    yield from panel_on(wide_display, services, request.param)


async def test_a_user_of_a_desktop(panel: Panel, shown: Shown, user: User, wide_display: Display) -> None:
    await panel.takes(shown.is_there())
    await output("xdotool", "key", "Escape")  # GNOME begins with its overview
    openings = user.openings
    shown.look(replace(AT_REST, missed=1))
    await panel.shows(BLUE, RED)
    assert user.openings == openings  # nobody but the user has looked

    await panel.opens_menu()
    await wide_display.keep(f"{panel.name}-1-menu.png")
    await wide_display.click("calls")
    await wide_display.reads("Piet Pietersen", "Jan Jansen", "missed")
    await wide_display.keep(f"{panel.name}-2-calls.png")
    await wide_display.click("Jansen,")
    assert await user.wanted() == ShowCall(JAN.id)

    await panel.opens_menu()
    await wide_display.click("popups")
    assert await user.wanted() is Wish.MUTE
    shown.look(replace(AT_REST, mute=Mute()))
    await panel.shows(GREY)
