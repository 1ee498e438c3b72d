"""Cards as notifications of the user's own desktop."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final

import structlog

from bubbled.popup.language import catalogue
from bubbled.popup.screens.notification import CLOSE, MORE, REPLY, Labels, asking
from bubbled.popup.screens.notification_bus import Ears, NotificationBus, NotifyError
from bubbled.popup.screens.posting import HANGS, Link, Posting
from bubbled.popup.screens.trouble import Trouble
from bubbled.popup.showing import unheard
from bubbled.popup.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from bubbled.model import Card, PopupId
    from bubbled.popup.screen import OnDismissed, OnPressed
    from bubbled.popup.showing import OnShown

PATIENCE_S: Final = 5.0
"""After so long without an answer the user is told that the server hangs."""

GOODBYE_S: Final = 1.0
"""How long the start may wait for the bus, and the end for the popups to close."""

RETRY_S: Final = 30.0
"""How often a missing session bus is looked for."""

_EXPIRED: Final = 1
"""Why a notification was closed, in the specification's numbers: its time was up."""

_NOBODY_SERVES: Final = frozenset(
    {
        "org.freedesktop.DBus.Error.ServiceUnknown",
        "org.freedesktop.DBus.Error.NameHasNoOwner",
        "org.freedesktop.DBus.Error.NoReply",  # it went away instead of answering
    }
)
_CANNOT_START: Final = "org.freedesktop.DBus.Error.Spawn."

NO_BUS: Final = (
    "There is no session bus, so no popups can be shown; bubbled goes on and looks for it every 30 seconds. "
    "Start bubbled within your desktop session."
)
NO_SERVER: Final = (
    "No notification server is running, so no popups can be shown; bubbled goes on and uses one when it "
    "appears. Start your desktop's own, or install one, such as dunst."
)
_log = structlog.get_logger()


