"""Cards as windows of our own, in a chosen corner of a chosen monitor."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final, assert_never

from bubbled.popup.screen import is_installed
from bubbled.popup.screens.trouble import Trouble
from bubbled.popup.screens.window_process import COMMAND
from bubbled.popup.screens.window_upkeep import NOT_INSTALLED, Upkeep
from bubbled.popup.showing import Showing, unheard
from bubbled.popup.text import one_line
from bubbled.popup.window.message import (
    Close,
    Describe,
    Described,
    Dismissed,
    Done,
    Focus,
    Look,
    Order,
    Ping,
    Pressed,
    Report,
    Show,
    Update,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bubbled.model import Card, PopupId
    from bubbled.popup.screen import OnDismissed, OnPressed
    from bubbled.popup.screens.window_process import WindowProcess
    from bubbled.popup.screens.window_upkeep import FindDesktop
    from bubbled.popup.showing import OnShown

PATIENCE_S: Final = 5.0
"""A process that has not answered for so long is ended, and started anew."""

RETRY_S: Final = 5.0
"""How often a desktop is looked for where there is none."""

_READY_S: Final = 3.0
_KEYBOARD_S: Final = 1.0


class WindowScreen:
    """Shows cards in a process of its own, which is started anew when it ends or hangs.

    The process is told the latest wish for each popup, one after the other; while it takes nothing, wishes
    for one popup replace each other. A new process is told all that should be up.

    Args:
        on_dismissed: as the port says.
        on_pressed: as the port says.
        look: where windows stand, and how they look.
        find_desktop: gives the variables of the desktop.
        command: what to run instead.
        on_shown: as the port says.
    """

    name = "window"

    def __init__(  # noqa: PLR0913 - what varies in tests is given by name
        self,
        on_dismissed: OnDismissed,
        on_pressed: OnPressed,
        look: Look,
        find_desktop: FindDesktop,
        *,
        patience_s: float = PATIENCE_S,
        retry_s: float = RETRY_S,
        command: Sequence[str] = COMMAND,
        on_shown: OnShown = unheard,
    ) -> None:
        self._trouble = Trouble()
        self._on_dismissed = on_dismissed
        self._on_pressed = on_pressed
        self._on_shown = on_shown
        self._look = look
        self._patience_s = patience_s
        self._upkeep = Upkeep(self._trouble, find_desktop, command, retry_s)
        self._wanted: dict[PopupId, Card] = {}
        self._on_screen: dict[PopupId, int] = {}
        self._to_tell: dict[PopupId, None] = {}
        self._has_news = asyncio.Event()
        self._is_needed = asyncio.Event()
        self._is_ready = asyncio.Event()
        self._process: WindowProcess | None = None
        self._described = ""
        self._running: asyncio.Task[None] | None = None

    @property
    def trouble(self) -> str | None:
        """Why windows cannot be shown now; None while they can."""
        return self._trouble.text

    def watch(self, on_trouble_changed: Callable[[], None]) -> None:
        """Have somebody told when `trouble` changes."""
        self._trouble.on_changed = on_trouble_changed

    async def start(self) -> None:
        """Start the process ahead, so that the first popup is as quick as the others; nobody waits for it."""
        self._running = asyncio.create_task(self._stay_up(), name="popup: windows")

    async def show(self, popup_id: PopupId, card: Card) -> None:
        """Put up a popup."""
        self._wanted[popup_id] = card
        self._tell(popup_id)

    async def update(self, popup_id: PopupId, card: Card) -> None:
        """Change the popup in its place."""
        if popup_id in self._wanted:
            await self.show(popup_id, card)

    async def close(self, popup_id: PopupId) -> None:
        """Take the popup away."""
        if self._wanted.pop(popup_id, None) is not None:
            self._tell(popup_id)

    async def focus(self) -> bool:
        """Give the newest window the keyboard; tells whether there is one that takes it."""
        if self._process is None or not self._wanted:
            return False
        with suppress(TimeoutError):
            async with asyncio.timeout(_KEYBOARD_S):
                return await self._process.ask(Focus())
        return False

    async def describe(self) -> str:
        """Tell of the monitors and the process, or what is wrong."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_READY_S):
                await self._is_ready.wait()
                if self._process is not None and await self._process.ask(Describe()):
                    return f"windows; {self._described}"
        return self.trouble or "windows; their process has not answered yet"

    async def aclose(self) -> None:
        """Take every popup away and end the process."""
        self._wanted.clear()
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    # -- what is told

    def _tell(self, popup_id: PopupId) -> None:
        self._to_tell[popup_id] = None
        self._has_news.set()
        (self._is_needed.set if self._wanted else self._is_needed.clear)()

    async def _tell_all(self, process: WindowProcess) -> None:
        """Tell the process what is new, for as long as it takes it."""
        while True:
            await self._has_news.wait()
            popup_id = next(iter(self._to_tell))
            del self._to_tell[popup_id]
            if not self._to_tell:
                self._has_news.clear()
            if order := self._order(popup_id):
                n = process.send(order)
                if isinstance(order, Show):
                    self._on_screen[popup_id] = n
                await process.drained()

    def _order(self, popup_id: PopupId) -> Order | None:
        card, is_up = self._wanted.get(popup_id), popup_id in self._on_screen
        if card is not None:
            return Update(popup_id, card) if is_up else Show(popup_id, card)
        return Close(popup_id) if self._on_screen.pop(popup_id, None) is not None else None

    async def _ping(self, process: WindowProcess) -> None:
        """Find out that it hangs also when there is nothing to tell, while something can be pressed."""
        while True:
            await self._is_needed.wait()
            await asyncio.sleep(self._patience_s)
            process.send(Ping())
            await process.drained()

    # -- what is reported

    def _reported(self, report: Report) -> None:
        match report:
            case Pressed(popup_id, button, text):
                self._pressed(popup_id, button, text)
            case Dismissed(popup_id):
                self._dismissed(popup_id)
            case Described(text):
                self._described = one_line(text, 400)
            case Done(n, is_ok):
                self._done(n, is_ok=is_ok)
            case unreachable:
                assert_never(unreachable)

    def _done(self, n: int, *, is_ok: bool) -> None:
        """The process carried out an order; of those to show a popup somebody wants to know."""
        for popup_id, shown in self._on_screen.items():
            if shown == n and is_ok:
                self._on_shown(popup_id, Showing(screen=self.name))

    def _pressed(self, popup_id: PopupId, button: str, text: str) -> None:
        card = self._wanted.get(popup_id)
        if card is None:
            if text:  # typed while the popup had to go
                self._on_pressed(popup_id, button, text)
            return
        is_older = self._was_shown_since(popup_id)
        if not is_older:
            del self._on_screen[popup_id]  # it goes by itself, unless it is shown anew
        if button not in {each.id for each in card.buttons}:
            self._tell(popup_id)
            return
        del self._wanted[popup_id]
        if is_older:
            self._tell(popup_id)
        self._on_pressed(popup_id, button, text)

    def _dismissed(self, popup_id: PopupId) -> None:
        if popup_id in self._wanted and not self._was_shown_since(popup_id):
            del self._on_screen[popup_id], self._wanted[popup_id]
            self._on_dismissed(popup_id)

    def _was_shown_since(self, popup_id: PopupId) -> bool:
        """Whether a report is about a window whose place another has been ordered to take."""
        shown = self._on_screen.get(popup_id)
        return shown is None or self._process is None or not self._process.has_answered(shown)

    # -- the process

    async def _stay_up(self) -> None:
        if is_installed():
            await self._upkeep.run(self._use, self._reported)
        else:
            self._trouble.report(NOT_INSTALLED)

    async def _use(self, process: WindowProcess) -> None:
        """Have a process show what is wanted, until it ends or hangs."""
        try:
            async with asyncio.TaskGroup() as group:
                listening = group.create_task(process.run(), name="windows: reports")
                watch = group.create_task(process.stalled(self._patience_s), name="windows: watch")
                busy = group.create_task(self._serve(process), name="windows: orders")
                await asyncio.wait([listening, watch], return_when=asyncio.FIRST_COMPLETED)
                for task in (watch, busy, listening):
                    task.cancel()
        finally:
            self._process = None
            self._is_ready.clear()
            self._on_screen.clear()

    async def _serve(self, process: WindowProcess) -> None:
        """Tell the process what to show, until it ends."""
        await process.ask(self._look)
        self._ready(process)
        with suppress(OSError):  # it has just ended
            async with asyncio.TaskGroup() as group:
                group.create_task(self._tell_all(process))
                group.create_task(self._ping(process))
                group.create_task(self._upkeep.outlive())

    def _ready(self, process: WindowProcess) -> None:
        self._process = process
        self._is_ready.set()
        for popup_id in self._wanted:
            self._tell(popup_id)
        self._upkeep.works()
