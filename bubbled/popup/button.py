"""The buttons of a popup: which are there, and what each of them does. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bubbled.model import Button, CallState, Failure
from bubbled.popup.command import Dial

if TYPE_CHECKING:
    from collections.abc import Callable

    from bubbled.popup.command import Action
    from bubbled.popup.subject import Subject
    from bubbled.popup.wording import Wording

CALL: Final = "call"
"""The id of the button that calls the party of a call that is over."""

CHOOSE: Final = "choose"
"""The id of the button that turns a card into a list of all who have the number."""


@dataclass(frozen=True, slots=True)
class OpenList:
    """Turn the card into the list of all who have the number."""


def shown(subject: Subject, wording: Wording, may_dial: Callable[[str], bool]) -> tuple[Button, ...]:
    """Give the buttons of a card, most important first."""
    buttons = []
    if _may_call(subject, may_dial):
        buttons.append(Button(CALL, wording.call_again(subject.call)))
    if subject.finding.has_choice:
        buttons.append(Button(CHOOSE, wording.choose()))
    return tuple(buttons)


def act(subject: Subject, button: str, may_dial: Callable[[str], bool]) -> Action | OpenList | None:
    """Say what a button of a card does; None when it is not on the card (any more)."""
    number = subject.call.e164 or subject.call.number
    if button == CALL and number and _may_call(subject, may_dial):
        return Dial(number)
    return OpenList() if button == CHOOSE and subject.finding.has_choice else None


def _may_call(subject: Subject, may_dial: Callable[[str], bool]) -> bool:
    """Whether the party of a call that is over may be called again; not where that may be the second time."""
    call = subject.call
    is_possible = call.e164 is not None or (call.internal and may_dial(call.number or ""))
    return call.state is CallState.ENDED and is_possible and call.failure is not Failure.UNKNOWN
