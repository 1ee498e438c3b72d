"""SQLite: a file, opened so that it cannot be written."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from stat import S_ISREG
from threading import Event
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote
from weakref import WeakKeyDictionary

from bubbled.directory.kinds.sql.fault import Fault, error_of
from bubbled.directory.kinds.sql.options import LONGEST_CELL, MOST_ROWS

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
    sqlite3.SQLITE_READONLY_CANTINIT: Fault.UNFINISHED,
    sqlite3.SQLITE_READONLY_CANTLOCK: Fault.UNFINISHED,
    sqlite3.SQLITE_READONLY_DIRECTORY: Fault.UNFINISHED,
    sqlite3.SQLITE_READONLY_RECOVERY: Fault.UNFINISHED,
    sqlite3.SQLITE_READONLY_ROLLBACK: Fault.UNFINISHED,
    sqlite3.SQLITE_TOOBIG: Fault.TOO_LARGE,
}
"""Error codes, some with their details; https://www.sqlite.org/rescode.html."""

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


_ENDED_S: Final = 1.0
"""How long a thread that has failed to open a file may take to end; it has nothing else to do."""


class Sqlite:
    """See `database.Database`."""

    dialect: Final = "sqlite+aiosqlite"
    kept_s: Final = 0  # another file may have got its name, as after an export every night

    def __init__(self, address: Address, *, timeout_s: float) -> None:
        self.execution: Final[dict[str, Any]] = {}
        self._address = address
        self._wait_s = min(timeout_s, _LOCKED_S)
        self._stopped: WeakKeyDictionary[Any, Event] = WeakKeyDictionary()

    async def connect(self) -> Any:
        """Open the file. A missing one is not made."""
        import aiosqlite  # noqa: PLC0415 - only for who has such a directory

        stopped = Event()
        connection = aiosqlite.Connection(lambda: self._open(stopped), iter_chunk_size=MOST_ROWS)
        # A file on a network that is cut hangs its thread, but must not keep bubbled from ending.
        thread: Any = getattr(connection, "_thread", connection)
        thread.daemon = True
        opening = asyncio.ensure_future(connection)
        try:
            self._stopped[await asyncio.shield(opening)] = stopped
        except asyncio.CancelledError:
            # Its thread cannot be stopped, and must not answer to a loop that has gone meanwhile.
            await asyncio.wait((opening,))
            if opening.exception() is None:
                await connection.close()
            raise
        except Exception:
            # Its thread is told to end, but nobody waits for that; the loop may have gone by then.
            await asyncio.to_thread(thread.join, _ENDED_S)
            raise
        return connection

    def _open(self, stopped: Event) -> sqlite3.Connection:
        """Open it in the thread that is to use it."""
        path = Path(self._address.database)
        if _is_other_than_a_file(path):
            raise error_of(Fault.FILE_IS_OTHER, self._address, "it is no file")  # a pipe would hang for ever
        connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=self._wait_s)
        try:
            # One odd name must not spoil the others.
            connection.text_factory = lambda text: text.decode(errors="replace")
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_CELL)
            connection.set_progress_handler(stopped.is_set, _STEPS)
            # The mode guards this file; this, also any other.
            connection.execute("PRAGMA query_only = ON")
        except BaseException:
            connection.close()
            raise
        return connection

    async def stop(self, connection: Any) -> None:
        """Let the query end soon; `interrupt` does nothing to one that its thread is about to begin."""
        self._stopped[connection].set()

    def fault(self, problem: BaseException) -> tuple[Fault, str] | None:
        """What SQLite means."""
        if not isinstance(problem, sqlite3.Error):
            return None
        words = str(problem)
        code = getattr(problem, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        known = (
            _CODES.get(code)
            or _CODES.get(code & 0xFF)
            or next((fault for part, fault in _WORDS if part in words), Fault.OTHER)
        )
        return known, words


def _is_other_than_a_file(path: Path) -> bool:
    try:
        return not S_ISREG(path.stat().st_mode)
    except OSError:
        return False  # SQLite tells why it cannot be opened
