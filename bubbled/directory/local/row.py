"""One contact as an index stores it, and back. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bubbled.directory.entry import ANY_DIGITS
from bubbled.model import Contact

if TYPE_CHECKING:
    from collections.abc import Callable

    from bubbled.directory.entry import Entry
    from bubbled.directory.local.bulk import Key

    Keys = Callable[[str], tuple[Key, ...]]
    """The numbers in one field."""

_SEPARATOR = "\x1f"  # ASCII's own unit separator: several times faster than JSON, and no text needs it


@dataclass(frozen=True, slots=True)
class Row:
    """A contact that can be found.

    Attributes:
        shape: the keys of its fields, which many contacts share.
        body: as `pack` writes it.
        touched: when somebody was last in touch, in seconds since 1970; None when nobody knows.
        keys: its numbers, each once; at least one.
        mains: a company's main numbers, behind which the last `digits` are the direct numbers.
    """

    shape: tuple[str, ...]
    body: str
    touched: int | None
    is_company: bool
    keys: tuple[Key, ...]
    mains: tuple[Key, ...]
    digits: int


def row_of(entry: Entry, keys_in: Keys) -> Row | None:
    """The row of a contact; None when it cannot be found by any number."""
    keys = tuple({key: None for cell in entry.numbers for key in keys_in(cell)})
    if not keys:
        return None
    is_company = entry.is_company
    mains = entry.mains or (entry.numbers if is_company else ())
    return Row(
        shape=tuple([key for key, _ in entry.fields]),
        body=pack(entry),
        touched=_seconds(entry.last_contact) if entry.last_contact else None,
        is_company=is_company,
        keys=keys,
        mains=tuple({key: None for cell in mains for key in keys_in(cell)}) if mains else (),
        digits=entry.range_digits or ANY_DIGITS,
    )


def pack(entry: Entry) -> str:
    """Name, company, URL, id and the values of the fields, as one text."""
    parts = [
        *(entry.name or "", entry.company or "", entry.url or "", entry.id or ""),
        *[value for _, value in entry.fields],
    ]
    body = _SEPARATOR.join(parts)
    if body.count(_SEPARATOR) >= len(parts):
        return _SEPARATOR.join(part.replace(_SEPARATOR, " ") for part in parts)
    return body


def unpack(body: str, keys: str, directory: str) -> Contact:
    """The contact again, with the keys of its fields as JSON.

    Raises:
        ValueError: it was not `pack` that wrote it.
    """
    name, company, url, id_, *values = body.split(_SEPARATOR)
    return Contact(
        directory=directory,
        name=name or None,
        company=company or None,
        fields=tuple(zip(json.loads(keys), values, strict=True)),
        url=url or None,
        id=id_ or None,
    )


def _seconds(last_contact: str) -> int | None:
    try:
        at = datetime.fromisoformat(last_contact)
        return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return None
