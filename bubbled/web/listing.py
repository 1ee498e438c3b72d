"""A list of calls as a page shows it: by days, each with the other party's name, company and number. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Final

from bubbled.control.search import ME
from bubbled.number import formatted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, tzinfo

    from bubbled.control.status import JsonObject
    from bubbled.control.workplace import Workplace
    from bubbled.web.highlight import Highlight, Pieces

_LONGEST_NAME: Final = 200
_LONGEST_NUMBER: Final = 200
"""What pages ask about; nobody has a longer one, whatever a caller sends."""


@dataclass(frozen=True, slots=True)
class Day:
    """The calls that began on one day, in the order in which they came."""

    date: date
    calls: Sequence[JsonObject]


def by_day(calls: Iterable[JsonObject], zone: tzinfo) -> list[Day]:
    """Put neighbours of one day together; calls as in `Found.calls`."""
    days = groupby(calls, key=lambda call: datetime.fromisoformat(call["started_at"]).astimezone(zone).date())
    return [Day(day, list(some)) for day, some in days]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What the line of one call shows, as it is read; in pieces where something may be searched for.

    Attributes:
        at: when it began, ISO 8601 in the zone of the list.
        party: who the other party is, in one line: by name, else by number; empty when both are unknown.
        name: the same in pieces.
        company: where the name is another; empty else.
        number: where it does not stand for the name; empty else.
        dialled: how the other party can be called; None when the number was withheld, or is none.
        via: by which queue, group or colleague the call came; empty where nobody knows.
        note: in its lines; empty where there is none.
        is_mine: whether the user can have its popup, and note something of it.
    """

    at: str
    party: str
    name: Pieces
    company: Pieces
    number: Pieces
    dialled: str | None
    via: str
    note: Pieces
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """Makes lines of calls; those are as in `Found.calls`.

    Attributes:
        highlight: shows what was searched for.
        zone: in which moments are told.
    """

    workplace: Workplace
    highlight: Highlight
    zone: tzinfo

    def line(self, call: JsonObject) -> Line:
        """Say what the line of a call shows."""
        contact, text = call["contact"] or {}, self.highlight.text
        name, number = self._name(call, contact), self._number(call)
        via = (call["via"] or {}).get("name") or ""
        return Line(
            at=datetime.fromisoformat(call["started_at"]).astimezone(self.zone).isoformat(timespec="seconds"),
            party=name or number,
            name=text(name) if name else self.highlight.number(number),
            company=text(_short(contact.get("company") if contact.get("name") else None)),
            number=self.highlight.number(number if name else ""),
            dialled=_dialled(call["e164"] or call["number"]),
            via=_short(self.workplace.colleagues.get(via, via)),
            note=text(call["note"] or ""),
            is_mine=call["owner"] == ME,
        )

    def _name(self, call: JsonObject, contact: JsonObject) -> str:
        colleague = self.workplace.colleagues.get(call["number"] or "") if call["internal"] else None
        return _short(contact.get("name") or contact.get("company") or colleague or call["name"])

    def _number(self, call: JsonObject) -> str:
        return _short(formatted(call["e164"] or call["number"] or "", self.workplace.region))


def _dialled(number: str | None) -> str | None:
    return number if number and len(number) <= _LONGEST_NUMBER else None


def _short(text: str | None) -> str:
    """A name that fits into a line: a caller can send one of ten thousand signs."""
    line = " ".join((text or "").split())
    return line if len(line) <= _LONGEST_NAME else f"{line[:_LONGEST_NAME]}…"
