"""Whom to call back: missed calls of people with whom nobody has talked since. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from bubbled.model import Outcome
from bubbled.number import is_withheld

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bubbled.history.past_call import PastCall

END_OF_TIME: Final = datetime.max.replace(tzinfo=UTC)

_TALKED: Final = (Outcome.ANSWERED, Outcome.ANSWERED_ELSEWHERE)


class ToCallBack(NamedTuple):
    """The latest missed call with a number, and how many there were since anybody talked with it."""

    missed: PastCall
    times: int


def to_call_back(missed: Iterable[PastCall], talks: Mapping[str, datetime]) -> list[ToCallBack]:
    """Choose whom to call back, the newest first.

    Args:
        missed: the missed calls of the user, in any order.
        talks: until when somebody talked last with a number, by `key`; the end of time where he still does.
    """
    waiting: dict[str, list[PastCall]] = {}
    for past in missed:
        number = key(past)
        if number is not None and (number not in talks or past.started_at > talks[number]):
            waiting.setdefault(number, []).append(past)
    found = (ToCallBack(max(some, key=_begin), len(some)) for some in waiting.values())
    return sorted(found, key=lambda each: _begin(each.missed), reverse=True)


def last_talks(known: Iterable[tuple[str, datetime]], recent: Iterable[PastCall]) -> dict[str, datetime]:
    """Say until when somebody talked last with each number.

    Args:
        known: until when it was, of some numbers.
        recent: calls that may be talks besides, or still be; in any order.
    """
    talks = dict(known)
    for past in recent:
        number = key(past)
        if number is not None and has_talked(past):
            end = past.ended_at or END_OF_TIME
            talks[number] = max(end, talks.get(number, end))
    return talks


def key(past: PastCall) -> str | None:
    """Give the number that tells whether two calls are with the same party; None where nobody knows."""
    number = past.call.number
    return past.call.e164 or (None if is_withheld(number) else number)


def has_talked(past: PastCall) -> bool:
    """Whether the user or a colleague talked, or still does."""
    return past.answered_at is not None or past.call.outcome in _TALKED


def _begin(past: PastCall) -> tuple[datetime, str]:
    return past.started_at, past.call.id
