"""The sentences on a card, in the user's language. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from gettext import NullTranslations
from typing import TYPE_CHECKING, Final, assert_never

from bubbled.model import CallState, Direction, Failure, Outcome, ViaKind
from bubbled.popup.text import one_line
from bubbled.speech import moment
from bubbled.speech.outcome import ended

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bubbled.model import Call, Device, LastContact, Via
    from bubbled.popup.subject import Subject, Unanswered


def _(text: str) -> str:
    """Mark a text for the translators, who find it here, before there is a catalogue to ask."""
    return text


_FAILURES: Final[Mapping[Failure, str]] = {
    Failure.NOT_CONNECTED: _("Not called: no connection to the PBX"),
    Failure.NOT_PERMITTED: _("Not called: the PBX account may not place calls (ask for write = originate)"),
    Failure.NUMBER_REFUSED: _("Not called: the PBX does not take this number"),
    Failure.PHONE_UNREGISTERED: _("Not called: {phone} is not registered with the PBX; is it switched on?"),
    Failure.PHONE_UNKNOWN: _("Not called: the PBX does not know {phone}"),
    Failure.PBX_REFUSED: _("Not called: the PBX cannot make {phone} ring"),
    Failure.UNKNOWN: _("Perhaps called: the PBX did not answer. Not repeated; look at your phone"),
}


_MOST_UNANSWERED: Final = 2
"""Directories that are named in one line."""


_GOOGLE_MAPS: Final = "Google Maps"
"""A name, in every language."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Says things about calls in one language, calling colleagues by their names.

    Attributes:
        catalogue: the translations; English without one.
        colleagues: names by extension, from the settings.
        phones: what the user calls the own phones, by device.
        program: what the user types to speak to this daemon and no other.
    """

    catalogue: NullTranslations = field(default_factory=NullTranslations)
    colleagues: Mapping[str, str] = field(default_factory=dict)
    phones: Mapping[Device, str] = field(default_factory=dict)
    program: str = "bubbled"

    def status(self, subject: Subject, now: datetime) -> str:
        """Where the call is: "Calling you", "Talking", "Answered by 102 (Bob)", "Missed call 14:03"."""
        gettext, inbound = self.catalogue.gettext, subject.call.direction is Direction.INBOUND
        match subject.call.state:
            case CallState.RINGING:
                return gettext("Calling you") if inbound else self._own_phone_rings(subject.call)
            case CallState.DIALLING:
                return gettext("Calling")
            case CallState.TALKING:
                return gettext("Talking")
            case CallState.HELD:
                return gettext("On hold")
            case CallState.ENDED:
                return self._ended(subject, now)
            case unreachable:
                assert_never(unreachable)

    def _own_phone_rings(self, call: Call) -> str:
        if name := self.phones.get(call.device):
            return self.catalogue.gettext("Pick up to call: {phone}").format(phone=one_line(name, 40))
        return self.catalogue.gettext("Pick up your phone to call")

    def _phone(self, device: Device) -> str:
        name = self.phones.get(device)
        return one_line(f"{name} ({device})" if name else device, 60)

    def _ended(self, subject: Subject, now: datetime) -> str:
        gettext, call = self.catalogue.gettext, subject.call
        if call.failure is not None:
            return gettext(_FAILURES[call.failure]).format(phone=self._phone(call.device))
        match call.outcome:
            case Outcome.MISSED:
                return self._missed(subject, now)
            case Outcome.ANSWERED_ELSEWHERE if by := self.colleague(call.answered_by):
                return gettext("Answered by {colleague}").format(colleague=by)
            case Outcome.TRANSFERRED if to := self.colleague(call.transferred_to):
                return gettext("Transferred to {colleague}").format(colleague=to)
            case Outcome.ANSWERED | None:
                return gettext("Call ended")
            case outcome:
                words = self.outcome(outcome)
                return words[0].upper() + words[1:]

    def _missed(self, subject: Subject, now: datetime) -> str:
        if subject.ended_at is None:
            return self.catalogue.gettext("Missed call")
        text = self.catalogue.ngettext(
            "Missed call {time}", "{count} missed calls, the last {time}", subject.missed
        )
        return text.format(time=self._time(subject.ended_at, now), count=subject.missed)

    def via(self, call: Call) -> str:
        """By which way the call came: "Queue support", "Transferred by 101 (Bob)"; empty for a plain call."""
        ways = [self._way(call.via)] if call.via else []
        if by := self.colleague(call.transferred_from):
            ways.append(self.catalogue.gettext("Transferred by {colleague}").format(colleague=by))
        return " · ".join(dict.fromkeys(filter(None, ways)))

    def _way(self, via: Via) -> str:
        gettext, name = self.catalogue.gettext, self.colleague(via.name)
        match via.kind:
            case ViaKind.QUEUE:
                text = gettext("Queue {name}") if name else gettext("From a queue")
            case ViaKind.RING_GROUP:
                text = gettext("Group {name}") if name else gettext("Call to a group")
            case ViaKind.FORWARD:
                text = gettext("Forwarded from {name}") if name else gettext("Forwarded")
            case ViaKind.TRANSFER:
                text = gettext("Transferred by {name}") if name else gettext("Transferred")
            case ViaKind.PICKUP:
                text = gettext("Picked up from {name}") if name else gettext("Picked up")
            case ViaKind.PARK:
                text = gettext("Was parked at {name}") if name else gettext("Was parked")
            case ViaKind.CLICK_TO_CALL:
                text = ""
            case unreachable:
                assert_never(unreachable)
        return text.format(name=name)

    def dialled(self, number: str) -> str:
        """Which of the user's numbers the caller dialled: "To 020 100 0101"."""
        return self.catalogue.gettext("To {number}").format(number=number)

    def probably(self, whom: str) -> str:
        """Marks a guess: "(probably Acme)"."""
        return self.catalogue.gettext("(probably {whom})").format(whom=whom)

    def more(self, count: int) -> str:
        """How many others have the number: "+2 more"."""
        return self.catalogue.gettext("+{count} more").format(count=count)

    def unanswered(self, directories: Sequence[Unanswered]) -> str:
        """Which directories did not answer: "Customers is slow · CRM is down · +1"."""
        told = [self._not_answered(each) for each in directories[:_MOST_UNANSWERED]]
        rest = len(directories) - len(told)
        return " · ".join([*told, f"+{rest}"] if rest else told)

    def _not_answered(self, one: Unanswered) -> str:
        gettext = self.catalogue.gettext
        text = gettext("{directory} is slow") if one.is_slow else gettext("{directory} is down")
        return text.format(directory=one_line(one.directory, 20))

    def public(self, directory: str) -> str:
        """Names a source that is open to everybody, as its terms want it named: "Google Maps"."""
        names = directory.casefold()
        if "google maps" in names:
            return directory
        return _GOOGLE_MAPS if "google" in names else f"{directory} ({_GOOGLE_MAPS})"

    def choose(self) -> str:
        """What the button says that lists all who have the number."""
        return self.catalogue.gettext("Choose…")

    def show_more(self) -> str:
        """What the button says that lists the others."""
        return self.catalogue.gettext("More…")

    def who_is_it(self) -> str:
        """Ask which of several it is."""
        return self.catalogue.gettext("Who is it?")

    def how_to_choose(self) -> str:
        """What to type where no button can be pressed: "To choose: bubbled choose"."""
        return self.catalogue.gettext("To choose: {program} choose").format(program=self.program)

    def how_to_choose_one(self) -> str:
        """What to type beside a list where no button can be pressed."""
        return self.catalogue.gettext("To choose one: {program} choose NUMBER").format(program=self.program)

    def anonymous(self) -> str:
        """Name a caller who hides who calls."""
        return self.catalogue.gettext("Anonymous")

    def unknown_number(self) -> str:
        """Name a party whose number the PBX did not tell."""
        return self.catalogue.gettext("Unknown number")

    def last_contact(self, last: LastContact, now: datetime) -> str:
        """The latest earlier call: "Last contact: 12 Nov 14:03 with Bob, answered"."""
        gettext, colleague = self.catalogue.gettext, self.colleague(last.colleague)
        match last.direction, bool(colleague):
            case Direction.INBOUND, False:
                text = gettext("Last contact: {time}, {outcome}")
            case Direction.INBOUND, True:
                text = gettext("Last contact: {time} with {colleague}, {outcome}")
            case _, False:
                text = gettext("Last contact: you called {time}, {outcome}")
            case _, True:
                text = gettext("Last contact: {colleague} called {time}, {outcome}")
        outcome, time = self.outcome(last.outcome), self._time(last.at, now, today=gettext("today"))
        return text.format(time=time, colleague=colleague, outcome=outcome)

    def with_whom(self, last: LastContact) -> str:
        """Who of us was on the phone then: "102 (Bob)", "you"."""
        return self.colleague(last.colleague) or self.catalogue.gettext("you")

    def outcome(self, outcome: Outcome) -> str:
        """How a call ended: "answered"."""
        return ended(outcome, self.catalogue)

    def earlier(self, calls: int) -> str:
        """How many calls there were with the number before: "7 calls before"."""
        text = self.catalogue.ngettext("{count} call before", "{count} calls before", calls)
        return text.format(count=calls)

    def noted(self, note: str, by: str) -> str:
        """What was noted last of the number: "Note by 102 (Bob): wants an offer"."""
        gettext = self.catalogue.gettext
        text = gettext("Note by {colleague}: {note}") if by else gettext("Note: {note}")
        return text.format(colleague=by, note=note)

    def colleague(self, extension: str | None) -> str:
        """Name a colleague: "102 (Bob)" where the settings know the extension, else as it came."""
        known = self.colleagues.get(extension or "")
        return one_line(f"{extension} ({known})" if known else extension, 60)

    def _time(self, at: datetime, now: datetime, *, today: str = "") -> str:
        return moment.when(at, now, self.catalogue, today=today)
