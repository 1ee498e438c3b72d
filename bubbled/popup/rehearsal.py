"""Examples of popups: how they look, and in words what their buttons would do. Pure; nothing is done."""

from __future__ import annotations

import shlex
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, assert_never
from urllib.parse import parse_qs, unquote

from bubbled.model import Card, Tone
from bubbled.popup.command import Choose, CopyText, Dial, MuteFor, OpenUri, RunProgram, TakeNote
from bubbled.popup.condition import flags_of
from bubbled.popup.layout import lay_out
from bubbled.popup.purpose import OpenList
from bubbled.popup.text import one_line
from bubbled.popup.variable import Values

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bubbled.popup.button import ButtonRule
    from bubbled.popup.command import Action
    from bubbled.popup.layout import Layout
    from bubbled.popup.subject import Subject

_LONGEST: Final = 300
"""Characters: an address is to be seen whole."""


class Hindrance(StrEnum):
    """Why a button is not on the popup of a call."""

    NONE = ""
    CONDITION = "condition"
    LABEL = "label"
    """Its label says nothing of this call."""
    NOTHING = "nothing"
    """It would do nothing, as all its variables are empty, or what they hold may not be used."""
    TWICE = "twice"
    """The same button stands higher in the list."""
    MISTAKE = "mistake"
    """It is written in a way that makes no button."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A button, tried for a call.

    Attributes:
        id: of the button on the card.
        label: empty where it says nothing of this call.
        outcome: what a press would do, in words; empty where there is none.
    """

    id: str
    label: str
    hindrance: Hindrance
    outcome: str

    @property
    def is_shown(self) -> bool:
        """Whether the popup has it."""
        return self.hindrance is Hindrance.NONE


NO_BUTTON: Final = Rehearsal("", "", Hindrance.MISTAKE, "")


def rehearsed(subject: Subject, layout: Layout, now: datetime) -> tuple[Rehearsal, ...]:
    """Try each button of a layout, also those that are not shown. Nothing is done."""
    values, gettext = Values(subject, layout, now), layout.wording.catalogue.gettext
    seen: set[str] = set()
    tried = []
    for rule in layout.buttons:
        hindrance = Hindrance.TWICE if rule.id in seen else _hindrance(rule, values)
        if hindrance is Hindrance.NONE:
            seen.add(rule.id)
        action = rule.purpose.action(values, "")
        outcome = told(action, gettext) if action else ""
        tried.append(Rehearsal(rule.id, rule.name(values), hindrance, outcome))
    return tuple(tried)


def rehearsal_json(rehearsal: Rehearsal) -> dict[str, Any]:
    """Give one of the `buttons` of `POST /v1/layout/preview`."""
    return {**asdict(rehearsal), "is_shown": rehearsal.is_shown}


def _hindrance(rule: ButtonRule, values: Values) -> Hindrance:
    if rule.when is not None and not rule.when.holds(values, flags_of(values.subject)):
        return Hindrance.CONDITION
    if not rule.name(values):
        return Hindrance.LABEL
    return Hindrance.NONE if rule.purpose.is_offered(values) else Hindrance.NOTHING


def example_card(subject: Subject, layout: Layout, now: datetime) -> Card:
    """Make the card of an invented call. It names no command to type: that would press on a real popup."""
    return replace(lay_out(subject, layout, now), instead="")


def outcome_card(label: str, action: Action | OpenList | None, gettext: Callable[[str], str]) -> Card:
    """Make the card that tells what a press would have done."""
    text = gettext("It would do nothing") if action is None else told(action, gettext)
    return Card(
        headline=one_line(label),
        lines=(one_line(text, _LONGEST),),
        status=gettext("Only an example: nothing was done"),
        tone=Tone.NOTICE,
    )


def told(action: Action | OpenList, gettext: Callable[[str], str]) -> str:
    """Say what an action would do: "It would open https://example.com"."""
    match action:
        case OpenUri(uri) if uri.startswith("mailto:"):
            text, what = gettext("It would begin a mail: {what}"), _mail(uri)
        case OpenUri(what):
            text = gettext("It would open {what}")
        case CopyText(what):
            text = gettext("It would copy: {what}")
        case Dial(what):
            text = gettext("It would call {what}")
        case RunProgram(arguments):
            text, what = gettext("It would run: {what}"), shlex.join(arguments)
        case MuteFor(minutes):
            text, what = gettext("It would mute popups for {what} minutes"), str(minutes)
            text = text if minutes else gettext("It would mute popups until you unmute them")
        case TakeNote():
            text, what = gettext("It would take a note on the call"), ""
        case OpenList() | Choose():
            text, what = gettext("It would list all who have the number"), ""
        case unreachable:
            assert_never(unreachable)
    return text.format(what=what)


def _mail(uri: str) -> str:
    """A mail on one line: to whom, about what, and what it says."""
    recipients, _, query = uri.removeprefix("mailto:").partition("?")
    fields = parse_qs(query)
    body = "".join(fields.get("body", ())).splitlines()
    return " · ".join(filter(None, [unquote(recipients), *fields.get("subject", ()), *body]))
