"""Finds calls among all that are remembered: by their words, by a number, and whom to call back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bubbled.history import callback
from bubbled.history.dealings import conversations, dealings, is_over, last_contact, span
from bubbled.history.question import AllOf, Word
from bubbled.history.wanted import Place, Wanted, page
from bubbled.history.words import plain_words
from bubbled.model import E164, ME, Dealings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from bubbled.history.callback import ToCallBack
    from bubbled.history.past_call import PastCall
    from bubbled.history.view import View
    from bubbled.model import Contact, Extension

LATEST: Final = 20
MOST_NOTES: Final = 50
_MOST_MISSED: Final = 300  # nobody calls back more, and to read them takes long
_MOST_WITH_AN_EXTENSION: Final = 1000


@dataclass(frozen=True, slots=True)
class FoundCalls:
    """A page of the list of calls that are wanted.

    Attributes:
        calls: the newest first.
        older: where the list goes on; None: that was all.
        gap: why some calls may be missing, in one line for the user; None: none are.
    """

    calls: list[PastCall]
    older: Place | None
    gap: str | None = None


@dataclass(frozen=True, slots=True)
class NumberNote:
    """A note on a number; `teller` is the colleague who took it, None the user."""

    at: datetime
    text: str
    teller: Extension | None = None


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """What is remembered of a number.

    Attributes:
        dealings: the last contact, how many calls, the last note.
        contact: the latest that says who it is; None: none does.
        notes: the newest first, at most `MOST_NOTES`.
        latest: the `LATEST` calls that ended last or still run, the newest first.
    """

    dealings: Dealings
    contact: Contact | None
    notes: list[NumberNote]
    latest: list[PastCall]


class Catalogue:
    """Answers from the file and from what it does not hold yet; nothing here raises for want of the file."""

    def __init__(self, view: View) -> None:
        self._view = view

    async def search(self, wanted: Wanted, limit: int, before: Place | None = None) -> FoundCalls:
        """Give the calls that are wanted, running ones too.

        Args:
            wanted: which.
            limit: how many at most.
            before: where the list goes on; None: at its beginning.
        """
        gap = None if wanted.is_simple else self._view.gap(wanted.since)
        found = await self._view.found(wanted, limit + 1, before)
        return FoundCalls(*page(found, limit, before), gap)

    async def to_call_back(self, since: datetime) -> list[ToCallBack]:
        """Give the missed calls of the user, one for each number, with which nobody has talked since.

        The newest first; of more than `_MOST_MISSED` missed calls the latest count.

        Args:
            since: when the missed calls began at the earliest, aware.
        """
        missed = (await self.search(Wanted(owner=ME, missed=True, since=since), _MOST_MISSED)).calls
        numbers = {number for past in missed if (number := callback.key(past)) is not None}
        return callback.to_call_back(missed, await self._view.talks(numbers, since))

    async def acquaintance(self, number: str, names: Mapping[str, str]) -> Acquaintance | None:
        """Tell all that is remembered of a number; None when it is nothing.

        Args:
            number: as E.164 where possible, else as the PBX writes it.
            names: colleagues by extension; who is not among them is named by extension.
        """
        if number.startswith("+"):
            known = await self._of_number(E164(number), names)
        else:
            known = await self._of_extension(number, names)
        return known if known.latest or known.notes else None

    async def _of_number(self, number: E164, names: Mapping[str, str]) -> Acquaintance:
        dealt, told = await self._view.dealt(number, None), await self._view.told(number)
        spans = await self._view.spans(number, None, dealt)
        latest = await self._view.calls(lambda read, unsaved: read.finder.latest(number, LATEST + unsaved))
        noted = await self._view.calls(lambda read, unsaved: read.finder.noted(number, MOST_NOTES + unsaved))
        named = await self._view.calls(lambda read, unsaved: read.finder.named(number, 1 + unsaved))
        notes = [
            NumberNote(past.note.at, past.note.text)
            for past in noted
            if past.note is not None and past.note.about == number
        ]
        notes += [NumberNote(each.at, each.text, each.teller) for each in told]
        return Acquaintance(
            dealings(number, dealt, told, spans, asking=None, names=names),
            _contact(past for past in [*named, *latest] if past.call.e164 == number),
            _newest(notes),
            _listed(past for past in latest if past.call.e164 == number),
        )

    async def _of_extension(self, number: str, names: Mapping[str, str]) -> Acquaintance:
        """Of a number that no country has, by the words of its calls: there is no other index of them."""
        words = AllOf(tuple(Word(word, is_whole=True) for word in plain_words(number)))
        found = await self.search(Wanted(text=words), _MOST_WITH_AN_EXTENSION)
        calls = [past for past in found.calls if past.call.e164 is None and past.call.number == number]
        notes = _newest(NumberNote(past.note.at, past.note.text) for past in calls if past.note)
        spans = [span(past) for past in calls if is_over(past, None)]
        return Acquaintance(
            Dealings(
                last=last_contact(calls, None, names),
                calls=conversations(spans),
                note=notes[0].text if notes else "",
            ),
            _contact(calls),
            notes,
            _listed(calls),
        )


def _contact(calls: Iterable[PastCall]) -> Contact | None:
    """The latest contact that says who it is: one whose source forbids to keep it does not."""
    known = (past for past in calls if past.contact and (past.contact.name or past.contact.company))
    latest = max(known, key=Place.of, default=None)
    return None if latest is None else latest.contact


def _newest(notes: Iterable[NumberNote]) -> list[NumberNote]:
    return sorted(notes, key=lambda each: each.at, reverse=True)[:MOST_NOTES]


def _listed(calls: Iterable[PastCall]) -> list[PastCall]:
    return sorted(calls, key=Place.of, reverse=True)[:LATEST]
