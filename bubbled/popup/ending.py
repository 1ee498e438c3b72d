"""How the popup of a call that ends goes on, and which other popups have to go for it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bubbled.model import Direction, Outcome
from bubbled.popup.phase import Phase, Trigger
from bubbled.popup.subject import caller

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bubbled.model import Call
    from bubbled.popup.popup import Popup
    from bubbled.popup.rule import Objection

MOST_FAREWELLS: Final = 5
"""More popups of calls that are over would only cover each other; the oldest goes."""

MOST_MISSED: Final = 20
"""More cards of different missed callers fill the screen; the oldest goes, the history keeps them all."""

_TOLD_MISSED: Final = frozenset({Phase.MISSED, Phase.PUT_OFF})
_OVER: Final = frozenset({Phase.FAREWELL, Phase.KEPT})


def ending(call: Call, objection: Objection | None, *, is_kept: bool) -> Trigger:
    """What the end of a call means for its popup.

    Args:
        call: as it ended.
        objection: why there may be no popup of a missed call; of others it does not count.
        is_kept: whether popups stay for a while after the end.
    """
    if call.failure is not None:
        return Trigger.FAILED
    leaving = Trigger.ENDED_KEPT if is_kept else Trigger.ENDED
    match call.outcome:
        case Outcome.MISSED:
            return _missing(objection)
        case Outcome.ANSWERED | None:
            return leaving
        case Outcome.REJECTED if call.direction is Direction.INBOUND:
            return leaving  # it was the user who declined
        case Outcome.TRANSFERRED if call.internal and call.direction is Direction.OUTBOUND:
            return Trigger.ENDED  # who was asked to take a call over has it: that call's popup tells
        case _:
            return Trigger.ENDED_NEWS


def _missing(objection: Objection | None) -> Trigger:
    if objection is None:
        return Trigger.ENDED_MISSED
    return Trigger.ENDED_PUT_OFF if objection.is_passing else Trigger.ENDED


def displaced(newest: Popup, popups: Iterable[Popup]) -> list[Popup]:
    """Those of `popups` that have to go for one that has just come to say how its call ended."""
    if newest.phase in _OVER:
        over = [each for each in popups if each.phase in _OVER]
        return over[: max(0, len(over) - MOST_FAREWELLS)]
    if newest.phase not in _TOLD_MISSED:
        return []
    missed = [each for each in popups if each.phase in _TOLD_MISSED and each is not newest]
    same = [each for each in missed if _has_same_caller(each, newest)]
    others = sorted((each for each in missed if each not in same), key=lambda each: each.since)
    return [*same, *others[: max(0, len(others) + 1 - MOST_MISSED)]]


def times_missed(newest: Popup, displaced: Iterable[Popup]) -> int:
    """How many missed calls of one caller a popup tells of, in the place of those that go for it."""
    return 1 + sum(each.subject.missed for each in displaced if _has_same_caller(each, newest))


def _has_same_caller(popup: Popup, other: Popup) -> bool:
    return caller(popup.subject.call) == caller(other.subject.call)
