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
from bubbled.history.fault import FileDamagedError, error_code, translated, unusable
from bubbled.history.row import COLUMNS, from_microseconds, from_row, storable, to_microseconds, to_row
from bubbled.history.schema import migrate, migrations
from bubbled.model import Mute

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from bubbled.history.past_call import PastCall
    from bubbled.history.unsaved import Entry
    from bubbled.model import E164, CallId, Owner

_SELECT: Final = f"SELECT {', '.join(COLUMNS)} FROM calls"  # noqa: S608 - our own column names
_SAVE: Final = (
    f"INSERT INTO calls ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608 - as above
    f" ON CONFLICT (id) DO UPDATE SET {', '.join(f'{column} = excluded.{column}' for column in COLUMNS[1:])}"
)
_FOR_THE_WRITER: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",  # what is erased or has aged is overwritten, not only unlinked
)
_IDS_IN_ONE_QUESTION: Final = 500  # SQLite's limit of values in one statement was 999 for long
_ROWS_AT_ONCE: Final = 50  # about 1 ms; more of them would keep a popup waiting
_END_OF_TIME: Final = 2**62


class HistoryFile:
    """An open history file. Every method may raise `FileDamagedError` or `FileUnusableError`.

    Only one task may use the methods that write, and that task must not be cancelled within them; the reading
    ones are free for all.
    """

    def __init__(self, path: Path, writer: aiosqlite.Connection, reader: aiosqlite.Connection) -> None:
        self._path = path
        self._writer = writer
        self._reader = reader
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
                reader = await _connection(stack, path)
                await _read_one_row(reader, path)
                stack.pop_all()
        return cls(path, writer, reader)

    async def close(self) -> None:
        """Close both connections, the writing one last: it then tidies the write-ahead log away."""
        for connection in (self._reader, self._writer):
            with suppress(sqlite3.Error):  # of a damaged file; what was committed stays in the log
                await connection.close()

    async def check(self) -> None:
        """Read every page (about 1 s for a million calls) and raise `FileDamagedError` if one is broken."""
        self._checking = True
        try:
            with translated(self._path):
                (verdict, *_) = await self._writer.execute_fetchall("PRAGMA quick_check(1)")
        finally:
            self._checking = False
        if verdict[0] != "ok":
            raise FileDamagedError(self._path, verdict[0])

    async def stop_checking(self) -> None:
        """Let a `check` that is under way end with `FileUnusableError`."""
        if self._checking:
            await self._writer.interrupt()

    async def save(self, entries: Mapping[CallId, Entry]) -> None:
        """Add entries to their calls: all of them, or on an error none."""
        with translated(self._path):
            async with self._transaction():
                stored = {past.call.id: past for past in await _calls_by_id(self._writer, list(entries))}
                whole = (entry.onto(stored.get(call_id)) for call_id, entry in entries.items())
                await self._writer.executemany(_SAVE, [to_row(past) for past in whole if past])

    async def save_mute(self, mute: Mute | None) -> None:
        """Keep the mute state."""
        with translated(self._path):
            async with self._transaction():
                await self._writer.execute("DELETE FROM mute")
                if mute is not None:
                    until = None if mute.until is None else to_microseconds(mute.until)
                    await self._writer.execute("INSERT INTO mute (only, until) VALUES (1, ?)", [until])

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
        """Erase calls that ended, and files that were set aside, before a moment; tell how many calls."""
        with translated(self._path):
            async with self._transaction():
                pruned = await self._writer.execute(
                    "DELETE FROM calls WHERE ended_at < ?", [to_microseconds(before)]
                )
            await asyncio.to_thread(place.remove_aged, self._path, before)
        return pruned.rowcount

    async def forget(self, number: str) -> int:
        """Erase a number from every page and from files set aside; tell how many calls went."""
        with translated(self._path):
            async with self._transaction():
                calls, spellings = await erase(self._writer, storable(number))
            await self._rewrite()
            await asyncio.to_thread(place.remove_holding, self._path, spellings.texts)
        return calls

    async def mute(self) -> Mute | None:
        """Read the mute state."""
        with translated(self._path):
            rows = list(await self._reader.execute_fetchall("SELECT until FROM mute"))
            return Mute(from_microseconds(rows[0][0]) if rows[0][0] is not None else None) if rows else None

    async def newest(self, limit: int, owner: Owner) -> list[PastCall]:
        """Read the calls of an owner that began last, the newest first."""
        where = "WHERE owner = ? ORDER BY started_at DESC, id DESC LIMIT ?"
        return await self._read(where, [storable(owner), limit])

    async def latest_with(self, number: E164, moment: datetime | None, limit: int) -> list[PastCall]:
        """Read the calls with a number that ended last, those of which it is known how; the latest first."""
        where = (
            "WHERE e164 = ? AND ended_at <= ? AND (outcome IS NOT NULL OR answered_at IS NOT NULL)"
            " ORDER BY ended_at DESC, owner = 'me' DESC LIMIT ?"
        )
        end = _END_OF_TIME if moment is None else to_microseconds(moment)
        return await self._read(where, [number, end, limit])

    async def calls(self, call_ids: Sequence[CallId]) -> list[PastCall]:
        """Read calls by name, in no order."""
        with translated(self._path):
            return await _calls_by_id(self._reader, call_ids)

    async def _read(self, where: str, values: list[object]) -> list[PastCall]:
        with translated(self._path):
            rows = list(await self._reader.execute_fetchall(f"{_SELECT} {where}", values))
            if len(rows) <= _ROWS_AT_ONCE:
                return [from_row(row) for row in rows]
            return await asyncio.to_thread(lambda: [from_row(row) for row in rows])

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
    connection = await aiosqlite.connect(path, isolation_level=None)
    stack.push_async_callback(connection.close)
    return connection


async def _read_one_row(connection: aiosqlite.Connection, path: Path) -> None:
    try:
        await connection.execute_fetchall(f"{_SELECT} LIMIT 1")
        await connection.execute_fetchall("SELECT until FROM mute")
    except sqlite3.OperationalError as error:
        if error_code(error) == sqlite3.SQLITE_ERROR:  # no such table or column: the file is another's
            raise FileDamagedError(path, str(error)) from error
        raise


async def _calls_by_id(connection: aiosqlite.Connection, call_ids: Sequence[CallId]) -> list[PastCall]:
    calls: list[PastCall] = []
    for start in range(0, len(call_ids), _IDS_IN_ONE_QUESTION):
        some = [storable(call_id) for call_id in call_ids[start : start + _IDS_IN_ONE_QUESTION]]
        where = f"WHERE id IN ({', '.join('?' * len(some))})"
        calls += map(from_row, await connection.execute_fetchall(f"{_SELECT} {where}", some))
    return calls
