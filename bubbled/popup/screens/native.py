"""Cards as notifications of the user's own desktop."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import structlog

from bubbled.popup.screens.notification import arguments, must_be_new
from bubbled.popup.screens.notification_bus import NotificationBus, NotifyError
from bubbled.popup.screens.trouble import Trouble
from bubbled.popup.text import one_line

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from bubbled.model import Card, PopupId
    from bubbled.popup.screen import OnDismissed, OnPressed
    from bubbled.popup.screens.notification import Server

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
HANGS: Final = (
    "The notification server does not answer, so popups come late or not at all; bubbled goes on and waits. "
    "Restart the notification server if it stays so."
)

_log = structlog.get_logger()


@dataclass(slots=True)
class _Popup:
    """What should be on the screen, and what is; while they differ, a task brings them together."""

    wanted: Card | None = None
    on_screen: Card | None = None
    notification_id: int = 0
    pressed_id: int = 0
    """The notification that a press ended; the desktop may have closed it, or leave that to us."""
    task: asyncio.Task[None] | None = None

    def vanished(self) -> None:
        self.on_screen, self.notification_id = None, 0


class NativeScreen:
    """Shows cards through the desktop's notification server, whichever it is, and whenever it appears.

    One task for each popup talks to the server, so that calls about one popup never overtake each other: an
    update that comes while Notify is under way follows it, as does a close. A late answer is never given up,
    because only it tells the id by which the popup can be closed.
    """

    name = "native"

    def __init__(
        self,
        on_dismissed: OnDismissed,
        on_pressed: OnPressed,
        *,
        patience_s: float = PATIENCE_S,
        retry_s: float = RETRY_S,
    ) -> None:
        self._trouble = Trouble()
        self._patience_s = patience_s
        self._retry_s = retry_s
        self._on_dismissed = on_dismissed
        self._on_pressed = on_pressed
        self._popups: dict[PopupId, _Popup] = {}
        self._bus: NotificationBus | None = None
        self._server: Server | None = None
        self._tried = asyncio.Event()
        self._connection: asyncio.Task[None] | None = None
        self._greeting: asyncio.Task[None] | None = None

    @property
    def trouble(self) -> str | None:
        """Why popups cannot be shown now; None while they can."""
        return self._trouble.text

    async def start(self) -> None:
        """Look for the session bus; what is not there yet is used when it appears."""
        self._connection = asyncio.create_task(self._stay_connected(), name="popup: session bus")
        with suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_S):
                await self._tried.wait()

    async def show(self, popup_id: PopupId, card: Card) -> None:
        """Put up a popup."""
        self._want(popup_id, self._popups.setdefault(popup_id, _Popup()), card)

    async def update(self, popup_id: PopupId, card: Card) -> None:
        """Change the popup in its place."""
        popup = self._popups.get(popup_id)
        if popup and popup.wanted:
            self._want(popup_id, popup, card)

    async def close(self, popup_id: PopupId) -> None:
        """Take the popup away."""
        if popup := self._popups.get(popup_id):
            self._want(popup_id, popup, None)

    async def describe(self) -> str:
        """Name the server and its capabilities, or say what is wrong."""
        if self._bus is None:
            return NO_BUS
        try:
            async with asyncio.timeout(self._patience_s):
                server = await self._bus.greet()
        except TimeoutError:
            self._trouble.report(HANGS)
            return HANGS
        except NotifyError as error:
            return _advice(error)
        self._trouble.no_longer(HANGS)
        return str(server)

    async def aclose(self) -> None:
        """Take every popup away and hang up."""
        for popup_id in list(self._popups):
            await self.close(popup_id)
        closing = {popup.task for popup in self._popups.values() if popup.task}
        if closing:
            await asyncio.wait(closing, timeout=GOODBYE_S)
        tasks = [task for task in (self._connection, self._greeting, *closing) if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._bus:
            await self._bus.aclose()

    # -- one popup

    def _want(self, popup_id: PopupId, popup: _Popup, card: Card | None) -> None:
        popup.wanted = card
        self._settle(popup_id, popup)
        if self._bus and self._server is None and card:
            self._greet()  # the bus may know how to start a server

    def _settle(self, popup_id: PopupId, popup: _Popup) -> None:
        if popup.task is None and self._server and (popup.pressed_id or popup.wanted != popup.on_screen):
            popup.task = asyncio.create_task(self._bring_about(popup), name=f"popup: {popup_id}")
            popup.task.add_done_callback(lambda task: self._settled(popup_id, popup, task))
        elif popup.task is None and popup.wanted is None and popup.on_screen is None:
            self._popups.pop(popup_id, None)

    def _settled(self, popup_id: PopupId, popup: _Popup, task: asyncio.Task[None]) -> None:
        popup.task = None
        if task.cancelled():
            return
        if error := task.exception():
            self._trouble.report(f"A popup could not be shown ({error!r}); please report this as a bug.")
            return
        self._settle(popup_id, popup)

    async def _bring_about(self, popup: _Popup) -> None:
        while (popup.pressed_id or popup.wanted != popup.on_screen) and self._bus and self._server:
            bus, server, card = self._bus, self._server, popup.wanted
            try:
                if popup.pressed_id:
                    await self._clear_pressed(bus, popup)
                elif card:
                    await self._put_up(bus, server, popup, card)
                else:
                    await self._take_down(bus, popup)
            except NotifyError as error:
                if self._server is server:
                    self._trouble.report(_advice(error))
                    popup.on_screen = card  # as far as can be done: the next change tries again

    async def _put_up(self, bus: NotificationBus, server: Server, popup: _Popup, card: Card) -> None:
        if popup.notification_id and popup.on_screen and must_be_new(card, popup.on_screen, server):
            await self._take_down(bus, popup)
        with self._patience():
            notification_id = await bus.notify(arguments(card, popup.notification_id, server))
        if self._server is server:
            popup.notification_id, popup.on_screen = notification_id, card
            self._trouble.over()

    async def _take_down(self, bus: NotificationBus, popup: _Popup) -> None:
        notification_id = popup.notification_id
        popup.vanished()
        if notification_id:
            await self._close(bus, notification_id)

    async def _clear_pressed(self, bus: NotificationBus, popup: _Popup) -> None:
        notification_id, popup.pressed_id = popup.pressed_id, 0
        await self._close(bus, notification_id)

    async def _close(self, bus: NotificationBus, notification_id: int) -> None:
        with self._patience(), suppress(NotifyError):  # it may have gone by itself just now
            await bus.close(notification_id)

    def _patience(self) -> AbstractContextManager[None]:
        return self._trouble.unless_done_in(self._patience_s, HANGS)

    # -- the server

    def _owner_changed(self, owner: str) -> None:
        self._forget_server()
        if owner:
            self._greet()
        else:
            self._trouble.report(NO_SERVER)

    def _forget_server(self) -> None:
        # To the next server its ids mean nothing, or somebody else's notification.
        self._server = None
        for popup in self._popups.values():
            popup.vanished()
            popup.pressed_id = 0
        if self._greeting:
            self._greeting.cancel()
            self._greeting = None

    def _closed(self, notification_id: int, reason: int) -> None:
        for popup_id, popup in list(self._popups.items()):
            if popup.notification_id == notification_id:
                self._gone(popup_id, popup, reason)

    def _gone(self, popup_id: PopupId, popup: _Popup, reason: int) -> None:
        if reason == _EXPIRED:
            popup.notification_id = 0  # against our wish: the next update shows it again
            return
        popup.wanted = None
        popup.vanished()
        self._settle(popup_id, popup)
        self._on_dismissed(popup_id)

    def _acted(self, notification_id: int, button: str) -> None:
        """Tell of a press only where the button is on the card: the other programs of the bus send too."""
        for popup_id, popup in list(self._popups.items()):
            card = popup.on_screen
            is_up = notification_id and popup.notification_id == notification_id
            if is_up and card and button in _ids(card):
                popup.wanted, popup.pressed_id = None, notification_id
                popup.vanished()
                self._settle(popup_id, popup)
                self._on_pressed(popup_id, button, "")

    def _greet(self) -> None:
        if self._bus and self._greeting is None:
            self._greeting = asyncio.create_task(self._meet(self._bus), name="popup: greeting")

    async def _meet(self, bus: NotificationBus) -> None:
        try:
            with self._patience():
                self._server = await bus.greet()
        except NotifyError as error:
            self._trouble.report(_advice(error))
            return
        finally:
            if self._greeting is asyncio.current_task():
                self._greeting = None
        self._trouble.over()
        _log.info("Popups go to the desktop", server=str(self._server))
        for popup_id, popup in list(self._popups.items()):
            self._settle(popup_id, popup)

    # -- the session bus

    async def _stay_connected(self) -> None:
        while True:
            await self._connect()
            self._tried.set()
            if self._bus:
                await self._bus.lost()
                self._bus = None
                self._forget_server()
            self._trouble.report(NO_BUS)
            await asyncio.sleep(self._retry_s)

    async def _connect(self) -> None:
        try:
            async with asyncio.timeout(self._patience_s):
                self._bus = await NotificationBus.connect(self._owner_changed, self._closed, self._acted)
        except Exception as error:  # noqa: BLE001 - the library raises all kinds, and all mean the same
            _log.debug("The session bus cannot be used", reason=repr(error))
        else:
            self._greet()


def _ids(card: Card) -> set[str]:
    return {button.id for button in card.buttons}


def _advice(error: NotifyError) -> str:
    if not error.kind:
        return NO_BUS
    if error.kind in _NOBODY_SERVES or error.kind.startswith(_CANNOT_START):
        return NO_SERVER
    return (
        f"The notification server cannot show a popup ({one_line(str(error))}); bubbled goes on and tries "
        "the next. Restart the notification server if it stays so."
    )
