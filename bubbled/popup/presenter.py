"""Decides which popup is up, with what, and until when. Pure: facts and `now` in, commands out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bubbled.model import ME, CallState, ChangeKind, Direction, Outcome, PopupId
from bubbled.popup.command import Dial, WakeAt
from bubbled.popup.phase import RUNNING, Phase, Trigger
from bubbled.popup.popup import Popup
from bubbled.popup.subject import Subject, caller
from bubbled.popup.verdict import INBOUND_OFF, OUTBOUND_OFF, SHOWN, Verdicts, muted

if TYPE_CHECKING:
    from datetime import datetime

    from bubbled.model import Call, CallChange, CallId, Contact, Dealings, Mute
    from bubbled.popup.command import Command
    from bubbled.popup.layout import Layout
    from bubbled.popup.subject import Finding

FAREWELL_S: Final = 4.0
"""How long a popup says that a colleague answered: long enough to read a name."""

EXPLANATION_S: Final = 12.0
"""How long a popup says why nothing came of an own call: long enough to read what to do, and to do it."""

MOST_FAREWELLS: Final = 5
"""More popups of calls that are over would only cover each other; the oldest goes."""

RECALL_S: Final = 30.0
"""How long the popup of an ended call stays when the user asks for it again."""

MOST_MISSED: Final = 20
"""More cards of different missed callers fill the screen; the oldest goes, the history keeps them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PopupRules:
    """What the settings say about popups.

    Attributes:
        hide_after_s: hides the popup of a running call after so many seconds; 0 keeps it for the whole call.
    """

    layout: Layout
    inbound: bool = True
    outbound: bool = True
    hide_after_s: float = 0


