"""Questions to the history: searches, whom to call back, what is known of a number, tables of calls."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from bubbled.control.person import Person, PersonNote
from bubbled.control.search import ALL, Found
from bubbled.daemon import spreadsheet
from bubbled.error import ControlError
from bubbled.history.question import question_of
from bubbled.history.wanted import Place, Wanted
from bubbled.model import Direction, Owner
from bubbled.number import formatted, to_e164
from bubbled.pace import paced
from bubbled.wire import contact_json

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from bubbled.control.search import Search
    from bubbled.control.status import JsonObject
    from bubbled.history.catalogue import Catalogue, NumberNote
    from bubbled.history.past_call import PastCall
    from bubbled.model import LastContact

CALL_BACK_WITHIN: Final = timedelta(days=30)
"""How old a missed call may be that asks to be called back."""

_ROWS_AT_ONCE: Final = 200  # read together for a table


class HistoryDesk:
    """Answers for the pages and the commands.

    Args:
        catalogue: finds the calls.
        names: colleagues by extension; who is not among them is named by extension.
        region: where national notation belongs, as two letters (ISO 3166).
    """

    def __init__(self, catalogue: Catalogue, names: Mapping[str, str], region: str) -> None:
        self._catalogue = catalogue
        self._names = names
        self._region = region

    async def search(self, wanted: Search) -> Found:
        """Give the calls that are wanted, the newest first.

        Raises:
            ControlError: `before` is no place that was given.
        """
        found = await self._catalogue.search(self._wanted(wanted), wanted.limit, _place(wanted.before))
        older = None if found.older is None else str(found.older)
        return Found(tuple(await paced(self._listed, found.calls)), older, found.gap)

    async def to_call_back(self, now: datetime) -> Sequence[JsonObject]:
        """Give the missed calls that ask to be called back, each with how many `times`; the newest first."""
        waiting = await self._catalogue.to_call_back(now - CALL_BACK_WITHIN)
        return [self._listed(each.missed) | {"times": each.times} for each in waiting]

    async def person(self, number: str) -> Person | None:
        """Tell what is known of a number as a person writes it; None when it is nothing."""
        e164 = to_e164(number, self._region)
        known = await self._catalogue.acquaintance(e164 or number, self._names)
        if known is None:
            return None
        dealings = known.dealings
        return Person(
            number=number,
            e164=e164,
            formatted=formatted(number, self._region),
            contact=None if known.contact is None else contact_json(known.contact),
            last=None if dealings.last is None else _last(dealings.last),
            calls=dealings.calls,
            note=dealings.note,
            noted_by=dealings.noted_by,
            notes=tuple(map(self._noted, known.notes)),
            latest=tuple(map(self._listed, known.latest)),
        )

    async def calls_csv(self, wanted: Search) -> AsyncIterator[bytes]:
        """Give all calls that are wanted as a table, in pieces; `limit` does not count.

        Raises:
            ControlError: as with `search`; before there is any piece.
        """
        return self._pieces(self._wanted(wanted), _place(wanted.before))

    async def _pieces(self, wanted: Wanted, place: Place | None) -> AsyncIterator[bytes]:
        yield spreadsheet.heading()
        while True:
            found = await self._catalogue.search(wanted, _ROWS_AT_ONCE, place)
            lines = await paced(lambda past: spreadsheet.line(past, self._names, None), found.calls)
            yield "".join(lines).encode()
            place = found.older
            if place is None:
                return

    def _wanted(self, wanted: Search) -> Wanted:
        return Wanted(
            text=question_of(wanted.text, self._region),
            owner=None if wanted.whose == ALL else Owner(wanted.whose),
            since=None if wanted.since is None else midnight(wanted.since),
            until=None if wanted.until is None else midnight(wanted.until + timedelta(days=1)),
            direction=Direction(wanted.direction) if wanted.direction else None,
            missed=wanted.missed,
            noted=wanted.noted,
        )

    def _listed(self, past: PastCall) -> JsonObject:
        whose = {"owner": past.call.owner, "colleague": spreadsheet.colleague(past, self._names)}
        return past.to_json() | whose

    def _noted(self, note: NumberNote) -> PersonNote:
        by = None if note.teller is None else self._names.get(note.teller, note.teller)
        return PersonNote(at=note.at.isoformat(), text=note.text, by=by)


def midnight(on: date) -> datetime:
    """When a day begins in the computer's zone."""
    return datetime.combine(on, time()).astimezone()


def _last(last: LastContact) -> JsonObject:
    return {
        "at": last.at.isoformat(),
        "direction": last.direction.value,
        "outcome": last.outcome.value,
        "colleague": last.colleague,
    }


def _place(text: str) -> Place | None:
    try:
        return Place.from_text(text) if text else None
    except ValueError as error:
        raise ControlError("before must be what `older` of the page before said.") from error
