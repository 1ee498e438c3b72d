"""What the user is told when a button did not do what it is for, and asked for a note. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from gettext import NullTranslations
from typing import TYPE_CHECKING, Final

from bubbled.action.port import ActionError, Trouble
from bubbled.model import Card, Tone

if TYPE_CHECKING:
    from collections.abc import Mapping


def _(text: str) -> str:
    """Mark a text for the translators, who find it here, before there is a catalogue to ask."""
    return text


_SENTENCES: Final[Mapping[Trouble, tuple[str, str]]] = {
    Trouble.NO_DESKTOP: (
        _("No desktop is found"),
        _("Let your desktop run: systemctl --user import-environment DISPLAY WAYLAND_DISPLAY XAUTHORITY"),
    ),
    Trouble.NO_OPENER: (_("Not opened: xdg-open is missing"), _("Install the package xdg-utils.")),
    Trouble.NOT_OPENED: (
        _('Not opened: your desktop opens no "{about}"'),
        _("Choose a program for it in the settings of your desktop."),
    ),
    Trouble.NO_PROGRAM: (
        _("Not run: there is no program {about}"),
        _("Install it, or mend run of this button in the settings."),
    ),
    Trouble.CANNOT_START: (
        _("Not run: {about}"),
        _("Mend the program, or run of this button in the settings."),
    ),
    Trouble.PROGRAM_FAILED: (
        _("The program failed: {about}"),
        _("Run it in a terminal to see what it says."),
    ),
    Trouble.NO_CLIPBOARD: (_("Not copied: {about} is missing"), _("Install the package wl-clipboard.")),
    Trouble.NOT_COPIED: (_("Not copied: {about}"), _("Try again; bubbled doctor tells more.")),
    Trouble.NOBODY_ASKS: (
        _("Nothing here can ask for a note"),
        _('Install zenity or kdialog, or type: {program} note "..."'),
    ),
}


@dataclass(frozen=True, slots=True)
class Sentences:
    """Says things about actions in one language.

    Attributes:
        catalogue: the translations; English without one.
        program: what the user types to speak to this daemon and no other.
    """

    catalogue: NullTranslations = field(default_factory=NullTranslations)
    program: str = "bubbled"

    def trouble(self, error: ActionError) -> Card:
        """Tell what was not done, and what to do about it."""
        what, remedy = (self.catalogue.gettext(each) for each in _SENTENCES[error.trouble])
        return self._notice(what.format(about=error.about), remedy.format(program=self.program))

    def not_noted(self, reason: str) -> Card:
        """Tell why a note was not taken, in the words of an error."""
        return self._notice(self.catalogue.gettext("The note was not taken"), reason)

    def partly_noted(self, reason: str) -> Card:
        """Tell that a note is kept here, but not everywhere where the user wants it."""
        return self._notice(self.catalogue.gettext("The note is kept here only"), reason)

    def unknown_call(self) -> Card:
        """Tell that there is nothing to take a note on."""
        return self.not_noted(self.catalogue.gettext("This call is not in the history (any more)."))

    def defect(self) -> Card:
        """Tell that nothing came of a press by a fault of bubbled's own."""
        gettext = self.catalogue.gettext
        return self._notice(gettext("Not done, by a defect of bubbled"), gettext("The log tells more."))

    def note_title(self, whom: str) -> str:
        """The title of the window that asks for a note: "Note: Jan Jansen"."""
        gettext = self.catalogue.gettext
        return gettext("Note: {whom}").format(whom=whom) if whom else gettext("Note")

    def note_prompt(self) -> str:
        """What that window asks."""
        return self.catalogue.gettext("Note on this call")

    def _notice(self, headline: str, *lines: str) -> Card:
        return Card(headline, lines, self.catalogue.gettext("A button of a popup"), Tone.NOTICE)
