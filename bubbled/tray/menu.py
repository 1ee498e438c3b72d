"""The menu of the icon as a tree, and the numbers by which a desktop names its entries. Pure."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import count
from typing import TYPE_CHECKING, Final

from bubbled.tray.state import LetRing, Pause, ShowCall, Wish

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bubbled.tray.state import Action, TrayState
    from bubbled.tray.wording import Sentences

PAUSES_MIN: Final = (15, 30, 60, 120)
ROOT: Final = 0
"""The number of the menu itself (com.canonical.dbusmenu)."""

_MOST_NUMBERS: Final = 5000
"""Entries that are remembered: far more than a menu that is open can have had."""


class Mark(StrEnum):
    """How an entry shows whether it holds, in the words of com.canonical.dbusmenu."""

    CHECK = "checkmark"
    RADIO = "radio"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the menu.

    Attributes:
        name: tells what it is from what else does the same; unique among entries with the same action.
        label: plain text; empty: it is a line that separates.
        action: what a click asks for; None: nothing.
        mark: how it shows that it holds; None: it does not show that.
        entries: of the menu that it opens.
        number: by which the desktop names it.
    """

    name: str
    label: str = ""
    action: Action | None = None
    is_enabled: bool = True
    mark: Mark | None = None
    is_marked: bool = False
    entries: tuple[Entry, ...] = ()
    number: int = ROOT

    def all(self) -> Iterator[Entry]:
        """This entry and all below it."""
        yield self
        for entry in self.entries:
            yield from entry.all()


def menu(state: TrayState, sentences: Sentences, now: datetime) -> Entry:
    """Build the whole menu; its numbers are still to be given."""
    groups = (
        (*_news(state, sentences), *_going_on(state, sentences)),
        (
            Entry(name="show", label=sentences.show(), action=Wish.SHOW_LATEST),
            _last_calls(state, sentences, now),
        ),
        (*_mute(state, sentences, now), *_phones(state, sentences)),
        (
            *_history(state, sentences),
            Entry(name="settings", label=sentences.settings(), action=Wish.OPEN_SETTINGS),
            Entry(name="quit", label=sentences.quit(), action=Wish.QUIT),
        ),
    )
    entries: list[Entry] = []
    for index, group in enumerate(groups):
        entries += ([Entry(name=f"line {index}")] if index else []) + list(group)
    return Entry(name="menu", entries=tuple(entries))


def _news(state: TrayState, sentences: Sentences) -> Iterator[Entry]:
    yield Entry(name="line", label=sentences.line(state), is_enabled=False)
    if state.trouble:
        yield Entry(name="trouble", label=sentences.trouble(state.trouble), is_enabled=False)


def _going_on(state: TrayState, sentences: Sentences) -> Iterator[Entry]:
    for call in state.calls:
        yield Entry(name="now", label=sentences.going_on(call), action=ShowCall(call.id))


def _last_calls(state: TrayState, sentences: Sentences, now: datetime) -> Entry:
    calls = tuple(
        Entry(name="last", label=sentences.last_call(call, now), action=ShowCall(call.id))
        for call in state.last_calls
    )
    empty = Entry(name="no calls", label=sentences.no_calls(), is_enabled=False)
    return Entry(name="last calls", label=sentences.last_calls(), entries=calls or (empty,))


def _history(state: TrayState, sentences: Sentences) -> Iterator[Entry]:
    if state.has_pages:
        yield Entry(name="history", label=sentences.history(), action=Wish.OPEN_HISTORY)


def _mute(state: TrayState, sentences: Sentences, now: datetime) -> Iterator[Entry]:
    is_muted = state.mute is not None
    yield Entry(
        name="mute",
        label=sentences.mute(state.mute, now),
        # One that undoes it, and not one that changes it: the user clicks on what he sees.
        action=Wish.UNMUTE if is_muted else Wish.MUTE,
        mark=Mark.CHECK,
        is_marked=is_muted,
    )
    pauses = tuple(
        Entry(name="pause", label=sentences.length(minutes), action=Pause(minutes)) for minutes in PAUSES_MIN
    )
    tomorrow = Entry(name="pause", label=sentences.until_tomorrow(), action=Wish.MUTE_UNTIL_TOMORROW)
    yield Entry(name="pauses", label=sentences.pause(), entries=(*pauses, tomorrow))


def _phones(state: TrayState, sentences: Sentences) -> Iterator[Entry]:
    if len(state.phones) > 1:
        phones = tuple(
            Entry(
                name="phone",
                label=sentences.phone(phone),
                action=LetRing(phone.device),
                mark=Mark.RADIO,
                is_marked=phone.rings,
            )
            for phone in state.phones
        )
        yield Entry(name="phones", label=sentences.phones(), entries=phones)


class Numbering:
    """Gives entries their numbers.

    What does the same has the same number for as long as the daemon runs, and no number ever comes to mean
    something else. So a click on a menu that is a moment old does what its user saw, or nothing.
    """

    def __init__(self) -> None:
        self._numbers: OrderedDict[tuple[str, Action | None], int] = OrderedDict()
        self._actions: dict[int, Action | None] = {}
        self._next = count(ROOT + 1)

    def number(self, root: Entry) -> Entry:
        """The same menu with numbers; that of the root is `ROOT`."""
        numbered = replace(root, number=ROOT, entries=tuple(map(self._numbered, root.entries)))
        self._forget_oldest()
        return numbered

    def action(self, number: int) -> Action | None:
        """What the entry of that number does, also of one that is no longer in the menu; None: nothing."""
        return self._actions.get(number)

    def _numbered(self, entry: Entry) -> Entry:
        key = (entry.name, entry.action)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = next(self._next)
            self._actions[number] = entry.action
        self._numbers.move_to_end(key)
        return replace(entry, number=number, entries=tuple(map(self._numbered, entry.entries)))

    def _forget_oldest(self) -> None:
        while len(self._numbers) > _MOST_NUMBERS:
            _, number = self._numbers.popitem(last=False)
            del self._actions[number]
