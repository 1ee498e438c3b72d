"""Whether the screen is shared, on Wayland desktops that share it by PipeWire; on X11 nobody can tell."""

from __future__ import annotations

import asyncio
import codecs
import subprocess
from typing import TYPE_CHECKING, Final, NoReturn

import structlog

from bubbled import child
from bubbled.popup.quiet.port import News
from bubbled.popup.quiet.stream import Streams, UnreadableListError

if TYPE_CHECKING:
    from asyncio.subprocess import Process

    from bubbled.popup.quiet.port import OnChanged

RETRY_S: Final = 30.0
"""How often a PipeWire that is away is looked for."""

_AT_ONCE: Final = 1 << 16

_NOT_YET: Final = "PipeWire was not asked yet"
_NO_PROGRAM: Final = "The program pw-dump (of PipeWire) is not installed, which would tell"
_NO_PIPEWIRE: Final = (
    "No PipeWire runs, by which a Wayland desktop shares the screen; on X11 it cannot be known"
)

_log = structlog.get_logger()


class ScreenShared:
    """Follows the nodes of PipeWire; see the port.

    Args:
        on_changed: see the port.
        retry_s: how often what is missing is looked for again.
    """

    def __init__(self, on_changed: OnChanged, *, retry_s: float = RETRY_S) -> None:
        self.trouble: str | None = _NOT_YET
        self._told = News(on_changed)
        self._retry_s = retry_s

    async def run(self) -> NoReturn:
        """Follow them until cancelled."""
        while True:
            try:
                await self._visit()
                self.trouble = _NO_PIPEWIRE
            except (OSError, UnreadableListError) as error:
                _log.debug("whether the screen is shared is not told", reason=repr(error))
                self.trouble = _NO_PROGRAM
            self._told.tell(is_quiet=False)
            await asyncio.sleep(self._retry_s)

    async def _visit(self) -> None:
        """Follow them until PipeWire goes away."""
        command = ("pw-dump", "--monitor", "--no-colors")
        process = await child.start(*command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        try:
            await self._follow(process)
        finally:
            await child.end(process)

    async def _follow(self, process: Process) -> None:
        assert process.stdout is not None  # noqa: S101 - it was asked for
        streams, decoder = Streams(), codecs.getincrementaldecoder("utf-8")(errors="replace")
        while printed := await process.stdout.read(_AT_ONCE):
            streams.feed(decoder.decode(printed))
            self.trouble = None
            self._told.tell(is_quiet=streams.is_any_shared)
