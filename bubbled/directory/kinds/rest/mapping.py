"""From the records of an answer to entries, by the JMESPath expressions of a preset. Pure.

A mapping that does not fit the answer as a whole is an error, which names the expression; one record that is
different from the others loses only what is different.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from bubbled.directory.entry import Entry
from bubbled.error import DirectoryError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bubbled.directory.kinds.rest.expression import Expression
    from bubbled.directory.kinds.rest.preset import RecordMapping

MOST_RECORDS: Final = 500
"""Of the answer to one question; a provider that finds more did not search by number."""

_MOST_NUMBERS = 500
_LONGEST = 4000
_KINDS = {
    dict: "an object",
    list: "a list",
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
}
_HARMLESS_KEY = re.compile(r"[A-Za-z_@][A-Za-z0-9_.@-]{0,39}")
_MOST_KEYS_TOLD = 6


def records_in(document: object, mapping: RecordMapping, where: str) -> Sequence[Mapping[str, Any]]:
    """The records in an answer, those that are objects; `where` names the mapping in errors.

    Raises:
        DirectoryError: the expression for them does not fit.
    """
    found = mapping.records.find(document)
    if not isinstance(found, list):
        gives = "nothing" if found is None else _KINDS.get(type(found), "something else")
        raise DirectoryError(
            f'{where}.records "{mapping.records.text}" gives {gives}, a list is needed{_told(document)}; '
            "mend it in the preset"
        )
    return [record for record in found if isinstance(record, dict)]


def entries_of(
    records: Sequence[Mapping[str, Any]], mapping: RecordMapping, variables: Mapping[str, str], where: str
) -> list[Entry]:
    """The contacts in the records of an answer.

    Args:
        records: those of one answer to one question.
        mapping: which expression gives what.
        variables: for the address of the contact's page.
        where: names the mapping in errors.

    Raises:
        DirectoryError: not one record has what the expressions for names, or those for numbers, look for.
    """
    records = records[:MOST_RECORDS]
    entries = [entry_of(record, mapping, variables, position) for position, record in enumerate(records, 1)]
    if not any(entry.name or entry.company for entry in entries):
        _refuse_others(records, (*mapping.name, *mapping.company), f"{where}.name")
    if not any(entry.numbers for entry in entries):
        _refuse_others(records, (*mapping.numbers, *mapping.mains), f"{where}.numbers")
    return entries


def entry_of(
    record: Mapping[str, Any], mapping: RecordMapping, variables: Mapping[str, str], position: int
) -> Entry:
    """One contact; `position` names it in its answer when it has no id."""
    id_ = id_of(record, mapping)
    mains = tuple(_texts(record, mapping.mains))
    return Entry(
        where=f"record {id_ or position}",
        name=_joined(record, mapping.name),
        company=_joined(record, mapping.company),
        url=None if id_ is None or mapping.url is None else mapping.url.fill_url({**variables, "id": id_}),
        fields=tuple(
            (name, text) for name, path in mapping.fields.items() if (text := _text(path.find(record)))
        ),
        numbers=tuple(dict.fromkeys((*_texts(record, mapping.numbers), *mains))),
        mains=mains,
        id=id_,
        last_contact=None if mapping.last_contact is None else _text(mapping.last_contact.find(record)),
    )


def id_of(record: Mapping[str, Any], mapping: RecordMapping) -> str | None:
    """What the source calls the record."""
    return None if mapping.id is None else _text(mapping.id.find(record))


def _joined(record: Mapping[str, Any], paths: Sequence[Expression]) -> str | None:
    """The first name and the last, say, those that are there."""
    return " ".join(text for path in paths if (text := _text(path.find(record)))) or None


def _texts(record: Mapping[str, Any], paths: Sequence[Expression]) -> Iterator[str]:
    values = (value for path in paths for value in _flat(path.find(record)))
    return islice((text for value in values if (text := _text(value))), _MOST_NUMBERS)


def _flat(value: object) -> Iterator[object]:
    yield from islice(value, _MOST_NUMBERS) if isinstance(value, list) else (value,)


def _text(value: object) -> str | None:
    """As one would write it; several are listed, and an object is nothing to read."""
    match value:
        case str():
            return value[:_LONGEST].strip() or None
        case bool() | None:
            return None  # Odoo says false where there is nothing
        case float() if value.is_integer():
            return str(int(value))
        case int() | float():
            return str(value)
        case list():
            return ", ".join(filter(None, (_text(element) for element in value[:_MOST_NUMBERS]))) or None
        case _:
            return None


def _refuse_others(records: Sequence[Mapping[str, Any]], paths: Sequence[Expression], key: str) -> None:
    """Tell a wrong expression, which looks for what no record has, from one that found nothing this time."""
    keys = frozenset().union(*(path.first_keys for path in paths))
    if records and all(keys.isdisjoint(record) for record in records):
        written = " or ".join(f'"{path.text}"' for path in paths)
        raise DirectoryError(
            f"{key} {written} gives nothing in any of {len(records)} records{_told(records[0])}; "
            "mend it in the preset"
        )


def _told(document: object) -> str:
    """The keys that are there instead, as far as they cannot be anything but keys."""
    if not isinstance(document, dict):
        return ""
    keys = [key for key in document if _HARMLESS_KEY.fullmatch(key)][:_MOST_KEYS_TOLD]
    return f" (there are: {', '.join(keys)})" if keys else ""
