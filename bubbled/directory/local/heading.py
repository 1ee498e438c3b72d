"""Recognise what the columns of a table hold by their headings, in Dutch, English and German. Pure."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bubbled.error import DirectoryError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bubbled.directory.entry import ColumnNames


def _words(text: str) -> frozenset[str]:
    return frozenset(word.strip() for word in text.split(","))


_NAME = _words(
    "name, naam, full name, volledige naam, display name, weergavenaam, contact, contact name, contactnaam, "
    "contact person, contactpersoon, person, persoon, ansprechpartner, anzeigename, vollstandiger name, "
    "customer, customer name, klant, klantnaam, kunde, kundenname, relatie, relatienaam"
)
_FIRST = _words("first name, firstname, given name, voornaam, voornamen, roepnaam, vorname")
_MIDDLE = _words("middle name, additional name, tussenvoegsel, tussenvoegsels, voorvoegsel, zweiter vorname")
_LAST = _words("last name, lastname, surname, family name, achternaam, familienaam, nachname, familienname")
_COMPANY = _words(
    "company, company name, organisation, organization, organisation name, organization name, "
    "organization 1 name, account, account name, employer, bedrijf, bedrijfsnaam, naam bedrijf, organisatie, "
    "onderneming, handelsnaam, werkgever, accountnaam, firma, firmenname, unternehmen, organisationsname"
)
_URL = _words("url, link, crm, crm url, crm link, deeplink")
_ID = _words("id, contact id, customer id, record id, klant id, relatie id, kunden id")
_LAST_CONTACT = _words(
    "last contact, last contact at, last contact date, last contacted, laatste contact, letzter kontakt"
)
_RANGE = _words(
    "range, number range, ddi, ddi range, did range, bereik, nummerreeks, doorkiesreeks, doorkiesbereik, "
    "rufnummernblock, durchwahlbereich"
)
_MAIN = _words(
    "main, main number, switchboard, hoofdnummer, algemeen nummer, centrale, zentrale, hauptnummer"
)
_MAIN_WORDS = _words("main, switchboard, hoofd, hoofdnummer, algemeen, centrale, zentrale")
_PHONE_WORDS = _words("tel, telnr, telno, mob, gsm, handy, cell, cellphone, cellular, landline, vast")
_PHONE_STEMS = ("telef", "telep", "phone", "mobi", "rufnummer", "festnetz", "durchwahl", "doorkies")
_NO_PHONE_STEMS = ("fax", "telefax", "phonet", "type", "typ", "label", "soort", "extension")
# Alone these may be a customer number, so they count only where no other column is a phone number.
_PERHAPS_PHONE = _words("number, numbers, nummer, nummers, nr")

_LOOKS_LIKE_NUMBER = re.compile(r"[+(]?(?:[\s().\-/]*\d){7,15}")
_LOOKS_LIKE_NAME = re.compile(r"(?=.*[^\W\d_]{2})[^@/\\]{2,80}")

ALIASES: Final = {
    "email": _words(
        "email, e mail, mail, email address, e mail address, emailadres, e mailadres, e mail adresse"
    ),
    "city": _words("city, town, place, plaats, woonplaats, vestigingsplaats, stad, ort, wohnort, stadt"),
    "title": _words("title, job title, position, functie, functietitel, funktion, position"),
}
"""Fields that templates may use by one name, whatever language the file is in."""


@dataclass(frozen=True, slots=True)
class Roles:
    """Which columns hold what, by index; `name` lists the parts of a name in the order of speech.

    Attributes:
        full_name: takes the place of the parts where it is not empty.
        fields: the key and column of everything that `model.Contact.fields` holds.
        id, last_contact: see `entry.Entry`; both are fields as well.
    """

    full_name: int | None
    name: tuple[int, ...]
    company: int | None
    url: int | None
    numbers: tuple[int, ...]
    mains: tuple[int, ...]
    range: int | None
    fields: tuple[tuple[str, int], ...]
    id: int | None = None
    last_contact: int | None = None


def normal(heading: str) -> str:
    """Headings that a person would call the same: without case, accents and punctuation."""
    plain = unicodedata.normalize("NFKD", heading.replace("ß", "ss")).casefold()
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", letters))


def recognise(headings: Sequence[str], given: ColumnNames) -> Roles | None:
    """Find the columns; None when none of them holds phone numbers, so that this is no row of headings.

    Raises:
        DirectoryError: a heading from the settings is not there.
    """
    if any(_LOOKS_LIKE_NUMBER.fullmatch(heading.strip()) for heading in headings):
        return None
    known = [normal(heading) for heading in headings]
    numbers = _given(given.numbers, headings, known) or _phones(known)
    if not numbers:
        return None
    parts = [_first(known, words) for words in (_FIRST, _MIDDLE, _LAST)]
    full = _one(given.name, headings, known) if given.name else _first(known, _NAME)
    if given.name is None and parts[0] is not None and parts[2] is None:
        parts[2], full = full, None  # `Voornaam; Naam`: the second is the family name
    company = _one(given.company, headings, known) if given.company else _first(known, _COMPANY)
    url = _one(given.url, headings, known) if given.url else _first(known, _URL)
    name = tuple(part for part in parts if part is not None)
    return Roles(
        full_name=full,
        name=name,
        company=company,
        url=url,
        numbers=numbers,
        mains=tuple(column for column in numbers if _is_main(known[column])),
        range=_first(known, _RANGE),
        fields=_fields(headings, known, {full, company, url, *name}),
        id=_first(known, _ID),
        last_contact=_first(known, _LAST_CONTACT),
    )


def without_headings(rows: Sequence[Sequence[str]]) -> Roles | None:
    """Guess the columns of a table without headings by what most of its first rows hold."""
    width = max(map(len, rows), default=0)
    columns = [[row[i] for row in rows if i < len(row) and row[i].strip()] for i in range(width)]
    numbers = tuple(i for i, cells in enumerate(columns) if _most(cells, _LOOKS_LIKE_NUMBER))
    texts = [i for i, cells in enumerate(columns) if _most(cells, _LOOKS_LIKE_NAME)]
    if not numbers or not texts:
        return None
    company = texts[1] if len(texts) > 1 else None
    rest = set(range(width)) - {texts[0], company}
    fields = tuple((f"column {i + 1}", i) for i in sorted(rest))
    return Roles(texts[0], (), company, None, numbers, (), None, fields)


def _most(cells: Sequence[str], holds: re.Pattern[str]) -> bool:
    return 2 * sum(holds.fullmatch(cell.strip()) is not None for cell in cells) > len(cells)


def _first(known: Sequence[str], words: frozenset[str]) -> int | None:
    return next((column for column, heading in enumerate(known) if heading in words), None)


def _phones(known: Sequence[str]) -> tuple[int, ...]:
    sure = tuple(column for column, heading in enumerate(known) if _is_phone(heading) or _is_main(heading))
    return sure or tuple(column for column, heading in enumerate(known) if heading in _PERHAPS_PHONE)


def _is_phone(heading: str) -> bool:
    if heading in _RANGE or any(word.startswith(_NO_PHONE_STEMS) for word in heading.split()):
        return False
    return any(word in _PHONE_WORDS or word.startswith(_PHONE_STEMS) for word in heading.split())


def _is_main(heading: str) -> bool:
    return heading in _MAIN or (_is_phone(heading) and not _MAIN_WORDS.isdisjoint(heading.split()))


def _given(names: Iterable[str], headings: Sequence[str], known: Sequence[str]) -> tuple[int, ...]:
    return tuple(_one(name, headings, known) for name in names)


def _one(name: str, headings: Sequence[str], known: Sequence[str]) -> int:
    if normal(name) in known:
        return known.index(normal(name))
    near = difflib.get_close_matches(name, headings, n=1)
    there = ", ".join(filter(None, headings[:12]))
    hint = f'did you mean "{near[0]}"?' if near else f"its columns are {there}"
    raise DirectoryError(f'no column "{name}"; {hint}')


def _fields(
    headings: Sequence[str], known: Sequence[str], used: set[int | None]
) -> tuple[tuple[str, int], ...]:
    named: list[tuple[str, int]] = []
    seen: Counter[str] = Counter()
    for column, heading in enumerate(headings):
        key = " ".join(heading.lower().split())
        if key and column not in used:
            seen[key] += 1
            named.append((key if seen[key] == 1 else f"{key} {seen[key]}", column))
    for alias, words in ALIASES.items():
        column_or_none = _first(known, words)
        if column_or_none is not None and alias not in seen:
            named.append((alias, column_or_none))
    return tuple(named)
