from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from bubbled.daemon.stage import Stage
from bubbled.model import Card, PopupId, Tone
from bubbled.popup.command import ClosePopup, ShowPopup, UpdatePopup
from bubbled.popup.showing import Showing
from tests.daemon.stand_in import Wall

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

ONE, TWO = PopupId("1"), PopupId("2")


def card(headline: str) -> Card:
    return Card(headline, (), "Calling you", Tone.RINGING)


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
async def stage(wall: Wall) -> AsyncIterator[Stage]:
    stage = Stage(wall)
    await stage.start()
    running = asyncio.create_task(stage.run())
    yield stage
    running.cancel()
    await asyncio.wait([running])
    await stage.aclose()


async def test_what_was_decided_is_done_in_order(stage: Stage, wall: Wall) -> None:
    stage.put(ShowPopup(ONE, card("Jan")))
    stage.put(UpdatePopup(ONE, card("Jan Jansen")))
    stage.put(ShowPopup(TWO, card("Piet")))
    stage.put(ClosePopup(ONE))
    await wall.shows("Piet")
    assert [each.headline for each in wall.seen] == ["Jan", "Jan Jansen", "Piet"]


async def test_it_is_known_where_a_popup_was_shown_last(stage: Stage, wall: Wall) -> None:
    stage.put(ShowPopup(ONE, card("Jan")))
    await wall.shows("Jan")
    wall.trouble = "nothing can be shown"
    stage.put(ShowPopup(TWO, card("Piet")))
    stage.put(ClosePopup(ONE))
    await wall.shows("Piet")
    assert (stage.place_of(ONE), stage.place_of(TWO)) == ("wall", None)


async def test_a_popup_that_cannot_be_shown_costs_no_other(stage: Stage, wall: Wall) -> None:
    wall.breaks_at = ONE
    with capture_logs() as logs:
        stage.put(ShowPopup(ONE, card("Jan")))
        stage.put(ShowPopup(TWO, card("Piet")))
        await wall.shows("Piet")
    assert [entry["room"] for entry in logs] == ["screen"]


async def test_another_screen_shows_what_is_up_but_not_what_the_user_closed(stage: Stage, wall: Wall) -> None:
    stage.put(ShowPopup(ONE, card("Jan")))
    stage.put(ShowPopup(TWO, card("Piet")))
    await wall.shows("Jan", "Piet")
    stage.dismissed(ONE)
    other = Wall()
    await stage.exchange(other)
    assert stage.screen is other
    assert (wall.headlines, other.headlines) == ([], ["Piet"])
    stage.put(UpdatePopup(TWO, card("Piet Pietersen")))
    await other.shows("Piet Pietersen")


async def test_what_becomes_of_the_screen_and_of_popups_that_it_cannot_show_is_told(wall: Wall) -> None:
    screens: list[tuple[str, str | None]] = []
    refused: list[tuple[PopupId, Showing]] = []
    stage = Stage(
        wall, lambda *told: screens.append(told), lambda popup, showing: refused.append((popup, showing))
    )
    await stage.start()
    running = asyncio.create_task(stage.run())
    stage.put(ShowPopup(ONE, card("Jan")))
    await wall.shows("Jan")
    wall.trouble = "nothing can be shown"
    stage.put(ShowPopup(TWO, card("Piet")))
    await wall.shows("Jan", "Piet")
    stage.put(ClosePopup(ONE))  # after it, the one before is done
    await wall.shows("Piet")
    other = Watched()
    await stage.exchange(other)
    other.break_down()
    assert refused == [(TWO, Showing(screen="wall", error="nothing can be shown"))]
    assert screens == [("wall", None), ("watched", None), ("watched", "it fell")]
    running.cancel()
    await asyncio.wait([running])


class Watched(Wall):
    """A screen that tells of its trouble."""

    name = "watched"

    def watch(self, on_trouble_changed: Callable[[], None]) -> None:
        self._told = on_trouble_changed

    def break_down(self) -> None:
        self.trouble = "it fell"
        self._told()
