"""Decides which popup is up, with what, and until when. Pure: facts and `now` in, commands out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bubbled.model import ME, CallId, CallState, ChangeKind, Outcome, PopupId
from bubbled.popup.command import Dial, RunProgram, TakeNote, WakeAt
from bubbled.popup.ending import displaced, ending, times_missed
from bubbled.popup.phase import RUNNING, Phase, Trigger
from bubbled.popup.popup import Popup
from bubbled.popup.rule import Circumstances, Rule, objection
from bubbled.popup.subject import Subject, caller
from bubbled.popup.timing import next_time, until
from bubbled.popup.verdict import SHOWN, Verdicts, muted

if TYPE_CHECKING:
    from datetime import datetime

    from bubbled.model import CallChange, Contact, Dealings, Mute
    from bubbled.popup.command import Command
    from bubbled.popup.layout import Layout
    from bubbled.popup.rule import Objection
    from bubbled.popup.subject import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class PopupRules:
    """What the settings say about popups.

    Attributes:
        rule: which calls have one.
        hide_after_s: hides the popup of a running call after so many seconds; 0 keeps it for the whole call.
        keep_after_s: how long a popup that is up stays when its call has ended; 0: not at all.
    """

    layout: Layout
    rule: Rule = field(default_factory=Rule)
    hide_after_s: float = 0
    keep_after_s: float = 0


class Presenter:
    """Follows the user's calls and says what the screen has to do.

    Every method returns commands for the daemon, to be carried out in their order. `now` is aware, and cards
    tell the time in its zone. Calls of colleagues are not its business and change nothing.
    """

    def __init__(self, rules: PopupRules) -> None:
        self._rules = rules
        self._around = Circumstances()
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
        if popup is None or popup.phase not in RUNNING:
            return []
        popup.follow(call, now)
        if change.kind is ChangeKind.ENDED:
            return self._settle(now, *self._end(popup, now), popup)
        if popup.phase is Phase.SILENT:
            self._consider(popup, now)
        return self._settle(now, popup)

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

    def pressed(
        self, popup_id: PopupId, button: str, now: datetime, *, text: str = "", is_aimed: bool = False
    ) -> list[Command]:
        """Do what a button is for, with the `text` that the user typed where it asks for one.

        One that calls or runs something does not when it has just come under the pointer, unless the press
        `is_aimed` at it by its name.

        The popup stays, and the time after which it goes by itself begins again: most desktops close it with
        the press, so it comes anew. Only that of a call that is over goes when the user calls from it. A text
        that was still being typed when the popup had to go is a note all the same.
        """
        popup = self._popups.get(popup_id)
        if popup is None or not popup.is_up:
            return [TakeNote(CallId(popup_id), text.strip())] if text.strip() else []
        popup.since = now
        action = popup.press(button, text, self._rules.layout, now)
        if isinstance(action, Dial | RunProgram) and not is_aimed and popup.is_unread(button, now):
            action = None
        if isinstance(action, Dial) and popup.subject.call.state is CallState.ENDED:
            self._step(popup, Trigger.DISMISSED, now)
            return [*self._settle(now, popup), action]
        return [*popup.leave(), *self._settle(now, popup), *([action] if action else [])]

    def woke(self, now: datetime) -> list[Command]:
        """Do what the time has come for; to be called at every `WakeAt`, harmless at any other time."""
        self._wake = None
        for popup in self._popups.values():
            if (end := until(popup, self._rules)) and end <= now:
                self._step(popup, Trigger.TIME_UP, now)
        return self._reconsider(now)

    def mute_changed(self, mute: Mute | None, now: datetime) -> list[Command]:
        """Mute, and every popup goes; or (None) unmute, and the popups of running calls come."""
        begins = muted(mute, now) is not None and muted(self._around.mute, now) is None
        self._around = replace(self._around, mute=mute)
        if begins:
            self._step_all(Trigger.SILENCED, now)
        return self._reconsider(now)

    def quiet_changed(self, quiet: tuple[str, ...], now: datetime) -> list[Command]:
        """The desktop wants no popups, for these reasons; or (none) it does not mind any more.

        What is up goes, but for what the user asked for. Then the popups of running calls come, and those of
        the calls that were missed meanwhile.
        """
        begins = bool(quiet) and not self._around.quiet
        self._around = replace(self._around, quiet=quiet)
        if begins:
            self._step_all(Trigger.HUSHED, now)
        return self._reconsider(now)

    def rules_changed(self, rules: PopupRules, now: datetime) -> list[Command]:
        """Apply changed settings, also to what is on the screen."""
        self._rules = rules
        for popup in self._popups.values():
            if popup.phase is Phase.UP and self._objection(popup, now):
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

    def blamed(self, call_id: CallId) -> str:
        """Name the setting that kept a popup back, such as `popup.hours`; empty: none did."""
        return self._verdicts.setting(call_id)

    def _wants_facts(self, call_id: CallId, about: str | None) -> Popup | None:
        popup = self._popups.get(PopupId(call_id))
        if popup is None or popup.phase is Phase.FAREWELL:
            return None
        return popup if about in {None, caller(popup.subject.call)} else None

    def _objection(self, popup: Popup, now: datetime) -> Objection | None:
        """Why there may be no popup of this call, if so; else it is noted for whoever asks later."""
        found = objection(popup.subject, self._rules.rule, self._around, now)
        if found is not None:
            self._verdicts.note(popup.subject.call.id, found.reason, found.setting)
        return found

    def _consider(self, popup: Popup, now: datetime) -> None:
        found = self._objection(popup, now)
        if found is None:
            self._step(popup, Trigger.ALLOWED, now)
        elif not found.is_passing:
            self._step(popup, Trigger.SILENCED, now)

    def _reconsider(self, now: datetime) -> list[Command]:
        waiting = [each for each in self._popups.values() if each.phase in {Phase.SILENT, Phase.PUT_OFF}]
        for popup in waiting:
            self._consider(popup, now)
        return self._settle(now, *self._popups.values())

    def _end(self, popup: Popup, now: datetime) -> list[Popup]:
        """End the call's popup in the right way; returns the popups whose place it takes."""
        call = popup.subject.call
        popup.subject = replace(popup.subject, ended_at=now)
        found = self._objection(popup, now) if call.outcome is Outcome.MISSED else None
        self._step(popup, ending(call, found, is_kept=self._rules.keep_after_s > 0), now)
        gone = displaced(popup, self._popups.values())
        if popup.phase in {Phase.MISSED, Phase.PUT_OFF}:
            popup.subject = replace(popup.subject, missed=times_missed(popup, gone))
        for each in gone:
            self._step(each, Trigger.SUPERSEDED, now)
        return gone

    def _step_all(self, trigger: Trigger, now: datetime) -> None:
        for popup in self._popups.values():
            self._step(popup, trigger, now)

    def _step(self, popup: Popup, trigger: Trigger, now: datetime) -> None:
        popup.step(trigger, now)
        if popup.is_up:
            self._verdicts.note(popup.subject.call.id, SHOWN)

    def _settle(self, now: datetime, *popups: Popup) -> list[Command]:
        """Say how the screen gets from what it shows to what it should show, and forget what is gone."""
        commands = [command for popup in popups for command in popup.redraw(self._rules.layout, now)]
        for popup in popups:
            if popup.phase is Phase.GONE:
                self._popups.pop(popup.id, None)
        return commands + self._alarm(now)

    def _alarm(self, now: datetime) -> list[Command]:
        earliest = next_time(self._popups.values(), self._rules, self._around, now)
        if earliest is None or earliest == self._wake:
            return []
        self._wake = earliest
        return [WakeAt(earliest)]
