"""How a call ended, in the user's words. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bubbled.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping
    from gettext import NullTranslations


def _(text: str) -> str:
    """Mark a text for the translators, who find it here, before there is a catalogue to ask."""
    return text


_OUTCOMES: Final[Mapping[Outcome, str]] = {
    Outcome.ANSWERED: _("answered"),
    Outcome.MISSED: _("missed"),
    Outcome.ANSWERED_ELSEWHERE: _("answered elsewhere"),
    Outcome.REJECTED: _("declined"),
    Outcome.BUSY: _("busy"),
    Outcome.NO_ANSWER: _("no answer"),
    Outcome.TRANSFERRED: _("transferred"),
    Outcome.PARKED: _("parked"),
    Outcome.FAILED: _("call failed"),
    Outcome.OWN_PHONE_NO_ANSWER: _("your phone was not picked up"),
    Outcome.OWN_PHONE_REJECTED: _("your phone declined"),
}


def ended(outcome: Outcome, catalogue: NullTranslations) -> str:
    """Say it within a sentence: "answered elsewhere"."""
    return catalogue.gettext(_OUTCOMES[outcome])
