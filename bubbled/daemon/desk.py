"""Where a call meets the popup, the directories and the history: the one flow of facts through the daemon.

A change of a call goes to the presenter first, so that the popup is up before anything else is asked. Then
the directories and the history are asked about the number, and what they know updates the same popup.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import structlog

from bubbled.control.feed import Feed
from bubbled.daemon.apart import kept_apart
from bubbled.daemon.call_tasks import CallTasks
from bubbled.daemon.identification import Identification
from bubbled.daemon.notice import Notices
from bubbled.daemon.outside import OutsideParties
from bubbled.daemon.search import question_of
from bubbled.daemon.stage import Stage
from bubbled.model import ME, CallChange, CallId, ChangeKind, Dealings, PopupId
from bubbled.number import shortened
from bubbled.popup.command import Choose, ClosePopup, Dial, ShowPopup, UpdatePopup, WakeAt
from bubbled.popup.screen import TakesKeyboard
from bubbled.popup.subject import NOTHING, Finding, Subject
from bubbled.wire import change_json

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from bubbled.control.status import JsonObject
    from bubbled.daemon.call_log import CallLog
    from bubbled.daemon.search import Search
    from bubbled.directory.choice import Choices
    from bubbled.directory.order.answer import Question
    from bubbled.directory.order.lookup import Lookup
    from bubbled.history.past_call import PastCall
    from bubbled.history.store import History
    from bubbled.model import E164, Call, Card, Contact, Mute
    from bubbled.popup.command import Action, Command
    from bubbled.popup.presenter import PopupRules, Presenter
    from bubbled.popup.screen import Screen

_HEAD_START_S: Final = 0.003
"""Of a popup before the log line about it, which takes as long to write as the popup to decide upon."""

_LONGEST_SLEEP_S: Final = 60.0
"""The loop does not count the time that a computer sleeps, so the clock is read from time to time."""

log = structlog.get_logger()


async def _nobody(_directory: str, _contact_id: str) -> Contact | None:
    return None


class Desk:
    """Serves one user's calls. A defect in one room goes to the log and keeps none of the others from work.

    Attributes:
        calls: the calls of the user that go on, in the order in which they began.
        feed: the changes of the user's calls, for whoever follows them.
        names: colleagues by extension.
        region: where the user is, ISO 3166.
        notices: cards that are about no call.
        refresh: asks a directory, by its name, for a contact by its `id`, which is all that the history keeps
            where the terms forbid more; gives None when there is no answer.
        call_log: writes calls into CRMs; None until it is there.
        on_dial: told the number that the user wants called by a button; may be set once, before it is needed.
        on_action: told whatever else a button is to do; the same.
        on_mute: told that the mute state changed; the same.
        mute: the mute state as the user set it last; it may be over by now.
        now: tells the present moment, aware.
    """

    def __init__(  # noqa: PLR0913 - these are all the rooms of the house, and it is built in one place
        self,
        *,
        presenter: Presenter,
        screen: Screen,
        lookup: Lookup,
        choices: Choices,
        history: History,
        names: Mapping[str, str],
        region: str,
        now: Callable[[], datetime],
    ) -> None:
        self.calls: dict[CallId, Call] = {}
        self.feed = Feed()
        self.names = names
        self.region = region
        self.now = now
        self.notices = Notices(self._perform)
        self.refresh: Callable[[str, str], Awaitable[Contact | None]] = _nobody
        self.call_log: CallLog | None = None
        self.on_dial: Callable[[str], None] = lambda _number: None
        self.on_action: Callable[[Action], None] = lambda _action: None
        self.on_mute: Callable[[], None] = lambda: None
        self.mute: Mute | None = None
        self._presenter = presenter
        self._history = history
        self._stage = Stage(screen)
        self._who = Identification(lookup, choices, self._found)
        self._asked: dict[CallId, Question | None] = {}
        self._outside = OutsideParties()
        self._tasks = CallTasks()
        self._alarm: asyncio.TimerHandle | None = None

    @property
    def screen(self) -> Screen:
        """What shows the popups."""
        return self._stage.screen

    @property
    def popups(self) -> Mapping[PopupId, Card]:
        """The popups that are up, the latest last."""
        return self._stage.shown

    def screen_of(self, call_id: CallId) -> str | None:
        """The name of the screen on which the popup of a call was shown; None of calls of long ago."""
        return self._stage.place_of(PopupId(call_id))

    @property
    def lookup(self) -> Lookup:
        """What asks the directories."""
        return self._who.lookup

    async def start(self) -> None:
        """Get the screen and the directories ready."""
        await self._stage.start()
        with kept_apart("directories"):
            await self.lookup.start()

    async def run(self) -> None:
        """Carry out what the presenter decides, in order, until cancelled."""
        await self._stage.run()

    async def aclose(self) -> None:
        """Ask nothing more, wake for nothing more, take the popups away."""
        if self._alarm is not None:
            self._alarm.cancel()
        self._tasks.give_up()
        self.notices.aclose()
        self.feed.close()
        with kept_apart("directories"):
            await self.lookup.aclose()
        await self._stage.aclose()

    async def exchange_lookup(self, lookup: Lookup) -> None:
        """Ask other directories from now on, also about the calls that go on."""
        old, self._who.lookup = self.lookup, lookup
        with kept_apart("directories"):
            await lookup.start()
        for call in self.calls.values():
            if (question := question_of(call, self.region)) is not None:
                self._tasks.start(call.id, self._who.find(call.id, question), "who is on the line")
        with kept_apart("directories"):
            await old.aclose()

    async def exchange_screen(self, screen: Screen) -> None:
        """Show popups elsewhere from now on, also those that are up."""
        await self._stage.exchange(screen)

    # What happens.

    def calls_changed(self, changes: Sequence[CallChange]) -> None:
        """Take changes of calls, of the user and of colleagues, as they come from the PBX."""
        for change in changes:
            now = self.now()
            if change.call.owner == ME:
                self._my_call_changed(change, now)
                self._remember(change, now)
            else:
                with kept_apart("history"):
                    self._history.record(change, now)

    def clicks_changed(self, changes: Sequence[CallChange]) -> None:
        """Take changes of clicks for which no phone rings: popups for now, but no calls to remember."""
        for change in changes:
            self._my_call_changed(change, self.now())

    def _my_call_changed(self, change: CallChange, now: datetime) -> None:
        call = change.call
        with kept_apart("popups"):
            self._perform(self._presenter.call_changed(change, now))
        if change.kind is ChangeKind.STARTED and call.id in self.calls:
            # A phone rings for a click: only now is there a call that the history can know a contact of.
            change = CallChange(ChangeKind.UPDATED, call)
            self._asked.pop(call.id, None)
        if change.kind is ChangeKind.ENDED:
            self.calls.pop(call.id, None)
        else:
            self.calls[call.id] = call
        self._note_verdict(call.id)
        self._ask_about(call)
        self.feed.publish(_told(change))
        asyncio.get_running_loop().call_later(_HEAD_START_S, _log, change)

    def _remember(self, change: CallChange, now: datetime) -> None:
        """Have a change of the user's call kept; one with a customer also where it ends with a colleague."""
        party = self._outside.after(change)
        if party is not None:
            change = replace(change, call=party.ended_as(change.call))
        self._log_change(change, now)
        with kept_apart("history"):
            self._history.record(change, now)
        if party is not None and party.contact is not None:
            number = party.call.e164 or party.call.number or ""
            self._tell_found(change.call.id, number, party.contact)

    def _log_change(self, change: CallChange, now: datetime) -> None:
        with kept_apart("call log"):
            if self.call_log is not None:
                self.call_log.changed(change, now)

    def pressed(self, popup_id: PopupId, button: str, text: str = "") -> None:
        """The user pressed a button of a popup, and typed a text where it asks for one."""
        if not self.notices.pressed(popup_id, button):
            self._perform(self._presenter.pressed(popup_id, button, self.now(), text=text))

    def dismissed(self, popup_id: PopupId) -> None:
        """The user closed a popup."""
        self._stage.dismissed(popup_id)
        if self.notices.dismissed(popup_id):
            return
        self._perform(self._presenter.dismissed(popup_id, self.now()))

    def rules_changed(self, rules: PopupRules) -> None:
        """The settings about popups changed."""
        self._perform(self._presenter.rules_changed(rules, self.now()))
        self._note_verdicts()

    def mute_changed(self, mute: Mute | None) -> None:
        """The user muted or unmuted popups, or the daemon found that he had."""
        self.mute = mute
        self._perform(self._presenter.mute_changed(mute, self.now()))
        self._note_verdicts()
        self.on_mute()

    async def subject_of(self, past: PastCall) -> Subject:
        """All that is known of a call, also of one that ended long ago."""
        number = past.call.e164
        return Subject(
            call=self.calls.get(past.call.id, past.call),
            finding=Finding(contact=past.contact),
            dealings=await self._dealings(past.call.id, number),
            started_at=past.started_at.astimezone(),
            answered_at=past.answered_at and past.answered_at.astimezone(),
            ended_at=past.ended_at and past.ended_at.astimezone(),
        )

    def note_taken(self, call: Call) -> None:
        """Something was noted of a call or its number: the popup says so, if it is up."""
        self._tasks.start(call.id, self._find_dealings(call.id, call.e164), "what is noted of that number")

    def quiet_changed(self, reasons: tuple[str, ...]) -> None:
        """The desktop wants no popups, for these reasons; or (none) it does not mind any more."""
        commands = self._presenter.quiet_changed(reasons, self.now())
        self._perform(commands)
        # Those of calls that were missed meanwhile are among them.
        shown = (CallId(command.id) for command in commands if isinstance(command, ShowPopup))
        for call_id in dict.fromkeys((*shown, *self.calls)):
            self._note_verdict(call_id)

    async def show_again(self, past: PastCall) -> None:
        """The user asks for the popup of a call, also of one that ended long ago."""
        subject = await self.subject_of(past)
        call = subject.call
        self._perform(self._presenter.show(subject, self.now()))
        self._note_verdict(call.id)
        if call.outcome is not None and past.contact is not None and past.contact.transient:
            self._tasks.start(call.id, self._refresh(call.id, past.contact), "who was it")

    async def _refresh(self, call_id: CallId, kept: Contact) -> None:
        """Ask for what of a contact could not be kept."""
        contact = await self.refresh(kept.directory, kept.id) if kept.id else None
        if contact is not None:
            self._perform(self._presenter.contact_found(call_id, Finding(contact=contact), self.now()))

    async def focus(self) -> bool:
        """Give the newest popup the keyboard; tells whether there is one that takes it."""
        return isinstance(self.screen, TakesKeyboard) and await self.screen.focus()

    def _note_verdicts(self) -> None:
        for call_id in self.calls:
            self._note_verdict(call_id)

    def _note_verdict(self, call_id: CallId) -> None:
        with kept_apart("history"):
            self._history.verdict(call_id, self._presenter.verdict(call_id))

    # Who is it?

    def trace(self, call_id: CallId) -> Search | None:
        """What became of the question who it is; None of calls that nobody was asked about, or long ago."""
        return self._who.searches[call_id]

    def with_choice(self) -> CallId | None:
        """The latest call of which several contacts have the number; without one, the latest call."""
        return self._who.searches.latest_with_choice()

    def finding(self, call_id: CallId) -> Finding:
        """Who it may be, while that can be chosen."""
        return self._who.searches.finding(call_id)

    def choose(self, call_id: CallId, contact: Contact) -> None:
        """The user says which of the matches it is."""
        self._perform(self._presenter.chosen(call_id, contact, self.now()))
        self._chosen(call_id, contact)

    def forget(self, number: str) -> bool:
        """Forget what was found for a number, and whom the user chose; tell whether it is off the disk."""
        return self._who.forget(number)

    def _ask_about(self, call: Call) -> None:
        """Ask everybody who may know, once for each number that a call comes to have."""
        if call.outcome is not None:
            self._asked.pop(call.id, None)  # what is still under way may name the caller that was missed
            self._who.searches.ended(call.id)
            return
        question, before = question_of(call, self.region), self._asked.get(call.id)
        self._asked[call.id] = question
        if question == before:
            return
        self._tasks.give_up(call.id)
        if question is None:
            self._who.searches.drop(call.id)
            self._perform(self._presenter.contact_found(call.id, NOTHING, self.now()))
            self._perform(self._presenter.dealings_found(call.id, None, self.now()))
            return
        self._tasks.start(call.id, self._who.find(call.id, question), "who is calling")
        if call.e164 is not None:
            self._tasks.start(
                call.id, self._find_dealings(call.id, call.e164), "what was with that number before"
            )

    def _found(self, call_id: CallId, question: Question, finding: Finding) -> None:
        with kept_apart("popups"):
            self._perform(self._presenter.contact_found(call_id, finding, self.now(), about=question.number))
        if finding.contact is not None and not finding.is_provisional:
            self._outside.found(call_id, question.number, finding.contact)
            self._tell_found(call_id, question.number, finding.contact)

    def _tell_found(self, call_id: CallId, number: str, contact: Contact) -> None:
        with kept_apart("history"):
            self._history.contact(call_id, contact)
        with kept_apart("call log"):
            if self.call_log is not None:
                self.call_log.found(call_id, number, contact)

    def _chosen(self, call_id: CallId, contact: Contact) -> None:
        if (call := self.calls.get(call_id)) is not None:
            self._outside.found(call_id, call.e164 or call.number or "", contact)
        with kept_apart("directories"):
            self._who.choose(call_id, contact)
        with kept_apart("history"):
            self._history.contact(call_id, contact)
        with kept_apart("call log"):
            if self.call_log is not None:
                self.call_log.chosen(call_id, contact)

    async def _find_dealings(self, call_id: CallId, number: E164 | None) -> None:
        dealings = await self._dealings(call_id, number)
        self._perform(self._presenter.dealings_found(call_id, dealings, self.now(), about=number))

    async def _dealings(self, call_id: CallId, number: E164 | None) -> Dealings:
        return await self._history.dealings(number, before=call_id, names=self.names)

    # What is to be done.

    def _perform(self, commands: Iterable[Command]) -> None:
        for command in commands:
            match command:
                case WakeAt(at):
                    self._wake_at(at)
                case Dial(number):
                    self.on_dial(number)
                case Choose(call_id, contact):
                    self._chosen(call_id, contact)
                case ShowPopup() | UpdatePopup() | ClosePopup():
                    self._stage.put(command)
                case action:
                    self.on_action(action)

    def _wake_at(self, at: datetime) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        delay_s = min(_LONGEST_SLEEP_S, max(0.0, (at - self.now()).total_seconds()))
        self._alarm = asyncio.get_running_loop().call_later(delay_s, self._wake)

    def _wake(self) -> None:
        self._perform(self._presenter.woke(self.now()))
        self._note_verdicts()


def _told(change: CallChange) -> JsonObject:
    """The change for those who follow: as `replay` writes it, and why nothing came of a click."""
    failure = change.call.failure
    return change_json(change, None) | ({"failure": failure.value} if failure else {})


def _log(change: CallChange) -> None:
    call = change.call
    log.info(
        "call",
        change=change.kind.value,
        call=call.id,
        direction=call.direction.value,
        number=call.number and shortened(call.number),
        outcome=call.outcome and call.outcome.value,
    )
