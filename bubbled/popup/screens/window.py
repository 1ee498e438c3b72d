"""Cards as windows of our own, in a chosen corner of a chosen monitor."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Final, assert_never

import structlog

from bubbled.extra import command_to_install
from bubbled.popup.screen import is_installed
from bubbled.popup.screens.trouble import Trouble
from bubbled.popup.screens.window_process import COMMAND, WindowProcess
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
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from bubbled.model import Card, PopupId
    from bubbled.popup.screen import OnDismissed, OnPressed

    FindDesktop = Callable[[bool], Awaitable[Mapping[str, str]]]
    """Gives the variables of the user's desktop, or none; told whether the desktop before is gone."""

PATIENCE_S: Final = 5.0
"""A process that has not answered for so long is ended, and started anew."""

RETRY_S: Final = 5.0
"""How often a desktop is looked for where there is none."""

_READY_S: Final = 3.0
_KEYBOARD_S: Final = 1.0
_FIRST_PAUSE_S: Final = 0.5
_LONGEST_PAUSE_S: Final = 30.0

_LIVED_S: Final = 10.0
"""A process that ends sooner may end so again and again."""

_TOLERATED: Final = 1
"""Short lives in a row that are no trouble."""

_GOES_ON: Final = "bubbled goes on and tries again"

NO_DISPLAY: Final = (
    "There is no desktop, so no windows can be shown; bubbled goes on and looks for one every few seconds. "
    "Does the desktop run `systemctl --user import-environment DISPLAY WAYLAND_DISPLAY XAUTHORITY`?"
)
NO_X_SERVER: Final = (
    "This Wayland desktop has no X server, without which no window can be put in its place, so none are "
    "shown; bubbled goes on. Install XWayland, or set popup.screen to native."
)
NOT_INSTALLED: Final = (
    f"PySide6 is not installed, so no windows can be shown. Run: {command_to_install('window')}"
)
NO_CURSOR_LIBRARY: Final = (
    "A library that windows need is missing, so none can be shown; bubbled goes on. "
    "Install libxcb-cursor0 (Debian, Ubuntu) or xcb-util-cursor, then run: bubbled reload"
)
DIES: Final = f"The process of the windows ends again and again ({{}}), so no windows are shown; {_GOES_ON}."

_log = structlog.get_logger()


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
    ) -> None:
        self._trouble = Trouble()
        self._on_dismissed = on_dismissed
        self._on_pressed = on_pressed
        self._look = look
        self._find_desktop = find_desktop
        self._patience_s = patience_s
        self._retry_s = retry_s
        self._command = command
        self._wanted: dict[PopupId, Card] = {}
        self._on_screen: dict[PopupId, int] = {}
        self._to_tell: dict[PopupId, None] = {}
        self._has_news = asyncio.Event()
        self._is_needed = asyncio.Event()
        self._is_ready = asyncio.Event()
        self._process: WindowProcess | None = None
        self._described = ""
        self._short_lives = 0
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
            case Done():
                pass
            case unreachable:
                assert_never(unreachable)

    def _pressed(self, popup_id: PopupId, button: str, text: str) -> None:
        card = self._wanted.get(popup_id)
        if card is None:
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
        if not is_installed():
            self._trouble.report(NOT_INSTALLED)
            return
        is_gone = False
        while True:
            environment = await self._environment(is_gone=is_gone)
            if environment is None:
                is_gone = False
                await asyncio.sleep(self._retry_s)
                continue
            began = asyncio.get_running_loop().time()
            complaints = await self._live(environment)
            is_gone = await self._mourn(asyncio.get_running_loop().time() - began, complaints)

    async def _environment(self, *, is_gone: bool) -> Mapping[str, str] | None:
        try:
            found = await self._find_desktop(is_gone)
        except Exception as error:  # noqa: BLE001 - whatever it is, there is no desktop to show windows on
            _log.debug("the desktop cannot be found", reason=repr(error))
            found = {}
        if "DISPLAY" not in found:
            self._trouble.report(NO_X_SERVER if "WAYLAND_DISPLAY" in found else NO_DISPLAY)
            return None
        # Only X11 lets a window stand where it wants; without the variable a Wayland desktop would be taken.
        return {**os.environ, **found, "QT_QPA_PLATFORM": "xcb"}

    async def _live(self, environment: Mapping[str, str]) -> str:
        """Have a process until it ends or hangs; gives what it complained of."""
        try:
            process = await WindowProcess.start(self._command, environment, self._reported)
        except OSError as error:
            return str(error)
        try:
            await self._use(process)
        finally:
            self._process = None
            self._is_ready.clear()
            self._on_screen.clear()
            await process.end()
        return process.complaints

    async def _use(self, process: WindowProcess) -> None:
        async with asyncio.TaskGroup() as group:
            listening = group.create_task(process.run(), name="windows: reports")
            watch = group.create_task(process.stalled(self._patience_s), name="windows: watch")
            busy = group.create_task(self._serve(process), name="windows: orders")
            await asyncio.wait([listening, watch], return_when=asyncio.FIRST_COMPLETED)
            watch.cancel()
            busy.cancel()
            if not listening.done():
                listening.cancel()

    async def _serve(self, process: WindowProcess) -> None:
        """Tell the process what to show, until it ends."""
        await process.ask(self._look)
        self._ready(process)
        with suppress(OSError):  # it has just ended
            async with asyncio.TaskGroup() as group:
                group.create_task(self._tell_all(process))
                group.create_task(self._ping(process))
                group.create_task(self._recover())

    def _ready(self, process: WindowProcess) -> None:
        self._process = process
        self._is_ready.set()
        for popup_id in self._wanted:
            self._tell(popup_id)
        if self._short_lives <= _TOLERATED:
            self._trouble.over()

    async def _recover(self) -> None:
        await asyncio.sleep(_LIVED_S)
        self._short_lives = 0
        self._trouble.over()

    async def _mourn(self, lived_s: float, complaints: str) -> bool:
        """Say why it ended where that matters, and wait a moment; tells whether the desktop is gone."""
        reason, is_gone = _reason(complaints)
        _log.info("the process of the windows ended, another is started", reason=reason)
        self._short_lives = 0 if lived_s >= _LIVED_S else self._short_lives + 1
        if is_gone:
            self._trouble.report(NO_DISPLAY)
        elif self._short_lives > _TOLERATED or reason in {NOT_INSTALLED, NO_CURSOR_LIBRARY}:
            self._trouble.report(
                reason if reason in {NOT_INSTALLED, NO_CURSOR_LIBRARY} else DIES.format(reason)
            )
        if self._short_lives > _TOLERATED or is_gone:
            pause_s = _FIRST_PAUSE_S * 2 ** min(self._short_lives - _TOLERATED, 10)
            await asyncio.sleep(min(pause_s, self._retry_s if is_gone else _LONGEST_PAUSE_S))
        return is_gone


def _reason(complaints: str) -> tuple[str, bool]:
    """Say why a process ended by what it complained of, and whether that is the end of the desktop."""
    if "No module named 'PySide6'" in complaints:
        return NOT_INSTALLED, False
    if "xcb-cursor0" in complaints and "could not connect to display" not in complaints:
        return NO_CURSOR_LIBRARY, False
    last = one_line(complaints.rpartition("\n")[2], 100) or "it did not say why"
    return last, any(each in complaints for each in ("could not connect to display", "X11 connection broke"))
