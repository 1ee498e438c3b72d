"""The local index: from a number to its contacts, in one SQLite file for each directory.

A lookup reads a few pages of a B-tree, some 20 microseconds at a million contacts: less than it costs to hand
it to a thread, so it runs where it is called. The index of a file is written once, under another name, and
never changed: readers need no lock, and whoever dies while writing leaves the earlier index as it was. A
replica (see `replica`) changes in place, in SQLite's write-ahead log, for which its readers need not wait.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from bubbled.directory.entry import ANY_DIGITS
from bubbled.directory.local.about import About
from bubbled.directory.local.bulk import key_of
from bubbled.directory.local.row import unpack
from bubbled.error import DirectoryError
from bubbled.model import E164, Contact
from bubbled.number import is_landline

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from bubbled.directory.local.bulk import Key
    from bubbled.model import Extension

MOST_MATCHES: Final = 50
"""A number of more contacts than that is a switchboard's; nobody chooses from a longer list."""

_BUSY = (
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_BUSY_RECOVERY,
    sqlite3.SQLITE_BUSY_SNAPSHOT,
    sqlite3.SQLITE_LOCKED,
)
_WAIT_S = 0.01  # for another program: a lookup must not hold up the loop
_MOST_DIGITS = 17  # an index holds them as integers of 64 bits

SCHEMA: Final = """
CREATE TABLE contact (
    id INTEGER PRIMARY KEY, shape INTEGER NOT NULL, touched INTEGER, body TEXT NOT NULL
);
CREATE TABLE shape (id INTEGER PRIMARY KEY, keys TEXT NOT NULL);
CREATE TABLE number (
    e164 INTEGER, company INTEGER, contact INTEGER, PRIMARY KEY (e164, company, contact)
) WITHOUT ROWID;
CREATE TABLE main (e164 INTEGER, contact INTEGER, digits INTEGER, PRIMARY KEY (e164, contact)) WITHOUT ROWID;
CREATE TABLE about (body TEXT NOT NULL);
"""
"""`contact`: in the order of the source; `row.Row` says what its columns hold. `shape` holds the keys of the
fields as JSON. `number.company`: 1 when the contact is a company: persons come first. `about`: `About` as
JSON."""


class DamageError(DirectoryError):
    """The index is damaged or of another version; it must be built anew."""


class Index:
    """An index that is open for reading.

    Raises:
        DamageError: on opening and on each lookup.
        DirectoryError: on each lookup, while a replica is kept busy by another program.
        FileNotFoundError: on opening, when there is none.
    """

    def __init__(self, path: Path, directory: str, *, is_replica: bool = False) -> None:
        self._directory = directory
        if not path.exists():
            raise FileNotFoundError(path)
        with _damage_named(directory):
            # Immutable: the file is replaced, never changed, so SQLite need not look for locks and journals.
            uri = f"{path.absolute().as_uri()}?mode=ro{'' if is_replica else '&immutable=1'}"
            self._connection = sqlite3.connect(
                uri, uri=True, timeout=_WAIT_S, isolation_level=None, check_same_thread=False
            )
            try:
                ((text,),) = self._rows("SELECT body FROM about", ())
                self.about: Final = About.read(text)
            except BaseException:
                self._connection.close()
                raise

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def find(self, number: E164 | Extension) -> tuple[Contact, ...]:
        """Who has the number: persons before companies, who was last in touch first; else a guess.

        The guess is the company whose main number differs in the last one to four digits only: the caller may
        have one of its direct numbers. It is marked `probable`, and given up when several are equally near.
        """
        digits = number.lstrip("+")
        if not digits.isdecimal() or len(digits) > _MOST_DIGITS:
            return ()  # a service code such as *72, or what a stranger made up
        with _damage_named(self._directory), self._snapshot():
            exact = self._exact(key_of(number))
            if exact or not number.startswith("+") or not is_landline(E164(number)):
                return exact
            return self._guess(key_of(number))

    def columns(self) -> frozenset[str]:
        """The names of the fields that any contact has."""
        with _damage_named(self._directory):
            return frozenset(
                column for (keys,) in self._rows("SELECT keys FROM shape", ()) for column in json.loads(keys)
            )

    @contextmanager
    def _snapshot(self) -> Iterator[None]:
        """Hold on to one state of a replica, which may change between two questions."""
        self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._connection.execute("ROLLBACK")

    def _exact(self, number: Key) -> tuple[Contact, ...]:
        rows = self._rows(
            "SELECT company, touched, keys, body FROM number JOIN contact ON contact.id = contact "
            "JOIN shape ON shape.id = shape WHERE e164 = ? ORDER BY company, contact LIMIT ?",
            (number, MOST_MATCHES),
        )
        if len(rows) > 1:
            rows.sort(key=_rank)  # stable: else in the order of the source
        return tuple(unpack(body, keys, self._directory) for _, _, keys, body in rows)

    def _guess(self, number: Key) -> tuple[Contact, ...]:
        for digits in range(1, ANY_DIGITS + 1):
            companies = {
                company.company: company
                for contact in self._mains_around(number, digits)
                if (company := _as_company(self._contact(contact))) is not None
            }
            if companies:
                return tuple(companies.values()) if len(companies) == 1 else ()
        return ()

    def _mains_around(self, number: Key, digits: int) -> list[int]:
        """Contacts whose main number has other last digits, or lacks them, or has a zero in their place."""
        size = 10**digits
        first, stem = number - number % size, number // size
        rows = self._rows(
            "SELECT contact FROM main WHERE e164 BETWEEN ? AND ? AND digits >= ? LIMIT ?",
            (first, first + size - 1, digits, MOST_MATCHES),
        ) or self._rows(
            "SELECT contact FROM main WHERE e164 IN (?, ?) AND digits >= ? LIMIT ?",
            (stem, stem * 10, digits, MOST_MATCHES),
        )
        return [contact for (contact,) in rows]

    def _contact(self, contact: int) -> Contact:
        ((keys, body),) = self._rows(
            "SELECT keys, body FROM contact JOIN shape ON shape.id = shape WHERE contact.id = ?", (contact,)
        )
        return unpack(body, keys, self._directory)

    def _rows(self, sql: str, parameters: Sequence[int]) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql, parameters).fetchall()


def _rank(row: tuple[Any, ...]) -> tuple[int, float]:
    company, touched, *_ = row
    return company, float("inf") if touched is None else -touched


def _as_company(contact: Contact) -> Contact | None:
    """What a main number tells of a caller behind it: the company, nothing of the person in its row."""
    if contact.company is None:
        return None
    if contact.name not in (None, contact.company):
        return Contact(directory=contact.directory, company=contact.company, probable=True)
    return Contact(
        directory=contact.directory,
        name=contact.name,
        company=contact.company,
        fields=contact.fields,
        url=contact.url,
        probable=True,
        id=contact.id,
    )


@contextmanager
def _damage_named(directory: str) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, ValueError, KeyError, TypeError, AttributeError) as problem:
        if getattr(problem, "sqlite_errorcode", None) in _BUSY:
            raise DirectoryError(
                f"the index of {directory} is being written by another program; ask again"
            ) from problem
        raise DamageError(f"the index of {directory} is damaged; it is being built anew") from problem
