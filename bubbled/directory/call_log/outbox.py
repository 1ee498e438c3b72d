"""The records that are on their way, in a file of SQLite that survives a kill and a power cut."""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final, Self

import aiosqlite
import structlog

from bubbled.directory.call_log.entry import COLUMNS, from_row, to_row
from bubbled.error import DirectoryError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bubbled.directory.call_log.entry import Entry
    from bubbled.model import CallId

_SCHEMA: Final = """
    CREATE TABLE IF NOT EXISTS entry (
        call_id TEXT PRIMARY KEY,
        directory TEXT NOT NULL,
        stage TEXT NOT NULL,
        since TEXT NOT NULL,
        due_at TEXT NOT NULL,
        left_at TEXT,
        failures INTEGER NOT NULL,
        reason TEXT,
        record TEXT NOT NULL
    ) STRICT;
    PRAGMA user_version = 1;
"""
_VERSION = 1
_PRAGMAS = (
    # Two daemons on one outbox would take what the other sends for what a crash left behind.
    "PRAGMA locking_mode = EXCLUSIVE",
    "PRAGMA journal_mode = WAL",
    # A commit is on the disk before it returns.
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
)
_SELECT: Final = f"SELECT {', '.join(COLUMNS)} FROM entry ORDER BY since"  # noqa: S608 - our own column names
_SAVE: Final = f"INSERT OR REPLACE INTO entry ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608 - as above
_LOCK_PATIENCE_S = 0.5

_log = structlog.get_logger()


class OutboxError(DirectoryError):
    """The outbox cannot be used; no call is written without it, lest one be written twice."""


class Outbox:
    """The open file. What `save` and `remove` have done when they return is on the disk."""

    def __init__(self, path: Path, connection: aiosqlite.Connection) -> None:
        self._path = path
        self._connection = connection

    @classmethod
    async def open(cls, path: Path) -> Self:
        """Open the file, made when missing, readable by its owner alone, and keep others out of it.

        One that SQLite cannot read is set aside: what it held may have been sent, and is not sent again.

        Raises:
            OutboxError: it cannot be written, another bubbled has it, or it is of a newer one.
        """
        with _translated(path):
            try:
                return cls(path, await _opened(path))
            except sqlite3.DatabaseError as error:
                if _primary(error) not in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
                    raise
            _set_aside(path)
            return cls(path, await _opened(path))

    async def entries(self) -> list[Entry]:
        """Everything that is there, the oldest call first; a row that nobody understands is passed over.

        Raises:
            OutboxError: it cannot be read.
        """
        with _translated(self._path):
            rows = await self._connection.execute_fetchall(_SELECT)
        entries = []
        for row in rows:
            with suppress(ValueError, KeyError, TypeError):
                entries.append(from_row(tuple(row)))
        if lacking := len(list(rows)) - len(entries):
            _log.error("calls are not written into a CRM: their rows are damaged", calls=lacking)
        return entries

    async def save(self, entry: Entry) -> None:
        """Keep an entry in the place of an earlier one of the same call.

        Raises:
            OutboxError: it is not on the disk.
        """
        with _translated(self._path):
            await self._connection.execute(_SAVE, to_row(entry))

    async def remove(self, call_id: CallId) -> None:
        """Overwrite what is kept of a call, if anything is.

        Raises:
            OutboxError: it may still be on the disk.
        """
        with _translated(self._path):
            await self._connection.execute("DELETE FROM entry WHERE call_id = ?", [call_id])
            await self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    async def aclose(self) -> None:
        """Let others have the file."""
        with suppress(sqlite3.Error):
            await self._connection.close()


async def _opened(path: Path) -> aiosqlite.Connection:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _make_private(path)
    connection = await aiosqlite.connect(path, isolation_level=None, timeout=_LOCK_PATIENCE_S)
    try:
        for pragma in _PRAGMAS:
            await connection.execute(pragma)
        ((version,),) = await connection.execute_fetchall("PRAGMA user_version")
        _check(version, path)
        await connection.executescript(_SCHEMA)
        await _check_pages(connection)
    except BaseException:
        await connection.close()
        raise
    return connection


def _make_private(path: Path) -> None:
    """Make the file where it is missing, and keep others from reading it, whoever copied it there."""
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        os.fchmod(descriptor, 0o600)
    finally:
        os.close(descriptor)


async def _check_pages(connection: aiosqlite.Connection) -> None:
    """Find damage now: met at a call, it would keep every later one from being kept."""
    ((verdict,),) = await connection.execute_fetchall("PRAGMA quick_check(1)")
    if verdict != "ok":
        damage = sqlite3.DatabaseError("a page is damaged")
        damage.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise damage


def _check(version: int, path: Path) -> None:
    if version > _VERSION:
        raise OutboxError(
            f"The calls that wait in {path} are of a newer bubbled: none is written into a CRM until bubbled "
            "is updated, or the file is moved away."
        )


def drop_damaged(path: Path) -> None:
    """Remove what was set aside of a damaged file: of it no single number can be erased.

    Raises:
        OutboxError: it is still there.
    """
    with _translated(path):
        _aside(path).unlink(missing_ok=True)


def _aside(path: Path) -> Path:
    return path.with_name(f"{path.name}.damaged")


def _set_aside(path: Path) -> None:
    aside = _aside(path)
    path.replace(aside)
    for log in ("-wal", "-shm"):
        path.with_name(path.name + log).unlink(missing_ok=True)
    _log.error("calls that waited to be written into a CRM are lost: the file is damaged", aside=str(aside))


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if _primary(error) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise OutboxError(
                f"Another bubbled uses {path}: this one writes no calls into a CRM; stop one of the two."
            ) from error
        raise _unusable(path, str(error)) from error
    except sqlite3.DatabaseError as error:
        raise _unusable(path, str(error)) from error
    except ValueError as error:  # what aiosqlite says of a connection that is closed
        raise _unusable(path, str(error)) from error
    except OSError as error:
        raise _unusable(path, error.strerror or type(error).__name__) from error


def _unusable(path: Path, reason: str) -> OutboxError:
    return OutboxError(
        f"Calls cannot be kept in {path} until they are written ({reason}): none is written into a CRM; make "
        "room on the disk, or mend its rights; it is tried again every minute."
    )


def _primary(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
