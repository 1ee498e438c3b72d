"""From what a source answers to the contacts that really have the number, the likeliest first. Pure.

Sources compare text, and many find what only looks like it: every number that comes back is read and
compared.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Final

from bubbled.directory.entry import clean, page
from bubbled.model import Contact
from bubbled.number import split_numbers, to_e164

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bubbled.directory.entry import Entry
    from bubbled.model import E164, Extension

MOST_MATCHES: Final = 50
"""A number of more contacts than that is a switchboard's; nobody chooses from a longer list."""

_MOST_ENTRIES = 1000
_MOST_NUMBERS = 500  # of one contact: reading one takes some 20 microseconds
_MOST_FIELDS = 200
_NEVER = datetime.min.replace(tzinfo=UTC)


def verified(
    entries: Iterable[Entry], number: E164 | Extension, *, region: str, directory: str
) -> tuple[Contact, ...]:
    """The contacts that have exactly this number: persons first, then the most recent contact.

    Args:
        entries: what the source answered, in its order.
        number: what it was asked about.
        region: where national notation in the source belongs.
        directory: the name of the directory that answers.
    """
    matching = [
        entry for entry in islice(entries, _MOST_ENTRIES) if _named(entry) and has(entry, number, region)
    ]
    matching.sort(key=lambda entry: _when(entry.last_contact), reverse=True)
    matching.sort(key=lambda entry: entry.is_company)
    return tuple(contact_of(entry, directory) for entry in matching[:MOST_MATCHES])


def has(entry: Entry, number: E164 | Extension, region: str) -> bool:
    """Whether one of the contact's numbers is this one, however it is written."""
    cells = islice(entry.numbers, _MOST_NUMBERS)
    if not number.startswith("+"):
        return any(number == cell.strip() for cell in cells)
    return any(to_e164(text, region) == number for cell in cells for text in split_numbers(cell))


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
