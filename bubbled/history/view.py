"""What is known of calls: the file, with what it does not hold yet laid over it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from bubbled.error import HistoryError
from bubbled.history import callback
from bubbled.history.dealings import horizon, is_over, span
from bubbled.history.fault import FileDamagedError, IndexDamagedError
from bubbled.history.unsaved import overlaid

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from datetime import datetime

    from bubbled.history.dealings import Span
    from bubbled.history.note import ToldNote
    from bubbled.history.past_call import PastCall
    from bubbled.history.reader import Reader
    from bubbled.history.wanted import Place, Wanted
    from bubbled.history.writer import Writer
    from bubbled.model import E164

T = TypeVar("T")


class View:
    """Answers while the file is there and while it is not; nothing here raises for want of it."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def calls(self, ask: Callable[[Reader, int], Awaitable[list[PastCall]]]) -> list[PastCall]:
        """Ask the file, for as many calls more as memory may change, and lay memory over the answer.

        Args:
            ask: given the reader, and how many calls memory may change.
        """
        entries = self._writer.unsaved.all()

        async def stored(read: Reader) -> list[PastCall]:
            known = await ask(read, len(entries))
            return [*known, *await read.calls(list(entries))] if entries else known

        return overlaid(await self.read(stored), entries)

    async def found(self, wanted: Wanted, limit: int, before: Place | None) -> list[PastCall]:
        """The calls that are wanted from a place on, at least the newest `limit` of them, in no order."""
        entries = self._writer.unsaved.all()
        stored = await self.read(lambda read: read.searcher.found(wanted, limit + len(entries), before))
        if not entries:
            return stored
        known = await self.read(lambda read: read.calls(list(entries)))
        unsaved = [past for past in overlaid(known, entries) if wanted.fits(past)]
        return [past for past in stored if past.call.id not in entries] + unsaved

    async def talks(self, numbers: Iterable[str], since: datetime) -> dict[str, datetime]:
        """Until when somebody talked last with each number, where that was after a moment."""
        stored = await self.read(lambda read: read.finder.talks(numbers, since))
        recent = await self.calls(lambda read, _unsaved: read.finder.going_on())
        return callback.last_talks(stored, recent)

    def gap(self, since: datetime | None) -> str | None:
        """Why a search for calls since a moment may not find all, in one line for the user; None: it does."""
        file = self._writer.file
        if file is None:
            return self._writer.trouble or "The call history is not open: older calls are not found now."
        return file.index.gap(since)

    async def dealt(self, number: E164, asking: PastCall | None) -> list[PastCall]:
        """The calls that may tell of the last contact with a number, or hold its last note."""
        end, noted = horizon(asking), None if asking is None else asking.ended_at
        return await self.calls(lambda read, unsaved: read.dealings(number, end, noted, 2 + unsaved))

    async def told(self, number: E164) -> list[ToldNote]:
        """What colleagues noted of a number."""
        unsaved = [told for told in self._writer.unsaved.told() if told.number == number]
        return [*await self.read(lambda read: read.told(number)), *unsaved]

    async def spans(self, number: E164, asking: PastCall | None, found: Iterable[PastCall]) -> list[Span]:
        """When the calls with a number were; some of `found` the file does not know yet, or not so."""
        unsaved, end = self._writer.unsaved.all(), horizon(asking)
        newer = [past for past in found if past.call.id in unsaved and past.call.e164 == number]
        besides = [past.call.id for past in newer]
        stored = await self.read(lambda read: read.spans(number, end, besides))
        return stored + [span(past) for past in newer if is_over(past, end) and not _is(past, asking)]

    async def read(self, ask: Callable[[Reader], Awaitable[list[T]]]) -> list[T]:
        """Ask the file; while it cannot be read it knows nothing."""
        file = self._writer.file
        if file is None:
            return []
        try:
            return await ask(file.reader)
        except HistoryError as error:
            if isinstance(error, FileDamagedError | IndexDamagedError) and file is self._writer.file:
                self._writer.report(error)
            return []


def _is(past: PastCall, other: PastCall | None) -> bool:
    return other is not None and past.call.id == other.call.id
