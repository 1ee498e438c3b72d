"""Programs that run while a test looks at them."""

from __future__ import annotations

import asyncio
import fcntl
import os
import pty
import signal
import struct
import sys
import termios
from typing import TYPE_CHECKING

import pyte

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

PATIENCE_S = 20.0


class OnTerminal:
    """`bubbled` on a terminal of 40 lines and 100 columns, and eyes that read it."""

    def __init__(self, ours: int, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.written = b""
        self._ours = ours
        self._screen = pyte.Screen(100, 40)
        self._stream = pyte.ByteStream(self._screen)
        self._news = asyncio.Event()
        asyncio.get_running_loop().add_reader(ours, self._read)

    @classmethod
    async def start(
        cls,
        environment: Mapping[str, str],
        *arguments: str | Path,
        program: Sequence[str | Path] = (sys.executable, "-m", "bubbled"),
    ) -> OnTerminal:
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("4H", 40, 100, 0, 0))
        process = await asyncio.create_subprocess_exec(
            *map(str, (*program, *arguments)),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**environment, "TERM": "xterm-256color"},
            # A session with this terminal in control, so that Ctrl-C on it reaches every process in it.
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(theirs)
        return cls(ours, process)

    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self._screen.display)

    async def shows(self, *parts: str) -> str:
        """Wait until all of this stands on the screen."""
        return await self._until(lambda text: all(part in text for part in parts), f"{parts}")

    async def press_ctrl_c(self) -> int:
        """Give its exit status."""
        os.write(self._ours, b"\x03")
        return await self.ended()

    async def ended(self) -> int:
        async with asyncio.timeout(PATIENCE_S):
            return await self.process.wait()

    async def dispose(self) -> None:
        asyncio.get_running_loop().remove_reader(self._ours)
        if self.process.returncode is None:
            self.process.kill()
            await self.process.wait()
        os.close(self._ours)

    async def _until(self, fits: Callable[[str], bool], wanted: str) -> str:
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not fits(self.text()):
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise TimeoutError(f"waited for {wanted}, saw:\n{self.text()}") from None
        return self.text()

    def _read(self) -> None:
        try:
            chunk = os.read(self._ours, 65536)
        except OSError:  # nobody has the terminal open any more
            asyncio.get_running_loop().remove_reader(self._ours)
            return
        self.written += chunk
        self._stream.feed(chunk)
        self._news.set()


class InPipe:
    """`bubbled` in pipes, read line by line."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    @classmethod
    async def start(cls, environment: Mapping[str, str], *command: str | Path) -> InPipe:
        process = await asyncio.create_subprocess_exec(
            *map(str, command),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=environment,
        )
        return cls(process)

    async def says(self, part: str) -> None:
        """Wait until a line with this comes."""
        assert self.process.stdout
        async with asyncio.timeout(PATIENCE_S):
            while line := (await self.process.stdout.readline()).decode():
                if part in line:
                    return
        raise AssertionError(f"it ended without saying {part!r}")

    async def interrupt(self) -> tuple[int, str, str]:
        """Press Ctrl-C; gives the exit status and the rest of what it says."""
        self.process.send_signal(signal.SIGINT)
        return await self.ended()

    async def ended(self) -> tuple[int, str, str]:
        async with asyncio.timeout(PATIENCE_S):
            out, err = await self.process.communicate()
        assert self.process.returncode is not None
        return self.process.returncode, out.decode(), err.decode()

    async def dispose(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
            await self.process.communicate()
