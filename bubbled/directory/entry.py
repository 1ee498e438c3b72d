"""What a source says of one contact, before its numbers are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

LONGEST_VALUE: Final = 1000
"""Characters of one value that are kept; a popup shows fewer."""

LONGEST_PAGE: Final = 4000
"""Characters of an address that a button may open."""

ANY_DIGITS: Final = 4
"""A PBX gives its phones the last one to four digits of the company's number."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One contact as its source has it.

    Attributes:
        where: how to find it in the source: `row 12`, `card 3`, `record 4711`.
        fields: see `model.Contact.fields`.
        numbers: fields with phone numbers, as written.
        mains: those that hold a company's main number, behind which there are direct numbers.
        range_digits: how many last digits the direct numbers differ in; 0 when the source does not tell.
        id: see `model.Contact.id`.
        last_contact: when somebody was last in touch, in ISO 8601; None when the source cannot tell.
    """

    where: str
    name: str | None
    company: str | None
    url: str | None
    fields: tuple[tuple[str, str], ...]
    numbers: tuple[str, ...]
    mains: tuple[str, ...] = ()
    range_digits: int = 0
    id: str | None = None
    last_contact: str | None = None

    @property
    def is_company(self) -> bool:
        """Whether it is a company rather than a person there."""
        return self.company is not None and self.name in (None, self.company)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A place in a file that holds no contact, and why, in a few words for the user."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class ColumnNames:
    """The headings that the user gave in the settings; those left out are recognised by their names."""

    name: str | None = None
    company: str | None = None
    url: str | None = None
    numbers: tuple[str, ...] = ()


if TYPE_CHECKING:
    Reader = Callable[[Path, ColumnNames, Callable[[float], None]], Iterator[Entry | Rejected]]
    """Reads a file of one kind, telling every now and then which share of it is read.

    Raises:
        DirectoryError: the file as a whole cannot be used.
        OSError: it cannot be opened or read.
    """


def clean(text: str) -> str:
    """A value without the NUL bytes of half-written files or blanks around it, and not endlessly long."""
    return text[:LONGEST_VALUE].replace("\0", "").strip()


def page(url: str) -> str | None:
    """The address, if it is one that a button may open; strangers, too, fill in address books."""
    is_web = url.lower().startswith(("https://", "http://"))
    return url if is_web and url.isprintable() and len(url) <= LONGEST_PAGE else None
