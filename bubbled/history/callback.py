"""Whom to call back: missed calls of people with whom nobody has talked since. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bubbled.model import ME, Outcome
from bubbled.number import is_withheld

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bubbled.history.past_call import PastCall

_TALKED = (Outcome.ANSWERED, Outcome.ANSWERED_ELSEWHERE)


class ToCallBack(NamedTuple):
    """The latest missed call with a number, and how many there were since anybody talked with it."""

    missed: PastCall
    times: int


def to_call_back(calls: Iterable[PastCall]) -> list[ToCallBack]:
    """Choose whom to call back, the newest first.

    Args:
        calls: all missed ones of the user that count, and of each number with which they are the latest in
            which the user or a colleague talked; in any order.
    """
    talks: dict[str, datetime] = {}
    missed: dict[str, list[PastCall]] = {}
    for past in calls:
        number = key(past)
        if number is None:
            continue
        if has_talked(past):
            talks[number] = max(_end(past), talks.get(number, past.started_at))
        elif is_missed(past):
            missed.setdefault(number, []).append(past)
    since = {
        number: [past for past in some if number not in talks or past.started_at > talks[number]]
        for number, some in missed.items()
    }
    waiting = (ToCallBack(max(some, key=_begin), len(some)) for some in since.values() if some)
    return sorted(waiting, key=lambda each: _begin(each.missed), reverse=True)


def key(past: PastCall) -> str | None:
    """Give the number that tells whether two calls are with the same party; None where nobody knows."""
    number = past.call.number
    return past.call.e164 or (None if is_withheld(number) else number)


def is_missed(past: PastCall) -> bool:
    """Whether the user missed it."""
    return past.call.owner == ME and past.call.outcome is Outcome.MISSED


def has_talked(past: PastCall) -> bool:
    """Whether the user or a colleague talked, or still does."""
    return past.answered_at is not None or past.call.outcome in _TALKED


def _end(past: PastCall) -> datetime:
    return past.ended_at or past.answered_at or past.started_at


def _begin(past: PastCall) -> tuple[datetime, str]:
    return past.started_at, past.call.id
