"""What can stand in a template, each with its meaning and what it gives for one call. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from bubbled.popup.filling import line
from bubbled.popup.text import LONGEST
from bubbled.vocabulary import FILTERS, VARIABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bubbled.popup.variable import Values

_SHOWN_BY: Final[Mapping[str, str]] = {
    "national": "${number|national}",
    "international": "${number|international}",
    "e164": "${dialled|e164}",
    "formatted": "${number|formatted}",
    "digits": "${number|digits}",
    "date": "${last_contact_at|date:DD-MM-YYYY}",
    "time": "${last_contact_at|time:HH:mm:ss}",
    "ago": "${last_contact_at|ago}",
    "upper": "${company|upper}",
    "lower": "${directory|lower}",
    "first": "${name|first}",
    "last": "${name|last}",
    "initials": "${name|initials}",
    "short": "${company|short:8}",
    "default": "${fax|default:no fax}",
}
"""A template for each filter."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the legend.

    Attributes:
        word: as one writes it into a template.
        example: what it gives; empty when it gives nothing for this call.
    """

    word: str
    meaning: str
    example: str


@dataclass(frozen=True, slots=True)
class Legend:
    """All that a template may hold.

    Attributes:
        call: whose values the examples are; None: an invented call.
        columns: what the address book that knows the caller adds.
    """

    call: str | None
    variables: tuple[Entry, ...]
    columns: tuple[Entry, ...]
    filters: tuple[Entry, ...]


def legend(values: Values, call: str | None = None) -> Legend:
    """Tell what each variable and filter gives for a call."""
    columns = [name for name in values if name not in VARIABLES]
    whose = f"a column of {values['directory']}"
    return Legend(
        call=call,
        variables=tuple(_entry(_word(name), meaning, values) for name, meaning in VARIABLES.items()),
        columns=tuple(_entry(_word(name), whose, values) for name in columns),
        filters=tuple(_entry(_SHOWN_BY[name], meaning_of_filter(name), values) for name in FILTERS),
    )


def _word(name: str) -> str:
    return f"${name}" if name.isidentifier() else "${" + name + "}"


def meaning_of_filter(name: str) -> str:
    """What a filter does, and what stands behind its colon if anything does."""
    word = FILTERS[name]
    return f"{word.meaning}; behind the colon {word.argument}" if word.argument else word.meaning


def _entry(word: str, meaning: str, values: Values) -> Entry:
    return Entry(word, meaning, line(word, values, LONGEST))


def legend_json(legend: Legend) -> dict[str, Any]:
    """Give the answer of `GET /v1/layout/legend`."""
    return asdict(legend)


def legend_from_json(shape: Any) -> Legend:
    """Read it back.

    Raises:
        KeyError, TypeError: it is of another version.
    """
    return Legend(
        call=shape["call"],
        variables=tuple(Entry(**each) for each in shape["variables"]),
        columns=tuple(Entry(**each) for each in shape["columns"]),
        filters=tuple(Entry(**each) for each in shape["filters"]),
    )
