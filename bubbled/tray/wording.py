"""What the icon and its menu say, in the user's language. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from gettext import NullTranslations
from typing import TYPE_CHECKING, Final

from bubbled.model import CallState, Direction
from bubbled.speech.moment import when
from bubbled.speech.outcome import ended
from bubbled.tray.state import Line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bubbled.model import Mute
    from bubbled.tray.state import TrayCall, TrayPhone, TrayState


def _(text: str) -> str:
    """Mark a text for the translators, who find it here, before there is a catalogue to ask."""
    return text


_LINES: Final[Mapping[Line, str]] = {
    Line.CONNECTED: _("Connected with {host}"),
    Line.CONNECTING: _("Connecting with {host}"),
    Line.DISCONNECTED: _("No connection with {host}"),
}
_STATES: Final[Mapping[CallState, str]] = {
    CallState.RINGING: _("Calling you"),
    CallState.DIALLING: _("Calling"),
    CallState.TALKING: _("Talking"),
    CallState.HELD: _("On hold"),
}
_ARROWS: Final[Mapping[Direction, str]] = {Direction.INBOUND: "↙", Direction.OUTBOUND: "↗"}
_HOUR_MIN: Final = 60


@dataclass(frozen=True, slots=True)
class Sentences:
    """Says it in one language.

    Attributes:
        catalogue: the translations; English without one.
    """

    catalogue: NullTranslations = field(default_factory=NullTranslations)

    def line(self, state: TrayState) -> str:
        """How it stands with the PBX: "Connected with pbx.example.com"."""
        return self.catalogue.gettext(_LINES[state.line]).format(host=state.host)

    def about(self, state: TrayState, now: datetime) -> tuple[str, ...]:
        """All that matters at a glance, a line each; nobody is named, since others may look on."""
        reason = state.reason if state.line is not Line.CONNECTED else ""
        lines = (
            f"{self.line(state)}: {reason}" if reason else self.line(state),
            self.muted(state.mute, now) if state.mute else "",
            self.missed(state.missed) if state.missed else "",
            self.trouble(state.trouble) if state.trouble else "",
        )
        return tuple(filter(None, lines))

    def muted(self, mute: Mute, now: datetime) -> str:
        """That popups are muted, and until when: "Muted until 14:00"."""
        if mute.until is None:
            return self.catalogue.gettext("Popups are muted")
        return self.catalogue.gettext("Muted until {time}").format(time=self._time(mute.until, now))

    def missed(self, count: int) -> str:
        """How many calls were missed since the user looked last."""
        return self.catalogue.ngettext("{count} missed call", "{count} missed calls", count).format(
            count=count
        )

    def trouble(self, reason: str) -> str:
        """Why no popup can be shown, in the words of the screen."""
        return self.catalogue.gettext("No popups: {reason}").format(reason=reason)

    def going_on(self, call: TrayCall) -> str:
        """A call that lasts: "Talking: Jan Jansen"."""
        gettext = self.catalogue.gettext
        if call.state is CallState.RINGING and call.direction is Direction.OUTBOUND:
            return f"{gettext('Pick up your phone to call')}: {call.who}"
        state = _STATES.get(call.state)
        return f"{gettext(state)}: {call.who}" if state else call.who

    def last_call(self, call: TrayCall, now: datetime) -> str:
        """A call of the list: "14:03 ↙ Jan Jansen · missed"."""
        outcome = ended(call.outcome, self.catalogue) if call.outcome else ""
        line = f"{self._time(call.at, now)}  {_ARROWS[call.direction]}  {call.who}"
        return f"{line} · {outcome}" if outcome else line

    def phone(self, phone: TrayPhone) -> str:
        """A phone of the list: "Desk phone (PJSIP/101)"."""
        if not phone.is_absent:
            return phone.name
        return self.catalogue.gettext("{phone}, not there").format(phone=phone.name)

    def show(self) -> str:
        """What the entry says that brings the latest popup back."""
        return self.catalogue.gettext("Show the last popup")

    def last_calls(self) -> str:
        """What the list of calls is called."""
        return self.catalogue.gettext("Last calls")

    def no_calls(self) -> str:
        """What stands in an empty list."""
        return self.catalogue.gettext("There were no calls yet")

    def history(self) -> str:
        """What the entry says that opens the page of all calls."""
        return self.catalogue.gettext("Calls and history…")

    def mute(self, mute: Mute | None, now: datetime) -> str:
        """What the entry says that mutes and unmutes, beside its check mark."""
        if mute is None or mute.until is None:
            return self.catalogue.gettext("Mute popups")
        time = self._time(mute.until, now)
        return self.catalogue.gettext("Mute popups (until {time})").format(time=time)

    def pause(self) -> str:
        """What the list of times to mute for is called."""
        return self.catalogue.gettext("Pause")

    def length(self, minutes: int) -> str:
        """How long: "15 minutes", "2 hours"."""
        hours, rest = divmod(minutes, _HOUR_MIN)
        if rest or not hours:
            return self.catalogue.ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)
        return self.catalogue.ngettext("{count} hour", "{count} hours", hours).format(count=hours)

    def until_tomorrow(self) -> str:
        """What the entry says that mutes for the rest of the day."""
        return self.catalogue.gettext("Until tomorrow")

    def phones(self) -> str:
        """What the list of phones is called."""
        return self.catalogue.gettext("Phone that rings")

    def settings(self) -> str:
        """What the entry says that opens the settings."""
        return self.catalogue.gettext("Settings…")

    def quit(self) -> str:
        """What the entry says that ends bubbled."""
        return self.catalogue.gettext("Quit")

    def not_done(self) -> str:
        """What stands above the reason why something was not done."""
        return self.catalogue.gettext("This could not be done")

    def _time(self, at: datetime, now: datetime) -> str:
        return when(at, now, self.catalogue)
