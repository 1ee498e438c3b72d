"""The selected text on X11."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from bubbled.dialing.selection.port import PATIENCE_S, SILENT, SelectionError
from bubbled.dialing.selection.requestor import Requestor
from bubbled.x11.server import XServerError

if TYPE_CHECKING:
    from bubbled.display import Display

GRACE_S: Final = 30.0
"""How long an owner that was given up may still hand over what nobody reads."""

_MOST_LEAVING: Final = 4

AWAY: Final = "{what}, so nothing that is selected can be dialled; use `bubbled dial NUMBER` instead."


class X11Selection:
    """Reads the primary selection of an X display, by a connection that is kept as long as all goes well."""

    def __init__(self, display: Display) -> None:
        self._display = display
        self._turn = asyncio.Lock()
        self._requestor: Requestor | None = None
        self._is_connecting = False
        self._leaving: list[asyncio.Task[None]] = []

    async def read(self) -> str:
        """Give the selected text; see the port. Readings at the same time are done one after the other."""
        try:
            async with asyncio.timeout(PATIENCE_S), self._turn:
                return await self._read()
        except TimeoutError:
            hangs = AWAY.format(what=f"The X display {self._display.x11} does not answer")
            raise SelectionError(hangs if self._is_connecting else SILENT) from None
        except XServerError as error:
            raise SelectionError(AWAY.format(what=error)) from error

    async def aclose(self) -> None:
        """Let go of the display."""
        async with self._turn:
            if self._requestor:
                self._requestor.close()
            self._requestor = None
        for task in self._leaving:
            task.cancel()
        await asyncio.gather(*self._leaving, return_exceptions=True)

    async def _read(self) -> str:
        requestor = await self._ready()
        self._requestor = None
        try:
            return await requestor.text()
        finally:
            if requestor.is_at_rest:
                self._requestor = requestor
            else:
                self._leave(requestor)

    def _leave(self, requestor: Requestor) -> None:
        """Let an owner finish with a requestor that nobody reads from any more, nor asks again."""
        task = asyncio.create_task(_see_off(requestor), name="selection: seeing an owner off")
        self._leaving.append(task)
        task.add_done_callback(self._leaving.remove)
        if len(self._leaving) > _MOST_LEAVING:
            self._leaving[0].cancel()

    async def _ready(self) -> Requestor:
        if self._requestor and not self._requestor.is_lost:
            return self._requestor
        self._is_connecting = True
        requestor = await Requestor.open(self._display)
        self._is_connecting = False
        return requestor


async def _see_off(requestor: Requestor) -> None:
    try:
        async with asyncio.timeout(GRACE_S):
            await requestor.see_off()
    except (TimeoutError, XServerError):
        pass
    finally:
        requestor.close()
