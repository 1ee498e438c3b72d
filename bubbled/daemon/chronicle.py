"""Writes down what happens on the way of a call to its popup, and what concerns all calls.

It is told after the fact: the popup never waits for it, and a defect in it costs nothing but the story.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bubbled.daemon.apart import kept_apart
from bubbled.directory.order.answer import Reply
from bubbled.model import ChangeKind
from bubbled.popup.command import ClosePopup, ShowPopup, UpdatePopup
from bubbled.popup.verdict import UNKNOWN
from bubbled.story import fact as told
from bubbled.story.circumstance import Muted, Quiet, ScreenChanged, ScreenLost, Unmuted
from bubbled.story.progress import progress, seen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from bubbled.daemon.search import Search
    from bubbled.daemon.stage import OnScreen
    from bubbled.directory.order.answer import Asked
    from bubbled.history.annals import Annals
    from bubbled.model import Call, CallChange, CallId, Card, Contact, Mute, PopupId
    from bubbled.popup.showing import Showing
    from bubbled.popup.subject import Finding
    from bubbled.story.circumstance import Heard, OfAll
    from bubbled.story.fact import OfCall

MOST_CALLS: Final = 200
"""Calls of which the story may still go on; they are over, but for what the user does with their popups."""

MOST_STEPS: Final = 200
"""Steps of one call; somebody who is put on hold all day does not fill the disk."""


@dataclass(slots=True)
class _Chapter:
    """The story of one call, as far as it matters for what is told next.

    Attributes:
        call: as it was told last; None: the popup is about no call, or about one that is still to be told.
        wished_at: when the popup was wished for that no screen has shown yet.
        shown: what was told last of the screen, without the time it took.
        is_transient: whether the terms of the source forbid to keep who it is.
    """

    call: Call | None = None
    steps: int = 0
    verdict: tuple[str, str] = ("", "")
    headline: str = ""
    wished_at: datetime | None = None
    shown: tuple[str, ...] = ()
    is_transient: bool = False


class Chronicle:
    """Is told what happens, and keeps what is new of it.

    Attributes:
        ways: tells by what the PBX is followed: `ami`, `sip` or `ami, sip`.
        rang: tells which phones rang for a call of the user, by its id; more than one, or nobody knows.
    """

    def __init__(self, annals: Annals, now: Callable[[], datetime]) -> None:
        self.ways: Callable[[], str] = str
        self.rang: Callable[[CallId], Sequence[str]] = lambda _call_id: ()
        self._annals = annals
        self._now = now
        self._chapters: OrderedDict[str, _Chapter] = OrderedDict()
        self._screen: tuple[str, str | None] | None = None

    # What happens to calls.

    @kept_apart("stories")
    def call_changed(self, change: CallChange, now: datetime) -> None:
        """A call of the user changed."""
        call, chapter = change.call, self._chapter(change.call.id)
        before, chapter.call = chapter.call, call
        if before is None:
            self._add(call.id, seen(call, self.ways()), now)
            return
        if change.kind in {ChangeKind.ANSWERED, ChangeKind.ENDED} and len(rang := self.rang(call.id)) > 1:
            self._add(call.id, told.AlsoRang(tuple(rang)), now)
        for fact in progress(change, before):
            self._add(call.id, fact, now)

    @kept_apart("stories")
    def decided(self, call_id: CallId, popup: str, setting: str) -> None:
        """It was decided whether a call has a popup; the same again is no news."""
        chapter = self._chapter(call_id)
        if popup != UNKNOWN and chapter.verdict != (popup, setting):
            chapter.verdict = popup, setting
            self._add(call_id, told.Decided(popup, setting), self._now())

    @kept_apart("stories")
    def answered(self, call_id: CallId, search: Search | None, finding: Finding) -> None:
        """The directories have answered; without a search nobody was asked."""
        now = self._now()
        if search is None:
            self._add(call_id, told.NobodyAsked(), now)
            return
        for place, asked in enumerate(search.trace, 1):
            self._add(call_id, _asked(place, asked), now)
        contact = finding.contact
        self._chapter(call_id).is_transient = contact is not None and contact.transient
        if contact is not None:
            self._add(call_id, _found(contact, finding), now)
        elif any(asked.outcome is not Reply.NOT_ASKED for asked in search.trace):
            self._add(call_id, told.NobodyKnows(), now)

    @kept_apart("stories")
    def chosen(self, call_id: CallId, contact: Contact) -> None:
        """The user said who it is."""
        self._add(call_id, told.Chosen(_who(contact)), self._now())

    # What happens to popups.

    @kept_apart("stories")
    def put(self, command: OnScreen) -> None:
        """A popup is to be shown, to show something else, or to go; only another headline is news."""
        chapter, now = self._chapter(command.id), self._now()
        match command:
            case ShowPopup(_, card):
                chapter.wished_at, chapter.headline = now, card.headline
            case UpdatePopup(popup_id, card):
                if chapter.headline != card.headline:
                    chapter.headline = card.headline
                    self._add(popup_id, told.Changed(), now)
            case ClosePopup(popup_id):
                chapter.shown = ()
                self._add(popup_id, told.Closed(), now)

    @kept_apart("stories")
    def shown(self, popup_id: PopupId, showing: Showing) -> None:
        """A screen has shown a popup, or could not."""
        chapter, now = self._chapter(popup_id), self._now()
        news = (showing.screen, showing.server, showing.answer, showing.error)
        if chapter.shown == news:
            return
        chapter.shown = news
        if showing.error:
            self._add(popup_id, told.NotOnScreen(showing.screen, showing.error), now)
            return
        ms = (now - (chapter.wished_at or now)).total_seconds() * 1000
        step = told.OnScreen(showing.screen, showing.server, showing.answer, round(max(0.0, ms), 1))
        self._add(popup_id, step, now)

    @kept_apart("stories")
    def dismissed(self, popup_id: PopupId) -> None:
        """The user closed a popup."""
        self._chapter(popup_id).shown = ()
        self._add(popup_id, told.Dismissed(), self._now())

    @kept_apart("stories")
    def pressed(self, popup_id: PopupId, card: Card | None, button: str) -> None:
        """The user pressed a button of a popup with this card; one that it does not have is no news."""
        for label in (each.label for each in (card.buttons if card else ()) if each.id == button):
            is_kept = not self._chapter(popup_id).is_transient
            self._add(popup_id, told.Pressed(label if is_kept else ""), self._now())

    @kept_apart("stories")
    def recalled(self, call: Call) -> None:
        """The user asked for the popup of a call once more, perhaps of one of long ago."""
        self._chapter(call.id).call = call
        self._add(call.id, told.Recalled(), self._now())

    # What concerns all calls.

    @kept_apart("stories")
    def happened(self, fact: OfAll, *, is_urgent: bool = True) -> None:
        """Something happened that concerns all calls."""
        self._annals.happened(fact, self._now(), is_urgent=is_urgent)

    @kept_apart("stories")
    def heard(self, heard: Heard, minute: datetime, *, is_urgent: bool) -> None:
        """The PBX told of phones within the minute that began then."""
        self._annals.happened(heard, minute, is_urgent=is_urgent)

    def mute_changed(self, mute: Mute | None) -> None:
        """The user muted or unmuted popups."""
        self.happened(Unmuted() if mute is None else Muted(mute.until, mute.since))

    def quiet_changed(self, reasons: tuple[str, ...]) -> None:
        """The desktop wants no popups, for these reasons; or (none) it does not mind any more."""
        self.happened(Quiet(reasons))

    def screen_changed(self, screen: str, trouble: str | None) -> None:
        """Popups go to this screen, or cannot be shown; the same again is no news."""
        if self._screen != (screen, trouble):
            self._screen = screen, trouble
            self.happened(ScreenLost(screen, trouble) if trouble else ScreenChanged(screen))

    def _chapter(self, call_id: str) -> _Chapter:
        chapter = self._chapters.setdefault(call_id, _Chapter())
        self._chapters.move_to_end(call_id)
        if len(self._chapters) > MOST_CALLS:
            self._chapters.popitem(last=False)
        return chapter

    def _add(self, call_id: str, fact: OfCall, at: datetime) -> None:
        chapter = self._chapter(call_id)
        if chapter.call is None:
            return
        chapter.steps += 1
        if chapter.steps < MOST_STEPS:
            self._annals.add(chapter.call.id, fact, at)
        elif chapter.steps == MOST_STEPS:
            self._annals.add(chapter.call.id, told.NoMoreTold(), at)


def _asked(place: int, asked: Asked) -> told.Asked:
    return told.Asked(
        directory=asked.directory,
        place=place,
        outcome=asked.outcome.value,
        ms=round(asked.ms, 3),
        error=asked.error,
        remark=asked.remark,
        cached=asked.cached,
    )


def _found(contact: Contact, finding: Finding) -> told.Found:
    who = "" if contact.transient else _who(contact)
    return told.Found(contact.directory, who, contact.probable, len(finding.matches))


def _who(contact: Contact) -> str:
    if contact.transient:
        return ""
    return ", ".join(filter(None, (contact.name, contact.company)))
