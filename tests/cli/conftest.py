from __future__ import annotations

import asyncio
import fcntl
import os
import pty
import struct
import sys
import termios
from typing import TYPE_CHECKING

import pyte
import pytest

from tests.cli.shell import Ended, Seen
from tests.control.conftest import desk, served

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.shell import Bubbled, Terminal

__all__ = ["desk", "served"]

_PROGRAM = (sys.executable, "-m", "bubbled")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Give an environment in which nothing of the person who runs the tests is seen."""
    home = {
        "HOME": str(tmp_path),
        "XDG_RUNTIME_DIR": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }
    return home | {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TZ": "Europe/Amsterdam"}


@pytest.fixture
def bubbled(environment: dict[str, str]) -> Bubbled:
    """Run the command line as a program in a pipe."""

    async def run(*arguments: str | Path, **more: str) -> Ended:
        process = await asyncio.create_subprocess_exec(
            *_PROGRAM,
            *map(str, arguments),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=environment | more,
        )
        out, err = await asyncio.wait_for(process.communicate(), 30)
        return Ended(await process.wait(), out.decode(), err.decode())

    return run


@pytest.fixture
def terminal(environment: dict[str, str]) -> Terminal:
    """Run the command line on a terminal of 50 lines and look at it."""

    async def run(*arguments: str | Path, columns: int = 100, **more: str) -> Seen:
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("4H", 50, columns, 0, 0))
        process = await asyncio.create_subprocess_exec(
            *_PROGRAM,
            *map(str, arguments),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment | {"TERM": "xterm-256color"} | more,
        )
        os.close(theirs)
        written = await asyncio.wait_for(asyncio.to_thread(_read_to_end, ours), 30)
        return Seen(await process.wait(), written.decode(), _drawn(written, columns))

    return run


def _read_to_end(terminal: int) -> bytes:
    """Read until nobody has the terminal open any more, which Linux tells by an error."""
    written = b""
    with os.fdopen(terminal, "rb", buffering=0) as source:
        try:
            while chunk := source.read(65536):
                written += chunk
        except OSError:
            pass
    return written


def _drawn(written: bytes, columns: int) -> str:
    screen = pyte.Screen(columns, 50)
    pyte.ByteStream(screen).feed(written)
    return "\n".join(line.rstrip() for line in screen.display).strip()
