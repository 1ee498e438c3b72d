"""What a card is about. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bubbled.model import CallState

if TYPE_CHECKING:
    from datetime import datetime

    from bubbled.model import Call, Contact, Dealings


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A directory that might have known better, but did not answer: it was too slow, or it failed."""

    directory: str
    is_slow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the directories say about who is on the line.

    Attributes:
        contact: the one to show; None when nobody knows the number.
        matches: all between which the user may choose, `contact` among them; empty when there is no choice.
        unanswered: the directories that could have changed that, in the user's order.
        is_provisional: whether a directory that comes first may still answer.
    """

    contact: Contact | None = None
    matches: tuple[Contact, ...] = ()
    unanswered: tuple[Unanswered, ...] = ()
    is_provisional: bool = False

    @property
    def has_choice(self) -> bool:
        """Whether there is anything to choose."""
        return len(self.matches) > 1

    def chosen(self, contact: Contact) -> Finding:
        """The same with another of the matches to show."""
        return replace(self, contact=contact)


_TALKING: Final = frozenset({CallState.TALKING, CallState.HELD})

NOTHING: Final = Finding()
"""Nobody was asked, or nobody has answered yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A call with all that is known about who is on it.

    Attributes:
        dealings: with the number before; None while the history has not answered.
        started_at: with zone; None when nobody knows.
        answered_at: the same; None also while nobody has.
        ended_at: with zone; None while the call runs, or when nobody knows.
        missed: how many missed calls of this caller the card stands for.
    """

    call: Call
    finding: Finding = NOTHING
    dealings: Dealings | None = None
    started_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    missed: int = 1

    def now_as(self, call: Call, now: datetime) -> Subject:
        """Follow the call through a change; who was known is forgotten when somebody else is on the line."""
        answered_at = self.answered_at or (now if call.state in _TALKING else None)
        if caller(call) == caller(self.call):
            return replace(self, call=call, answered_at=answered_at)
        return replace(self, call=call, answered_at=answered_at, finding=NOTHING, dealings=None, missed=1)


def caller(call: Call) -> str:
    """Tell callers apart: the same text means the same number. Those who hide theirs count as one."""
    return call.e164 or call.number or ""
