from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bubbled.control.status import Connection, ConnectionState
from bubbled.daemon.chronicle import Chronicle
from bubbled.daemon.vigil import MOST_A_MINUTE, Vigil, suspended_s
from bubbled.history.store import History
from bubbled.story.circumstance import Connected, Disconnected, Heard, Rejected, Slept

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bubbled.story.fact import Fact
    from bubbled.story.step import Step

BEGIN = datetime(2026, 11, 26, 14, 3, 20, tzinfo=UTC)
MINUTE = BEGIN.replace(second=0)


class Watch:
    """A vigil whose clock and PBX are the test's."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.time = BEGIN
        self.slept_s = 1000.0
        self.heard: Heard | None = Heard()
        self.vigil = Vigil(
            Chronicle(history.annals, self.now), self._take, self.now, suspended_s=lambda: self.slept_s
        )

    def now(self) -> datetime:
        return self.time

    def _take(self) -> Heard | None:
        heard, self.heard = self.heard, None if self.heard is None else Heard()
        return heard

    def after(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)
        self.vigil.look()

    def line(self, state: ConnectionState, detail: str | None = None) -> None:
        self.vigil.connection_changed(Connection(host="pbx", state=state, since=self.time, detail=detail))

    async def steps(self) -> list[Step]:
        day = timedelta(days=1)
        return await self.history.annals.events(BEGIN - day, BEGIN + day, 1000)

    async def facts(self) -> list[Fact]:
        return [step.fact for step in await self.steps()]


@pytest.fixture
async def watch(tmp_path: Path) -> AsyncIterator[Watch]:
    history = await History.open(tmp_path / "history.sqlite", now=lambda: datetime.now(UTC))
    yield Watch(history)
    await history.aclose()


async def test_the_phones_that_rang_are_kept_by_the_minute(watch: Watch) -> None:
    watch.heard = Heard(rang=("PJSIP/102",))
    watch.after(40)
    watch.after(60)
    watch.heard = Heard(unreached=("PJSIP/101",))
    watch.after(60)
    assert [(step.at, step.fact) for step in await watch.steps()] == [
        (MINUTE, Heard(rang=("PJSIP/102",))),
        (MINUTE + timedelta(minutes=2), Heard(unreached=("PJSIP/101",))),
    ]


async def test_every_few_minutes_it_is_kept_that_bubbled_runs(watch: Watch) -> None:
    watch.after(40)
    for _ in range(15):
        watch.after(60)
    assert await watch.facts() == [Heard()] * 3


async def test_signs_wait_for_something_to_be_saved_with_them(watch: Watch) -> None:
    assert await watch.history.settled()
    watch.heard = Heard(rang=("PJSIP/102",))
    watch.after(40)
    assert not watch.history._writer._woken.is_set()
    watch.after(300)
    assert watch.history._writer._woken.is_set()


async def test_by_sip_there_is_nothing_to_hear_and_still_a_sign(watch: Watch) -> None:
    watch.heard = None
    watch.after(300)
    assert await watch.facts() == [Heard()]


async def test_a_computer_that_slept_is_noticed(watch: Watch) -> None:
    watch.after(60)
    watch.slept_s += 2
    watch.after(60)
    assert await watch.facts() == []
    watch.slept_s += 3600
    watch.after(3620)
    assert (await watch.steps())[-1].fact == Slept(BEGIN + timedelta(seconds=120))
    watch.after(60)
    assert sum(isinstance(fact, Slept) for fact in await watch.facts()) == 1


async def test_the_line_is_told_when_it_changes(watch: Watch) -> None:
    watch.line(ConnectionState.CONNECTING)
    watch.line(ConnectionState.CONNECTED)
    watch.line(ConnectionState.CONNECTED)
    watch.vigil._tell_held()
    watch.line(ConnectionState.WAITING, "It has gone silent.")
    watch.line(ConnectionState.WAITING, "It has gone silent.")
    watch.line(ConnectionState.REFUSED, "Wrong password.")
    assert await watch.facts() == [
        Connected("pbx"),
        Disconnected("pbx", "It has gone silent.", BEGIN),
        Rejected("pbx", "Wrong password.", BEGIN),
    ]


async def test_a_line_that_flaps_all_day_is_told_a_few_times_a_minute(watch: Watch) -> None:
    for _ in range(3):
        for _ in range(50):
            watch.line(ConnectionState.CONNECTED)
            watch.line(ConnectionState.WAITING, "It broke.")
        watch.time += timedelta(minutes=1)
        watch.vigil._tell_held()
    facts = await watch.facts()
    assert len(facts) == 3 * (MOST_A_MINUTE + 1)
    assert facts[2] == Disconnected("pbx", "It broke.", BEGIN, times=100)


def test_how_long_the_computer_slept_never_shrinks() -> None:
    first = suspended_s()
    assert suspended_s() - first > -0.1
