"""Contacts from vCard files: version 4.0 (RFC 6350), 3.0 (RFC 2426) and 2.1, any number in a file."""

from __future__ import annotations

import quopri
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bubbled.directory.entry import Entry, Rejected, clean, page
from bubbled.directory.local.encoding import lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from bubbled.directory.entry import ColumnNames

LONGEST_PROPERTY: Final = 20_000
"""Characters of a property that are kept: photographs are skipped."""

_MOST_PROPERTIES = 1000
_MOST_PARTS = 50  # of a structured value; an address has seven
_SILENT_TYPES = frozenset({"fax", "pager", "modem", "textphone"})
_ESCAPED = re.compile(r"\\(.)")
_UNESCAPED_SEMICOLON = re.compile(r"(?<!\\);")


@dataclass(frozen=True, slots=True)
class Property:
    """One line of a card: `item1.TEL;TYPE=cell:06-12345678` is named TEL and has the parameter `cell`."""

    name: str
    parameters: frozenset[str]
    value: str

    @property
    def text(self) -> str:
        """The value without the escapes of RFC 6350 section 3.4."""
        return clean(_unescape(self.value))

    @property
    def components(self) -> list[str]:
        """The parts of a structured value, such as the lines of an address."""
        return [clean(_unescape(part)) for part in _UNESCAPED_SEMICOLON.split(self.value, _MOST_PARTS)]


def read_vcard(
    path: Path,
    given: ColumnNames,  # noqa: ARG001 - cards have no columns; every reader is called the same
    progress: Callable[[float], None],
) -> Iterator[Entry | Rejected]:
    """Read the contacts; see `entry.Reader`."""
    yield from read_cards(lines(path.open("rb"), path.stat().st_size, progress))


def read_cards(text: Iterable[str]) -> Iterator[Entry | Rejected]:
    """Read the contacts from lines of text; what stands outside of cards is ignored."""
    number = 0
    card: list[Property] | None = None
    for line in _unfold(text):
        mark = line.strip().upper()
        if mark == "BEGIN:VCARD":
            if card is not None:
                yield Rejected(f"card {number}", "cut off: its END:VCARD is missing")
            number, card = number + 1, []
        elif mark == "END:VCARD" and card is not None:
            yield _read_card(f"card {number}", card)
            card = None
        elif card is not None and len(card) < _MOST_PROPERTIES:
            parsed = parse(line)
            if parsed is not None:
                card.append(parsed)
    if card is not None:
        yield Rejected(f"card {number}", "cut off: its END:VCARD is missing")


def _unfold(text: Iterable[str]) -> Iterator[str]:
    """Join continued lines: RFC 6350 section 3.2; version 2.1 ends those in quoted-printable with `=`."""
    whole = ""
    for raw in text:
        line = raw.rstrip("\r\n")
        if _is_soft(whole):
            kept = line[:-1] if len(whole) < LONGEST_PROPERTY else ""
            whole = whole[:-1] + kept + line[-1:]  # the last character tells whether it goes on
        elif line[:1] in {" ", "\t"}:
            whole += line[1:] if len(whole) < LONGEST_PROPERTY else ""
        else:
            yield whole
            whole = line
    yield whole


def _is_soft(line: str) -> bool:
    return line.endswith("=") and "QUOTED-PRINTABLE" in line.partition(":")[0].upper()


def parse(line: str) -> Property | None:
    """Read one unfolded line; None when it is no property."""
    head, colon, value = _split_head(line)
    if not colon:
        return None
    name, *parameters = head.split(";")
    types: set[str] = set()
    charset = "utf-8"
    for parameter in parameters:
        key, equals, given = parameter.rpartition("=")
        if key.upper() == "CHARSET":
            charset = given
        elif not equals or key.upper() in {"TYPE", "ENCODING"}:
            types.update(given.lower().strip('"').split(","))
    if "quoted-printable" in types:
        value = _decode(quopri.decodestring(value.encode("utf-8", "replace")), charset)
    return Property(name.rpartition(".")[2].strip().upper(), frozenset(types), value)


