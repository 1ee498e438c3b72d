from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bubbled.daemon import muting
from bubbled.daemon.desk import Desk
from bubbled.daemon.muting import Muting
from bubbled.directory.choice import Choices
from bubbled.directory.order.lookup import Lookup
from bubbled.history.store import History
from bubbled.model import CallState, Mute, Outcome, PopupId
from bubbled.popup.layout import Layout
from bubbled.popup.mute_card import MuteCards
from bubbled.popup.presenter import PopupRules, Presenter
from tests.daemon.stand_in import PIET, Wall, a_call, ended, started

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bubbled.model import Call

LAYOUT = Layout(region="NL")
LISTED, SHOWN, MUTED = "While muted: 1 call", "Popups are shown again", "Popups are muted"


class Office:
    """What a mute needs around it; its clock stands still until it is set."""

    def __init__(self, history: History, choices: Choices, time: datetime) -> None:
        self.wall, self.history, self.time = Wall(), history, time
        self.desk = Desk(
            presenter=Presenter(PopupRules(layout=LAYOUT)),
            screen=self.wall,
            lookup=Lookup([]),
            choices=choices,
            history=history,
            names={},
            region="NL",
            now=lambda: self.time,
        )
        self.muting = Muting(self.desk, history, lambda: MuteCards(LAYOUT))

    def missed(self, call: Call) -> None:
        over = replace(call, state=CallState.ENDED, outcome=Outcome.MISSED)
        self.desk.calls_changed([started(call), ended(over)])


TIME = datetime(2026, 11, 22, 14, 3).astimezone()


@asynccontextmanager
async def open_office(path: Path, time: datetime = TIME) -> AsyncIterator[Office]:
    history = await History.open(path, now=lambda: datetime.now(UTC))
    office = Office(history, Choices(path.with_name("choices.json")), time)
    await office.desk.start()
    await office.muting.take_up()
    running = [asyncio.create_task(work) for work in (office.desk.run(), office.muting.run())]
    try:
        yield office
    finally:
        for task in running:
            task.cancel()
        await asyncio.wait(running)
        await office.desk.aclose()
        await history.aclose()


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path / "history.sqlite") as office:
        yield office


async def test_when_it_ends_those_are_listed_whose_popups_did_not_come(office: Office) -> None:
    office.muting.mute(None)
    office.missed(a_call("1.1"))
    office.missed(a_call("2.2", PIET))
    office.time += timedelta(minutes=30)
    await office.muting.unmute()
    await office.wall.shows("While muted: 2 calls")
    (card,) = office.wall.up.values()
    assert card.lines == ("14:03 06 87654321, missed", "14:03 06 12345678, missed")
    assert office.muting.state is None


async def test_whoever_is_on_the_line_by_then_has_a_popup_instead(office: Office) -> None:
    office.muting.mute(None)
    office.desk.calls_changed([started(a_call())])
    await office.muting.unmute()
    await office.wall.shows("06 12345678")


async def test_where_nobody_called_nothing_is_listed(office: Office) -> None:
    office.missed(a_call("1.1"))
    await office.wall.shows("06 12345678")
    office.muting.mute(None)
    await office.wall.shows()
    await office.muting.unmute()
    office.desk.calls_changed([started(a_call("2.2", PIET))])
    await office.wall.shows("06 87654321")


async def test_it_ends_by_itself_also_after_the_computer_has_slept(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(muting, "LOOK_EVERY_S", 0.01)
    office.muting.mute(TIME + timedelta(hours=1))
    office.missed(a_call("1.1"))
    office.time += timedelta(hours=2)
    await office.wall.shows(LISTED)
    assert (office.desk.mute, office.history.mute_state()) == (None, None)


async def test_the_list_stays_until_it_is_closed_or_popups_are_muted_anew(office: Office) -> None:
    for is_closed in (True, False):
        office.muting.mute(None)
        office.missed(a_call(f"{is_closed}"))
        office.time += timedelta(minutes=1)
        await office.muting.unmute()
        await office.wall.shows(LISTED)
        if is_closed:
            (listed,) = office.wall.up
            office.desk.dismissed(listed)
            await office.wall.close(listed)
        else:
            office.muting.mute(None)
        await office.wall.shows()
        office.time += timedelta(minutes=1)


async def test_the_list_is_out_of_sight_while_it_is_to_be_quiet(office: Office) -> None:
    office.muting.quiet_changed(is_quiet=True)
    office.muting.mute(None)
    office.missed(a_call("1.1"))
    office.time += timedelta(minutes=1)
    await office.muting.unmute()
    assert office.wall.seen == []
    office.muting.quiet_changed(is_quiet=False)
    await office.wall.shows(LISTED)
    office.muting.quiet_changed(is_quiet=True)
    await office.wall.shows()
    office.muting.quiet_changed(is_quiet=False)
    await office.wall.shows(LISTED)


async def test_a_list_that_was_closed_does_not_come_back_when_the_quiet_is_over(office: Office) -> None:
    office.muting.mute(None)
    office.missed(a_call("1.1"))
    office.time += timedelta(minutes=1)
    await office.muting.unmute()
    await office.wall.shows(LISTED)
    (listed,) = office.wall.up
    office.desk.dismissed(listed)
    await office.wall.close(listed)
    office.muting.quiet_changed(is_quiet=True)
    office.muting.quiet_changed(is_quiet=False)
    office.desk.calls_changed([started(a_call("2.2", PIET))])
    await office.wall.shows("06 87654321")


async def test_another_end_leaves_the_beginning_as_it_was(office: Office) -> None:
    office.muting.mute(TIME + timedelta(hours=1))
    office.time += timedelta(minutes=10)
    assert office.muting.mute(None) == Mute(None, since=TIME)
    assert office.history.mute_state() == Mute(None, since=TIME)


async def test_a_key_says_on_the_screen_what_it_did(office: Office) -> None:
    assert await office.muting.toggle() == Mute(None, since=TIME)
    await office.wall.shows(MUTED)
    assert await office.muting.toggle() is None
    await office.wall.shows(SHOWN)
    await office.muting.toggle()
    await office.wall.shows(MUTED)
    office.missed(a_call("1.1"))
    office.time += timedelta(seconds=1)
    await office.muting.toggle()
    await office.wall.shows(LISTED)


async def test_what_is_told_of_a_key_goes_by_itself(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(muting, "TOAST_S", 0.01)
    await office.muting.toggle()
    await office.wall.until(lambda: bool(office.wall.seen))
    await office.wall.shows()


async def test_it_goes_on_after_a_restart(tmp_path: Path) -> None:
    async with open_office(tmp_path / "history.sqlite") as first:
        first.muting.mute(TIME + timedelta(hours=1))
    async with open_office(tmp_path / "history.sqlite") as second:
        assert second.muting.state == Mute(TIME + timedelta(hours=1), since=TIME)
        second.missed(a_call())
    async with open_office(tmp_path / "history.sqlite", TIME + timedelta(hours=9)) as third:
        await third.wall.shows(LISTED)
        assert third.muting.state is None
        assert third.history.mute_state() is None


async def test_a_history_that_breaks_keeps_no_popup_muted(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("the paper is gone")

    monkeypatch.setattr(office.history, "calls_while_muted", broken)
    office.muting.mute(None)
    await office.muting.unmute()
    office.desk.calls_changed([started(a_call())])
    await office.wall.until(lambda: PopupId(a_call().id) in office.wall.up)
