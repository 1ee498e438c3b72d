"""All that the history knows of one number, and its JSON. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bubbled.control.status import JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonNote:
    """A note on a number.

    Attributes:
        at: when it was taken, ISO 8601 with zone.
        text: in lines.
        by: the colleague, by name or extension; None: the user.
    """

    at: str
    text: str
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who has a number, as far as the history knows.

    Attributes:
        number: as it was asked for.
        e164: the same in international notation; None unless it is a number in the region.
        formatted: for the eye.
        contact: the latest that was kept with a call and has a name or company, as in `calls --json`; None:
            there is none.
        last: the last contact: `at` (ISO 8601), `direction`, `outcome`, `colleague` (None: the user); None:
            there was none.
        calls: how many there were, of the user and of colleagues; beyond 1,000 nobody counts.
        note: the last one; empty: there is none.
        noted_by: the colleague who took it; None: the user.
        notes: all of them, the newest first, at most 50.
        latest: the latest calls, at most 20, the newest first, as in `Found.calls`.
    """

    number: str
    e164: str | None
    formatted: str
    contact: JsonObject | None = None
    last: JsonObject | None = None
    calls: int = 0
    note: str = ""
    noted_by: str | None = None
    notes: Sequence[PersonNote] = ()
    latest: Sequence[JsonObject] = ()


def person_json(person: Person) -> JsonObject:
    """Give the answer of `GET /v1/history/person`."""
    return {
        "number": person.number,
        "e164": person.e164,
        "formatted": person.formatted,
        "contact": person.contact,
        "last": person.last,
        "calls": person.calls,
        "note": person.note,
        "noted_by": person.noted_by,
        "notes": [{"at": each.at, "text": each.text, "by": each.by} for each in person.notes],
        "latest": list(person.latest),
    }
