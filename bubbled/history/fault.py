"""What can be wrong with the file of the history, and what SQLite calls it.

Source: https://www.sqlite.org/rescode.html
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bubbled.error import HistoryError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class FileDamagedError(HistoryError):
    """The file holds no sound history; it is to be set aside, and a new one begun.

    Attributes:
        reason: what is wrong with it, as SQLite says it.
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"The call history in {path} is damaged ({reason}): it will be set aside; try again."
        )
        self.reason = reason


class FileUnusableError(HistoryError):
    """The file cannot be read or written now: full disk, missing rights, locked. Time may mend it."""


class IndexDamagedError(FileUnusableError):
    """The index by which calls are searched is damaged; the calls are not, and it is made anew."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"The index of the call history in {path} is damaged ({reason}): it is made anew; try again."
        )


class FileRefusedError(HistoryError):
    """The file is sound but not ours to touch; trying again does not help."""


_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_DAMAGED_HEADER = {"unsupported file format"}  # which SQLite tells by the code of all other errors
_PRIMARY = 0xFF  # extended codes carry the primary code in their low byte


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn errors of SQLite, of rows that cannot be read, and of the file system into ours.

    Raises:
        FileDamagedError: what was read cannot have been written by us.
        FileUnusableError: everything else.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise _fault(path, error) from error
    except ValueError as error:
        raise FileDamagedError(path, str(error)) from error
    except OSError as error:
        raise unusable(path, error.strerror or str(error)) from error


def unusable(path: Path, reason: str) -> FileUnusableError:
    """Say that the file cannot be used now."""
    return FileUnusableError(
        f"The call history in {path} cannot be used ({reason}): calls still pop up and wait in memory;"
        " make room on the disk or mend the rights, and they are saved."
    )


def error_code(error: sqlite3.Error) -> int:
    """Give SQLite's primary code; the sqlite3 module's own error, about text that is no UTF-8, has none."""
    return int(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)) & _PRIMARY


def _fault(path: Path, error: sqlite3.Error) -> HistoryError:
    if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_CORRUPT_VTAB:
        return IndexDamagedError(path, str(error))
    if error_code(error) in _DAMAGE or str(error) in _DAMAGED_HEADER:
        return FileDamagedError(path, str(error))
    return unusable(path, str(error))
