"""Mutes popups and shows them again, and tells whose did not come meanwhile."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final, NoReturn

from bubbled.daemon.apart import kept_apart
from bubbled.model import Mute
from bubbled.popup.subject import Finding, Subject

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bubbled.daemon.desk import Desk
    from bubbled.history.past_call import PastCall
    from bubbled.history.store import History
    from bubbled.model import Card, PopupId
    from bubbled.popup.mute_card import MuteCards

TOAST_S: Final = 4.0
"""How long it is told that a key has muted or unmuted: the key itself shows nothing."""

LOOK_EVERY_S: Final = 30.0
"""How often the clock is read while a mute has an end: the loop does not count how long a computer sleeps."""


class Muting:
    """Knows whether popups are muted, and remembers it beyond the end of the daemon.

    Args:
        desk: has the popups.
        history: keeps the mute state, and the calls.
        cards: makes the cards by the settings as they are now.
    """

    def __init__(self, desk: Desk, history: History, cards: Callable[[], MuteCards]) -> None:
        self._desk = desk
        self._history = history
        self._cards = cards
        self._changed = asyncio.Event()
        self._list: PopupId | None = None
        self._listed: Card | None = None
        self._is_quiet = False
        self._toast: PopupId | None = None

    @property
    def state(self) -> Mute | None:
        """The mute that is in force; None while popups are shown."""
        mute = self._desk.mute
        return None if mute is None or self._is_over(mute) else mute

    async def take_up(self) -> None:
        """Go on as the last run of the daemon ended; what has ended meanwhile is told now."""
        mute = self._history.mute_state()
        if mute is not None and self._is_over(mute):
            await self._end(mute)
        elif mute is not None:
            self._desk.mute_changed(mute)

    async def run(self) -> NoReturn:
        """End a mute when its time is over, until cancelled."""
        while True:
            self._changed.clear()
            mute = self._desk.mute
            if mute is not None and self._is_over(mute):
                await self._end(mute)
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(self._patience_s(mute)):
                    await self._changed.wait()

    def mute(self, until: datetime | None) -> Mute:
        """Show no popups until an aware moment, or until `unmute`; one that is muted already stays so."""
        current = self.state
        mute = Mute(until, since=current.since if current else self._desk.now())
        self._drop_cards()
        self._history.mute(mute.until, mute.since)
        self._desk.mute_changed(mute)
        self._changed.set()
        return mute

    async def unmute(self) -> None:
        """Show popups again, and tell of those that did not come."""
        if (mute := self._desk.mute) is not None:
            await self._end(mute)

    async def toggle(self) -> Mute | None:
        """Mute until unmuted, or unmute, and tell it on the screen: for a key, which shows nothing itself."""
        if self.state is None:
            mute: Mute | None = self.mute(None)
        else:
            mute = None
            await self.unmute()
        self._drop(self._toast)
        card = self._cards().changed(mute, self._desk.now())
        self._toast = None if self._list else self._desk.notices.show(card, for_s=TOAST_S)
        return mute

    def quiet_changed(self, *, is_quiet: bool) -> None:
        """Keep the list off the screen while the desktop wants quiet: perhaps others look at it."""
        self._is_quiet = is_quiet
        self._show_list()

    def _is_over(self, mute: Mute) -> bool:
        return mute.until is not None and mute.until <= self._desk.now()

    def _patience_s(self, mute: Mute | None) -> float | None:
        if mute is None or mute.until is None:
            return None
        return min(LOOK_EVERY_S, max(0.0, (mute.until - self._desk.now()).total_seconds()))

    async def _end(self, mute: Mute) -> None:
        self._history.unmute()
        self._desk.mute_changed(None)
        self._changed.set()
        with kept_apart("history"):
            await self._list_missed(mute)

    async def _list_missed(self, mute: Mute) -> None:
        if mute.since is None:
            return
        now = self._desk.now()
        calls = await self._history.calls_while_muted(mute.since, min(mute.until or now, now))
        self._drop_cards()
        if calls and self.state is None:  # else the user has muted anew meanwhile
            self._listed = self._cards().missed([_subject(past) for past in calls], now)
            self._show_list()

    def _show_list(self) -> None:
        if self._list is not None and not self._desk.notices.is_up(self._list):
            self._list = self._listed = None  # the user has closed it
        if self._list is not None and self._is_quiet:
            self._drop(self._list)
            self._list = None
        elif self._list is None and self._listed is not None and not self._is_quiet:
            self._list = self._desk.notices.show(self._listed, for_s=None)

    def _drop_cards(self) -> None:
        self._drop(self._list)
        self._drop(self._toast)
        self._list = self._toast = self._listed = None

    def _drop(self, card: PopupId | None) -> None:
        if card is not None:
            self._desk.notices.close(card)


def _subject(past: PastCall) -> Subject:
    return Subject(
        call=past.call,
        finding=Finding(contact=past.contact),
        started_at=past.started_at.astimezone(),
        ended_at=past.ended_at and past.ended_at.astimezone(),
    )
