"""What buttons are for, as the settings say it, and the action that comes of it for one call. Pure.

Each purpose gives None where it makes no sense, because its variables are all empty or what comes out may
not be done. Its button is not shown then.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from bubbled.model import CallState, Failure
from bubbled.popup import uri
from bubbled.popup.command import CopyText, Dial, MuteFor, OpenUri, RunProgram, TakeNote
from bubbled.popup.filling import fill
from bubbled.popup.text import one_line
from bubbled.template import parse

if TYPE_CHECKING:
    from bubbled.popup.command import Action
    from bubbled.popup.variable import Values
    from bubbled.popup.wording import Wording
    from bubbled.template import Template

_LONGEST: Final = 4000
"""Characters of a text for the clipboard or a program."""

_OPTION: Final = re.compile(r"(?:[- ]|\+(?![\d() .-]+\Z))+")
"""What begins an option; also a plus, behind which editors take commands, but not that of a number."""


def _(text: str) -> str:
    """Mark a text for the translators, who find it here, before there is a catalogue to ask."""
    return text


_CALLBACK: Final = _(
    "Please call back:\n\n$who\n$company\n$number_formatted\n\nCalled on $date at $time.\n$via\n$note\n"
)


@dataclass(frozen=True, slots=True)
class OpenList:
    """Turn the card into the list of all who have the number."""


class Purpose(Protocol):
    """What a button is for."""

    def is_offered(self, values: Values) -> bool:
        """Whether a press would do anything: asked for each card of a call, while the popup is in a hurry."""

    def action(self, values: Values, text: str) -> Action | OpenList | None:
        """Say what a press does, with the text that the user typed where the button asks for one."""

    def asks(self, wording: Wording) -> str:
        """What the user is to type with a press; empty: nothing."""


class _AsksNothing(ABC):
    """Takes no more than a press, and makes sense where anything comes of that."""

    __slots__ = ()

    def is_offered(self, values: Values) -> bool:
        """See the port."""
        return self.action(values, "") is not None

    def asks(self, wording: Wording) -> str:  # noqa: ARG002 - the port's
        """See the port."""
        return ""

    @abstractmethod
    def action(self, values: Values, text: str) -> Action | OpenList | None:
        """See the port."""


@dataclass(frozen=True, slots=True)
class Open(_AsksNothing):
    """Opens a page, or another address that the desktop knows how to open."""

    address: Template

    def action(self, values: Values, text: str) -> OpenUri | None:  # noqa: ARG002 - the port's
        """See the port."""
        found = uri.address(self.address, values) if _has_values(values, self.address) else ""
        return OpenUri(found) if found else None


@dataclass(frozen=True, slots=True)
class Mail(_AsksNothing):
    """Begins a mail, which the user sends."""

    recipient: Template
    subject: Template
    body: Template

    def is_offered(self, values: Values) -> bool:
        """See the port."""
        return _has_values(values, self.recipient, self.subject, self.body)

    def action(self, values: Values, text: str) -> OpenUri | None:  # noqa: ARG002 - the port's
        """See the port."""
        if not self.is_offered(values):
            return None
        return OpenUri(uri.mail(self.recipient, self.subject, self.body, values))


@dataclass(frozen=True, slots=True)
class CallbackMail(_AsksNothing):
    """Begins a mail that asks a colleague to call back, in the user's language."""

    def is_offered(self, values: Values) -> bool:
        """See the port."""
        return bool(values["number_e164"])

    def action(self, values: Values, text: str) -> OpenUri | None:
        """See the port."""
        if not self.is_offered(values):
            return None
        gettext = values.layout.wording.catalogue.gettext
        subject = gettext("Please call back $who")
        body = gettext(_CALLBACK)
        return Mail(parse(""), parse(subject), parse(body)).action(values, text)


@dataclass(frozen=True, slots=True)
class Copy(_AsksNothing):
    """Puts one line on the clipboard."""

    what: Template

    def action(self, values: Values, text: str) -> CopyText | None:  # noqa: ARG002 - the port's
        """See the port."""
        found = one_line(fill(self.what, values), _LONGEST) if _has_values(values, self.what) else ""
        return CopyText(found) if found else None


@dataclass(frozen=True, slots=True)
class Call(_AsksNothing):
    """Calls a number, by the rules that hold for every call that bubbled places; where that is possible."""

    number: Template

    def action(self, values: Values, text: str) -> Dial | None:  # noqa: ARG002 - the port's
        """See the port."""
        found = fill(self.number, values).strip() if _has_values(values, self.number) else ""
        return Dial(found) if found and values.layout.can_dial else None


@dataclass(frozen=True, slots=True)
class CallAgain(_AsksNothing):
    """Calls the party of a call that is over; not where that may be the second time."""

    def action(self, values: Values, text: str) -> Dial | None:  # noqa: ARG002 - the port's
        """See the port."""
        call, may_dial = values.call, values.layout.may_dial
        number = call.e164 or call.number or ""
        is_possible = call.e164 is not None or (call.internal and may_dial(number))
        is_over = call.state is CallState.ENDED and call.failure is not Failure.UNKNOWN
        return Dial(number) if number and is_over and is_possible and values.layout.can_dial else None


@dataclass(frozen=True, slots=True)
class Run(_AsksNothing):
    """Starts a program; its name is as written, and a value begins no argument with the sign of an option.

    An argument that the template leaves to a variable could else be an option of the program.
    """

    arguments: tuple[Template, ...]

    def action(self, values: Values, text: str) -> RunProgram | None:  # noqa: ARG002 - the port's
        """See the port."""
        if not _has_values(values, *self.arguments):
            return None
        return RunProgram(tuple(_argument(each, values) for each in self.arguments))


@dataclass(frozen=True, slots=True)
class Hush(_AsksNothing):
    """Mutes popups for so many minutes; 0: until unmuted."""

    minutes: int

    def action(self, values: Values, text: str) -> MuteFor:  # noqa: ARG002 - the port's
        """See the port."""
        return MuteFor(self.minutes)


@dataclass(frozen=True, slots=True)
class Note:
    """Takes a note on the call; where no call came about there is none to note it on."""

    def is_offered(self, values: Values) -> bool:
        """See the port."""
        return values.call.failure is None

    def action(self, values: Values, text: str) -> TakeNote | None:
        """See the port."""
        return TakeNote(values.call.id, text.strip()) if self.is_offered(values) else None

    def asks(self, wording: Wording) -> str:
        """See the port."""
        return wording.catalogue.gettext("Note on this call")


@dataclass(frozen=True, slots=True)
class Choose(_AsksNothing):
    """Lists all who have the number, where there are several."""

    def action(self, values: Values, text: str) -> OpenList | None:  # noqa: ARG002 - the port's
        """See the port."""
        return OpenList() if values.subject.finding.has_choice else None


def _has_values(values: Values, *templates: Template) -> bool:
    placeholders = [each for template in templates for each in template.placeholders]
    return not placeholders or any(map(values.of, placeholders))


def _argument(template: Template, values: Values) -> str:
    filled = fill(template, values)[:_LONGEST]
    is_literal_first = not template.parts or isinstance(template.parts[0], str)
    sign = None if is_literal_first else _OPTION.match(filled)
    return filled[sign.end() :] if sign else filled
