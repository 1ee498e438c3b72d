"""Builds the buttons of the popups from the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bubbled import condition
from bubbled.popup.button import USUAL, ButtonRule
from bubbled.popup.purpose import Call, Choose, Copy, Hush, Mail, Note, Open, Run
from bubbled.template import parse

if TYPE_CHECKING:
    from bubbled.popup.purpose import Purpose
    from bubbled.settings.button import ButtonSettings, MailSettings
    from bubbled.settings.schema import Settings


def buttons(settings: Settings) -> tuple[ButtonRule, ...]:
    """The buttons in the user's order; bubbled's own where the settings say nothing of any."""
    return USUAL if settings.buttons is None else tuple(map(_rule, settings.buttons))


def _rule(button: ButtonSettings) -> ButtonRule:
    when = condition.parse(button.when) if button.when else None
    return ButtonRule.of(button.model_dump_json(), button.label, _purpose(button), when)


def _purpose(button: ButtonSettings) -> Purpose:  # noqa: PLR0911 - one for each thing that a button can do
    """What the button is for; the settings hold that it is one thing."""
    if button.open is not None:
        return Open(parse(button.open))
    if button.mail is not None:
        return _mail(button.mail)
    if button.copy_text is not None:
        return Copy(parse(button.copy_text))
    if button.dial is not None:
        return Call(parse(button.dial))
    if button.run is not None:
        return Run(tuple(map(parse, button.run)))
    if button.mute_min is not None:
        return Hush(button.mute_min)
    return Note() if button.note else Choose()


def _mail(mail: MailSettings) -> Mail:
    return Mail(parse(mail.recipient), parse(mail.subject), parse(mail.body))
