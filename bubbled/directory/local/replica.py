"""Keep the local copy of what a source elsewhere holds: an index that changes in place.

Each update is one transaction in SQLite's write-ahead log: it is there as a whole or not at all, whoever dies
meanwhile, and lookups go on with what was there before. The first is written as a new file.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import phonenumbers

from bubbled.directory.local.about import FORMAT, About
from bubbled.directory.local.bulk import reading
from bubbled.directory.local.database import written_anew
from bubbled.directory.local.index import SCHEMA
from bubbled.directory.local.row import row_of
from bubbled.directory.verification import contact_of
from bubbled.error import DirectoryError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping
    from pathlib import Path

    from bubbled.directory.entry import Entry
    from bubbled.directory.local.feed import Fetched
    from bubbled.directory.local.row import Row

REPLICA_SCHEMA: Final = f"""{SCHEMA}
CREATE UNIQUE INDEX shape_by_keys ON shape (keys);
CREATE TABLE record (
    id TEXT PRIMARY KEY, digest BLOB NOT NULL, contact INTEGER, numbers TEXT NOT NULL
) WITHOUT ROWID;
"""
"""`record`: what the source has, by its id. `digest` tells whether it changed. `contact` is NULL when it
cannot be found by any number, and `numbers` holds, as JSON, under which keys the index has it."""

_ENTRIES_PER_STEP = 25  # a millisecond, for which the event loop waits at worst
_MOST_NUMBERS = 500  # of one contact
_WAIT_S = 5.0  # for another program that writes the same index


@dataclass(frozen=True, slots=True)
class Rules:
    """How the numbers of a source are read; see `indexing.Order`."""

    region: str
    internal: bool = False

    @property
    def identity(self) -> str:
        """Differs when the same contacts would be found by other numbers."""
        rules = repr((FORMAT, phonenumbers.__version__, self.region.upper(), self.internal))
        return hashlib.sha256(rules.encode()).hexdigest()[:16]


def update(path: Path, fetched: Fetched, rules: Rules, at: float) -> Generator[int]:
    """Bring the replica up to date.

    Args:
        path: where it is, or will be.
        fetched: what is new; only what really differs is written.
        rules: how numbers are read.
        at: when it was fetched, in seconds since 1970.

    Yields:
        How many entries are done, every now and then and at the end.

    Raises:
        DirectoryError: no contact would be left of those that were there.
        sqlite3.Error, OSError: it cannot be written, or is damaged.
    In each case the replica stays as it was.
    """
    if path.exists():
        with closing(_open(path)) as connection:
            yield from _Update(connection, rules).make(fetched, at)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    else:
        with written_anew(path, REPLICA_SCHEMA) as connection:
            connection.execute("INSERT INTO about VALUES (?)", (About(rules.identity).written(),))
            yield from _Update(connection, rules).make(fetched, at)
            connection.execute("PRAGMA journal_mode = WAL")


def _open(path: Path) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(
        uri, uri=True, timeout=_WAIT_S, isolation_level=None, check_same_thread=False
    )
    # NORMAL: a power cut may take the latest update, which is then fetched again, but damages nothing.
    connection.executescript("PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536;")
    return connection


class _Update:
    def __init__(self, connection: sqlite3.Connection, rules: Rules) -> None:
        self._connection = connection
        self._identity = rules.identity
        self._keys_in = reading(rules.region, is_internal=rules.internal)
        self._contacts = self._numbers = self._rejected = 0

    def make(self, fetched: Fetched, at: float) -> Iterator[int]:
        self._connection.execute("BEGIN IMMEDIATE")
        about = self._begin()
        gone = self._missing_in(fetched.entries) if fetched.is_all else fetched.gone
        for id_ in gone:
            self._remove(_storable(id_))
        count = 0
        for count, (id_, entry) in enumerate(fetched.entries.items(), 1):
            self._put(_storable(id_), entry)
            if count % _ENTRIES_PER_STEP == 0:
                yield count
        if about.contacts and not self._contacts:
            raise DirectoryError("it suddenly holds no contacts")
        self._finish(fetched.token, at)
        yield count

    def _begin(self) -> About:
        ((text,),) = self._connection.execute("SELECT body FROM about").fetchall()
        about = About.read(text)
        self._contacts, self._numbers, self._rejected = about.contacts, about.numbers, about.rejected
        return about

    def _finish(self, token: str | None, at: float) -> None:
        about = About(self._identity, self._contacts, self._numbers, self._rejected, token=token, at=at)
        self._connection.execute("UPDATE about SET body = ?", (about.written(),))
        self._connection.execute("COMMIT")

    def _missing_in(self, entries: Mapping[str, Entry]) -> set[str]:
        there = {id_ for (id_,) in self._connection.execute("SELECT id FROM record")}
        return there.difference(map(_storable, entries))

    def _put(self, id_: str, entry: Entry) -> None:
        digest = self._digest(entry)
        earlier = self._connection.execute("SELECT digest FROM record WHERE id = ?", (id_,)).fetchone()
        if earlier == (digest,):
            return
        if earlier is not None:
            self._remove(id_)
        named = _cleaned(entry, id_)
        row = row_of(named, self._keys_in) if named.name or named.company else None
        contact = None if row is None else self._insert(row)
        keys = [] if row is None else [*row.keys, *row.mains]
        self._rejected += row is None
        self._connection.execute(
            "INSERT INTO record VALUES (?, ?, ?, ?)", (id_, digest, contact, json.dumps(keys))
        )

    def _insert(self, row: Row) -> int:
        contact = self._connection.execute(
            "INSERT INTO contact (shape, touched, body) VALUES (?, ?, ?) RETURNING id",
            (self._shape(row.shape), row.touched, _storable(row.body)),
        ).fetchone()[0]
        numbers = [(key, row.is_company, contact) for key in row.keys]
        self._connection.executemany("INSERT INTO number VALUES (?, ?, ?)", numbers)
        mains = [(key, contact, row.digits) for key in row.mains]
        self._connection.executemany("INSERT INTO main VALUES (?, ?, ?)", mains)
        self._contacts += 1
        self._numbers += len(numbers)
        return int(contact)

    def _shape(self, shape: tuple[str, ...]) -> int:
        keys = json.dumps([_storable(key) for key in shape])
        found = self._connection.execute("SELECT id FROM shape WHERE keys = ?", (keys,)).fetchone()
        if found is None:
            found = self._connection.execute(
                "INSERT INTO shape (keys) VALUES (?) RETURNING id", (keys,)
            ).fetchone()
        return int(found[0])

    def _remove(self, id_: str) -> None:
        removed = self._connection.execute(
            "DELETE FROM record WHERE id = ? RETURNING contact, numbers", (id_,)
        ).fetchone()
        if removed is None:
            return
        contact, numbers = removed
        if contact is None:
            self._rejected -= 1
            return
        self._connection.execute("DELETE FROM contact WHERE id = ?", (contact,))
        for key in json.loads(numbers):
            deleted = self._connection.execute(
                "DELETE FROM number WHERE e164 = ? AND contact = ?", (key, contact)
            )
            self._numbers -= deleted.rowcount
            self._connection.execute("DELETE FROM main WHERE e164 = ? AND contact = ?", (key, contact))
        self._contacts -= 1

    def _digest(self, entry: Entry) -> bytes:
        """Differs when the entry, or the rules, do; where it stands in the source does not count."""
        said = repr((self._identity, replace(entry, where="")))
        return hashlib.blake2b(said.encode("utf-8", "replace"), digest_size=12).digest()


def _cleaned(entry: Entry, id_: str) -> Entry:
    """The entry as `verification` would tell it: sources elsewhere send what they like."""
    contact = contact_of(entry, "")
    return replace(
        entry,
        name=contact.name,
        company=contact.company,
        url=contact.url,
        fields=contact.fields,
        numbers=entry.numbers[:_MOST_NUMBERS],
        mains=entry.mains[:_MOST_NUMBERS],
        id=entry.id or id_,
    )


def _storable(text: str) -> str:
    """Without lone surrogates, which JSON can hold and no database takes."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
