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


@dataclass(frozen=True, slots=True)
class Day:
    """The calls that began on one day, in the order in which they came."""

    date: date
    calls: Sequence[JsonObject]


def by_day(calls: Iterable[JsonObject], zone: tzinfo) -> list[Day]:
    """Put neighbours of one day together; calls as in `Found.calls`."""
    days = groupby(calls, key=lambda call: datetime.fromisoformat(call["started_at"]).astimezone(zone).date())
    return [Day(day, list(some)) for day, some in days]


@dataclass(frozen=True, slots=True)
class Listing:
    """Says of each call what its line shows. Calls are as in `Found.calls`.

    Attributes:
        highlight: shows what was searched for.
    """

    workplace: Workplace
    highlight: Highlight

    def party(self, call: JsonObject) -> str:
        """Who the other party is, in one line: by name, else by number; empty when both are unknown."""
        return self._name(call) or self._number(call)

    def name(self, call: JsonObject) -> Pieces:
        """The name, or the number where nobody knows one; empty when that was withheld, too."""
        name = self._name(call)
        return self.highlight.text(name) if name else self.highlight.number(self._number(call))

    def company(self, call: JsonObject) -> Pieces:
        """The company, where the name is another."""
        contact = call["contact"] or {}
        return self.highlight.text(_short(contact.get("company") if contact.get("name") else None))

    def number(self, call: JsonObject) -> Pieces:
        """The number, where it does not stand for the name."""
        return self.highlight.number(self._number(call) if self._name(call) else "")

    def note(self, call: JsonObject) -> Pieces:
        """What was noted, in its lines."""
        return self.highlight.text(call["note"] or "")

    def colleague(self, name: str) -> str:
        """Who or what a call came by, where that is a colleague: his name."""
        return _short(self.workplace.colleagues.get(name, name))

    def is_mine(self, call: JsonObject) -> bool:
        """Whether the user can have its popup, and note something of it."""
        return bool(call["owner"] == ME)

    def _name(self, call: JsonObject) -> str:
        contact = call["contact"] or {}
        colleague = self.workplace.colleagues.get(call["number"] or "") if call["internal"] else None
        return _short(contact.get("name") or contact.get("company") or colleague or call["name"])

    def _number(self, call: JsonObject) -> str:
        return _short(formatted(call["e164"] or call["number"] or "", self.workplace.region))


def _short(text: str | None) -> str:
    """A name that fits into a line: a caller can send one of ten thousand signs."""
    line = " ".join((text or "").split())
    return line if len(line) <= _LONGEST_NAME else f"{line[:_LONGEST_NAME]}…"
