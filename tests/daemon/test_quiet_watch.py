from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, NoReturn

import pytest
from structlog.testing import capture_logs

from bubbled.control.check import Verdict
from bubbled.daemon import check, quiet_watch
from bubbled.daemon.quiet_watch import QuietWatch
from bubbled.settings.popup import Quiet as Reason

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bubbled.popup.quiet.port import OnChanged

DND, FULL = "do not disturb is on", "full screen on this display"


class Source:
    """Tells what it is told to, while it runs."""

    trouble: str | None = None

    def __init__(self) -> None:
        self.tell: OnChanged | None = None
        self.is_broken = False
        self.changed = asyncio.Event()

    def make(self, on_changed: OnChanged) -> Source:
        self.tell = on_changed
        return self

    async def run(self) -> NoReturn:
        self.changed.set()
        try:
            while not self.is_broken:
                await asyncio.Event().wait()
            raise RuntimeError("the desktop fell over")
        finally:
            self.tell = None
            self.changed.set()

    async def runs(self) -> OnChanged:
        async with asyncio.timeout(10):
            while self.tell is None:
                self.changed.clear()
                await self.changed.wait()
        return self.tell


class Office:
    def __init__(self) -> None:
        self.told: list[tuple[str, ...]] = []
        self.disturb, self.full = Source(), Source()
        sources = {Reason.DO_NOT_DISTURB: self.disturb.make, Reason.FULL_SCREEN: self.full.make}
        self.watch = QuietWatch(self._tell, sources)
        self._changed = asyncio.Event()

    def _tell(self, reasons: tuple[str, ...]) -> None:
        self.told.append(reasons)
        self._changed.set()

    async def is_idle(self) -> None:
        async with asyncio.timeout(10):
            while self.watch.troubles:  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0)

    async def says(self, *reasons: str) -> None:
        async with asyncio.timeout(10):
            while self.told[-1:] != [reasons]:
                self._changed.clear()
                await self._changed.wait()


@asynccontextmanager
async def running(office: Office) -> AsyncIterator[Office]:
    task = asyncio.create_task(office.watch.run())
    try:
        yield office
    finally:
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled(), task.exception()


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with running(Office()) as office:
        yield office


async def test_only_what_the_settings_name_is_followed(office: Office) -> None:
    office.watch.follow([Reason.FULL_SCREEN])
    await office.full.runs()
    assert office.disturb.tell is None


async def test_the_reasons_that_hold_are_told_in_one_order(office: Office) -> None:
    office.watch.follow([Reason.FULL_SCREEN, Reason.DO_NOT_DISTURB])
    full, disturb = await office.full.runs(), await office.disturb.runs()
    full(True)  # noqa: FBT003 - the port's signature
    disturb(True)  # noqa: FBT003
    full(False)  # noqa: FBT003
    assert office.told == [(FULL,), (DND, FULL), (DND,)]


async def test_what_is_no_longer_followed_holds_no_longer(office: Office) -> None:
    office.watch.follow([Reason.FULL_SCREEN])
    (await office.full.runs())(True)  # noqa: FBT003
    office.watch.follow([])
    await office.says()
    assert office.full.tell is None


async def test_what_is_not_known_is_told_to_the_doctor(office: Office) -> None:
    office.watch.follow([Reason.FULL_SCREEN, Reason.DO_NOT_DISTURB])
    await office.full.runs()
    await office.disturb.runs()
    office.full.trouble = "No window manager tells it"
    checks = check.quiet(office.watch.troubles)
    assert {each.name: (each.verdict, each.text) for each in checks} == {
        "Quiet full_screen": (Verdict.WARNING, "No window manager tells it"),
        "Quiet do_not_disturb": (Verdict.OK, "followed"),
    }
    office.watch.follow([])
    await office.is_idle()
    assert check.quiet(office.watch.troubles) == []


async def test_at_the_end_nothing_is_followed() -> None:
    async with running(Office()) as office:
        office.watch.follow([Reason.FULL_SCREEN])
        (await office.full.runs())(True)  # noqa: FBT003
    assert office.full.tell is None
    assert office.told == [(FULL,), ()]


async def test_a_source_that_breaks_costs_only_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quiet_watch, "_PAUSE_AFTER_DEFECT_S", 0)
    with capture_logs() as logs:
        async with running(Office()) as office:
            office.full.is_broken = True
            office.watch.follow([Reason.FULL_SCREEN, Reason.DO_NOT_DISTURB])
            (await office.disturb.runs())(True)  # noqa: FBT003
            office.full.is_broken = False
            await office.full.runs()
    assert {entry.get("reason") for entry in logs} == {"full_screen"}
    assert office.told[0] == (DND,)


def test_there_is_a_source_and_a_word_for_every_reason() -> None:
    assert set(quiet_watch.SOURCES) == set(quiet_watch.WORDS) == set(Reason)
