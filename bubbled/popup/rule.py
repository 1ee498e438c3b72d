"""Which calls may have a popup now, and in which words that is told where one may not. Pure.

What the settings choose by queue or by dialled number is meant for strangers who come in by themselves. So it
does not hold for calls with colleagues, for the user's own calls, nor for a call that was transferred to the
user, picked up or fetched from parking: that one is his, whichever way it came into the house.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bubbled import hours
from bubbled.colleague import is_with_colleague
from bubbled.model import CallState, Direction, Outcome, ViaKind
from bubbled.number import national, to_e164
from bubbled.popup.verdict import muted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bubbled.hours import Hours
    from bubbled.model import Call, Mute
    from bubbled.popup.subject import Subject

INBOUND_OFF: Final = "inbound popups are switched off"
NOBODY_KNOWN: Final = "it is not known whom you call"
OUTBOUND_OFF: Final = "outbound popups are switched off"
INTERNAL_OFF: Final = "calls of colleagues are switched off"
MISSED_OFF: Final = "popups of missed calls are switched off"
NOT_ANSWERED: Final = "popups come when a call is answered"

_ANSWERED: Final = frozenset({CallState.TALKING, CallState.HELD})
_BY_QUEUE: Final = frozenset({ViaKind.QUEUE, ViaKind.RING_GROUP})
_BY_HAND: Final = frozenset({ViaKind.TRANSFER, ViaKind.PICKUP, ViaKind.PARK})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What the settings say about which calls pop up; as it is made, all do.

    Attributes:
        region: where the user is, ISO 3166, for numbers without country code.
        missed: whether a missed call leaves a card.
        queues: with these or `numbers`, of the strangers only those pop up who came by one of them.
        numbers: patterns of dialled numbers, with `*`, `?` and `[...]`.
        waits_for_answer: whether a popup comes only when the two parties talk.
        hours: when calls pop up, as `bubbled.hours` reads them; none: always.
    """

    region: str = ""
    inbound: bool = True
    outbound: bool = True
    internal: bool = True
    missed: bool = True
    queues: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    waits_for_answer: bool = False
    hours: tuple[str, ...] = ()

    def next_begin(self, now: datetime) -> datetime | None:
        """When the next hours begin; None where the settings name none."""
        return min((span.next_begin(now) for span in _spans(self.hours)), default=None)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What holds for all calls alike.

    Attributes:
        mute: as the user set it last; it may be over.
        quiet: why the desktop wants no popups now, in words; empty: it does not mind.
    """

    mute: Mute | None = None
    quiet: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a call may have no popup now.

    Attributes:
        reason: in words that follow upon "no popup:".
        is_passing: whether a card of a missed call comes when it is over, since nobody wished it away.
        setting: the one that is to blame, as the settings file has it; empty: none is.
    """

    reason: str
    is_passing: bool = False
    setting: str = ""


def objection(subject: Subject, rule: Rule, around: Circumstances, now: datetime) -> Objection | None:
    """Say why a call may have no popup now; None when it may.

    Of a call that was missed it says whether its card may be there. What lasts is told before what passes:
    of a call that never has a popup nobody wants to know that popups were muted as well.
    """
    found = _unwanted(subject.call, rule) or _untimely(subject, rule, now)
    if found is not None:
        return found
    if (reason := muted(around.mute, now)) is not None:
        return Objection(reason)
    if around.quiet:
        return Objection(" and ".join(around.quiet), is_passing=True, setting="popup.quiet")
    if rule.waits_for_answer and _is_unanswered(subject.call):
        return Objection(NOT_ANSWERED, setting="popup.opens")
    return None


def _unwanted(call: Call, rule: Rule) -> Objection | None:
    is_inbound = call.direction is Direction.INBOUND
    if is_inbound and not rule.inbound:
        return Objection(INBOUND_OFF, setting="popup.inbound")
    if not is_inbound and not rule.outbound:
        return Objection(OUTBOUND_OFF, setting="popup.outbound")
    if not is_inbound and call.number is None and call.name is None:
        return Objection(NOBODY_KNOWN)
    if not rule.internal and is_with_colleague(call, rule.region):
        return Objection(INTERNAL_OFF, setting="popup.internal")
    if call.outcome is Outcome.MISSED and not rule.missed:
        return Objection(MISSED_OFF, setting="popup.missed")
    return _by_no_way(call, rule) if is_inbound else None


def _by_no_way(call: Call, rule: Rule) -> Objection | None:
    """Why a stranger who came in did not come by the ways that the settings name."""
    if not (rule.queues or rule.numbers) or _was_handed_over(call) or is_with_colleague(call, rule.region):
        return None
    if _came_by(call, rule.queues) or _dialled(call, rule):
        return None
    ways = [f"the queues {_listed(rule.queues)}"] if rule.queues else []
    ways += [f"the numbers {_listed(rule.numbers)}"] if rule.numbers else []
    settings = ["popup.queues"] * bool(rule.queues) + ["popup.numbers"] * bool(rule.numbers)
    return Objection(f"not by one of {' or '.join(ways)}", setting=_listed(settings))


def _was_handed_over(call: Call) -> bool:
    return call.transferred_from is not None or (call.via is not None and call.via.kind in _BY_HAND)


def _came_by(call: Call, queues: Sequence[str]) -> bool:
    if call.via is None or call.via.kind not in _BY_QUEUE or call.via.name is None:
        return False
    return call.via.name.casefold() in {queue.casefold() for queue in queues}


def _dialled(call: Call, rule: Rule) -> bool:
    """Whether the caller dialled one of the numbers, in whichever notation these are given."""
    if not (call.dialled and rule.numbers):
        return False
    e164 = to_e164(call.dialled, rule.region)
    notations = {call.dialled, *((e164, national(e164)) if e164 else ())}
    return any(fnmatchcase(number, pattern) for number in notations for pattern in rule.numbers)


def _untimely(subject: Subject, rule: Rule, now: datetime) -> Objection | None:
    """Why it is not the time; a call that began within the hours has it until its end."""
    moments = (now, subject.started_at) if subject.started_at else (now,)
    spans = _spans(rule.hours)
    if not spans or any(span.holds(moment) for span in spans for moment in moments):
        return None
    return Objection(f"outside the hours {_listed(rule.hours)}", setting="popup.hours")


def _is_unanswered(call: Call) -> bool:
    return call.state not in _ANSWERED and call.outcome is not Outcome.MISSED


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words)


@lru_cache(maxsize=8)
def _spans(texts: tuple[str, ...]) -> tuple[Hours, ...]:
    return tuple(map(hours.parse, texts))
