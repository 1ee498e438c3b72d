"""The selected text on Wayland, read by `wl-paste` of wl-clipboard.

Only a program with a window may see the selection there, or one that knows an extension of the compositor;
wl-paste knows the ways of all compositors.
"""

from __future__ import annotations

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from typing import Final

from bubbled.dialing.selection.port import (
    LARGEST_BYTES,
    NO_DISPLAY,
    NO_PRIMARY,
    NO_PROGRAM,
    PATIENCE_S,
    SILENT,
    SelectionError,
)

# The type `text` is wl-paste's word for plain text, in UTF-8 where there is a choice.
_COMMAND: Final = ("wl-paste", "--primary", "--no-newline", "--type", "text")

# wl-clipboard up to 2.1, and later.
_NOTHING: Final = ("No selection", "Nothing is copied")
_NO_TEXT: Final = ("No suitable type of content copied", "Clipboard content is not available as")

_FAREWELL_S: Final = 0.5
"""How long the pipes of a process that is dead may take to end."""


class WaylandSelection:
    """Reads the primary selection with a `wl-paste` for each time.

    Args:
        display: what `WAYLAND_DISPLAY` says; None: there is no Wayland.
        runtime_dir: what `XDG_RUNTIME_DIR` says, in which the display is looked for.
    """

    def __init__(self, display: str | None, runtime_dir: str | None) -> None:
        self._display = display
        self._runtime_dir = runtime_dir

    async def read(self) -> str:
        """Give the selected text; see the port."""
        process = await self._start()
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await _answer(process)
        except TimeoutError:
            raise SelectionError(SILENT) from None
        finally:
            await _end(process)

    async def aclose(self) -> None:
        """Let go of nothing: between two readings nothing is held."""

    async def _start(self) -> Process:
        if not self._display:
            raise SelectionError(NO_DISPLAY)
        environment = os.environ | {"WAYLAND_DISPLAY": self._display}
        if self._runtime_dir:
            environment["XDG_RUNTIME_DIR"] = self._runtime_dir
        try:
            # A group of its own, because wl-paste leaves the reading to a child.
            return await asyncio.create_subprocess_exec(
                *_COMMAND, stdin=DEVNULL, stdout=PIPE, stderr=PIPE, env=environment, process_group=0
            )
        except FileNotFoundError:
            raise SelectionError(NO_PROGRAM) from None
        except OSError as error:
            raise SelectionError(
                f"What is selected cannot be read: wl-paste does not start ({error.strerror}); "
                "mend wl-clipboard."
            ) from None


async def _answer(process: Process) -> str:
    text = await _beginning(process)
    if len(text) < LARGEST_BYTES:
        _, complaint = await process.communicate()
        if process.returncode:
            return _refusal(complaint.decode(errors="replace"))
    return text.decode(errors="replace")


async def _beginning(process: Process) -> bytes:
    text = b""
    while process.stdout and len(text) < LARGEST_BYTES:
        chunk = await process.stdout.read(LARGEST_BYTES - len(text))
        if not chunk:
            break
        text += chunk
    return text


def _refusal(complaint: str) -> str:
    """What it means that wl-paste failed: often only that there is no text."""
    if any(words in complaint for words in (*_NOTHING, *_NO_TEXT)):
        return ""
    if "connect to a Wayland server" in complaint:
        raise SelectionError(NO_DISPLAY)
    if "primary selection" in complaint:
        raise SelectionError(NO_PRIMARY)
    line = "".join(each for each in complaint.partition("\n")[0] if each.isprintable())[:100]
    raise SelectionError(f"What is selected cannot be read: wl-paste says {line!r}; mend wl-clipboard.")


async def _end(process: Process) -> None:
    """See the process and its children off; one that does not end by itself has no say in it."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    try:
        async with asyncio.timeout(_FAREWELL_S):
            await process.communicate()  # only pipes that are read to the end are closed
    except TimeoutError:
        # Somebody who left the group holds them open; asyncio has no other way to let go of them.
        process._transport.close()  # type: ignore[attr-defined]  # noqa: SLF001 - see above
