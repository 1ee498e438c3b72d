"""Two sources that follow one user, told as one: a call that both know is one call. Pure: time is told.

Whichever knows a call first begins it, so that its popup is not late. From the moment that AMI knows it, too,
AMI is believed, because it knows more: SIP is heard of that call only while AMI cannot be reached.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from bubbled.model import ME, CallChange, CallState, ChangeKind, Direction, ViaKind
from bubbled.pbx.ami.wording import same_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bubbled.model import Call, CallId

LAG_S: Final = 2.0
"""How much later than AMI a lost datagram can make SIP tell of a call that is over by then."""


class Origin(IntEnum):
    """Who tells; the higher is believed."""

    SIP = 1
    AMI = 2


@dataclass(slots=True)
class _Joined:
    """One call of the user.

    Attributes:
        shown: as it was told last.
        members: the call as each source that knows it has it, while it goes on there.
        known_to: all sources that ever told of it.
        ended_at: when its end was told.
    """

    shown: Call
    members: dict[Origin, Call] = field(default_factory=dict)
    known_to: set[Origin] = field(default_factory=set)
    is_answered: bool = False
    ended_at: float | None = None


class Confluence:
    """Joins what AMI and SIP tell."""

    def __init__(self) -> None:
        self._calls: dict[tuple[Origin, CallId], _Joined] = {}
        self._silent: set[Origin] = set()

    def reached(self, origin: Origin, *, is_up: bool) -> None:
        """Take note whether a source can tell anything now."""
        if is_up:
            self._silent.discard(origin)
        else:
            self._silent.add(origin)

    def feed(self, origin: Origin, changes: Sequence[CallChange], now: float) -> list[CallChange]:
        """Take what a source tells; return what is to be told."""
        self._forget(now)
        return [told for change in changes for told in self._take(origin, change, now)]

    def _take(self, origin: Origin, change: CallChange, now: float) -> list[CallChange]:
        call = change.call
        if call.owner != ME:
            return [change]
        joined = self._calls.get((origin, call.id))
        is_new = joined is None and (joined := self._partner(origin, call)) is None
        if joined is None:
            joined = _Joined(call)
        self._calls[origin, call.id] = joined
        joined.known_to.add(origin)
        joined.members[origin] = call
        if joined.ended_at is not None or not self._is_believed(origin, joined):
            told = []
        elif is_new:
            told = [change]
        else:
            told = self._retell(joined, change)
        if change.kind is ChangeKind.ENDED:
            del joined.members[origin]
        self._note(joined, told, now)
        return told

    def _is_believed(self, origin: Origin, joined: _Joined) -> bool:
        return not any(other > origin and other not in self._silent for other in joined.members)

    def _retell(self, joined: _Joined, change: CallChange) -> list[CallChange]:
        call = _completed(change.call, joined.shown)
        kind = change.kind
        is_talking = call.state in {CallState.TALKING, CallState.HELD}
        if kind is not ChangeKind.ENDED:
            is_answer = is_talking and not joined.is_answered
            kind = ChangeKind.ANSWERED if is_answer else ChangeKind.UPDATED
        is_news = call != joined.shown or kind is ChangeKind.ANSWERED
        return [CallChange(kind, call)] if is_news else []

    def _note(self, joined: _Joined, told: Sequence[CallChange], now: float) -> None:
        for change in told:
            joined.shown = change.call
            joined.is_answered |= change.kind is ChangeKind.ANSWERED
            if change.kind is ChangeKind.ENDED:
                joined.ended_at = now

    def _partner(self, origin: Origin, call: Call) -> _Joined | None:
        """The call that another source began and that this is, too."""
        for joined in self._calls.values():
            is_over = joined.ended_at is not None and (origin is Origin.AMI or call.state is CallState.ENDED)
            if origin not in joined.known_to and not is_over and _is_same(call, joined.shown):
                return joined
        return None

    def _forget(self, now: float) -> None:
        self._calls = {
            key: joined
            for key, joined in self._calls.items()
            if joined.members or joined.ended_at is None or now - joined.ended_at < LAG_S
        }


def _is_same(one: Call, other: Call) -> bool:
    if one.number is not None and other.number is not None:
        is_click = any(
            call.via is not None and call.via.kind is ViaKind.CLICK_TO_CALL for call in (one, other)
        )
        # The own phone that rings for a click looks to SIP as if the other side called.
        return (one.direction is other.direction or is_click) and same_number(one.number, other.number)
    # SIP tells no number of an own call, and none of a withheld or unreadable one.
    return one.direction is other.direction


def _completed(call: Call, shown: Call) -> Call:
    """The call as it was told, with what is new: who is not told keeps who was known."""
    if call.number is None and shown.number is not None and call.direction is Direction.OUTBOUND:
        return replace(shown, state=call.state, outcome=call.outcome or shown.outcome)
    return replace(call, id=shown.id)
