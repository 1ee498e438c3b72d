"""The SQLite files of the indexes: how a new one comes to its name, and how one goes."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOGS = ("-wal", "-shm")  # SQLite's own names for what lies beside a file that changes in place


@contextmanager
def written_anew(path: Path, schema: str) -> Iterator[sqlite3.Connection]:
    """Write a file of one's own under another name; it gets its name when the block ends well.

    A file that is there under the name stays as it was until then, and for good when the block fails.
    """
    # One by one, since `parents` would make those above for everybody to look into.
    for folder in (path.parent.parent, path.parent):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _remove_remains(path)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with closing(_create(part, schema)) as connection:
            yield connection
        _make_durable(part)
        _remove_logs(path)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def remove(path: Path) -> None:
    """Remove an index, if it is there."""
    path.unlink(missing_ok=True)
    _remove_logs(path)


def _create(part: Path, schema: str) -> sqlite3.Connection:
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    connection = sqlite3.connect(part, isolation_level=None, check_same_thread=False)
    # Nobody reads the file before it is whole: nothing to roll back. The cache holds the B-tree of numbers.
    pragmas = ("journal_mode = OFF", "synchronous = OFF", "cache_size = -131072")
    connection.executescript("".join(f"PRAGMA {pragma};" for pragma in pragmas) + schema)
    return connection


def _remove_remains(path: Path) -> None:
    """Remove what a writer that was killed left behind; the name tells its process."""
    for part in path.parent.glob(f"{path.name}.*.part"):
        if not Path("/proc", part.name.split(".")[-2]).exists():
            part.unlink(missing_ok=True)


def _remove_logs(path: Path) -> None:
    """Remove what belongs to an earlier file of this name: SQLite would add it to the new one."""
    for log in _LOGS:
        path.with_name(path.name + log).unlink(missing_ok=True)


def _make_durable(part: Path) -> None:
    with part.open("rb") as file:
        os.fsync(file.fileno())
