"""Brings calls into the CRMs: the one task that sends."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import structlog

from bubbled.directory.call_log.delivery import (
    FAILURES,
    FORGET_AFTER,
    GIVE_UP_AFTER,
    Event,
    News,
    Stage,
    Step,
    after,
    next_step,
    pause_after,
    wake_at,
)
from bubbled.directory.call_log.ledger import MOST_WAITING, Ledger, is_on_its_way
from bubbled.directory.call_log.outbox import OutboxError
from bubbled.directory.call_log.patience import Patience
from bubbled.number import shortened

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from datetime import datetime
    from pathlib import Path

    from bubbled.directory.call_log.entry import Entry
    from bubbled.directory.call_log.port import CallWriter
    from bubbled.model import CallId

_LONGEST_SLEEP_S: Final = 600.0
_PAUSE_S: Final = 60.0
"""Before a file that cannot be used is tried again."""

_log = structlog.get_logger()


class Courier:
    """Sends what is due, one call at a time to each CRM, and leaves a CRM in peace after a failure.

    Attributes:
        ledger: what is to be sent; others put it there.
    """

    def __init__(
        self,
        path: Path,
        writer_of: Callable[[str], CallWriter | None],
        now: Callable[[], datetime],
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare.

        Args:
            path: the file of the outbox.
            writer_of: gives what writes calls into a directory, by its name, at this moment.
            now: tells the present moment, aware.
            steady: tells seconds, and goes on evenly when the computer's clock is set.
        """
        self.ledger: Final = Ledger(path, self._taken_up)
        self.ledger.on_change = self.wake
        self._writer_of = writer_of
        self._now = now
        self._steady = steady
        self._patience = Patience(steady())
        self._fault: str | None = None
        self._woken = asyncio.Event()
        self._at_work = asyncio.Lock()

    @property
    def trouble(self) -> str | None:
        """Why calls are not written, one line for the user; None when nothing is in the way."""
        lost = self.ledger.lost
        return self._fault or (
            f"{lost} calls are not written: {MOST_WAITING} others wait already" if lost else None
        )

    async def start(self) -> None:
        """Take up what the last run left."""
        try:
            await self.ledger.start()
        except OutboxError as error:
            self._complain(error)

    async def run(self) -> None:
        """Send what becomes due, until cancelled."""
        while True:
            self._woken.clear()
            try:
                await self.deliver()
            except OutboxError as error:
                self._complain(error)
                self._woken.clear()  # which the failure itself may have set
            else:
                self._fault = None
            with suppress(TimeoutError):
                async with asyncio.timeout(_PAUSE_S if self._fault else self._sleep_s()):
                    await self._woken.wait()

    def wake(self) -> None:
        """Say that there is something to do, or somebody else to do it."""
        self._woken.set()

    def relieve(self) -> None:
        """Try at once what was put off: the user may have mended what was wrong."""
        self._patience.relieve()
        for entry in self.ledger.entries:
            if entry.delivery.stage is Stage.WAITING and entry.delivery.failures:
                self.ledger.put(replace(entry, delivery=replace(entry.delivery, due_at=self._now())))
        self.wake()

    async def aclose(self) -> None:
        """Keep what is not on the disk yet, and close the file."""
        await self.ledger.aclose()

    async def deliver(self) -> None:
        """Do all that is due now.

        Raises:
            OutboxError: nothing can be kept, so nothing is sent.
        """
        async with self._at_work:
            self._tidy()
            await self.ledger.flush()
            due = defaultdict[str, list["CallId"]](list)
            for entry in self.ledger.entries:
                if self._step(entry) is not None:
                    due[entry.record.directory].append(entry.record.call_id)
            rounds = map(self._deliver_to, due.values())
            ended = await asyncio.gather(*rounds, return_exceptions=True)
            for each in ended:
                if isinstance(each, BaseException):
                    raise each

    async def _deliver_to(self, call_ids: Iterable[CallId]) -> None:
        for call_id in call_ids:
            entry = self.ledger.entry(call_id)
            writer = None if entry is None else self._writer_for(entry)
            step = None if entry is None else self._step(entry)
            if entry is not None and writer is not None and step is not None:
                await self._do(step, entry, writer)

    async def _do(self, step: Step, entry: Entry, writer: CallWriter) -> None:
        match step:
            case Step.GIVE_UP:
                await self._advance(entry, News(Event.EXPIRED, entry.delivery.reason), writer)
            case Step.LOOK:
                news = await _told(writer.look(entry.record), Event.UNCERTAIN)
                await self._advance(entry, news, writer)
            case Step.SEND:
                sending = await self._begin(entry, writer)
                news = await _told(writer.write(sending.record), Event.UNANSWERED)
                await self._advance(sending, news, writer)

    async def _begin(self, entry: Entry, writer: CallWriter) -> Entry:
        """Bring to the disk that it may have left, before it does."""
        try:
            return await self._advance(entry, News(Event.BEGUN), writer)
        except OutboxError:
            if self.ledger.entry(entry.record.call_id) is not None:
                self.ledger.put(entry)  # it has not left
            raise

    async def _advance(self, entry: Entry, news: News, writer: CallWriter) -> Entry:
        now = self._now()
        delivery = after(entry.delivery, news, now, writer.look_after_s or 0.0)
        advanced = replace(entry, delivery=delivery)
        if delivery.stage is Stage.WRITTEN:
            advanced = advanced.without_details()
        if news.event in FAILURES:
            pause_s = pause_after(delivery.failures, news.pause_s).total_seconds()
            self._patience.rest(entry.record.directory, self._steady() + pause_s)
        if news.event is Event.UNANSWERED:
            self._patience.left(entry.record.call_id, self._steady())
        _tell(entry, news)
        if self.ledger.entry(entry.record.call_id) is not None:  # else the number was forgotten meanwhile
            self.ledger.put(advanced)
            await self.ledger.flush()
        return advanced

    def _writer_for(self, entry: Entry) -> CallWriter | None:
        """What writes into the very account that the contact is of; the name may be another's by now."""
        writer = self._writer_of(entry.record.directory)
        return None if writer is None or writer.account != entry.record.account else writer

    def _step(self, entry: Entry) -> Step | None:
        due_at, now = self._due_at(entry), self._now()
        return None if due_at is None or due_at > now else next_step(entry.delivery, now)

    def _due_at(self, entry: Entry) -> datetime | None:
        """When the next step is due, if there is one, and the CRM is not to be left in peace till later."""
        if (writer := self._writer_for(entry)) is None:
            return None
        due_at = wake_at(entry.delivery, self._now(), can_look=writer.look_after_s is not None)
        spared_s = self._patience.spared_s(entry, self._steady(), writer.look_after_s or 0.0)
        return due_at and max(due_at, self._now() + timedelta(seconds=spared_s))

    def _sleep_s(self) -> float:
        """How long nothing is due."""
        moments = [moment for each in self.ledger.entries if (moment := self._due_at(each)) is not None]
        if not moments:
            return _LONGEST_SLEEP_S
        return min(_LONGEST_SLEEP_S, max(0.0, (min(moments) - self._now()).total_seconds()))

    def _tidy(self) -> None:
        """Let go of what nobody needs any more, and of calls for a directory that is gone for good."""
        for entry in self.ledger.entries:
            age = self._now() - entry.delivery.since
            is_orphan = is_on_its_way(entry) and self._writer_for(entry) is None
            if is_orphan and age > GIVE_UP_AFTER:
                _log.warning(
                    "a call is not written: its directory is gone, is another now, or logs no calls any more",
                    directory=entry.record.directory,
                    started_at=entry.record.started_at.isoformat(),
                )
            is_at_its_end = self._due_at(entry) is None  # else it is given up first, which is told
            if (is_at_its_end and age > FORGET_AFTER) or (is_orphan and age > GIVE_UP_AFTER):
                self.ledger.remove(entry.record.call_id)
                self._patience.forget(entry.record.call_id)

    def _taken_up(self, entry: Entry) -> Entry:
        """What an entry is after a crash: of what was being sent nobody knows whether it arrived."""
        if entry.delivery.stage is not Stage.SENDING:
            return entry
        writer = self._writer_for(entry)
        look_after_s = (writer and writer.look_after_s) or 0.0
        news = News(Event.INTERRUPTED, "bubbled ended while it was sent")
        return replace(entry, delivery=after(entry.delivery, news, self._now(), look_after_s))

    def _complain(self, error: OutboxError) -> None:
        if str(error) != self._fault:
            _log.error("calls cannot be written", reason=str(error))
        self._fault = str(error)


async def _told(asking: Awaitable[News], otherwise: Event) -> News:
    """What became of it; after a defect of ours the safe thing."""
    try:
        return await asking
    except Exception:  # noqa: BLE001 - the one guard: whatever it is, it may have left, and other calls go on
        _log.exception("writing a call failed by a defect of bubbled; the rest goes on")
        return News(otherwise, "bubbled has a defect there; its log tells more")


def _tell(entry: Entry, news: News) -> None:
    """Say once what the user may want to know; what is tried again is for those who look closer."""
    record = entry.record
    facts = {"directory": record.directory, "number": shortened(record.number), "reason": news.reason}
    match news.event:
        case Event.WRITTEN | Event.FOUND:
            _log.info("a call is written", directory=record.directory, number=shortened(record.number))
        case Event.REFUSED | Event.EXPIRED | Event.UNANSWERED:
            _log.warning("a call is not written, or perhaps not", what=news.event.value, **facts)
        case Event.BEGUN | Event.ABSENT:
            pass
        case _ if not entry.delivery.failures:
            _log.warning("a call is not written yet", what=news.event.value, **facts)
        case _:
            _log.debug("a call is not written yet", what=news.event.value, **facts)
