"""The menus of a window, used with a mouse."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bubbled.model import Button, Card, PopupId, Tone
from tests.popup.window.desk import Desk, click, windows

if TYPE_CHECKING:
    from tests.popup.window.desk import Box

pytestmark = pytest.mark.desktop

ONE = PopupId("1")

NAMES = ("Alpha", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot")
CARD = Card(
    "Jan Jansen",
    ("Bakker & Zn",),
    "Calling you",
    Tone.RINGING,
    buttons=tuple(Button(name.lower(), f"Look for {name}") for name in NAMES),
)


async def opened(desk: Desk, window: Box) -> Box:
    """Open the menu of further buttons, and wait until it can be seen."""
    # The labels are so long that it has the last row for itself.
    await click(window.x + window.width // 2, window.bottom - 14 - 10)
    async with asyncio.timeout(10):
        while len(desk.places()) < 2:  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0)
    (menu,) = set(desk.places()) - {window}
    return menu


@pytest.mark.parametrize("corner", ["top-left", "bottom-right"])
async def test_it_is_beside_its_button_wholly_on_the_monitor(desk: Desk, corner: str) -> None:
    async with windows(corner=corner) as screen:
        await screen.show(ONE, CARD)
        window = await desk.shows()
        menu = await opened(desk, window)
        button = range(window.bottom - 14 - 26, window.bottom - 14)
        assert not set(button) & set(range(menu.y, menu.bottom))
        assert 0 <= menu.y < menu.bottom <= 1024


async def test_it_stays_above_its_window_while_the_time_is_counted(desk: Desk) -> None:
    since = datetime.now(UTC) - timedelta(minutes=12, seconds=35)
    async with windows(corner="bottom-right") as screen:
        await screen.show(ONE, replace(CARD, since=since))
        window = await desk.shows()
        (below,) = desk.windows()
        await opened(desk, window)
        await desk.display.reads("12:4", "Echo", "Foxtrot")
        *_, top = desk.windows()
        assert top != below
