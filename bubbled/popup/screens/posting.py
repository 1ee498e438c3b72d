"""One popup as a notification of the desktop."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bubbled.popup.screens.image_file import usable
from bubbled.popup.screens.notification import Labels, arguments, fitted, must_be_new
from bubbled.popup.screens.notification_bus import NotifyError
from bubbled.popup.showing import Showing, unheard
from bubbled.popup.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from bubbled.model import Button, Card, PopupId
    from bubbled.popup.screens.notification_bus import NotificationBus
    from bubbled.popup.screens.notification_server import Server
    from bubbled.popup.screens.trouble import Trouble
    from bubbled.popup.showing import OnShown

LINGER_S: Final = 0.25
"""How long a pressed popup that the desktop left waits for what is to be up after the press."""

HANGS: Final = (
    "The notification server does not answer, so popups come late or not at all; bubbled goes on and waits. "
    "Restart the notification server if it stays so."
)


@dataclass(slots=True)
class Link:
    """The way to the desktop, which all popups share.

    Attributes:
        refused: told what the server answered instead of showing a popup.
        on_shown: told what it answered, for each popup that was to be put up.
        bus: None while there is none.
        server: None while none is known to run.
    """

    trouble: Trouble
    patience_s: float
    refused: Callable[[NotifyError], None]
    labels: Labels = field(default_factory=Labels)
    on_shown: OnShown = unheard
    bus: NotificationBus | None = None
    server: Server | None = None

    def patience(self) -> AbstractContextManager[None]:
        """Report that the server hangs while what happens inside takes too long."""
        return self.trouble.unless_done_in(self.patience_s, HANGS)


class Posting:
    """What should be on the screen, and what is; while they differ, a task brings them together.

    One task for each popup talks to the server, so that calls about one popup never overtake each other: an
    update that comes while Notify is under way follows it, as does a close. A late answer is never given up,
    because only it tells the id by which the popup can be closed.

    Args:
        popup_id: of the popup.
        link: the way to the desktop.
        on_empty: told whenever nothing is on the screen any more, nor to be.

    Attributes:
        wanted: the card that should be up; None: none.
        on_screen: the card that is, with the buttons that the server can show.
        notification_id: by which the server knows it; 0 while it does not.
        task: brings them together now, if one does.
    """

    def __init__(self, popup_id: PopupId, link: Link, on_empty: Callable[[], None]) -> None:
        self.wanted: Card | None = None
        self.on_screen: Card | None = None
        self.notification_id = 0
        self.task: asyncio.Task[None] | None = None
        self._id = popup_id
        self._link = link
        self._on_empty = on_empty
        self._pressed_id = 0  # a press ended it; the desktop may have closed it, or leave that to us
        self._lingering: asyncio.TimerHandle | None = None
        self._buttons: tuple[Button, ...] = ()
        self._page = 0
        self._picture = self._image = ""

    @property
    def is_lingering(self) -> bool:
        """Whether a press has ended it, but it is still there for what comes after the press."""
        return self._lingering is not None

    def want(self, card: Card | None) -> None:
        """Have this on the screen from now on, or nothing."""
        self.wanted = card
        if card is not None:
            self._end_lingering()
            if card.buttons != self._buttons:
                self._buttons, self._page = card.buttons, 0
        self.settle()

    def settle(self) -> None:
        """Bring about what is wanted, if it can be done now."""
        if self.task is not None or self._lingering is not None:
            return
        if self._link.server and self._differs(self._link.server):
            self.task = asyncio.create_task(self._bring_about(), name=f"popup: {self._id}")
            self.task.add_done_callback(self._settled)
        elif self.wanted is None and self.on_screen is None:
            self._on_empty()

    def turn_page(self) -> None:
        """Show the next buttons, because the user pressed for them."""
        self._page += 1
        if not self._stays_pressed():
            self._vacate()
        self.settle()

    def end_with_press(self) -> None:
        """Be gone, for whoever wanted it; where the desktop leaves it, what comes after takes its place."""
        self.wanted = None
        if self._stays_pressed():
            loop = asyncio.get_running_loop()
            self._lingering = loop.call_later(LINGER_S, self.leave)
        else:
            self._vacate()
        self.settle()

    def end_with_reply(self) -> None:
        """Be gone, because the user sent a text: Plasma would leave the field open that it was typed into."""
        self.wanted = None
        self._vacate()
        self.settle()

    def leave(self) -> None:
        """Wait no longer for what comes after a press."""
        self._end_lingering()
        self.settle()

    def closed(self) -> None:
        """Take note that it is not on the screen any more."""
        self.vanished()
        self.leave()

    def vanished(self) -> None:
        """Take note that it is not on the screen any more; what is wanted will be shown again."""
        self.on_screen, self.notification_id = None, 0

    def forget(self) -> None:
        """Take note that the server has gone: its ids mean nothing to the next, or somebody else's."""
        self.vanished()
        self._pressed_id = 0
        self._end_lingering()

    def _vacate(self) -> None:
        """Count what was pressed as gone: the server closes it, or leaves that to us."""
        self._pressed_id = self.notification_id
        self.vanished()

    def _stays_pressed(self) -> bool:
        return self._link.server is not None and self._link.server.habits.keeps_pressed

    def _end_lingering(self) -> None:
        if self._lingering is not None:
            self._lingering.cancel()
            self._lingering = None

    def _settled(self, task: asyncio.Task[None]) -> None:
        self.task = None
        if task.cancelled():
            return
        if error := task.exception():
            self._link.trouble.report(f"A popup could not be shown ({error!r}); please report this as a bug.")
            return
        self.settle()

    # -- within the task

    def _target(self, server: Server) -> Card | None:
        if self.is_lingering:
            return self.on_screen
        return self.wanted and fitted(self.wanted, self._page, server, self._link.labels)

    def _differs(self, server: Server) -> bool:
        return bool(self._pressed_id) or self._target(server) != self.on_screen

    async def _bring_about(self) -> None:
        while (bus := self._link.bus) and (server := self._link.server) and self._differs(server):
            card = self._target(server)
            try:
                if self._pressed_id:
                    await self._clear_pressed(bus)
                elif card:
                    await self._put_up(bus, server, card)
                else:
                    await self._take_down(bus)
            except NotifyError as error:
                if self._link.server is server:
                    self._link.refused(error)
                    self._tell(server, error=str(error))
                    self.on_screen = card  # as far as can be done: the next change tries again

    async def _put_up(self, bus: NotificationBus, server: Server, card: Card) -> None:
        if card.picture != self._picture:
            self._picture, self._image = card.picture, await usable(card.picture)
        if self.notification_id and self.on_screen and must_be_new(card, self.on_screen, server):
            await self._take_down(bus)
        with self._link.patience():
            notification_id = await bus.notify(arguments(card, self.notification_id, server, self._image))
        if self._link.server is server:
            is_new, self.notification_id = notification_id != self.notification_id, notification_id
            self.on_screen = card
            self._link.trouble.over()
            if is_new:
                self._tell(server, answer=f"notification {notification_id}")

    def _tell(self, server: Server, *, answer: str = "", error: str = "") -> None:
        name = one_line(f"{server.name} {server.version}")
        self._link.on_shown(
            self._id, Showing(screen="native", server=name, answer=answer, error=one_line(error))
        )

    async def _take_down(self, bus: NotificationBus) -> None:
        notification_id = self.notification_id
        self.vanished()
        if notification_id:
            await self._close(bus, notification_id)

    async def _clear_pressed(self, bus: NotificationBus) -> None:
        notification_id, self._pressed_id = self._pressed_id, 0
        await self._close(bus, notification_id)

    async def _close(self, bus: NotificationBus, notification_id: int) -> None:
        with self._link.patience(), suppress(NotifyError):  # it may have gone by itself just now
            await bus.close(notification_id)
