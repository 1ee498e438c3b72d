"""The file of the history: SQLite by way of aiosqlite, one connection that writes and one that reads.

What was committed survives a kill at any moment and a power cut: in WAL mode with `synchronous=FULL` a
commit is on the disk before it returns (https://www.sqlite.org/pragma.html#pragma_synchronous). Nobody waits
for that but the task that writes.
"""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import TYPE_CHECKING, Final, Self

import aiosqlite

from bubbled.history import place
from bubbled.history.erasure import erase
from bubbled.history.fault import FileDamagedError, IndexDamagedError, error_code, translated, unusable
from bubbled.history.index import TABLE, Index
from bubbled.history.reader import SELECT, SELECT_MUTE, SELECT_TOLD, Reader, calls_by_id
from bubbled.history.row import COLUMNS, TOLD_COLUMNS, storable, to_microseconds, to_row, told_to_row
from bubbled.history.schema import migrate, migrations
from bubbled.history.searcher import KNOW_WORDS
from bubbled.history.step_file import prune_steps, save_steps

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from bubbled.history.note import ToldNote
    from bubbled.history.unsaved import Entry
    from bubbled.history.unsaved_steps import Written
    from bubbled.model import CallId, Mute

_SAVE: Final = (
    f"INSERT INTO calls ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608 - our own column names
    f" ON CONFLICT (id) DO UPDATE SET {', '.join(f'{column} = excluded.{column}' for column in COLUMNS[1:])}"
)
_SAVE_TOLD: Final = (
    f"INSERT INTO told_notes ({', '.join(TOLD_COLUMNS)}) VALUES (?, ?, ?, ?)"  # noqa: S608 - as above
    " ON CONFLICT (e164, teller) DO UPDATE SET note = excluded.note, noted_at = excluded.noted_at"
)
MOST_TOLD: Final = 10_000
"""Notes of colleagues that are kept; whoever may speak for them on the PBX could else fill the disk."""

_FORGET_OLDEST_TOLD: Final = (
    "DELETE FROM told_notes WHERE (e164, teller) IN ("
    "SELECT e164, teller FROM told_notes ORDER BY noted_at DESC LIMIT -1 OFFSET ?)"
)
_FOR_THE_WRITER: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",  # what is erased or has aged is overwritten, not only unlinked
)


