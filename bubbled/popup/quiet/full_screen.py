"""Whether the window that the user works with fills the screen, on an X11 display and on sway.

_NET_ACTIVE_WINDOW and _NET_WM_STATE are of the Extended Window Manager Hints. Other Wayland compositors than
sway tell the same of X11 programs alone; of the others no program learns.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NoReturn

import structlog
from Xlib import X, Xatom
from Xlib.error import XError
from Xlib.protocol import request

from bubbled.display import desktop_environment
from bubbled.popup.quiet.port import News
from bubbled.popup.quiet.sway import SwayError, follow, socket_of
from bubbled.x11.atom import atoms
from bubbled.x11.connection import connect
from bubbled.x11.server import XServerError

if TYPE_CHECKING:
    from bubbled.popup.quiet.port import OnChanged
    from bubbled.x11.connection import Connection

RETRY_S: Final = 5.0
"""How often a display that is away is looked for."""

PATIENCE_S: Final = 5.0
"""After so long without an answer the X server is taken to hang."""

_MOST_STATES: Final = 64
"""Of one window; the hints name a dozen."""

_NOT_YET: Final = "The display was not asked yet"
_PARTLY: Final = "On Wayland it is known of X11 programs alone"
_NO_MANAGER: Final = "No window manager tells which window is the active one"

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Atoms:
    manager: int
    active_window: int
    state: int
    full_screen: int

    @classmethod
    async def of(cls, connection: Connection) -> _Atoms:
        names = (
            *("_NET_SUPPORTING_WM_CHECK", "_NET_ACTIVE_WINDOW"),
            *("_NET_WM_STATE", "_NET_WM_STATE_FULLSCREEN"),
        )
        return cls(*await atoms(connection, names))


class FullScreen:
    """Follows the active window; see the port.

    Args:
        on_changed: see the port.
        retry_s: how often what is missing is looked for again.
    """

    def __init__(self, on_changed: OnChanged, *, retry_s: float = RETRY_S) -> None:
        self.trouble: str | None = _NOT_YET
        self._told = News(on_changed)
        self._retry_s = retry_s
        self._watched: set[int] = set()
        self._heeded: set[int] = set()
        self._changed = asyncio.Event()

    async def run(self) -> NoReturn:
        """Follow it until cancelled."""
        while True:
            try:
                await self._stay()
            except (XServerError, SwayError, TimeoutError) as error:
                _log.debug("full screen is not told", reason=str(error))
                self.trouble = str(error) or "The X display does not answer"
            self._told.tell(is_quiet=False)
            await asyncio.sleep(self._retry_s)

    async def _stay(self) -> None:
        display = await desktop_environment()
        if (socket := await socket_of(display)) is not None:
            self.trouble = None
            await follow(socket, self._told)
            return
        async with asyncio.timeout(PATIENCE_S):
            connection = await connect(display, self._heard, lambda _: self._changed.set())
        try:
            await self._follow(connection, is_wayland=display.wayland is not None)
        finally:
            connection.close()

    async def _follow(self, connection: Connection, *, is_wayland: bool) -> NoReturn:
        self._watched = set()
        async with asyncio.timeout(PATIENCE_S):
            atoms = await _Atoms.of(connection)
        self._heeded = {atoms.manager, atoms.active_window, atoms.state}
        while True:
            self._changed.clear()
            async with asyncio.timeout(PATIENCE_S):
                managers = await self._on_roots(connection, atoms.manager)
                self._told.tell(is_quiet=await self._fills_a_screen(connection, atoms))
            self.trouble = _PARTLY if is_wayland else None if managers else _NO_MANAGER
            await self._changed.wait()

    async def _on_roots(self, connection: Connection, name: int) -> list[int]:
        """The windows that a property of the screens names."""
        windows: list[int] = []
        for root in (screen["root"] for screen in connection.setup["roots"]):
            self._watch(connection, root)
            windows += filter(None, await _numbers(connection, root, name, Xatom.WINDOW))
        return windows

    async def _fills_a_screen(self, connection: Connection, atoms: _Atoms) -> bool:
        for window in await self._on_roots(connection, atoms.active_window):
            self._watch(connection, window)
            if atoms.full_screen in await _numbers(connection, window, atoms.state, Xatom.ATOM):
                return True
        return False

    def _watch(self, connection: Connection, window: int) -> None:
        """Hear of its properties; before these are read, so that no change is missed in between."""
        if window not in self._watched:
            self._watched.add(window)
            connection.send(
                request.ChangeWindowAttributes,
                onerror=lambda _error, _request: True,  # it has closed meanwhile
                window=window,
                event_mask=X.PropertyChangeMask | X.StructureNotifyMask,
            )

    def _heard(self, event: Any) -> None:
        if event.type == X.DestroyNotify:
            self._watched.discard(event.window)
            self._changed.set()
        # Windows also change their titles, by the second.
        if event.type == X.PropertyNotify and event.atom in self._heeded:
            self._changed.set()


async def _numbers(connection: Connection, window: int, name: int, kind: int) -> list[int]:
    """The numbers in a property; none where the window has no such property, or has closed."""
    try:
        reply = await connection.ask(
            request.GetProperty,
            window=window,
            property=name,
            type=kind,
            long_offset=0,
            long_length=_MOST_STATES,
            delete=False,
        )
    except XError:
        return []
    return list(reply.value[1]) if reply.value and reply.value[0] == 32 else []  # noqa: PLR2004 - bits of each
