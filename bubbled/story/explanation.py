"""Each reason in a sentence or two, with what to do about it, in the user's language. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from bubbled.story.reason import (
    Asleep,
    CutOff,
    HadNoScreen,
    KeptBack,
    NothingRang,
    NotRemembered,
    NotRunning,
    NotShown,
    OnlyOwnTold,
    OthersRang,
    OwnUnreached,
    OwnWithoutCall,
    RangNobody,
    SoonCutOff,
    ToCome,
    WasMuted,
    WasQuiet,
    WasShown,
)
from bubbled.story.verdict import no_popup
from bubbled.story.wording import Gettext, clock, english, listed

if TYPE_CHECKING:
    from datetime import datetime

    from bubbled.story.reason import Reason


def explain(reason: Reason, at: datetime, gettext: Gettext = english) -> str:  # noqa: C901, PLR0911, PLR0912 - one case for each
    """Say why, in a sentence or two.

    Args:
        reason: moments in it are told in their own zone.
        at: the moment that is asked about; what is of another day names its day.
        gettext: translates.
    """
    match reason:
        case ToCome():
            return gettext("That moment is still to come.")
        case NotRemembered(None):
            return gettext("Nothing is remembered: bubbled has kept no record yet.")
        case NotRemembered(since):
            text = gettext("That is longer ago than bubbled remembers: it knows of nothing before {time}.")
            return text.format(time=clock(since, at) if since else "")
        case NotRunning():
            return _not_running(reason, at, gettext)
        case Asleep(since, until):
            text = gettext("The computer was asleep from {since} to {until}.")
            return text.format(since=clock(since, at), until=clock(until, at))
        case CutOff():
            return _cut_off(reason, at, gettext)
        case SoonCutOff(host, broke, why):
            text = gettext(
                "The connection to the PBX {host} broke at {time}, and what the PBX said just before may be "
                "lost: {why}"
            )
            return text.format(host=host, time=clock(broke, at), why=why)
        case KeptBack():
            return _kept_back(reason, at, gettext)
        case NotShown():
            return _not_shown(reason, at, gettext)
        case WasShown():
            return _was_shown(reason, at, gettext)
        case WasMuted(since):
            return gettext("Popups were muted since {time}.").format(time=clock(since, at))
        case WasQuiet(reasons):
            text = gettext("The desktop wanted no popups: {reasons}.")
            return text.format(reasons=listed([gettext(each) for each in reasons]))
        case HadNoScreen(trouble):
            return gettext("No screen could show popups: {trouble}").format(trouble=trouble)
        case OwnUnreached(then, devices):
            text = gettext(
                "At {time} the PBX wanted {devices} to ring, but could not: it was busy, switched off or not "
                "registered."
            )
            return text.format(time=clock(then, at), devices=listed(devices))
        case OwnWithoutCall(then, devices):
            text = gettext("At {time} {devices} rang, but for no call that the PBX told bubbled of.")
            return text.format(time=clock(then, at), devices=listed(devices))
        case OthersRang():
            return _others_rang(reason, at, gettext)
        case NothingRang(since, until, mine):
            text = gettext(
                "Your phone did not ring: from {since} to {until} the PBX told of no call to {mine}, nor to "
                "any other phone. A phone that is switched off or not registered does not ring either: "
                "`bubbled device` tells how yours is."
            )
            return text.format(since=clock(since, at), until=clock(until, at), mine=listed(mine))
        case RangNobody(then, callers, mine):
            text = gettext(
                "At {time} the PBX told of calls ({count}) for which no phone rang, neither {mine} nor "
                "another. Such a call may have gone to a menu, a queue, voicemail, or to a phone that is not "
                "registered: `bubbled device` tells how yours is."
            )
            return text.format(time=clock(then, at), count=callers, mine=listed(mine))
        case OnlyOwnTold(mine):
            text = gettext(
                "Your phone did not ring: the PBX told of no call to {mine}. By SIP it tells of no other "
                "phone."
            )
            return text.format(mine=listed(mine))
        case unreachable:
            assert_never(unreachable)


def _not_running(reason: NotRunning, at: datetime, gettext: Gettext) -> str:
    since, until = clock(reason.since, at), clock(reason.until, at) if reason.until else ""
    if reason.until is None:
        text = gettext("bubbled was not running: it was stopped at {since}.")
    elif reason.is_stopped:
        text = gettext("bubbled was not running: it was stopped at {since} and started again at {until}.")
    else:
        text = gettext(
            "bubbled was perhaps not running: its last sign was at {since}, it ended without a word (a "
            "crash, a power cut), and was started again at {until}."
        )
    return text.format(since=since, until=until)


def _cut_off(reason: CutOff, at: datetime, gettext: Gettext) -> str:
    if reason.is_refused:
        text = gettext("The PBX {host} has refused bubbled since {since}: {why}")
    elif reason.until is None:
        text = gettext("There was no connection to the PBX {host} since {since}: {why}")
    else:
        text = gettext("There was no connection to the PBX {host} from {since} to {until}: {why}")
    until = clock(reason.until, at) if reason.until else ""
    return text.format(host=reason.host, since=clock(reason.since, at), until=until, why=reason.why)


def _kept_back(reason: KeptBack, at: datetime, gettext: Gettext) -> str:
    text = gettext("There was a call with {who} at {time}.")
    told = text.format(who=_name(reason.who, gettext), time=clock(reason.at, at))
    return f"{told} {no_popup(reason.popup, reason.setting, gettext)}"


def _not_shown(reason: NotShown, at: datetime, gettext: Gettext) -> str:
    text = gettext("There was a call with {who} at {time}, but {screen} did not show its popup: {error}")
    who, time = _name(reason.who, gettext), clock(reason.at, at)
    return text.format(who=who, time=time, screen=reason.screen, error=reason.error)


def _was_shown(reason: WasShown, at: datetime, gettext: Gettext) -> str:
    if reason.answer:
        text = gettext(
            "There was a call with {who} at {time}, and its popup was shown: {screen} answered {answer}. If "
            "you did not see it, look at how your desktop shows notifications, or set popup.screen."
        )
    elif reason.screen:
        text = gettext(
            "There was a call with {who} at {time}, and its popup was shown by {screen}. If you did not see "
            "it, look whether another window or monitor hides it, or set popup.screen."
        )
    else:
        text = gettext("There was a call with {who} at {time}, and its popup was shown.")
    who, time = _name(reason.who, gettext), clock(reason.at, at)
    return text.format(who=who, time=time, screen=reason.screen, answer=reason.answer)


def _name(who: str, gettext: Gettext) -> str:
    return who or gettext("an unknown number")


def _others_rang(reason: OthersRang, at: datetime, gettext: Gettext) -> str:
    if len(reason.devices) == 1 and not reason.others:
        text = gettext(
            "At {time} the PBX told of a call ringing at {devices}, which is not one of your devices "
            "({mine}). "
            "If it is your phone, add it to me.devices."
        )
    else:
        text = gettext(
            "At {time} the PBX told of calls ringing at {devices}, none of which is one of your devices "
            "({mine}). If one is your phone, add it to me.devices."
        )
    more = gettext("and {count} more").format(count=reason.others) if reason.others else ""
    devices = " ".join(filter(None, [listed(reason.devices), more]))
    return text.format(time=clock(reason.at, at), devices=devices, mine=listed(reason.mine))
