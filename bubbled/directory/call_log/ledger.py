"""All calls that are on their way into a CRM, in memory and on the disk."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import structlog

from bubbled.directory.call_log.delivery import ON_THE_WAY, Stage, begin
from bubbled.directory.call_log.entry import Entry
from bubbled.directory.call_log.outbox import Outbox, OutboxError, drop_damaged

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from bubbled.directory.call_log.record import CallRecord
    from bubbled.model import CallId

MOST_WAITING: Final = 1000
"""Calls on their way; more than a phone brings forth while a CRM is away for days."""

_log = structlog.get_logger()


class Ledger:
    """Takes changes at once, and brings them to the disk by `flush`.

    Attributes:
        on_change: told that there is something to bring to the disk, and perhaps to send.
    """

    def __init__(self, path: Path, taken_up: Callable[[Entry], Entry]) -> None:
        """Prepare.

        Args:
            path: the file of the outbox; it is made when the first call is to be kept.
            taken_up: says what an entry is that the last run left.
        """
        self.on_change: Callable[[], None] = lambda: None
        self._path = path
        self._taken_up = taken_up
        self._outbox: Outbox | None = None
        self._entries: dict[CallId, Entry] = {}
        self._unsaved: set[CallId] = set()
        self._at_file = asyncio.Lock()
        self._lost = 0

    async def start(self) -> None:
        """Take up what the last run left, if there is anything.

        Raises:
            OutboxError: the file cannot be used.
        """
        if self._path.exists():
            async with self._at_file:
                await self._open()

    async def aclose(self) -> None:
        """Bring to the disk what is not there yet, as far as that can be, and let others have the file."""
        try:
            if self._unsaved:
                await self.flush()
        except OutboxError as error:
            _log.warning("calls that wait to be written are not all kept", reason=str(error))
        if self._outbox is not None:
            await self._outbox.aclose()
            self._outbox = None

    @property
    def lost(self) -> int:
        """Calls that are not written because too many waited already."""
        return self._lost

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All that is known, in the order in which it came."""
        return tuple(self._entries.values())

    def entry(self, call_id: CallId) -> Entry | None:
        """What is known of a call."""
        return self._entries.get(call_id)

    def accept(self, record: CallRecord, ended_at: datetime, after_s: float) -> None:
        """Take a record of a call that has ended, or a better one as long as none is sent."""
        earlier = self._entries.get(record.call_id)
        if earlier is None:
            if sum(is_on_its_way(each) for each in self._entries.values()) < MOST_WAITING:
                self.put(Entry(record, begin(ended_at, after_s)))
            else:
                self._lost += 1
                _log.error("a call is not written into a CRM: too many wait", directory=record.directory)
        elif is_open(earlier):
            # It may have left before, under its mark, and turned out not to be there.
            self.put(replace(earlier, record=replace(record, mark=earlier.record.mark)))

    def withdraw(self, call_id: CallId) -> None:
        """Forget a call that has not been sent: it turned out to be with somebody else."""
        earlier = self._entries.get(call_id)
        if earlier is not None and is_open(earlier):
            self.remove(call_id)

    def put(self, entry: Entry) -> None:
        """Let this be what is known of its call."""
        self._entries[entry.record.call_id] = entry
        self._changed(entry.record.call_id)

    def remove(self, call_id: CallId) -> None:
        """Let nothing be known of a call."""
        self._entries.pop(call_id, None)
        self._changed(call_id)

    async def forget(self, number: str) -> int:
        """Erase the calls with a number, also from the disk; tell how many had not been written.

        Raises:
            OutboxError: they may still be on the disk.
        """
        with suppress(OutboxError):  # told below, after what is in memory is erased
            await self.flush()
        with_it = [each for each in self.entries if each.record.number == number]
        for entry in with_it:
            self.remove(entry.record.call_id)
        await self.flush()
        drop_damaged(self._path)
        return sum(map(is_on_its_way, with_it))

    async def flush(self) -> None:
        """Bring every change to the disk, and take up what the last run left where that failed before.

        Raises:
            OutboxError: some are not there, or the file cannot be used.
        """
        async with self._at_file:
            if not self._unsaved and not self._path.exists():
                return
            outbox = await self._open()
            for call_id in tuple(self._unsaved):
                entry = self._entries.get(call_id)
                await (outbox.remove(call_id) if entry is None else outbox.save(entry))
                if self._entries.get(call_id) is entry:
                    self._unsaved.discard(call_id)

    def _changed(self, call_id: CallId) -> None:
        self._unsaved.add(call_id)
        self.on_change()

    async def _open(self) -> Outbox:
        if self._outbox is None:
            outbox = await Outbox.open(self._path)
            try:
                entries = await outbox.entries()
            except OutboxError:
                await outbox.aclose()
                raise
            for entry in entries:
                if entry.record.call_id not in self._unsaved:  # else it was changed or removed since
                    self._entries[entry.record.call_id] = self._taken_up(entry)
            self._outbox = outbox
        return self._outbox


def is_open(entry: Entry) -> bool:
    """Whether it is still to be sent, so that a note can be added."""
    return entry.delivery.stage is Stage.WAITING


def is_on_its_way(entry: Entry) -> bool:
    """Whether something may still become of it."""
    return entry.delivery.stage in ON_THE_WAY
