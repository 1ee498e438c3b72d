"""The icon and its menu in real panels on a virtual display, seen in the pixels and used with the mouse."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bubbled.model import Mute
from bubbled.tray.host import NO_HOST
from bubbled.tray.state import LetRing, Line, ShowCall, Wish
from tests.tray.conftest import until
from tests.tray.real_panel import AMBER, BLUE, GREEN, GREY, PANELS, RED, Panel, panel_on
from tests.tray.sample import AT_REST, JAN, RINGING, SOFT, TALKING, call

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.popup.screens.desktop import Display
    from tests.tray.conftest import Shown, User

pytestmark = pytest.mark.desktop


@pytest.fixture(params=PANELS)
def panel(request: pytest.FixtureRequest, display: Display, services: Path) -> Iterator[Panel]:
    yield from panel_on(display, services, request.param)


async def test_a_user_of_a_panel(panel: Panel, shown: Shown, user: User, display: Display) -> None:
    await panel.takes(shown.is_there())
    await panel.opens_menu()
    await display.reads("Last calls", "Pause", "Phone that rings")
    assert user.openings
    await display.keep(f"{panel.name}-1-menu.png")
    await display.click("popups")
    assert await user.wanted() is Wish.MUTE
    shown.look(replace(AT_REST, mute=Mute()))
    await panel.shows(GREY)


async def test_a_call_is_chosen(panel: Panel, shown: Shown, user: User, display: Display) -> None:
    await panel.takes(shown.is_there())
    await panel.opens_menu()
    await display.click("calls")
    await display.reads("Piet Pietersen", "Jan Jansen", "missed")
    await display.keep(f"{panel.name}-2-calls.png")
    await display.click("Jansen,")
    assert await user.wanted() == ShowCall(JAN.id)


async def test_a_phone_is_chosen(panel: Panel, shown: Shown, user: User, display: Display) -> None:
    await panel.takes(shown.is_there())
    await panel.opens_menu()
    await display.click("rings")
    await display.reads("Desk phone", "Softphone")
    await display.click("Softphone")
    assert await user.wanted() == LetRing(SOFT)


async def test_the_two_other_buttons_of_the_mouse(panel: Panel, shown: Shown, user: User) -> None:
    await panel.takes(shown.is_there())
    await panel.click(1)
    assert await user.wanted() is Wish.SHOW_LATEST
    await panel.click(2)
    assert await user.wanted() == "toggle mute"


async def test_the_icon_changes_in_its_place(panel: Panel, shown: Shown) -> None:
    await panel.takes(shown.is_there())
    for state, colours in (
        (replace(AT_REST, calls=(RINGING,)), (AMBER,)),
        (replace(AT_REST, calls=(TALKING,)), (GREEN,)),
        (replace(AT_REST, missed=1), (BLUE, RED)),
        (replace(AT_REST, line=Line.DISCONNECTED), (GREY, RED)),
        (AT_REST, (BLUE,)),
    ):
        shown.look(state)
        await panel.shows(*colours)


async def test_a_hostile_name_is_shown_as_it_is(panel: Panel, shown: Shown, display: Display) -> None:
    shown.look(replace(AT_REST, last_calls=(call("<b>Kees</b> & Zn Snel_weg"),)))
    await panel.takes(shown.is_there())
    await panel.opens_menu()
    await display.click("calls")
    await display.reads("<b>Kees</b> & Zn", gone=("Snelweg",))


async def test_a_panel_that_was_killed_has_the_icon_again(panel: Panel, shown: Shown, user: User) -> None:
    await panel.takes(shown.is_there())
    panel.kill()
    await until(lambda: shown.tray.trouble == NO_HOST)
    await panel.takes(shown.is_there())
    await panel.click(1)
    assert await user.wanted() is Wish.SHOW_LATEST
