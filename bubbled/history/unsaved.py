"""What the file does not hold yet: one entry for each call that changed since it was last saved. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from bubbled.history.past_call import PastCall, continued, is_inside, same_party

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bubbled.history.erasure import Spellings
    from bubbled.history.note import Note, ToldNote
    from bubbled.model import E164, CallId, Contact, Extension

LIMIT: Final = 10_000
"""Calls that wait while the file cannot be written; about 10 MB. Beyond it the oldest is given up."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is new of one call."""

    past: PastCall | None = None
    contact: Contact | None = None
    popup: str | None = None
    note: Note | None = None

    def then(self, later: Entry) -> Entry:
        """Give one entry for both."""
        past = continued(self.past, later.past) if self.past and later.past else later.past or self.past
        stays = self.past is None or past is None or same_party(self.past.call, past.call)
        contact = later.contact or (self.contact if stays else None)
        return Entry(past, contact, later.popup or self.popup, later.note or self.note)

    def onto(self, stored: PastCall | None) -> PastCall | None:
        """Give the whole call; None when it is none that is kept, or nothing but its contact is known."""
        past = continued(stored, self.past) if stored and self.past else stored or self._new()
        if past is None:
            return None
        return replace(
            past,
            contact=self.contact or past.contact,
            popup=self.popup or past.popup,
            note=self.note or past.note,
        )

    def _new(self) -> PastCall | None:
        return None if self.past is None or is_inside(self.past.call) else self.past


class Unsaved:
    """Entries in the order in which their calls came, at most `limit`.

    Attributes:
        lost: how many calls were given up because too many waited.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self._entries: dict[CallId, Entry] = {}
        self._told: dict[tuple[E164, Extension], ToldNote] = {}
        self._limit = limit
        self.lost = 0

    def __len__(self) -> int:
        return len(self._entries) + len(self._told)

    def add(self, call_id: CallId, entry: Entry) -> None:
        """Add what is new of a call."""
        known = self._entries.get(call_id)
        if known is None and len(self._entries) >= self._limit:
            del self._entries[next(iter(self._entries))]
            self.lost += 1
        self._entries[call_id] = entry if known is None else known.then(entry)

    def first(self, count: int) -> dict[CallId, Entry]:
        """Give the entries that have waited longest."""
        return dict(islice(self._entries.items(), count))

    def all(self) -> dict[CallId, Entry]:
        """Give a copy of all entries, to be laid over what is read from the file meanwhile."""
        return dict(self._entries)

    def saved(self, entries: Mapping[CallId, Entry]) -> None:
        """Let go of entries, except of those that grew while they were written."""
        for call_id, entry in entries.items():
            if self._entries.get(call_id) is entry:
                del self._entries[call_id]

    def tell(self, told: ToldNote) -> None:
        """Add what a colleague noted, in the place of what he had noted of the same number."""
        key = (told.number, told.teller)
        if key not in self._told and len(self._told) >= self._limit:
            del self._told[next(iter(self._told))]
        self._told[key] = told

    def told(self) -> tuple[ToldNote, ...]:
        """Give what colleagues noted."""
        return tuple(self._told.values())

    def saved_told(self, notes: Iterable[ToldNote]) -> None:
        """Let go of what colleagues noted, except where they noted more while it was written."""
        for told in notes:
            if self._told.get((told.number, told.teller)) is told:
                del self._told[told.number, told.teller]

    def forget(self, spellings: Spellings) -> None:
        """Let go of the calls with a number, of the contacts that have it, and of it where notes name it."""
        for call_id, entry in self.all().items():
            if entry.past and spellings.name(entry.past.call):
                del self._entries[call_id]
            else:
                self._entries[call_id] = _without(entry, spellings)
        notes, self._told = self.told(), {}
        for told in notes:
            if not spellings.fit(told.number):
                self.tell(replace(told, text=spellings.struck_from(told.text)))


def _without(entry: Entry, spellings: Spellings) -> Entry:
    tells = entry.contact is not None and spellings.occur_in(entry.contact)
    return replace(
        entry,
        contact=None if tells else entry.contact,
        note=None if entry.note is None else _silenced(entry.note, spellings),
    )


def _silenced(note: Note, spellings: Spellings) -> Note | None:
    if note.about is not None and spellings.fit(note.about):
        return None
    return replace(note, text=spellings.struck_from(note.text))


def overlaid(stored: Iterable[PastCall], entries: Mapping[CallId, Entry]) -> list[PastCall]:
    """Lay entries over stored calls, which must include those that the entries are about. In no order."""
    known = {past.call.id: past for past in stored}
    for call_id, entry in entries.items():
        if whole := entry.onto(known.get(call_id)):
            known[call_id] = whole
    return list(known.values())
