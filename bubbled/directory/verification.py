"""From what a source answers to the contacts that really have the number, the likeliest first. Pure.

Sources compare text, and many find what only looks like it: every number that comes back is read and
compared.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Final

from bubbled.directory.entry import LONGEST_VALUE, clean, page
from bubbled.model import Contact
from bubbled.number import split_numbers, to_e164

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bubbled.directory.entry import Entry
    from bubbled.model import E164, Extension

MOST_MATCHES: Final = 50
"""A number of more contacts than that is a switchboard's; nobody chooses from a longer list."""

_MOST_ENTRIES = 1000
_MOST_NUMBERS = 500  # of one contact
_MOST_READ = 8_000  # characters of all contacts: reading a number of a dozen takes some 40 microseconds
_TAIL_DIGITS = 4  # the last ones stand together in every notation
_MOST_FIELDS = 200
_NEVER = datetime.min.replace(tzinfo=UTC)


class Verified(tuple[Contact, ...]):  # noqa: SLOT001 - no tuple may have slots for more
    """The contacts that have the number.

    Attributes:
        dropped: how many came back without it, which tells why there are none.
    """

    dropped: int = 0


def verified(entries: Iterable[Entry], number: E164 | Extension, *, region: str, directory: str) -> Verified:
    """The contacts that have exactly this number: persons first, then the most recent contact.

    Args:
        entries: what the source answered, in its order.
        number: what it was asked about.
        region: where national notation in the source belongs.
        directory: the name of the directory that answers.
    """
    reader, answered = _Reader(number, region), list(islice(entries, _MOST_ENTRIES))
    matching = [entry for entry in answered if _named(entry) and reader.has(entry)]
    matching.sort(key=lambda entry: _when(entry.last_contact), reverse=True)
    matching.sort(key=lambda entry: entry.is_company)
    found = Verified(contact_of(entry, directory) for entry in matching[:MOST_MATCHES])
    found.dropped = len(answered) - len(matching)
    return found


class _Reader:
    """Reads the numbers of one answer, no more of them than a popup can wait for."""

    def __init__(self, number: E164 | Extension, region: str) -> None:
        self._number = number
        self._region = region
        self._tail = re.compile(r"\D*".join(re.findall(r"\d", number)[-_TAIL_DIGITS:]))
        self._left = _MOST_READ

    def has(self, entry: Entry) -> bool:
        """Whether one of the contact's numbers is this one, however it is written."""
        cells = islice(entry.numbers, _MOST_NUMBERS)
        if not self._number.startswith("+"):
            return any(self._number == cell.strip() for cell in cells)
        return any(self._is_in(cell) for cell in cells)

    def _is_in(self, cell: str) -> bool:
        """Reading is for those that may be it: one answer can hold a hundred thousand others."""
        cell = cell[:LONGEST_VALUE]
        if self._left < len(cell) or (cell.isascii() and self._tail.search(cell) is None):
            return False
        self._left -= len(cell)
        return any(to_e164(text, self._region) == self._number for text in split_numbers(cell))


def contact_of(entry: Entry, directory: str) -> Contact:
    """The contact as popups want it, with everything from outside cleaned and cut."""
    return Contact(
        directory=directory,
        name=clean(entry.name or "") or None,
        company=clean(entry.company or "") or None,
        fields=tuple((key, text) for key, value in entry.fields[:_MOST_FIELDS] if (text := clean(value))),
        url=page(entry.url or ""),
        id=entry.id,
    )


def _named(entry: Entry) -> bool:
    return bool(clean(entry.name or "") or clean(entry.company or ""))


def _when(last_contact: str | None) -> datetime:
    try:
        at = datetime.fromisoformat(last_contact or "")
    except ValueError:
        return _NEVER
    return at if at.tzinfo else at.replace(tzinfo=UTC)
