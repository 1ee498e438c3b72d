"""What was with a number before a call: the last contact, how many calls, the last note. Pure."""

from __future__ import annotations

from datetime import timedelta
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from bubbled.history.row import to_microseconds
from bubbled.model import ME, Dealings, Direction, LastContact, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from bubbled.history.note import ToldNote
    from bubbled.history.past_call import PastCall
    from bubbled.model import E164

    Span = tuple[int, int]
    """When a call began and ended, as `row.to_microseconds` writes it: of a busy number there are many."""

_MICROSECOND: Final = timedelta(microseconds=1)

HANDED_ON: Final = timedelta(seconds=1)
"""Nobody hangs up and calls again within it: calls that lie so close are one, handed from phone to phone."""


def dealings(  # noqa: PLR0913 - all that is known of a number, each by its name
    number: E164,
    calls: Iterable[PastCall],
    told: Iterable[ToldNote],
    spans: Iterable[Span],
    *,
    asking: PastCall | None,
    names: Mapping[str, str],
) -> Dealings:
    """Gather what a user wants to know of a number.

    Args:
        number: as `Call.e164` has it.
        calls: among them those that may have been the last contact or have the last note; in any order.
        told: what colleagues noted of it.
        spans: of all calls with it that were over before.
        asking: the call for which this is asked; None when nothing is known of it.
        names: colleagues by extension; who is not among them is named by extension.
    """
    known = tuple(calls)
    text, teller = last_note(number, known, told, asking)
    return Dealings(
        last=last_contact((past for past in known if past.call.e164 == number), asking, names),
        calls=conversations(spans),
        note=text,
        noted_by=None if teller is None else names.get(teller, teller),
    )


def horizon(asking: PastCall | None) -> datetime | None:
    """Until when a call must have ended to be an earlier one; None: any that has ended is."""
    if asking is None:
        return None
    was_dialled = asking.call.direction is Direction.OUTBOUND
    return asking.started_at if was_dialled else asking.started_at - HANDED_ON


def last_contact(
    calls: Iterable[PastCall], asking: PastCall | None, names: Mapping[str, str]
) -> LastContact | None:
    """Choose the call that ended last.

    The end decides, not the beginning: when a group of phones rang, the colleague who answered was the
    contact, and those calls that merely rang were over before. Running calls, and calls of which nothing
    is known but that they rang, are no contact.
    """
    before = None if asking is None else asking.call.id
    earlier = (past for past in calls if past.call.id != before and is_over(past, horizon(asking)))
    latest = max(earlier, key=_recency, default=None)
    return None if latest is None else _as_contact(latest, names)


def last_note(
    number: E164, calls: Iterable[PastCall], told: Iterable[ToldNote], asking: PastCall | None
) -> tuple[str, str | None]:
    """Choose what was noted last, and give it with the extension of the colleague who did (None: the user).

    Of a call that is over, only what was noted until its end, or of itself.
    """
    end = None if asking is None else asking.ended_at
    own = None if asking is None else asking.call.id
    notes: list[tuple[datetime, str, str | None]] = [
        (past.note.at, past.note.text, None)
        for past in calls
        if past.note and (past.call.id == own or (past.note.about == number and _until(end, past.note.at)))
    ]
    notes += [(each.at, each.text, each.teller) for each in told if _until(end, each.at)]
    _, text, teller = max(notes, key=itemgetter(0), default=(None, "", None))
    return text, teller


def _until(end: datetime | None, at: datetime) -> bool:
    return end is None or at <= end


def conversations(spans: Iterable[Span]) -> int:
    """Count calls as the caller sees them: phones that ring together or one after the other are one call."""
    count, end, gap = 0, 0, HANDED_ON // _MICROSECOND
    for began, ended in sorted(spans):
        if not count or began > end + gap:
            count, end = count + 1, ended
        end = max(end, ended)
    return count


def span(past: PastCall) -> Span:
    """When a call that is over began and ended."""
    return to_microseconds(past.started_at), to_microseconds(past.ended_at or past.started_at)


def is_over(past: PastCall, horizon: datetime | None) -> bool:
    """Whether a call ended until a moment (None: at all), and it is known how."""
    if past.ended_at is None or _outcome(past) is None:
        return False
    return horizon is None or past.ended_at <= horizon


def _outcome(past: PastCall) -> Outcome | None:
    """How it ended; of a call whose end nobody saw, at least whether it had been answered."""
    return past.call.outcome or (None if past.answered_at is None else Outcome.ANSWERED)


def _recency(past: PastCall) -> tuple[datetime, bool]:
    return past.ended_at or past.started_at, past.call.owner == ME


def _as_contact(past: PastCall, names: Mapping[str, str]) -> LastContact | None:
    outcome = _outcome(past)
    extension = None if past.call.owner == ME else str(past.call.owner)
    if outcome is Outcome.ANSWERED_ELSEWHERE and past.call.answered_by is not None:
        outcome, extension = Outcome.ANSWERED, past.call.answered_by
    if outcome is None:
        return None
    colleague = None if extension is None else names.get(extension, extension)
    return LastContact(past.started_at, past.call.direction, outcome, colleague)
