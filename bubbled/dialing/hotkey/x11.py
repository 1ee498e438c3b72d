"""The hotkey on X11: grabbed, so that the program with the focus does not get it."""

from __future__ import annotations

import asyncio
from itertools import product
from typing import TYPE_CHECKING, Any, Final, NoReturn

import structlog
from Xlib import X
from Xlib.error import BadAccess
from Xlib.protocol import request

from bubbled.dialing.hotkey.keyboard import Keyboard
from bubbled.dialing.hotkey.purpose import DIALLING
from bubbled.x11.connection import connect
from bubbled.x11.server import XServerError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bubbled.dialing.hotkey.keyboard import Grab
    from bubbled.dialing.hotkey.port import OnPressed
    from bubbled.dialing.hotkey.purpose import Purpose
    from bubbled.display import Display
    from bubbled.keystroke import Keystroke
    from bubbled.x11.connection import Connection

RETRY_S: Final = 2.0
"""How often a server that is away is looked for, and a key that is taken is tried."""

PATIENCE_S: Final = 2.0
"""After so long without an answer the server is taken to hang."""

_log = structlog.get_logger()


class X11Hotkey:
    """Has a key of an X display, with exactly its modifiers, whichever locks are on.

    Args:
        keystroke: the key.
        on_pressed: see the port.
        display: where; one without X11 is a trouble for ever.
        purpose: what the key is for.
        retry_s: how often what is missing is looked for again.
        patience_s: how long the X server may take to answer.
    """

    name = "x11"

    def __init__(  # noqa: PLR0913 - most are left out
        self,
        keystroke: Keystroke,
        on_pressed: OnPressed,
        display: Display,
        purpose: Purpose = DIALLING,
        *,
        retry_s: float = RETRY_S,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._keystroke = keystroke
        self._on_pressed = on_pressed
        self._display = display
        self._purpose = purpose
        self._retry_s = retry_s
        self._patience_s = patience_s
        self._trouble: str | None = purpose.away("The X display was not reached yet", keystroke)
        self._grabs: frozenset[Grab] = frozenset()
        self._keycodes: frozenset[int] = frozenset()
        self._released: tuple[int, int] | None = None
        self._changed = asyncio.Event()

    @property
    def trouble(self) -> str | None:
        """Why the key does nothing now and what to do; None while it works."""
        return self._trouble

    async def run(self) -> NoReturn:
        """Have the key until cancelled; see the port. Raises nothing but what is a defect of bubbled."""
        while True:
            try:
                await self._stay()
            except TimeoutError:
                self._report_server(f"The X display {self._display.x11} does not answer")
            except XServerError as error:
                self._report_server(str(error))
            await asyncio.sleep(self._retry_s)

    async def _stay(self) -> NoReturn:
        self._grabs, self._released = frozenset(), None
        async with asyncio.timeout(self._patience_s):
            connection = await connect(self._display, self._told, lambda _: self._changed.set())
        try:
            while True:
                self._changed.clear()
                async with asyncio.timeout(self._patience_s):
                    has_key = await self._obtain(connection)
                await self._until_changed(None if has_key else self._retry_s)
        finally:
            connection.close()

    async def _until_changed(self, limit_s: float | None) -> None:
        """Wait until the keyboard has changed or the server has gone, at most for a while."""
        try:
            async with asyncio.timeout(limit_s):
                await self._changed.wait()
        except TimeoutError:
            return

    # -- the key

    async def _obtain(self, connection: Connection) -> bool:
        """Grab the key where it is now; tells whether we have it."""
        wanted = (await _keyboard(connection)).grabs(self._keystroke)
        self._keycodes = frozenset(grab.keycode for grab in wanted)
        _ungrab(connection, self._grabs - wanted)
        is_free = await _grab(connection, wanted - self._grabs)
        if not is_free:
            # All or nothing: a key that works only while Num Lock is off would be a riddle.
            _ungrab(connection, wanted)
        self._grabs = wanted if is_free else frozenset()
        if self._grabs:
            self._over()
        else:
            tell = self._purpose.missing if is_free else self._purpose.taken
            self._report(tell(self._keystroke))
        return bool(self._grabs)

    def _told(self, event: Any) -> None:
        if event.type == X.MappingNotify and event.request != X.MappingPointer:
            self._changed.set()
        elif event.type == X.KeyRelease:
            self._released = (event.detail, event.time)
        elif event.type == X.KeyPress and self._is_news(event):
            self._on_pressed()

    def _is_news(self, press: Any) -> bool:
        """Tell whether it is our key, since others come, too, while it is held; and no repetition of it.

        A server repeats a key that is held down as a release and a press at the same moment.
        """
        return press.detail in self._keycodes and self._released != (press.detail, press.time)

    # -- what the user is told

    def _report_server(self, what: str) -> None:
        self._report(self._purpose.away(what, self._keystroke))

    def _report(self, trouble: str) -> None:
        (_log.debug if trouble == self._trouble else _log.warning)(trouble)
        self._trouble = trouble

    def _over(self) -> None:
        if self._trouble:
            _log.info("The hotkey works", key=str(self._keystroke), display=self._display.x11)
        self._trouble = None


async def _keyboard(connection: Connection) -> Keyboard:
    first = connection.setup["min_keycode"]
    count = connection.setup["max_keycode"] - first + 1
    mapping = await connection.ask(request.GetKeyboardMapping, first_keycode=first, count=count)
    modifiers = await connection.ask(request.GetModifierMapping)
    return Keyboard(dict(enumerate(mapping.keysyms, first)), modifiers.keycodes)


async def _grab(connection: Connection, grabs: Iterable[Grab]) -> bool:
    """Grab all of this on every screen; tells whether nobody else has any of it."""
    refused: list[Any] = []

    def refuse(error: Any, _request: Any) -> bool:
        is_taken = isinstance(error, BadAccess)
        if is_taken:
            refused.append(error)
        return is_taken

    for root, grab in product(_roots(connection), grabs):
        connection.send(
            request.GrabKey,
            onerror=refuse,
            owner_events=False,
            grab_window=root,
            modifiers=grab.modifiers,
            key=grab.keycode,
            pointer_mode=X.GrabModeAsync,
            keyboard_mode=X.GrabModeAsync,
        )
    await connection.ask(request.GetInputFocus)  # any reply: it comes after every refusal
    return not refused


def _ungrab(connection: Connection, grabs: Iterable[Grab]) -> None:
    for root, grab in product(_roots(connection), grabs):
        connection.send(request.UngrabKey, grab_window=root, modifiers=grab.modifiers, key=grab.keycode)


def _roots(connection: Connection) -> list[int]:
    return [screen["root"] for screen in connection.setup["roots"]]
