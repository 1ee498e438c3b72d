"""A terminal that a person sits at: tmux, with `bubbled` in it."""

from __future__ import annotations

import asyncio
import shlex
import subprocess
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

PATIENCE_S = 25.0
_LOOK_S = 0.05


class Tmux:
    """One terminal of 110 columns and 70 lines; what it showed can be read after the program has ended."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket

    @classmethod
    async def start(
        cls,
        socket: Path,
        environment: Mapping[str, str],
        command: Sequence[str | Path],
    ) -> Tmux:
        """Start a program in it."""
        terminal = cls(socket)
        shell = shlex.join(
            ["env", "-i", *(f"{key}={value}" for key, value in environment.items()), *map(str, command)]
        )
        # A shell that says how it ended, and stays, so that the last lines can be read.
        shell = f"trap : INT; {shell}; echo ended with $?; exec cat"
        await terminal._ask("new-session", "-d", "-x", "110", "-y", "70", shell)
        return terminal

    async def types(self, text: str) -> None:
        """Type a text and press Enter."""
        await self._ask("send-keys", "-l", text)
        await self.press("Enter")

    async def press(self, key: str) -> None:
        """Press a key, by its name in tmux: `Enter`, `Tab`, `C-c`."""
        await self._ask("send-keys", key)

    async def answers(self, question: str, text: str) -> None:
        """Wait until a question stands on the last line, and answer it."""
        await self.asks(question)
        await self.types(text)

    async def asks(self, question: str) -> None:
        """Wait until a question stands on the last line, and waits for an answer."""
        await self._until(lambda text: question in _last(text), f"the question {question!r}")

    async def shows(self, *parts: str) -> str:
        """Wait until all of this can be read; lines that were wrapped count as one."""
        return await self._until(lambda text: all(part in _joined(text) for part in parts), f"{parts}")

    async def ended(self) -> int:
        """Wait until the program has ended; gives its exit status."""
        text = await self._until(lambda text: "ended with " in text, "the end")
        return int(text.rpartition("ended with ")[2].split()[0])

    async def text(self) -> str:
        """All that was ever shown, as it is now."""
        return await self._ask("capture-pane", "-p", "-S", "-1000")

    async def close(self) -> None:
        """End it, and the program."""
        await self._ask("kill-server")

    async def _until(self, fits: object, wanted: str) -> str:
        until = time.monotonic() + PATIENCE_S
        text = ""
        while time.monotonic() < until:
            text = await self.text()
            if fits(text):  # type: ignore[operator]
                return text
            await asyncio.sleep(_LOOK_S)  # tmux tells of nothing by itself
        raise TimeoutError(f"waited for {wanted}, saw:\n{text}")

    async def _ask(self, *arguments: str) -> str:
        done = await asyncio.to_thread(
            subprocess.run,
            ["tmux", "-S", str(self._socket), "-f", "/dev/null", *arguments],
            capture_output=True,
            text=True,
            check=False,
        )
        return str(done.stdout)


def _last(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""


def _joined(text: str) -> str:
    return " ".join(text.split())
