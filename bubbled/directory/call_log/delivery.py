"""How one record comes to stand in a CRM once: its stages, and what happens to it. Pure.

The rule that everything here serves: a request that may have been carried out is never made again, unless
the CRM has said since, late enough to know, that there is no such record. So `SENDING` is on the disk before
the request leaves. Who finds it there after a crash knows no more than who waited in vain for an answer:
both are `DOUBTFUL`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

GIVE_UP_AFTER: Final = timedelta(days=7)
"""From the end of the call on."""

FORGET_AFTER: Final = timedelta(days=30)
"""From the end of the call on: what became of it is then no longer told."""

_FIRST_PAUSE_S = 30.0
_LONGEST_PAUSE_S = 3600.0
_LONGEST_WISHED_PAUSE_S = 24 * 3600.0
_LONGEST_WAIT = timedelta(days=1)


class Stage(StrEnum):
    """Where a record is on its way."""

    WAITING = "waiting"
    """Nothing of it has left, or the CRM said that it does not have it."""
    SENDING = "sending"
    """It leaves now, or left when bubbled ended."""
    DOUBTFUL = "doubtful"
    """It left, and nobody knows what became of it."""
    WRITTEN = "written"
    REFUSED = "refused"
    """The CRM does not want it, and would not tomorrow."""
    GIVEN_UP = "given_up"
    """It could not be sent for too long, and is not in the CRM."""
    UNKNOWN = "unknown"
    """It could not be looked for for too long, and may be in the CRM or not."""


class Event(StrEnum):
    """What happens to a record."""

    BEGUN = "begun"
    """It is about to be sent."""
    WRITTEN = "written"
    UNSENT = "unsent"
    """Nothing of it has left: no such host, no connection, no token."""
    BUSY = "busy"
    """The CRM asks for a pause, and did nothing."""
    DENIED = "denied"
    """The CRM does not accept the account, and did nothing."""
    REFUSED = "refused"
    UNANSWERED = "unanswered"
    """It left, and what came back, if anything, does not tell whether it was written."""
    INTERRUPTED = "interrupted"
    """It was being sent when bubbled ended."""
    FOUND = "found"
    """Looked for, it is there."""
    ABSENT = "absent"
    """Looked for late enough, it is not there."""
    UNCERTAIN = "uncertain"
    """Looked for, it may be there or not."""
    EXPIRED = "expired"
    """It is too old to go on trying."""


TRANSITIONS: Final[Mapping[tuple[Stage, Event], Stage]] = {
    (Stage.WAITING, Event.BEGUN): Stage.SENDING,
    (Stage.WAITING, Event.EXPIRED): Stage.GIVEN_UP,
    (Stage.SENDING, Event.WRITTEN): Stage.WRITTEN,
    (Stage.SENDING, Event.UNSENT): Stage.WAITING,
    (Stage.SENDING, Event.BUSY): Stage.WAITING,
    (Stage.SENDING, Event.DENIED): Stage.WAITING,
    (Stage.SENDING, Event.REFUSED): Stage.REFUSED,
    (Stage.SENDING, Event.UNANSWERED): Stage.DOUBTFUL,
    (Stage.SENDING, Event.INTERRUPTED): Stage.DOUBTFUL,
    (Stage.DOUBTFUL, Event.FOUND): Stage.WRITTEN,
    (Stage.DOUBTFUL, Event.ABSENT): Stage.WAITING,
    (Stage.DOUBTFUL, Event.UNCERTAIN): Stage.DOUBTFUL,
    (Stage.DOUBTFUL, Event.EXPIRED): Stage.UNKNOWN,
}
"""Anything else is a defect. `BEGUN` is the only way to be sent, and leads there from `WAITING` alone."""

FAILURES: Final = frozenset({Event.UNSENT, Event.BUSY, Event.DENIED, Event.UNANSWERED, Event.UNCERTAIN})
"""After these the CRM is left in peace for a while."""

ON_THE_WAY: Final = frozenset({Stage.WAITING, Stage.SENDING, Stage.DOUBTFUL})
"""Of these something may still become."""


@dataclass(frozen=True, slots=True)
class News:
    """What happened, as the one who sent or looked tells it.

    Attributes:
        reason: why, one line for the user, without numbers and secrets.
        pause_s: for how long the CRM wants to be left alone; None where it does not say.
    """

    event: Event
    reason: str | None = None
    pause_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How far a record is. Moments are aware.

    Attributes:
        since: when the call ended.
        due_at: when something may be done about it next, while something can be.
        failures: how often sending or looking came to nothing.
        left_at: when it was sent, or was found to have been.
        reason: why it is not written yet, or will not be.
    """

    stage: Stage
    since: datetime
    due_at: datetime
    failures: int = 0
    left_at: datetime | None = None
    reason: str | None = None


class Step(StrEnum):
    """What is to be done about a record."""

    SEND = "send"
    LOOK = "look"
    GIVE_UP = "give_up"


def begin(ended_at: datetime, after_s: float) -> Delivery:
    """A record of a call that has just ended, to be sent some seconds after that."""
    return Delivery(stage=Stage.WAITING, since=ended_at, due_at=ended_at + timedelta(seconds=after_s))


def next_step(delivery: Delivery, now: datetime) -> Step:
    """What is to be done about a record that is due, see `wake_at`."""
    if now - delivery.since > GIVE_UP_AFTER:
        return Step.GIVE_UP
    return Step.SEND if delivery.stage is Stage.WAITING else Step.LOOK


def wake_at(delivery: Delivery, now: datetime, *, can_look: bool) -> datetime | None:
    """When the next step is due; None when there is none.

    Args:
        delivery: how far the record is.
        now: aware; when it is due later than anything ever is, the clock was set back since: it is due now.
        can_look: whether the CRM can be asked if it has the record.
    """
    is_looked_for = delivery.stage is Stage.DOUBTFUL and can_look
    if delivery.stage is not Stage.WAITING and not is_looked_for:
        return None
    return now if delivery.due_at - now > _LONGEST_WAIT else delivery.due_at


def after(delivery: Delivery, news: News, now: datetime, look_after_s: float = 0.0) -> Delivery:
    """How far the record is when that has happened.

    Args:
        delivery: how far it was.
        news: what happened.
        now: aware.
        look_after_s: how long after it was sent a record is found at the latest.

    Raises:
        KeyError: it cannot happen at this stage.
    """
    stage = TRANSITIONS[delivery.stage, news.event]
    failures = delivery.failures + (news.event in FAILURES)
    may_have_left = news.event in _MAY_HAVE_LEFT
    waits_for_search = stage is Stage.DOUBTFUL and may_have_left
    pause = timedelta(seconds=look_after_s) if waits_for_search else pause_after(failures, news.pause_s)
    return replace(
        delivery,
        stage=stage,
        due_at=now + pause,
        failures=failures,
        left_at=now if may_have_left else delivery.left_at,
        reason=news.reason,
    )


def pause_after(failures: int, wished_s: float | None) -> timedelta:
    """How long to wait after so many failures: twice as long each time, or as long as the CRM wants."""
    usual = min(_FIRST_PAUSE_S * 2 ** min(failures - 1, 10), _LONGEST_PAUSE_S) if failures else 0.0
    return timedelta(seconds=max(usual, min(wished_s or 0.0, _LONGEST_WISHED_PAUSE_S)))


_MAY_HAVE_LEFT: Final = frozenset({Event.BEGUN, Event.UNANSWERED, Event.INTERRUPTED})
