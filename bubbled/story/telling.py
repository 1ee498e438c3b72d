"""Each step of a story as one sentence, in the user's language. Pure.

Clock times are told in the zone of the moments themselves; `Step.local` puts them into the computer's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never

from bubbled.story import circumstance as around
from bubbled.story import fact as told
from bubbled.story.circumstance import OfAll
from bubbled.story.verdict import SHOWN, no_popup
from bubbled.story.wording import _, clock, english, listed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bubbled.story.fact import OfCall
    from bubbled.story.step import Step
    from bubbled.story.wording import Gettext

_STATES: Final[Mapping[str, str]] = {
    "ringing": _("{device} rings: {who} calls"),
    "own phone rings": _("{device} rings for your own call to {who}"),
    "dialling": _("{device} calls {who}"),
    "talking": _("{device} talks with {who}"),
    "held": _("{device} has {who} on hold"),
}
_WAYS: Final[Mapping[str, str]] = {
    "queue": _("by the queue {name}"),
    "ring_group": _("by the ring group {name}"),
    "forward": _("forwarded by {name}"),
    "transfer": _("transferred by {name}"),
    "pickup": _("picked up from {name}"),
    "park": _("fetched from parking {name}"),
    "click_to_call": _("by a click"),
}
_REPLIES: Final[Mapping[str, str]] = {
    "hit": _("it knows the number"),
    "miss": _("it does not know the number"),
    "error": _("it failed"),
    "timeout": _("it did not answer in time"),
    "cancelled": _("a better placed directory was quicker"),
    "breaker": _("it rests after failures, and was not asked"),
    "refused": _("it does not accept the account"),
    "not asked": _("it was not asked"),
}
_OUTCOMES: Final[Mapping[str, str]] = {
    "answered": _("The call ended."),
    "missed": _("The call ended: nobody answered it."),
    "answered_elsewhere": _("The call ended: somebody else answered it."),
    "rejected": _("The call ended: it was declined."),
    "busy": _("The call ended: busy."),
    "no_answer": _("The call ended: no answer."),
    "transferred": _("The call ended here: it was transferred."),
    "parked": _("The call ended here: it was parked."),
    "failed": _("The call failed."),
    "own_phone_no_answer": _("The call ended: your own phone was not picked up."),
    "own_phone_rejected": _("The call ended: your own phone declined."),
}


def tell(step: Step, gettext: Gettext = english) -> str:
    """Say what happened, in one line without its time; whoever shows it escapes the names in it."""
    what = step.fact
    text = _of_all(what, step.at, gettext) if isinstance(what, OfAll) else _of_call(what, gettext)
    return " ".join(text.split())


def _of_call(what: OfCall, gettext: Gettext) -> str:  # noqa: C901, PLR0911, PLR0912 - one case for each kind
    match what:
        case told.Seen():
            return _seen(what, gettext)
        case told.AlsoRang(devices):
            return gettext("These phones rang for it: {devices}.").format(devices=listed(devices))
        case told.Decided(popup, setting):
            return gettext("It has a popup.") if popup == SHOWN else no_popup(popup, setting, gettext)
        case told.NobodyAsked():
            return gettext("No directory was asked: the number is withheld, unknown or too short.")
        case told.Asked():
            return _asked(what, gettext)
        case told.Found():
            return _found(what, gettext)
        case told.NobodyKnows():
            return gettext("No directory knows the number.")
        case told.Chosen(who):
            return gettext("You chose {who}.").format(who=who) if who else gettext("You chose who it is.")
        case told.OnScreen():
            return _on_screen(what, gettext)
        case told.NotOnScreen(screen, error):
            return gettext("{screen} did not show the popup: {error}").format(screen=screen, error=error)
        case told.Changed():
            return gettext("The popup was changed to say so.")
        case told.Answered(device):
            return gettext("Answered on {device}.").format(device=device)
        case told.Held():
            return gettext("On hold.")
        case told.Resumed():
            return gettext("No longer on hold.")
        case told.OtherParty():
            return _other_party(what, gettext)
        case told.Dismissed():
            return gettext("You closed the popup.")
        case told.Pressed(label):
            text = gettext("You pressed “{label}”.") if label else gettext("You pressed a button.")
            return text.format(label=label)
        case told.Recalled():
            return gettext("You asked for the popup once more.")
        case told.Closed():
            return gettext("The popup was taken away.")
        case told.Ended():
            return _ended(what, gettext)
        case told.NoMoreTold():
            return gettext("So much happened to this call that the rest is left out.")
        case unreachable:
            assert_never(unreachable)


def _of_all(what: OfAll, at: datetime, gettext: Gettext) -> str:  # noqa: C901, PLR0911, PLR0912 - as above
    match what:
        case around.Began(version):
            return gettext("bubbled {version} was started.").format(version=version)
        case around.Stopped():
            return gettext("bubbled was stopped.")
        case around.Connected(host, times):
            return gettext("Connected to the PBX {host}.").format(host=host) + _again(times, gettext)
        case around.Disconnected(host, reason, _since, times):
            text = gettext("No connection to the PBX {host}: {reason}").format(host=host, reason=reason)
            return text + _again(times, gettext)
        case around.Rejected(host, reason, _since, times):
            text = gettext("The PBX {host} refuses bubbled: {reason}").format(host=host, reason=reason)
            return text + _again(times, gettext)
        case around.Muted(None):
            return gettext("Popups were muted until you unmute them.")
        case around.Muted(until):
            return gettext("Popups were muted until {time}.").format(time=clock(until, at) if until else "")
        case around.Unmuted():
            return gettext("Popups were shown again.")
        case around.Quiet(()):
            return gettext("The desktop did not mind popups any more.")
        case around.Quiet(reasons):
            text = gettext("The desktop wanted no popups: {reasons}.")
            return text.format(reasons=listed([gettext(reason) for reason in reasons]))
        case around.ScreenChanged(screen):
            return gettext("Popups went to this screen from then on: {screen}.").format(screen=screen)
        case around.ScreenLost(screen, trouble):
            return gettext("No screen: {trouble}").format(screen=screen, trouble=trouble)
        case around.SettingsApplied():
            return gettext("The settings were read and hold from then on.")
        case around.SettingsRefused(reason):
            return gettext("The settings were refused, the old ones stayed: {reason}").format(reason=reason)
        case around.Slept(since):
            return gettext("The computer was asleep since {time}.").format(time=clock(since, at))
        case around.Heard():
            return _heard(what, gettext)
        case unreachable:
            assert_never(unreachable)


def _party(number: str | None, name: str | None, gettext: Gettext) -> str:
    if number and name:
        return f"{name} ({number})"
    return number or name or gettext("an unknown number")


def _seen(what: told.Seen, gettext: Gettext) -> str:
    who = _party(what.number, what.name, gettext)
    is_own = what.state == "ringing" and what.direction == "outbound"
    text = gettext(_STATES.get("own phone rings" if is_own else what.state, "{device}: {who}"))
    text = text.format(device=what.device, who=who)
    way = gettext(_WAYS.get(what.via or "", "")) if what.via in _WAYS else ""
    told_way = way.format(name=what.via_name or "").strip()
    return f"{text}, {told_way}." if told_way else f"{text}."


def _asked(what: told.Asked, gettext: Gettext) -> str:
    reply = gettext(_REPLIES.get(what.outcome, what.outcome))
    text = (
        gettext("{place}. {directory}: {reply} (remembered from before).")
        if what.cached
        else gettext("{place}. {directory}: {reply} ({ms} ms).")
        if what.ms
        else gettext("{place}. {directory}: {reply}.")
    )
    words = text.format(place=what.place, directory=what.directory, reply=reply, ms=f"{what.ms:.1f}")
    if what.error:
        return f"{words} {what.error}"
    return f"{words.removesuffix('.')}: {what.remark.removesuffix('.')}." if what.remark else words


def _found(what: told.Found, gettext: Gettext) -> str:
    if not what.who:
        text = gettext("Found in {directory}, whose terms forbid to remember the name.")
    elif what.probable:
        text = gettext("Probably {who}, says {directory}.")
    else:
        text = gettext("It is {who}, says {directory}.")
    words = text.format(who=what.who, directory=what.directory)
    if what.choice:
        words += " " + gettext("{count} have this number: you may choose.").format(count=what.choice)
    return words


def _on_screen(what: told.OnScreen, gettext: Gettext) -> str:
    by = f"{what.screen}: {what.server}" if what.server else what.screen
    if what.answer:
        text = gettext("The popup was shown by {screen} after {ms} ms; it answered: {answer}.")
    else:
        text = gettext("The popup was shown by {screen} after {ms} ms.")
    return text.format(screen=by, ms=f"{what.ms:.1f}", answer=what.answer)


def _other_party(what: told.OtherParty, gettext: Gettext) -> str:
    who = _party(what.number, what.name, gettext)
    if what.by is not None:
        return gettext("{by} transferred the call: on the line is {who} now.").format(by=what.by, who=who)
    return gettext("On the line is {who} now.").format(who=who)


def _ended(what: told.Ended, gettext: Gettext) -> str:
    unseen = _("The call ended unseen: bubbled or its connection was gone.")
    text = gettext(unseen if what.outcome is None else _OUTCOMES.get(what.outcome, _("The call ended.")))
    return f"{text} ({what.other})" if what.other else text


def _heard(what: around.Heard, gettext: Gettext) -> str:
    parts = []
    if what.rang:
        parts.append(gettext("Within this minute rang: {devices}.").format(devices=listed(what.rang)))
    if what.others:
        parts.append(gettext("{count} more devices rang.").format(count=what.others))
    if what.unreached:
        text = gettext("The PBX could not make these ring: {devices}.")
        parts.append(text.format(devices=listed(what.unreached)))
    if not parts and what.callers:
        text = gettext("Calls for which no phone rang: {count}.")
        parts.append(text.format(count=what.callers))
    return " ".join(parts) or gettext("bubbled was running, and no phone rang.")


def _again(times: int, gettext: Gettext) -> str:
    return " " + gettext("({times} times within a minute)").format(times=times) if times > 1 else ""
