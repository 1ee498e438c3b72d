"""Write a local index: from what the reader of a file gives, to the file that `Index` opens."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bubbled.directory.entry import Rejected
from bubbled.directory.local.about import About
from bubbled.directory.local.database import written_anew
from bubbled.directory.local.index import SCHEMA
from bubbled.directory.local.row import row_of
from bubbled.error import DirectoryError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from bubbled.directory.entry import Entry
    from bubbled.directory.local.bulk import Key
    from bubbled.directory.local.row import Keys

_NAMED_REJECTS = 5
_ROWS_PER_STEP = 2000


def write_index(
    path: Path, entries: Iterable[Entry | Rejected], keys_in: Keys, identity: str
) -> Iterator[int]:
    """Write a new index, which becomes visible under its name when it is whole.

    Args:
        path: where it will be.
        entries: what the source holds.
        keys_in: reads the numbers of a field: `bulk.reading`.
        identity: see `About`.

    Yields:
        How many entries have been read, every now and then and at the end.

    Raises:
        DirectoryError: there is no contact among the entries.
        OSError, sqlite3.Error: the disk is full or not writable.
    In each case the earlier index stays.
    """
    with written_anew(path, SCHEMA) as connection:
        writer = _Writer(connection, keys_in)
        yield from writer.write(entries)
        writer.finish(identity)


class _Writer:
    def __init__(self, connection: sqlite3.Connection, keys_in: Keys) -> None:
        self._connection = connection
        self._keys_in = keys_in
        self._contacts: list[tuple[int, int, int | None, str]] = []
        self._shapes: dict[tuple[str, ...], int] = {}
        self._numbers: list[tuple[Key, bool, int]] = []
        self._mains: list[tuple[Key, int, int]] = []
        self._contact_count = self._number_count = self._rejected = 0
        self._examples: list[Rejected] = []

    def write(self, entries: Iterable[Entry | Rejected]) -> Iterator[int]:
        self._connection.execute("BEGIN")
        count = 0
        for count, entry in enumerate(entries, 1):
            if isinstance(entry, Rejected):
                self._reject(entry)
            else:
                self._add(entry)
            if count % _ROWS_PER_STEP == 0:
                self._flush()
                yield count
        self._flush()
        yield count

    def _add(self, entry: Entry) -> None:
        row = row_of(entry, self._keys_in)
        if row is None:
            self._reject(Rejected(entry.where, f"no possible phone number: {entry.numbers[0][:30]!r}"))
            return
        self._contact_count += 1
        contact = self._contact_count
        shape = self._shapes.setdefault(row.shape, len(self._shapes))
        self._contacts.append((contact, shape, row.touched, row.body))
        self._numbers.extend((key, row.is_company, contact) for key in row.keys)
        self._number_count += len(row.keys)
        self._mains.extend((key, contact, row.digits) for key in row.mains)

    def _reject(self, rejected: Rejected) -> None:
        self._rejected += 1
        if len(self._examples) < _NAMED_REJECTS:
            self._examples.append(rejected)

    def _flush(self) -> None:
        self._connection.executemany("INSERT INTO contact VALUES (?, ?, ?, ?)", self._contacts)
        self._connection.executemany("INSERT INTO number VALUES (?, ?, ?)", self._numbers)
        self._connection.executemany("INSERT INTO main VALUES (?, ?, ?)", self._mains)
        for rows in (self._contacts, self._numbers, self._mains):
            rows.clear()

    def finish(self, identity: str) -> None:
        if not self._contact_count:
            found = "; ".join(f"{each.where}: {each.reason}" for each in self._examples) or "it is empty"
            raise DirectoryError(f"the file holds no contacts ({found})")
        shapes = ((shape, json.dumps(keys)) for keys, shape in self._shapes.items())
        self._connection.executemany("INSERT INTO shape VALUES (?, ?)", shapes)
        about = About(
            identity, self._contact_count, self._number_count, self._rejected, tuple(self._examples)
        )
        self._connection.execute("INSERT INTO about VALUES (?)", (about.written(),))
        self._connection.execute("COMMIT")
