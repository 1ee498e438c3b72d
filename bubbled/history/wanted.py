"""Which calls a search wants, and its place in the list of them. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from bubbled.history.question import NOTHING_ASKED, AllOf, Question, Word, holds
from bubbled.history.row import from_microseconds, to_microseconds
from bubbled.history.words import INBOUND, MISSED, NOTED, OUTBOUND, owner_mark, words_of
from bubbled.model import CallId, Direction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from bubbled.history.past_call import PastCall
    from bubbled.model import Owner

_WRITTEN: Final = re.compile(r"(-?[0-9]{1,18}):(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a call stands in the list of all calls, the newest first.

    Attributes:
        at: when it began, in microseconds since 1970.
        call_id: tells apart the calls that began at once.
    """

    at: int
    call_id: str

    @classmethod
    def of(cls, past: PastCall) -> Self:
        """The place of a call."""
        return cls(to_microseconds(past.started_at), past.call.id)

    def __str__(self) -> str:
        return f"{self.at}:{self.call_id}"

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read what `str` gave.

        Raises:
            ValueError: it is none of ours.
        """
        written = _WRITTEN.fullmatch(text)
        if written is None:
            raise ValueError(f"{text!r:.40} is no place in the history")
        at = int(written[1])
        from_microseconds(at)
        return cls(at, CallId(written[2]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which calls are wanted; what is None or false is all the same.

    Attributes:
        text: what their words must say, as `question_of` reads it.
        owner: whose.
        since: they began at that moment or later.
        until: they began before.
        direction: who began them.
        missed: whether only those that were missed.
        noted: whether only those with a note.
    """

    text: AllOf = NOTHING_ASKED
    owner: Owner | None = None
    since: datetime | None = None
    until: datetime | None = None
    direction: Direction | None = None
    missed: bool = False
    noted: bool = False

    @property
    def question(self) -> AllOf:
        """All that is asked of the words of a call."""
        return AllOf((*self._marks(), *self.text.parts))

    @property
    def is_simple(self) -> bool:
        """Whether all calls of an owner are wanted, perhaps within some time."""
        return self.owner is not None and self.question == AllOf(tuple(self._of_owner()))

    def _marks(self) -> Iterator[Question]:
        yield from self._of_owner()
        if self.direction is not None:
            yield Word(INBOUND if self.direction is Direction.INBOUND else OUTBOUND, is_whole=True)
        if self.missed:
            yield Word(MISSED, is_whole=True)
        if self.noted:
            yield Word(NOTED, is_whole=True)

    def _of_owner(self) -> Iterator[Question]:
        if self.owner is not None:
            yield Word(owner_mark(self.owner), is_whole=True)

    def fits(self, past: PastCall) -> bool:
        """Whether a call is wanted."""
        return self.covers(past) and holds(self.question, words_of(past))

    def covers(self, past: PastCall) -> bool:
        """Whether a call began in the time that is wanted."""
        return (self.since is None or past.started_at >= self.since) and (
            self.until is None or past.started_at < self.until
        )


def page(calls: Iterable[PastCall], limit: int, before: Place | None) -> tuple[list[PastCall], Place | None]:
    """Choose what a page of a list shows, the newest first, and where the next page goes on.

    Args:
        calls: of the list all that may be on the page and, if there is any, one more; in no order, and some
            may come twice.
        limit: how many there may be on the page.
        before: where the page before ended; None: this is the first.
    """
    placed = {Place.of(past): past for past in calls}
    listed = [placed[place] for place in sorted(placed, reverse=True) if before is None or place < before]
    shown = listed[:limit]
    return shown, Place.of(shown[-1]) if len(listed) > len(shown) else None
