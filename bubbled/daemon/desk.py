"""Where a call meets the popup, the directories and the history: the one flow of facts through the daemon.

A change of a call goes to the presenter first, so that the popup is up before anything else is asked. Then
the directories and the history are asked about the number, and what they know updates the same popup.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bubbled.control.feed import Feed
from bubbled.daemon.alarm import Alarm
from bubbled.daemon.announcement import announce
from bubbled.daemon.apart import kept_apart
from bubbled.daemon.archive import Archive
from bubbled.daemon.chronicle import Chronicle
from bubbled.daemon.notice import Notices
from bubbled.daemon.research import Research
from bubbled.daemon.stage import Stage
from bubbled.model import ME, CallChange, CallId, ChangeKind, PopupId
from bubbled.popup.command import Choose, ClosePopup, Dial, ShowPopup, UpdatePopup, WakeAt
from bubbled.popup.screen import TakesKeyboard
from bubbled.popup.subject import Finding, Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from bubbled.directory.choice import Choices
    from bubbled.directory.order.lookup import Lookup
    from bubbled.history.past_call import PastCall
    from bubbled.history.store import History
    from bubbled.model import Call, Card, Contact, Dealings, Mute
    from bubbled.popup.command import Action, Command
    from bubbled.popup.presenter import PopupRules, Presenter
    from bubbled.popup.screen import Screen


class Desk:
    """Serves one user's calls. A defect in one room goes to the log and keeps none of the others from work.

    Attributes:
        calls: the calls of the user that go on, in the order in which they began.
        feed: the changes of the user's calls, for whoever follows them.
        news: that a call or its popup changed, for whoever looks at them.
        notices: cards that are about no call.
        chronicle: writes down what happens.
        archive: keeps the calls.
        research: asks who is on the line, and what was with them before.
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
        self.news = Feed()
        self.now = now
        self.notices = Notices(self._perform)
        self.chronicle = Chronicle(history.annals, now)
        self.archive = Archive(history, names)
        self.research = Research(self.archive, lookup, choices, self._found, self._dealings_found)
        self.research.region = region
        self.research.on_answered = self.chronicle.answered
        self.on_dial: Callable[[str], None] = lambda _number: None
        self.on_action: Callable[[Action], None] = lambda _action: None
        self.on_mute: Callable[[], None] = lambda: None
        self.mute: Mute | None = None
        self._presenter = presenter
        self._stage = Stage(screen, self.chronicle.screen_changed, self.chronicle.shown)
        self._alarm = Alarm(now, self._wake)

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
        return self.research.lookup

    async def start(self) -> None:
        """Get the screen and the directories ready."""
        await self._stage.start()
        await self.research.start()

    async def run(self) -> None:
        """Carry out what the presenter decides, in order, until cancelled."""
        await self._stage.run()

    async def aclose(self) -> None:
        """Ask nothing more, wake for nothing more, take the popups away."""
        self._alarm.cancel()
        self.research.give_up()
        self.notices.aclose()
        self.feed.close()
        self.news.close()
        await self.research.aclose()
        await self._stage.aclose()

    async def exchange_lookup(self, lookup: Lookup) -> None:
        """Ask other directories from now on, also about the calls that go on."""
        await self.research.exchange(lookup, self.calls.values())

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
                self.archive.my_call_changed(change, now)
            else:
                self.archive.call_changed(change, now)

    def clicks_changed(self, changes: Sequence[CallChange]) -> None:
        """Take changes of clicks for which no phone rings: popups for now, but no calls to remember."""
        for change in changes:
            self._my_call_changed(change, self.now())

    def _my_call_changed(self, change: CallChange, now: datetime) -> None:
        call = change.call
        with kept_apart("popups"):
            self._perform(self._presenter.call_changed(change, now))
        self.chronicle.call_changed(change, now)
        if change.kind is ChangeKind.STARTED and call.id in self.calls:
            # A phone rings for a click: only now is there a call that the history can know a contact of.
            change = CallChange(ChangeKind.UPDATED, call)
            self.research.begins_anew(call.id)
        if change.kind is ChangeKind.ENDED:
            self.calls.pop(call.id, None)
        else:
            self.calls[call.id] = call
        self._note_verdict(call.id)
        self.research.call_changed(call)
        announce(change, self.feed)
        self.news.publish({"call": call.id})

    def pressed(self, popup_id: PopupId, button: str, text: str = "", *, is_aimed: bool = False) -> None:
        """The user pressed a button of a popup, or named it, and typed a text where it asks for one."""
        with kept_apart("buttons"):
            self.chronicle.pressed(popup_id, self.popups.get(popup_id), button)
            if not self.notices.pressed(popup_id, button):
                self._perform(
                    self._presenter.pressed(popup_id, button, self.now(), text=text, is_aimed=is_aimed)
                )

    def dismissed(self, popup_id: PopupId) -> None:
        """The user closed a popup."""
        self.chronicle.dismissed(popup_id)
        with kept_apart("popups"):
            self._stage.dismissed(popup_id)
            if not self.notices.dismissed(popup_id):
                self._perform(self._presenter.dismissed(popup_id, self.now()))

    def rules_changed(self, rules: PopupRules) -> None:
        """The settings about popups changed."""
        self._perform(self._presenter.rules_changed(rules, self.now()))
        self._note_verdicts()

    def mute_changed(self, mute: Mute | None) -> None:
        """The user muted or unmuted popups, or the daemon found that he had."""
        self.mute = mute
        self.chronicle.mute_changed(mute)
        self._perform(self._presenter.mute_changed(mute, self.now()))
        self._note_verdicts()
        self.on_mute()
        self.news.publish({})

    async def subject_of(self, past: PastCall) -> Subject:
        """All that is known of a call, also of one that ended long ago."""
        return Subject(
            call=self.calls.get(past.call.id, past.call),
            finding=Finding(contact=past.contact),
            dealings=await self.archive.dealings(past.call.id, past.call.e164),
            started_at=past.started_at.astimezone(),
            answered_at=past.answered_at and past.answered_at.astimezone(),
            ended_at=past.ended_at and past.ended_at.astimezone(),
        )

    def do(self, action: Action) -> None:
        """Do what a button is for, though no popup has it: the user tries it."""
        self._perform([action])

    def note_taken(self, call: Call) -> None:
        """Something was noted of a call or its number: the popup says so, if it is up."""
        self.research.ask_dealings(call)

    def quiet_changed(self, reasons: tuple[str, ...]) -> None:
        """The desktop wants no popups, for these reasons; or (none) it does not mind any more."""
        self.chronicle.quiet_changed(reasons)
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
        self.chronicle.recalled(call)
        self._perform(self._presenter.show(subject, self.now()))
        self._note_verdict(call.id)
        if call.outcome is not None and past.contact is not None and past.contact.transient:
            self.research.ask_again(call.id, past.contact)

    async def focus(self) -> bool:
        """Give the newest popup the keyboard; tells whether there is one that takes it."""
        return isinstance(self.screen, TakesKeyboard) and await self.screen.focus()

    def _note_verdicts(self) -> None:
        for call_id in self.calls:
            self._note_verdict(call_id)

    def _note_verdict(self, call_id: CallId) -> None:
        verdict = self._presenter.verdict(call_id)
        self.archive.verdict(call_id, verdict)
        self.chronicle.decided(call_id, verdict, self._presenter.blamed(call_id))

    # Who is it?

    def choose(self, call_id: CallId, contact: Contact) -> None:
        """The user says which of the matches it is."""
        self._perform(self._presenter.chosen(call_id, contact, self.now()))
        self._chosen(call_id, contact)

    def _chosen(self, call_id: CallId, contact: Contact) -> None:
        self.research.chosen(call_id, contact)
        self.chronicle.chosen(call_id, contact)
        self.archive.chosen(call_id, self.calls.get(call_id), contact)

    def _found(self, call_id: CallId, finding: Finding, about: str | None) -> None:
        with kept_apart("popups"):
            self._perform(self._presenter.contact_found(call_id, finding, self.now(), about=about))
        self.news.publish({"call": call_id})

    def _dealings_found(self, call_id: CallId, dealings: Dealings | None, about: str | None) -> None:
        with kept_apart("popups"):
            self._perform(self._presenter.dealings_found(call_id, dealings, self.now(), about=about))
        self.news.publish({"call": call_id})

    # What is to be done.

    def _perform(self, commands: Iterable[Command]) -> None:
        for command in commands:
            match command:
                case WakeAt(at):
                    self._alarm.set_to(at)
                case Dial(number):
                    self.on_dial(number)
                case Choose(call_id, contact):
                    self._chosen(call_id, contact)
                case ShowPopup() | UpdatePopup() | ClosePopup():
                    self._stage.put(command)
                    self.chronicle.put(command)
                    self.news.publish({"call": command.id})
                case action:
                    self.on_action(action)

    def _wake(self) -> None:
        self._perform(self._presenter.woke(self.now()))
        self._note_verdicts()