class NativeScreen:
    """Shows cards through the desktop's notification server, whichever it is, and whenever it appears."""

    name = "native"

    def __init__(  # noqa: PLR0913 - whom it tells, and by name what differs in tests
        self,
        on_dismissed: OnDismissed,
        on_pressed: OnPressed,
        on_shown: OnShown = unheard,
        *,
        patience_s: float = PATIENCE_S,
        retry_s: float = RETRY_S,
        has_pages: bool = False,
    ) -> None:
        self._trouble = Trouble()
        self._link = Link(self._trouble, patience_s, self._refused, _labels(has_pages=has_pages), on_shown)
        self._retry_s = retry_s
        self._on_dismissed = on_dismissed
        self._on_pressed = on_pressed
        self._popups: dict[PopupId, Posting] = {}
        self._tried = asyncio.Event()
        self._connection: asyncio.Task[None] | None = None
        self._greeting: asyncio.Task[None] | None = None

    @property
    def trouble(self) -> str | None:
        """Why popups cannot be shown now; None while they can."""
        return self._trouble.text

    def watch(self, on_trouble_changed: Callable[[], None]) -> None:
        """Have somebody told when `trouble` changes."""
        self._trouble.on_changed = on_trouble_changed

    async def start(self) -> None:
        """Look for the session bus; what is not there yet is used when it appears."""
        self._connection = asyncio.create_task(self._stay_connected(), name="popup: session bus")
        with suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_S):
                await self._tried.wait()

    async def show(self, popup_id: PopupId, card: Card) -> None:
        """Put up a popup."""
        if (popup := self._popups.get(popup_id)) is None:
            popup = self._popups[popup_id] = Posting(popup_id, self._link, partial(self._empty, popup_id))
        self._want(popup, card)

    async def update(self, popup_id: PopupId, card: Card) -> None:
        """Change the popup in its place."""
        popup = self._popups.get(popup_id)
        if popup and popup.wanted:
            self._want(popup, card)

    async def close(self, popup_id: PopupId) -> None:
        """Take the popup away."""
        if popup := self._popups.get(popup_id):
            popup.want(None)

    async def describe(self) -> str:
        """Name the server and its capabilities, or say what is wrong."""
        if self._link.bus is None:
            return NO_BUS
        try:
            async with asyncio.timeout(self._link.patience_s):
                server = await self._link.bus.greet()
        except TimeoutError:
            self._trouble.report(HANGS)
            return HANGS
        except NotifyError as error:
            return _advice(error)
        self._trouble.no_longer(HANGS)
        return str(server)

    async def aclose(self) -> None:
        """Take every popup away and hang up."""
        for popup in list(self._popups.values()):
            popup.want(None)
            popup.leave()
        closing = {popup.task for popup in self._popups.values() if popup.task}
        if closing:
            await asyncio.wait(closing, timeout=GOODBYE_S)
        tasks = [task for task in (self._connection, self._greeting, *closing) if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._link.bus:
            await self._link.bus.aclose()

    # -- popups

    def _want(self, popup: Posting, card: Card) -> None:
        popup.want(card)
        if self._link.bus and self._link.server is None:
            self._greet()  # the bus may know how to start a server

    def _empty(self, popup_id: PopupId) -> None:
        self._popups.pop(popup_id, None)

    def _refused(self, error: NotifyError) -> None:
        self._trouble.report(_advice(error))

    # -- what the server tells

    def _closed(self, notification_id: int, reason: int) -> None:
        for popup_id, popup in list(self._popups.items()):
            if popup.notification_id == notification_id:
                self._gone(popup_id, popup, reason)

    def _gone(self, popup_id: PopupId, popup: Posting, reason: int) -> None:
        if reason == _EXPIRED:
            popup.notification_id = 0  # against our wish: the next update shows it again
            return
        was_pressed, popup.wanted = popup.is_lingering, None
        popup.closed()
        if not was_pressed:
            self._on_dismissed(popup_id)

    def _acted(self, notification_id: int, key: str) -> None:
        self._pressed(notification_id, key, "")

    def _replied(self, notification_id: int, text: str) -> None:
        self._pressed(notification_id, REPLY, text)

    def _pressed(self, notification_id: int, key: str, text: str) -> None:
        for popup_id, popup in list(self._popups.items()):
            if notification_id and popup.notification_id == notification_id and not popup.is_lingering:
                self._press(popup_id, popup, key, text)

    def _press(self, popup_id: PopupId, popup: Posting, key: str, text: str) -> None:
        """Tell of a press only where the button is on the card: the other programs of the bus send too."""
        button = self._button(popup, key)
        if button == MORE:
            popup.turn_page()
        elif button:
            popup.end_with_reply() if key == REPLY else popup.end_with_press()
            if button == CLOSE:
                self._on_dismissed(popup_id)
            else:
                self._on_pressed(popup_id, button, text)

    def _button(self, popup: Posting, key: str) -> str | None:
        card, server = popup.on_screen, self._link.server
        if card is None or server is None:
            return None
        if key == REPLY:
            button = asking(card, server)
            return None if button is None else button.id
        return key if key in {button.id for button in card.buttons} else None

    # -- the server

    def _owner_changed(self, owner: str) -> None:
        self._forget_server()
        if owner:
            self._greet()
        else:
            self._trouble.report(NO_SERVER)

    def _forget_server(self) -> None:
        self._link.server = None
        for popup in self._popups.values():
            popup.forget()
        if self._greeting:
            self._greeting.cancel()
            self._greeting = None

    def _greet(self) -> None:
        if self._link.bus and self._greeting is None:
            self._greeting = asyncio.create_task(self._meet(self._link.bus), name="popup: greeting")

    async def _meet(self, bus: NotificationBus) -> None:
        try:
            with self._link.patience():
                self._link.server = await bus.greet()
        except NotifyError as error:
            self._trouble.report(_advice(error))
            return
        finally:
            if self._greeting is asyncio.current_task():
                self._greeting = None
        self._trouble.over()
        _log.info("Popups go to the desktop", server=str(self._link.server))
        for popup in list(self._popups.values()):
            popup.settle()

    # -- the session bus

    async def _stay_connected(self) -> None:
        while True:
            await self._connect()
            self._tried.set()
            if self._link.bus:
                await self._link.bus.lost()
                self._link.bus = None
                self._forget_server()
            self._trouble.report(NO_BUS)
            await asyncio.sleep(self._retry_s)

    async def _connect(self) -> None:
        ears = Ears(self._owner_changed, self._closed, self._acted, self._replied)
        try:
            async with asyncio.timeout(self._link.patience_s):
                self._link.bus = await NotificationBus.connect(ears)
        except Exception as error:  # noqa: BLE001 - the library raises all kinds, and all mean the same
            _log.debug("The session bus cannot be used", reason=repr(error))
        else:
            self._greet()


def _labels(*, has_pages: bool) -> Labels:
    words = catalogue(os.environ)
    page = words.gettext("Open page") if has_pages else ""
    return Labels(more=words.gettext("More…"), close=words.gettext("Close"), page=page)


def _advice(error: NotifyError) -> str:
    if not error.kind:
        return NO_BUS
    if error.kind in _NOBODY_SERVES or error.kind.startswith(_CANNOT_START):
        return NO_SERVER
    return (
        f"The notification server cannot show a popup ({one_line(str(error))}); bubbled goes on and tries "
        "the next. Restart the notification server if it stays so."
    )
