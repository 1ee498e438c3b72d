"""The buttons of a popup: which are there, in which order, and what each of them does. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from bubbled.condition import parse as parse_condition
from bubbled.model import Button
from bubbled.popup.condition import flags_of
from bubbled.popup.filling import line
from bubbled.popup.purpose import CallAgain, CallbackMail, Choose, Copy, Note, Open
from bubbled.template import parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bubbled.condition import Condition
    from bubbled.popup.command import Action
    from bubbled.popup.purpose import OpenList, Purpose
    from bubbled.popup.variable import Values
    from bubbled.popup.wording import Wording

CALL: Final = "call"
"""The id of the usual button that calls the party of a call that is over."""

CHOOSE: Final = "choose"
"""The id of the usual button that turns a card into a list of all who have the number."""

_LONGEST_LABEL: Final = 40
_MOST_NAMED: Final = 3
_IS_STRANGER: Final = "not matched and not internal and $number_e164"
_SEARCH: Final = "https://duckduckgo.com/?q=%22$number_formatted%22"


@dataclass(frozen=True, slots=True)
class ButtonRule:
    """A button, the condition under which it is shown, and what it does.

    Attributes:
        id: the same for as long as the rule is the same, so that a press never does what another rule says.
        label: a template; of bubbled's own buttons a text to be translated.
        is_usual: whether it is one of those.
    """

    id: str
    label: str
    purpose: Purpose
    when: Condition | None = None
    is_usual: bool = False

    @classmethod
    def of(cls, origin: str, label: str, purpose: Purpose, when: Condition | None) -> Self:
        """Make a rule of the user's; `origin` is how the settings write it, from which its id comes."""
        return cls(f"user_{hashlib.sha256(origin.encode()).hexdigest()[:16]}", label, purpose, when)

    def name(self, values: Values) -> str:
        """What the button says; empty when it says nothing of this call."""
        if self.is_usual:
            return values.layout.wording.catalogue.gettext(self.label)
        return line(self.label, values, _LONGEST_LABEL)

    def is_shown(self, values: Values, flags: frozenset[str]) -> bool:
        """Whether the button may be on the card: its condition holds, and it has a name."""
        return (self.when is None or self.when.holds(values, flags)) and bool(self.name(values))


def shown(rules: Sequence[ButtonRule], values: Values) -> tuple[Button, ...]:
    """Give the buttons of a card, most important first; none that would do nothing."""
    flags = flags_of(values.subject)
    buttons = {}
    for rule in rules:
        if rule.id not in buttons and rule.is_shown(values, flags) and rule.purpose.is_offered(values):
            buttons[rule.id] = Button(rule.id, rule.name(values), rule.purpose.asks(values.layout.wording))
    return tuple(buttons.values())


def act(rules: Sequence[ButtonRule], values: Values, button: str, text: str) -> Action | OpenList | None:
    """Say what a press on a button does, with what the user typed; None when it is not there (any more)."""
    flags = flags_of(values.subject)
    there = (rule for rule in rules if rule.id == button and rule.is_shown(values, flags))
    return next((action for rule in there if (action := rule.purpose.action(values, text))), None)


def how_to_press(buttons: Sequence[Button], wording: Wording) -> str:
    """What to type where no button can be pressed: "bubbled press 1: Open in CRM · 2: Note"."""
    named = " · ".join(f"{number}: {button.label}" for number, button in enumerate(buttons[:_MOST_NAMED], 1))
    return f"{wording.program} press {named}" if named else ""


def _(text: str) -> str:
    """Mark a text for the translators, who find it here, before there is a catalogue to ask."""
    return text


def _usual(button_id: str, label: str, purpose: Purpose, when: str) -> ButtonRule:
    return ButtonRule(button_id, label, purpose, parse_condition(when), is_usual=True)


USUAL: Final = (
    _usual(CALL, _("Call back"), CallAgain(), "inbound and ended"),
    _usual(CALL, _("Call again"), CallAgain(), "outbound and ended"),
    _usual(CHOOSE, _("Choose…"), Choose(), "several"),
    _usual("page", _("Open in CRM"), Open(parse("$url")), "matched"),
    _usual("search", _("Search web"), Open(parse(_SEARCH)), _IS_STRANGER),
    _usual("note", _("Note"), Note(), "not failed"),
    _usual("copy", _("Copy number"), Copy(parse("$number_e164")), "not internal"),
    _usual("mail", _("Callback mail"), CallbackMail(), "inbound and not internal"),
)
"""bubbled's own buttons, where the user has none: what one most likely wants is among the first three.

A missed call is called back, a customer looked up, a stranger searched for; and a note is always at hand.
"""
