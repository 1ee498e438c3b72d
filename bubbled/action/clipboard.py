"""Putting a text on the clipboard of the user's desktop."""

from __future__ import annotations

import asyncio
import shutil
from asyncio.subprocess import DEVNULL, PIPE
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from bubbled import child
from bubbled.action.port import ActionError, Trouble
from bubbled.display import Display

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bubbled.action.x11_clipboard import X11Clipboard

PATIENCE_S: Final = 3.0
WL_COPY: Final = "wl-copy"
_WAYLAND: Final = (WL_COPY, "--type", "text/plain;charset=utf-8")


class Clipboard:
    """Copies; on X11 it keeps the text for as long as nobody else copies something, and bubbled runs."""

    def __init__(self) -> None:
        self._on_x11: X11Clipboard | None = None

    async def copy(self, text: str, environment: Mapping[str, str]) -> None:
        """Put a text of one line on the clipboard.

        Raises:
            ActionError: there is no desktop, or it does not take the text.
        """
        display = Display.from_environment(environment)
        try:
            async with asyncio.timeout(PATIENCE_S):
                if display.wayland:
                    await _copy_on_wayland(text, environment)
                elif display.x11:
                    await self._copy_on_x11(text, display)
                else:
                    raise ActionError(Trouble.NO_DESKTOP)
        except TimeoutError:
            raise ActionError(Trouble.NOT_COPIED, "the desktop does not answer") from None

    def close(self) -> None:
        """Let go of the clipboard."""
        if self._on_x11 is not None:
            self._on_x11.close()

    async def _copy_on_x11(self, text: str, display: Display) -> None:
        from bubbled.action.x11_clipboard import X11Clipboard  # noqa: PLC0415 - takes 12 ms and 2 MB
        from bubbled.x11.server import XServerError  # noqa: PLC0415 - the same

        try:
            before, self._on_x11 = self._on_x11, await X11Clipboard.own(display, text)
        except XServerError as error:
            raise ActionError(Trouble.NOT_COPIED, str(error)) from error
        if before is not None:
            before.close()


async def _copy_on_wayland(text: str, environment: Mapping[str, str]) -> None:
    """Have wl-copy keep the text, which it does in a process that it leaves behind."""
    if shutil.which(WL_COPY, path=environment.get("PATH")) is None:
        raise ActionError(Trouble.NO_CLIPBOARD, WL_COPY)
    process = await child.start(*_WAYLAND, stdin=PIPE, stdout=DEVNULL, stderr=DEVNULL, env=dict(environment))
    try:
        await process.communicate(text.encode(errors="replace"))
    except BaseException:
        with suppress(OSError):
            await child.end(process)
        raise
    if process.returncode:
        raise ActionError(Trouble.NOT_COPIED, f"wl-copy fails ({process.returncode})")