class HistoryFile:
    """An open history file. Every method may raise `FileDamagedError` or `FileUnusableError`.

    Only one task may use its methods, and that task must not be cancelled within them; all may read.

    Attributes:
        reader: what answers questions.
        index: by which calls are searched.
    """

    def __init__(
        self, path: Path, writer: aiosqlite.Connection, reading: aiosqlite.Connection, index: Index
    ) -> None:
        self.reader = Reader(path, reading, lambda: index.has_fts5)
        self.index = index
        self._path = path
        self._writer = writer
        self._reading = reading
        self._checking = False

    @classmethod
    async def open(cls, path: Path, steps: Sequence[str] | None = None) -> Self:
        """Open the file, made when missing, and bring it to the version of this bubbled.

        Args:
            path: in a folder that exists.
            steps: the SQL of each version; those of this bubbled unless given.

        Raises:
            FileDamagedError: it is no history, or a broken one; `check` finds what opening it does not.
            FileRefusedError: it is of a newer bubbled.
            FileUnusableError: it cannot be opened or written.
        """
        place.prepare(path)
        with translated(path):
            async with AsyncExitStack() as stack:
                writer = await _connection(stack, path)
                await migrate(writer, path, migrations() if steps is None else steps)
                for pragma in _FOR_THE_WRITER:
                    await writer.execute_fetchall(pragma)
                index = await Index.open(writer)
                reading = await _connection(stack, path)
                await _read_one_row_of_each(reading, path)
                for statement in KNOW_WORDS if index.has_fts5 else ():
                    await reading.execute_fetchall(statement)
                stack.pop_all()
        return cls(path, writer, reading, index)

    async def close(self) -> None:
        """Close both connections, the writing one last: it then tidies the write-ahead log away."""
        for connection in (self._reading, self._writer):
            with suppress(sqlite3.Error):  # of a damaged file; what was committed stays in the log
                await connection.close()

    async def check(self) -> None:
        """Read every page (about 1 s for a million calls) and raise `FileDamagedError` if one is broken."""
        self._checking = True
        try:
            with translated(self._path):
                await self._check_pages()
                if not await self.index.check():
                    raise IndexDamagedError(self._path, "calls are missing in it")
        finally:
            self._checking = False

    async def _check_pages(self) -> None:
        ((verdict, *_), *_) = await self._writer.execute_fetchall("PRAGMA quick_check(1)")
        if verdict != "ok":
            # Newer SQLites look into the index as well, on which nothing else depends.
            damaged = IndexDamagedError if TABLE in verdict else FileDamagedError
            raise damaged(self._path, verdict)

    async def stop_checking(self) -> None:
        """Let a `check` that is under way end with `FileUnusableError`."""
        if self._checking:
            await self._writer.interrupt()

    async def save(self, entries: Mapping[CallId, Entry]) -> None:
        """Add entries to their calls: all of them, or on an error none."""
        with translated(self._path):
            async with self._transaction():
                stored = {past.call.id: past for past in await calls_by_id(self._writer, list(entries))}
                known = (entry.onto(stored.get(call_id)) for call_id, entry in entries.items())
                whole = [past for past in known if past is not None]
                await self._writer.executemany(_SAVE, map(to_row, whole))
                await self.index.put(whole)

    async def go_on_indexing(self) -> None:
        """Put some more calls into the index that are not in it yet."""
        with translated(self._path):
            try:
                async with self._transaction():
                    await self.index.go_on()
            except BaseException:
                self.index.is_behind = True  # what it had done is undone
                raise

    async def index_afresh(self) -> None:
        """Throw the index away, so that it is made anew."""
        with translated(self._path):
            async with self._transaction():
                await self.index.begin_afresh()

    async def save_mute(self, mute: Mute | None) -> None:
        """Keep the mute state."""
        with translated(self._path):
            async with self._transaction():
                await self._writer.execute("DELETE FROM mute")
                if mute is not None:
                    values = [moment and to_microseconds(moment) for moment in (mute.until, mute.since)]
                    await self._writer.execute(
                        "INSERT INTO mute (only, until, since) VALUES (1, ?, ?)", values
                    )

    async def save_told(self, notes: Sequence[ToldNote]) -> None:
        """Keep what colleagues noted, in the place of what they had noted of the same numbers.

        Of more than `MOST_TOLD` the oldest go.
        """
        with translated(self._path):
            async with self._transaction():
                await self._writer.executemany(_SAVE_TOLD, map(told_to_row, notes))
                await self._writer.execute(_FORGET_OLDEST_TOLD, [MOST_TOLD])

    async def save_steps(self, steps: Sequence[Written]) -> None:
        """Add steps of stories; of too many the oldest go."""
        with translated(self._path):
            async with self._transaction():
                await save_steps(self._writer, steps)

    async def prune_steps(self, before: datetime) -> int:
        """Erase the steps of before a moment; tell how many."""
        with translated(self._path):
            async with self._transaction():
                return await prune_steps(self._writer, before)

    async def close_dangling(self, at: datetime) -> int:
        """End the calls that are still open, without an outcome, and tell how many."""
        with translated(self._path):
            async with self._transaction():
                closed = await self._writer.execute(
                    "UPDATE calls SET state = 'ended', ended_at = MAX(started_at, ?) WHERE ended_at IS NULL",
                    [to_microseconds(at)],
                )
        return closed.rowcount

    async def prune(self, before: datetime) -> int:
        """Erase what ended, was told by colleagues or set aside before a moment; tell how many calls."""
        values = [to_microseconds(before)]
        with translated(self._path):
            async with self._transaction():
                pruned = await self._writer.execute("DELETE FROM calls WHERE ended_at < ?", values)
                await self._writer.execute("DELETE FROM told_notes WHERE noted_at < ?", values)
                if pruned.rowcount:
                    await self.index.rewrite()
            await asyncio.to_thread(place.remove_aged, self._path, before)
        return pruned.rowcount

    async def forget(self, number: str) -> int:
        """Erase a number from every page and from files set aside; tell how many calls went."""
        with translated(self._path):
            async with self._transaction():
                erased = await erase(self._writer, storable(number))
                await self.index.put(await calls_by_id(self._writer, erased.changed))
                await self.index.rewrite()
            await self._rewrite()
            await asyncio.to_thread(place.remove_holding, self._path, erased.spellings.traces)
        return erased.calls

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[None]:
        await self._writer.execute("BEGIN IMMEDIATE")
        try:
            yield
            await self._writer.execute("COMMIT")
        except BaseException:
            if self._writer.in_transaction:  # a full disk has rolled back by itself
                await self._writer.execute("ROLLBACK")
            raise

    async def _rewrite(self) -> None:
        """Write every page anew and cut the write-ahead log to nothing.

        `secure_delete` alone is not enough: pages that SQLite has balanced keep copies of rows in their gaps.
        """
        await self._writer.execute("VACUUM")
        ((busy, *_),) = await self._writer.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
        if busy:
            raise unusable(self._path, "another program is reading it")


async def _connection(stack: AsyncExitStack, path: Path) -> aiosqlite.Connection:
    # Given up in between, the library would leave open what its thread has opened by then.
    connecting = asyncio.ensure_future(aiosqlite.connect(path, isolation_level=None))
    try:
        connection = await asyncio.shield(connecting)
    except asyncio.CancelledError:
        with suppress(sqlite3.Error):
            await (await connecting).close()
        raise
    stack.push_async_callback(connection.close)
    return connection


async def _read_one_row_of_each(connection: aiosqlite.Connection, path: Path) -> None:
    try:
        for question in (SELECT, SELECT_MUTE, SELECT_TOLD):
            await connection.execute_fetchall(f"{question} LIMIT 1")
    except sqlite3.OperationalError as error:
        if error_code(error) == sqlite3.SQLITE_ERROR:  # no such table or column: the file is another's
            raise FileDamagedError(path, str(error)) from error
        raise
