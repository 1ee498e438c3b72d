"""Why there was no popup at a moment, by what is known around it. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bubbled.story import reason as because
from bubbled.story.circumstance import (
    Began,
    Connected,
    Disconnected,
    Heard,
    Muted,
    Quiet,
    Rejected,
    ScreenLost,
    Slept,
    Stopped,
)
from bubbled.story.evidence import LIFE, LINE, MUTE, QUIET, SCREEN, SLEEP
from bubbled.story.fact import Decided, NotOnScreen, OnScreen
from bubbled.story.verdict import SHOWN
from bubbled.story.wording import _

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bubbled.story.evidence import Facts, NearCall
    from bubbled.story.reason import Reason
    from bubbled.story.step import Step

_EARLIER: Final = timedelta(minutes=2)
_LATER: Final = timedelta(minutes=3)
"""Clocks differ, and a person reads them by the minute: a call within these may be the one that is meant."""

_SAME: Final = timedelta(minutes=1)
"""A call within this is the one that is meant."""

_SILENCE: Final = timedelta(minutes=2)
"""How long a connection may be dead before that is noticed, and some to spare."""

_CONNECTING: Final = _("bubbled had just been started and was connecting.")


def reasons(facts: Facts) -> tuple[Reason, ...]:
    """Say why there was no popup within the minute that begins then, the likeliest reason first."""
    if facts.at > facts.now:
        return (because.ToCome(),)
    calls, end = tuple(_of_calls(facts)), facts.at_end()
    if end.before[LIFE] is None and not calls:
        return (because.NotRemembered(facts.oldest),)
    begun, ended = tuple(_blind(facts)), tuple(_blind(end))
    if begun and ended:
        return (*dict.fromkeys((*begun, *ended)), *calls)
    heard = () if _is_meant(facts) else tuple(_heard(facts))
    besides = () if calls else tuple(_besides(facts))
    return (*calls, *begun, *ended, *_soon_cut_off(end), *heard, *besides)


def _blind(facts: Facts) -> Iterator[Reason]:
    """Why bubbled could not see a call then."""
    if (reason := _not_running(facts)) is not None:
        yield reason
        return
    slept = facts.after[SLEEP]
    if slept is not None and isinstance(slept.fact, Slept) and slept.fact.since <= facts.at:
        yield because.Asleep(slept.fact.since, slept.at)
    if (reason := _cut_off(facts)) is not None:
        yield reason


def _not_running(facts: Facts) -> Reason | None:
    last, later = facts.before[LIFE], facts.after[LIFE]
    if last is None:
        return None
    until = later.at if later is not None and isinstance(later.fact, Began) else None
    if isinstance(last.fact, Stopped):
        return because.NotRunning(last.at, until, is_stopped=True)
    if until is None or any(facts.at < at < until for at in _signs(facts)):
        return None
    sign = max(step.at for step in facts.before if step is not None)
    # The sign of a minute is given when it is over.
    return because.NotRunning(sign, until, is_stopped=False) if facts.at - sign > _SAME else None


def _signs(facts: Facts) -> list[datetime]:
    """When bubbled is known to have run."""
    return [step.at for step in (*facts.before, *facts.around, *facts.after) if step is not None]


def _cut_off(facts: Facts) -> Reason | None:
    began, last, later = facts.before[LIFE], facts.before[LINE], facts.after[LINE]
    until = later.at if later is not None and isinstance(later.fact, Connected) else None
    if began is not None and (last is None or last.at < began.at):
        return because.CutOff(_host(later), began.at, until, _CONNECTING)
    match last and last.fact:
        case Disconnected(host, why, since):
            return because.CutOff(host, since or facts.at, until, why)
        case Rejected(host, why, since):
            return because.CutOff(host, since or facts.at, until, why, is_refused=True)
        case _:
            return None


def _host(step: Step | None) -> str:
    if step is not None and isinstance(step.fact, Connected | Disconnected | Rejected):
        return step.fact.host
    return ""


def _soon_cut_off(facts: Facts) -> Iterator[Reason]:
    later = facts.after[LINE]
    if later is not None and isinstance(later.fact, Disconnected) and later.at - facts.at < _SILENCE:
        yield because.SoonCutOff(later.fact.host, later.at, later.fact.reason)


def _of_calls(facts: Facts) -> Iterator[Reason]:
    near = [call for call in facts.calls if -_EARLIER <= call.at - facts.at < _LATER]
    told = [_of_call(call) for call in sorted(near, key=lambda call: abs(call.at - facts.at))]
    # Who asks has seen no popup: a call that had one is hardly the one that he means.
    yield from sorted(told, key=lambda reason: isinstance(reason, because.WasShown))


def _of_call(call: NearCall) -> Reason:
    decided = [step.fact for step in call.steps if isinstance(step.fact, Decided)]
    if call.popup != SHOWN:
        setting = next((each.setting for each in reversed(decided) if each.popup == call.popup), "")
        return because.KeptBack(call.id, call.who, call.at, call.popup or _("nobody knows why"), setting)
    shown = next((step.fact for step in reversed(call.steps) if isinstance(step.fact, OnScreen)), None)
    if shown is not None:
        return because.WasShown(call.id, call.who, call.at, shown.server or shown.screen, shown.answer)
    failed = next((step.fact for step in reversed(call.steps) if isinstance(step.fact, NotOnScreen)), None)
    if failed is not None:
        return because.NotShown(call.id, call.who, call.at, failed.screen, failed.error)
    return because.WasShown(call.id, call.who, call.at, "", "")


def _is_meant(facts: Facts) -> bool:
    """Whether one of the calls is so near that no other can be meant."""
    return any(-_SAME <= call.at - facts.at < 2 * _SAME for call in facts.calls)


def _heard(facts: Facts) -> Iterator[Reason]:
    """What the PBX told of phones within the minute that is meant, one before and one after."""
    minutes = [
        (step.at, step.fact)
        for step in facts.around
        if isinstance(step.fact, Heard) and -2 * _SAME < step.at - facts.at < 2 * _SAME
    ]
    if not facts.tells_all:
        yield because.OnlyOwnTold(facts.mine)
        return
    mine = frozenset(facts.mine)
    told = [*_own(minutes, mine), *_others(minutes, facts.mine)]
    yield from told or [_nothing(minutes, facts)]


def _nothing(minutes: list[tuple[datetime, Heard]], facts: Facts) -> Reason:
    for at, heard in minutes:
        if heard.callers:
            return because.RangNobody(at, heard.callers, facts.mine)
    return because.NothingRang(facts.at - _SAME, facts.at + 2 * _SAME, facts.mine)


def _own(minutes: list[tuple[datetime, Heard]], mine: frozenset[str]) -> Iterator[Reason]:
    for at, heard in minutes:
        if unreached := tuple(device for device in heard.unreached if device in mine):
            yield because.OwnUnreached(at, unreached)
        if rang := tuple(device for device in heard.rang if device in mine):
            yield because.OwnWithoutCall(at, rang)


def _others(minutes: list[tuple[datetime, Heard]], mine: tuple[str, ...]) -> Iterator[Reason]:
    for at, heard in minutes:
        others = tuple(device for device in heard.rang if device not in mine)
        if others:
            yield because.OthersRang(at, others, heard.others, mine)


def _besides(facts: Facts) -> Iterator[Reason]:
    """What would have kept a popup back, had there been a call."""
    mute, quiet, screen = facts.before[MUTE], facts.before[QUIET], facts.before[SCREEN]
    if mute is not None and isinstance(mute.fact, Muted) and not _is_over(mute.fact, facts.at):
        yield because.WasMuted(mute.fact.since or mute.at)
    if quiet is not None and isinstance(quiet.fact, Quiet) and quiet.fact.reasons:
        yield because.WasQuiet(quiet.fact.reasons)
    if screen is not None and isinstance(screen.fact, ScreenLost):
        yield because.HadNoScreen(screen.fact.trouble)


def _is_over(mute: Muted, at: datetime) -> bool:
    return mute.until is not None and mute.until <= at