def _split_head(line: str) -> tuple[str, str, str]:
    """At the first colon outside of quotes."""
    quoted = False
    for index, character in enumerate(line):
        if character == '"':
            quoted = not quoted
        elif character == ":" and not quoted:
            return line[:index], ":", line[index + 1 :]
    return line, "", ""


def _decode(data: bytes, charset: str) -> str:
    # The file chooses the codec: some make lone surrogates, which no database takes; some names are no names.
    try:
        return data.decode(charset).encode("utf-8", "replace").decode()
    except (LookupError, ValueError):
        return data.decode("cp1252", errors="replace")


def _unescape(value: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


_MOST_FIELDS: Final = 200
"""Of one card; more serve nobody, and a file made of one endless card must not be read for hours."""


@dataclass(slots=True)
class _Draft:
    """A card while its properties are read."""

    name: str | None = None
    parts: str | None = None
    company: str | None = None
    url: str | None = None
    is_company: bool = False
    numbers: list[str] = field(default_factory=list)
    fields: list[tuple[str, str]] = field(default_factory=list)

    def keep(self, key: str, value: str) -> None:
        """Keep a field; the second of its kind is called `phone 2`."""
        if not value or len(self.fields) >= _MOST_FIELDS:
            return
        taken = sum(kept == key or kept.startswith(f"{key} ") for kept, _ in self.fields)
        self.fields.append((key if not taken else f"{key} {taken + 1}", value))


_FIELDS: Final = {
    "EMAIL": "email",
    "TITLE": "title",
    "ROLE": "role",
    "NOTE": "note",
    "CATEGORIES": "categories",
}
_ADDRESS: Final = {2: "street", 3: "city", 4: "region", 5: "postcode", 6: "country"}  # RFC 6350 section 6.3.1


def _read_card(where: str, card: list[Property]) -> Entry | Rejected:
    draft = _Draft()
    for prop in card:
        _read_property(draft, prop)
    name = draft.name or draft.parts
    if draft.is_company:
        name, draft.company = None, draft.company or name
    if not name and not draft.company:
        return Rejected(where, "no name")
    if not draft.numbers:
        return Rejected(where, "no phone number")
    return Entry(where, name, draft.company, draft.url, tuple(draft.fields), tuple(draft.numbers))


def _read_property(draft: _Draft, prop: Property) -> None:
    match prop.name:
        case "FN":
            draft.name = draft.name or prop.text or None
        case "N":
            draft.parts = draft.parts or _name(prop.components)
        case "ORG":
            company, *department = prop.components
            draft.company = draft.company or company or None
            draft.keep("department", ", ".join(filter(None, department)))
        case "KIND" | "X-ADDRESSBOOKSERVER-KIND" | "X-ABSHOWAS":
            draft.is_company = prop.text.lower() in {"org", "organization", "company"}
        case "TEL":
            _read_phone(draft, prop)
        case "URL" | "SOURCE":
            draft.url = draft.url or page(prop.text)
            draft.keep("url", prop.text)
        case "ADR":
            for index, part in enumerate(prop.components):
                draft.keep(_ADDRESS.get(index, "address"), part)
        case _:
            if prop.name in _FIELDS:
                draft.keep(_FIELDS[prop.name], prop.text)


def _read_phone(draft: _Draft, prop: Property) -> None:
    if prop.parameters & _SILENT_TYPES and "voice" not in prop.parameters:
        return
    number = prop.text
    if number:
        draft.numbers.append(number)
        draft.keep("mobile" if "cell" in prop.parameters else "phone", number)


def _name(components: list[str]) -> str | None:
    """The parts in the order in which one says them; N has them as family; given; middle; prefix; suffix."""
    family, given, middle, prefix, suffix = (*components, "", "", "", "", "")[:5]
    return " ".join(filter(None, (prefix, given, middle, family, suffix))) or None
