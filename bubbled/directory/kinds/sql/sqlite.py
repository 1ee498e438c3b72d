"""SQLite: a file, opened so that it cannot be written."""

from __future__ import annotations

import asyncio
import sqlite3
from threading import Event
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote
from weakref import WeakKeyDictionary

from bubbled.directory.kinds.sql.fault import Fault

if TYPE_CHECKING:
    from bubbled.directory.kinds.sql.address import Address

_LOCKED_S: Final = 1.0  # another program that writes is done sooner; nothing ends that wait
_STEPS: Final = 10_000  # of SQLite's machine, less than a millisecond, until it looks whether to go on

_CODES: Final = {
    sqlite3.SQLITE_AUTH: Fault.FORBIDDEN,
    sqlite3.SQLITE_BUSY: Fault.LOCKED,
    sqlite3.SQLITE_CANTOPEN: Fault.FILE,
    sqlite3.SQLITE_CORRUPT: Fault.FILE_IS_OTHER,
    sqlite3.SQLITE_INTERRUPT: Fault.LATE,
    sqlite3.SQLITE_IOERR: Fault.FILE,
    sqlite3.SQLITE_LOCKED: Fault.LOCKED,
    sqlite3.SQLITE_NOTADB: Fault.FILE_IS_OTHER,
    sqlite3.SQLITE_PERM: Fault.FILE,
    sqlite3.SQLITE_READONLY: Fault.WRITES,
}
_WORDS: Final = (
    ("no such table", Fault.TABLE),
    ("no such column", Fault.COLUMN),
    ("ambiguous column", Fault.COLUMN),
    ("no such function", Fault.FUNCTION),
    ("syntax error", Fault.SYNTAX),
    ("incomplete input", Fault.SYNTAX),
    ("unrecognized token", Fault.SYNTAX),
    ("misuse of aggregate", Fault.SYNTAX),
)
"""Of what SQLite calls a plain error, its words alone tell more."""


class Sqlite:
    """See `database.Database`."""

    dialect: Final = "sqlite+aiosqlite"

    def __init__(self, address: Address, *, timeout_s: float) -> None:
        self.execution: Final[dict[str, Any]] = {}
        self._uri = f"file:{quote(address.database)}?mode=ro"
        self._wait_s = min(timeout_s, _LOCKED_S)
        self._stopped: WeakKeyDictionary[Any, Event] = WeakKeyDictionary()

    async def connect(self) -> Any:
        """Open the file. A missing one is not made."""
        connection = await self._opened()
        try:
            # One odd name must not spoil the others.
            connection.text_factory = lambda text: text.decode(errors="replace")
            stopped = self._stopped[connection] = Event()
            await connection.set_progress_handler(stopped.is_set, _STEPS)
            # The mode guards this file; this, also any other.
            await connection.execute("PRAGMA query_only = ON")
        except BaseException:
            await connection.close()
            raise
        return connection

    async def _opened(self) -> Any:
        import aiosqlite  # noqa: PLC0415 - only for who has such a directory

        opening = asyncio.ensure_future(aiosqlite.connect(self._uri, uri=True, timeout=self._wait_s))
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            # Its thread cannot be stopped, and must not answer to a loop that has gone meanwhile.
            await asyncio.wait((opening,))
            if opening.exception() is None:
                await opening.result().close()
            raise

    async def stop(self, connection: Any) -> None:
        """Let the query end soon; `interrupt` does nothing to one that its thread is about to begin."""
        self._stopped[connection].set()

    def fault(self, problem: BaseException) -> tuple[Fault, str] | None:
        """What SQLite means."""
        if not isinstance(problem, sqlite3.Error):
            return None
        words = str(problem)
        code = getattr(problem, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF  # the rest are details
        known = _CODES.get(code) or next((fault for part, fault in _WORDS if part in words), Fault.OTHER)
        return known, words
