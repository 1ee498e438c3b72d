"""One popup: the phase of its life, what it is about, and what stands on the screen of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bubbled.model import PopupId
from bubbled.popup.command import Choose, ClosePopup, ShowPopup, UpdatePopup
from bubbled.popup.layout import act, lay_out
from bubbled.popup.match import MORE, list_card, picked
from bubbled.popup.phase import ON_SCREEN, Phase, Trigger, after
from bubbled.popup.purpose import OpenList
from bubbled.popup.subject import caller

if TYPE_CHECKING:
    from datetime import datetime

    from bubbled.model import Call, Card, Contact
    from bubbled.popup.command import Action, Command
    from bubbled.popup.layout import Layout
    from bubbled.popup.subject import Finding, Subject


UNREAD: Final = timedelta(seconds=0.4)
"""Within this nobody has read what a button says now, and held back his finger."""


@dataclass(slots=True)
class Popup:
    """A popup, up or not.

    Attributes:
        since: when the phase began, or the list was opened.
        shown: what is on the screen now; None while nothing is.
        page: which page of the list of matches the user looks at; None while the card is as usual.
        serial: counts the lists, so that no press on one that is gone is taken for one on the next.
        moved: the ids of the buttons that came to where others were when the card last changed in its place.
        moved_at: when that was.
    """

    subject: Subject
    phase: Phase
    since: datetime
    shown: Card | None = None
    page: int | None = None
    serial: int = 0
    moved: frozenset[str] = frozenset()
    moved_at: datetime | None = None

    @property
    def id(self) -> PopupId:
        """What names it."""
        return PopupId(self.subject.call.id)

    @property
    def is_up(self) -> bool:
        """Whether it should be on the screen."""
        return self.phase in ON_SCREEN

    def step(self, trigger: Trigger, now: datetime) -> None:
        """Go to the phase that begins, if one does."""
        if (phase := after(self.phase, trigger)) is not None:
            self.phase, self.since, self.page = phase, now, None

    def follow(self, call: Call, now: datetime) -> None:
        """Follow the call; with another caller there is nothing to choose any more."""
        if caller(call) != caller(self.subject.call):
            self.page = None
        self.subject = self.subject.now_as(call, now)

    def find(self, finding: Finding) -> None:
        """Take what the directories say; the user chooses between others from now on, if they are others."""
        if finding.matches != self.subject.finding.matches:
            self.page = None
        self.subject = replace(self.subject, finding=finding)

    def take(self, contact: Contact) -> None:
        """Show another of the matches."""
        self.subject = replace(self.subject, finding=self.subject.finding.chosen(contact))
        self.page = None

    def press(self, button: str, text: str, layout: Layout, now: datetime) -> Action | None:
        """Open the list, turn its page, or give what the button does; nothing on a list that is gone."""
        if self.page is not None:
            return self._press_in_list(button, now)
        action = act(self.subject, button, text, layout, now)
        if isinstance(action, OpenList):
            self.page, self.serial, self.since = 0, self.serial + 1, now
            return None
        return action

    def _press_in_list(self, button: str, now: datetime) -> Action | None:
        if button == MORE and self.page is not None:
            self.page, self.since = self.page + 1, now
        if (contact := picked(self.subject, self.serial, button)) is None:
            return None
        self.take(contact)
        return Choose(self.subject.call.id, contact)

    def redraw(self, layout: Layout, now: datetime) -> list[Command]:
        """Say how the screen gets from what it shows to what it should show."""
        before, self.shown = self.shown, self._card(layout, now)
        match before, self.shown:
            case None, None:
                return []
            case _, None:
                return [ClosePopup(self.id)]
            case None, card:
                return [ShowPopup(self.id, card)]
            case old, card:
                if old == card:
                    return []
                if old.buttons != card.buttons:
                    self.moved, self.moved_at = _moved(old, card), now
                return [UpdatePopup(self.id, card)]

    def is_unread(self, button: str, now: datetime) -> bool:
        """Whether a button has just come under the pointer: a press may be meant for the one before it."""
        return button in self.moved and self.moved_at is not None and now - self.moved_at < UNREAD

    def leave(self) -> list[Command]:
        """Close what is up, so that it comes anew: the desktop closed it with a press, or buried it."""
        closed: list[Command] = [ClosePopup(self.id)] if self.shown else []
        self.shown = None
        return closed

    def _card(self, layout: Layout, now: datetime) -> Card | None:
        if not self.is_up:
            return None
        if self.page is None:
            return lay_out(self.subject, layout, now)
        return list_card(self.subject, self.page, self.serial, layout, now)


def _moved(old: Card, new: Card) -> frozenset[str]:
    """The buttons of a card that stand where another stood."""
    pairs = zip(old.buttons, new.buttons, strict=False)
    return frozenset(after.id for before, after in pairs if before.id != after.id)
