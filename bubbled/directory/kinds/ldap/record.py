"""From the attributes of an LDAP entry to a contact. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from bubbled.directory.entry import Entry
from bubbled.directory.kinds.ldap.search import extension_attributes, number_attributes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bubbled.directory.kinds.ldap.option import LdapOptions

    Attributes = Mapping[str, Sequence[str]]
    """By lower-case name, all values of each; binary ones in hexadecimal."""

BINARY: Final = ("objectGUID",)
"""Attributes that hold no text."""

_NAME = ("displayName", "cn")
_PARTS_OF_NAME = ("givenName", "sn")
_COMPANY = ("company", "o")
_URL = ("labeledURI", "wWWHomePage", "url")
_ID = "entryUUID"

# By the names that they have in popups, whatever the source; more than one: the first that is there.
_FIELDS: Final = (
    ("title", ("title",)),
    ("department", ("department", "ou")),
    ("email", ("mail",)),
    ("city", ("l",)),
    ("office", ("physicalDeliveryOfficeName",)),
)


def wanted(options: LdapOptions) -> tuple[str, ...]:
    """Which attributes to ask the server for; it is told no others."""
    own = options.attributes
    names = (
        *((own.name,) if own.name else (*_NAME, *_PARTS_OF_NAME)),
        *((own.company,) if own.company else _COMPANY),
        *((own.url,) if own.url else _URL),
        *(name for _, usual in _FIELDS for name in usual),
        *(name for _, name in options.fields),
        *_all_numbers(options),
        *(*BINARY, _ID),
    )
    return tuple(dict.fromkeys(names))


def entry_of(attributes: Attributes, position: int, options: LdapOptions) -> Entry:
    """What an entry of the server says of a contact; `position` is where it came in the answer, from 1."""
    own = options.attributes
    link = _first(attributes, (own.url,) if own.url else _URL)
    return Entry(
        where=f"entry {position}",
        name=_first(attributes, (own.name,)) if own.name else _name(attributes),
        company=_first(attributes, (own.company,) if own.company else _COMPANY),
        # RFC 2079: an address and, behind a blank, what to call it.
        url=link.split()[0] if link else None,
        fields=tuple(_fields(attributes, options)),
        numbers=tuple(value for name in _all_numbers(options) for value in _all(attributes, name)),
        id=_id(attributes),
    )


def _all_numbers(options: LdapOptions) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*number_attributes(options), *extension_attributes(options))))


def _name(attributes: Attributes) -> str | None:
    parts = (_first(attributes, (part,)) for part in _PARTS_OF_NAME)
    return _first(attributes, _NAME) or " ".join(part for part in parts if part) or None


def _fields(attributes: Attributes, options: LdapOptions) -> Iterable[tuple[str, str]]:
    for field, names in (*_FIELDS, *((field.lower(), (name,)) for field, name in options.fields)):
        values = next(filter(None, (_all(attributes, name) for name in names)), ())
        if values:
            yield field, ", ".join(values)


def _id(attributes: Attributes) -> str | None:
    """As other programs write it; Active Directory keeps the first half of it the other way round."""
    binary = _first(attributes, BINARY)
    if binary is None:
        return _first(attributes, (_ID,))
    try:
        return str(UUID(bytes_le=bytes.fromhex(binary)))
    except ValueError:
        return None


def _first(attributes: Attributes, names: Iterable[str]) -> str | None:
    return next((value for name in names for value in _all(attributes, name)), None)


def _all(attributes: Attributes, name: str) -> tuple[str, ...]:
    return tuple(value for value in attributes.get(name.lower(), ()) if value.strip())