class Presenter:
    """Follows the user's calls and says what the screen has to do.

    Every method returns commands for the daemon, to be carried out in their order. `now` is aware, and cards
    tell the time in its zone. Calls of colleagues are not its business and change nothing.
    """

    def __init__(self, rules: PopupRules) -> None:
        self._rules = rules
        self._mute: Mute | None = None
        self._popups: dict[PopupId, Popup] = {}
        self._verdicts = Verdicts()
        self._wake: datetime | None = None

    def call_changed(self, change: CallChange, now: datetime) -> list[Command]:
        """Follow a call of the user."""
        call = change.call
        if call.owner != ME:
            return []
        popup = self._popups.get(PopupId(call.id))
        begins = change.kind is ChangeKind.STARTED and call.state is not CallState.ENDED
        if begins and (popup is None or popup.phase not in RUNNING):
            # One that was given up, with the connection to the PBX, may turn out to go on.
            shown = None if popup is None else popup.shown
            subject = Subject(call=call, started_at=now)
            popup = self._popups[PopupId(call.id)] = Popup(subject, Phase.SILENT, now, shown)
            self._consider(popup, now)
        if popup is None or popup.phase not in RUNNING:
            return []
        popup.follow(call, now)
        others = self._end(popup, now) if change.kind is ChangeKind.ENDED else []
        return self._settle(now, *others, popup)

    def contact_found(
        self, call_id: CallId, finding: Finding, now: datetime, *, about: str | None = None
    ) -> list[Command]:
        """Take what the directories say about a call; a later answer takes the place of an earlier one.

        An answer `about` another number than the call now has is dropped: somebody else is on the line.
        """
        popup = self._wants_facts(call_id, about)
        if popup is None:
            return []
        popup.find(finding)
        return self._settle(now, popup)

    def chosen(
        self, call_id: CallId, contact: Contact, now: datetime, *, about: str | None = None
    ) -> list[Command]:
        """Take one of the matches for the caller, whom the user chose elsewhere; `about` as above."""
        popup = self._wants_facts(call_id, about)
        if popup is None or contact not in popup.subject.finding.matches:
            return []
        popup.take(contact)
        return self._settle(now, popup)

    def dealings_found(
        self, call_id: CallId, dealings: Dealings | None, now: datetime, *, about: str | None = None
    ) -> list[Command]:
        """Take the history's answer; see `contact_found`."""
        popup = self._wants_facts(call_id, about)
        if popup is None:
            return []
        popup.subject = replace(popup.subject, dealings=dealings)
        return self._settle(now, popup)

    def dismissed(self, popup_id: PopupId, now: datetime) -> list[Command]:
        """Take note that the user closed a popup; the screen has already taken it away."""
        popup = self._popups.get(popup_id)
        if popup is None:
            return []
        popup.shown = None
        self._step(popup, Trigger.DISMISSED, now)
        return self._settle(now, popup)

    def pressed(self, popup_id: PopupId, button: str, now: datetime, *, text: str = "") -> list[Command]:
        """Do what a button is for, with the `text` that the user typed where it asks for one.

        The popup stays for as long as it would have: most desktops close it with the press, so it comes anew.
        Only a call that the user begins from it takes its place.
        """
        popup = self._popups.get(popup_id)
        if popup is None or not popup.is_up:
            return []
        action = popup.press(button, text, self._rules.layout, now)
        if isinstance(action, Dial):
            self._step(popup, Trigger.DISMISSED, now)
            return [*self._settle(now, popup), action]
        return [*popup.leave(), *self._settle(now, popup), *([action] if action else [])]

    def woke(self, now: datetime) -> list[Command]:
        """Do what the time has come for; to be called at every `WakeAt`, harmless at any other time."""
        self._wake = None
        for popup in self._popups.values():
            if (until := self._until(popup)) and until <= now:
                self._step(popup, Trigger.TIME_UP, now)
        return self._reconsider(now)

    def mute_changed(self, mute: Mute | None, now: datetime) -> list[Command]:
        """Mute, and every popup goes; or (None) unmute, and the popups of running calls come."""
        begins = muted(mute, now) is not None and muted(self._mute, now) is None
        self._mute = mute
        if begins:
            for popup in self._popups.values():
                self._step(popup, Trigger.SILENCED, now)
        return self._reconsider(now)

    def rules_changed(self, rules: PopupRules, now: datetime) -> list[Command]:
        """Apply changed settings, also to what is on the screen."""
        self._rules = rules
        for popup in self._popups.values():
            if popup.phase is Phase.UP and self._objection(popup.subject.call, now):
                self._step(popup, Trigger.SILENCED, now)
        return self._reconsider(now)

    def show(self, past: Subject, now: datetime) -> list[Command]:
        """Show a popup again, muted or not: while the call runs, or for `RECALL_S` when it has ended.

        What is known of the call already counts more than what the `past` says of it.
        """
        popup_id = PopupId(past.call.id)
        popup = self._popups.setdefault(popup_id, Popup(Subject(call=past.call), Phase.GONE, now))
        known = popup.subject
        popup.subject = replace(
            known,
            finding=known.finding if known.finding.contact else past.finding,
            dealings=past.dealings or known.dealings,
            started_at=known.started_at or past.started_at,
            answered_at=known.answered_at or past.answered_at,
            ended_at=known.ended_at or past.ended_at,
        )
        self._step(popup, Trigger.RECALLED, now)
        return [*popup.leave(), *self._settle(now, popup)]

    def verdict(self, call_id: CallId) -> str:
        """Say what became of a popup: "shown", "muted until 14:00", "outbound popups are switched off"."""
        return self._verdicts[call_id]

    def _wants_facts(self, call_id: CallId, about: str | None) -> Popup | None:
        popup = self._popups.get(PopupId(call_id))
        if popup is None or popup.phase is Phase.FAREWELL:
            return None
        return popup if about in {None, caller(popup.subject.call)} else None

    def _objection(self, call: Call, now: datetime) -> str | None:
        """Why there may be no popup of this call, if so."""
        if call.direction is Direction.INBOUND and not self._rules.inbound:
            return INBOUND_OFF
        if call.direction is Direction.OUTBOUND and not self._rules.outbound:
            return OUTBOUND_OFF
        return muted(self._mute, now)

    def _consider(self, popup: Popup, now: datetime) -> None:
        objection = self._objection(popup.subject.call, now)
        if objection is None:
            self._step(popup, Trigger.ALLOWED, now)
        else:
            self._verdicts.note(popup.subject.call.id, objection)

    def _reconsider(self, now: datetime) -> list[Command]:
        silent = [popup for popup in self._popups.values() if popup.phase is Phase.SILENT]
        for popup in silent:
            self._consider(popup, now)
        return self._settle(now, *self._popups.values())

    def _end(self, popup: Popup, now: datetime) -> list[Popup]:
        """End the call's popup in the right way; returns the popups whose place it takes."""
        popup.subject = replace(popup.subject, ended_at=now)
        trigger = self._ending(popup.subject.call, now)
        self._step(popup, trigger, now)
        match popup.phase:
            case Phase.MISSED:
                return self._supersede(popup, now)
            case Phase.FAREWELL:
                return self._make_room(now)
            case _:
                return []

    def _make_room(self, now: datetime) -> list[Popup]:
        farewells = [popup for popup in self._popups.values() if popup.phase is Phase.FAREWELL]
        crowded = farewells[: max(0, len(farewells) - MOST_FAREWELLS)]
        for popup in crowded:
            self._step(popup, Trigger.SUPERSEDED, now)
        return crowded

    def _ending(self, call: Call, now: datetime) -> Trigger:
        if call.failure is not None:
            return Trigger.FAILED
        match call.outcome:
            case Outcome.MISSED:
                return Trigger.ENDED if self._objection(call, now) else Trigger.ENDED_MISSED
            case Outcome.ANSWERED | None:
                return Trigger.ENDED
            case Outcome.REJECTED if call.direction is Direction.INBOUND:
                return Trigger.ENDED  # it was the user who declined
            case _:
                return Trigger.ENDED_NEWS

    def _supersede(self, newest: Popup, now: datetime) -> list[Popup]:
        missed = [p for p in self._popups.values() if p.phase is Phase.MISSED and p is not newest]
        same = [p for p in missed if caller(p.subject.call) == caller(newest.subject.call)]
        others = [p for p in missed if p not in same]
        crowded = sorted(others, key=lambda p: p.since)[: max(0, len(others) + 1 - MOST_MISSED)]
        count = 1 + sum(p.subject.missed for p in same)
        newest.subject = replace(newest.subject, missed=count)
        for popup in (*same, *crowded):
            self._step(popup, Trigger.SUPERSEDED, now)
        return [*same, *crowded]

    def _step(self, popup: Popup, trigger: Trigger, now: datetime) -> None:
        popup.step(trigger, now)
        if popup.is_up:
            self._verdicts.note(popup.subject.call.id, SHOWN)

    def _until(self, popup: Popup) -> datetime | None:
        match popup.phase:
            case Phase.UP if self._rules.hide_after_s:
                return popup.since + timedelta(seconds=self._rules.hide_after_s)
            case Phase.FAREWELL:
                own = popup.subject.call.direction is Direction.OUTBOUND
                return popup.since + timedelta(seconds=EXPLANATION_S if own else FAREWELL_S)
            case Phase.RECALLED:
                return popup.since + timedelta(seconds=RECALL_S)
            case _:
                return None

    def _settle(self, now: datetime, *popups: Popup) -> list[Command]:
        """Say how the screen gets from what it shows to what it should show, and forget what is gone."""
        commands = [command for popup in popups for command in popup.redraw(self._rules.layout, now)]
        for popup in popups:
            if popup.phase is Phase.GONE:
                self._popups.pop(popup.id, None)
        return commands + self._alarm(now)

    def _alarm(self, now: datetime) -> list[Command]:
        times = [until for popup in self._popups.values() if (until := self._until(popup))]
        if self._mute and self._mute.until and self._mute.until > now:
            times.append(self._mute.until)
        if any(popup.phase is Phase.MISSED for popup in self._popups.values()):
            times.append(_midnight(now))
        earliest = min(times, default=None)
        if earliest is None or earliest == self._wake:
            return []
        self._wake = earliest
        return [WakeAt(earliest)]


def _midnight(now: datetime) -> datetime:
    """When "14:03" on a missed-call card has to become "yesterday 14:03"."""
    return (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
