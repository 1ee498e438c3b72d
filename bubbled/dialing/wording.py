"""What the user is told and asked when a number is to be called, in the user's language. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from gettext import NullTranslations
from typing import TYPE_CHECKING, Final

from bubbled.dialing.destination import Caution, Refusal, Source
from bubbled.model import Button, Card, Failure, Tone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bubbled.dialing.destination import Destination, Reading


def _(text: str) -> str:
    """Mark a text for the translators, who find it here, before there is a catalogue to ask."""
    return text


YES: Final = "call"
NO: Final = "leave"
MOST_CHOICES: Final = 3
"""Of several numbers in one selection; with the button to call none of them, four fit on most desktops."""

_HEADLINES: Final[Mapping[Refusal, str]] = {
    Refusal.NOTHING: _("Nothing is selected"),
    Refusal.TOO_LONG: _("Too much is selected"),
    Refusal.NO_NUMBER: _("No phone number"),
    Refusal.IMPOSSIBLE: _("No such phone number: {about}"),
    Refusal.EXTENSION_NOT_ALLOWED: _("An internal number: {about}"),
    Refusal.CODE_NOT_ALLOWED: _("A code of the PBX: {about}"),
}
_ADVICE: Final[Mapping[Refusal, str]] = {
    Refusal.NOTHING: _("Select a phone number, then try again."),
    Refusal.TOO_LONG: _("Select only the phone number, then try again."),
    Refusal.NO_NUMBER: _("There is none in: {about}"),
    Refusal.IMPOSSIBLE: _("Nobody can have this number. Is it complete?"),
    Refusal.EXTENSION_NOT_ALLOWED: _("The settings do not allow it: see extensions in [dial]."),
    Refusal.CODE_NOT_ALLOWED: _("The settings do not allow it: see codes in [dial]."),
}
_NOT_SELECTED: Final[Mapping[Refusal, tuple[str, str]]] = {
    Refusal.NOTHING: (_("No number is given"), _("Name a phone number, then try again.")),
    Refusal.TOO_LONG: (_("Too long for a number"), _("Name only the phone number, then try again.")),
}
"""What is said otherwise where nobody has selected anything."""

_CODE_IN_LINK: Final = _("A link may never dial a code: it could change what your phone does.")
_QUESTIONS: Final[Mapping[Caution, str]] = {
    Caution.EMERGENCY: _("This is an emergency number. Call it?"),
    Caution.PREMIUM_RATE: _("This number costs extra. Call it?"),
    Caution.SHARED_COST: _("This number may cost extra. Call it?"),
    Caution.ABROAD: _("This number is abroad. Call it?"),
    Caution.PATTERN: _("Your settings ask before this number is called. Call it?"),
    Caution.LINK: _("A link wants to call this number. Call it?"),
}

TOO_MANY_QUESTIONS: Final = _(
    "Links have opened several questions already, so nobody was called; answer or close those first."
)
DEFECT: Final = _("Nobody was called, by a defect of bubbled; its log tells more.")

_CLAUSE = re.compile(r"[:;.] ")
"""What stands behind it says what to do, or tells more."""

_FAILURES: Final[Mapping[Failure, str]] = {
    Failure.NOT_CONNECTED: "there is no connection to the PBX; `bubbled status` tells why",
    Failure.NOT_PERMITTED: (
        "the PBX account may not place calls; ask the PBX administrator for write = originate in manager.conf"
    ),
    Failure.NUMBER_REFUSED: (
        "the PBX does not take this number in the context of [dial] in the settings; check number and context"
    ),
    Failure.PHONE_UNREGISTERED: "{phone} is not registered with the PBX; switch it on and connect it",
    Failure.PHONE_UNKNOWN: "the PBX does not know {phone}; `bubbled device` lists your phones",
    Failure.PBX_REFUSED: "the PBX cannot make {phone} ring; its log tells more",
}
_UNKNOWN: Final = (
    "It is not known whether {number} was called: the PBX did not answer. It is not repeated; look at your "
    "phone before you try again."
)


def failed(failure: Failure | None, *, number: str, phone: str) -> str:
    """Say why nothing came of a call, in English for the command line; what a popup says stands there.

    Args:
        failure: why; None is one that this version does not know.
        number: as one reads it.
        phone: what the user calls the phone that was to ring.
    """
    if failure is Failure.UNKNOWN:
        return _UNKNOWN.format(number=number)
    reason = "the PBX did not say why" if failure is None else _FAILURES[failure]
    return f"{number} was not called: {reason.format(phone=phone)}."


@dataclass(frozen=True, slots=True)
class Sentences:
    """Says things about numbers in one language.

    Attributes:
        catalogue: the translations; English without one.
        program: what the user types before `dial`, to speak to this daemon and no other.
    """

    catalogue: NullTranslations = field(default_factory=NullTranslations)
    program: str = "bubbled"

    def refusal(self, reading: Reading, source: Source) -> Card:
        """Say why nobody is called."""
        gettext = self.catalogue.gettext
        refusal = reading.refusal or Refusal.NO_NUMBER
        headline, advice = _HEADLINES[refusal], _ADVICE[refusal]
        if source is not Source.SELECTION:
            headline, advice = _NOT_SELECTED.get(refusal, (headline, advice))
        if refusal is Refusal.CODE_NOT_ALLOWED and source is Source.LINK:
            advice = _CODE_IN_LINK
        about = {"about": reading.about}
        return self._notice(gettext(headline).format(**about), gettext(advice).format(**about))

    def trouble(self, reason: str) -> Card:
        """Say why nobody is called, in the words of an error; those without a translation stay English."""
        headline, *advice = _CLAUSE.split(self.catalogue.gettext(reason), maxsplit=1)
        return self._notice(headline, *(line[0].upper() + line[1:] for line in advice))

    def _notice(self, headline: str, *lines: str) -> Card:
        return Card(headline, lines, self.catalogue.gettext("Nobody was called"), Tone.NOTICE)

    def question(self, destination: Destination, typed: str) -> Card:
        """Ask whether to call; `typed` is what calls the same number after `bubbled dial`."""
        gettext = self.catalogue.gettext
        return Card(
            headline=destination.shown,
            lines=(),
            status=gettext(_QUESTIONS[destination.ask or Caution.LINK]),
            tone=Tone.QUESTION,
            buttons=(Button(YES, gettext("Call")), Button(NO, gettext("Do not call"))),
            instead=gettext("To call it: {program} dial --yes {number}").format(
                program=self.program, number=typed
            ),
        )

    def choice(self, destinations: Sequence[Destination]) -> Card:
        """Ask which of several numbers to call."""
        gettext = self.catalogue.gettext
        offered = destinations[:MOST_CHOICES]
        buttons = [Button(f"{YES}_{at}", each.shown) for at, each in enumerate(offered)]
        return Card(
            headline=gettext("Which number?"),
            lines=(),
            status=gettext("Several numbers are selected"),
            tone=Tone.QUESTION,
            buttons=(*buttons, Button(NO, gettext("Do not call"))),
            instead=gettext("{numbers}: select only the one that you want.").format(
                numbers=" · ".join(each.shown for each in offered)
            ),
        )
