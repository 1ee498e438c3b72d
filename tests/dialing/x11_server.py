"""A real X server on a screen of its own that nobody sees, with a keyboard that xdotool presses."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bubbled.display import Display
from bubbled.thread import FreeThreads

if TYPE_CHECKING:
    from collections.abc import Iterator

_HERE = Path(__file__).parent


def program(name: str) -> str:
    return shutil.which(name) or pytest.fail(f"{name} is missing; scripts/setup installs it")


@dataclass
class XServer:
    """Xvfb, which takes the first free number, and keeps it when it is started again."""

    options: tuple[str, ...] = ()
    name: str = ""
    _process: subprocess.Popen[bytes] | None = None
    _clients: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def display(self) -> Display:
        return Display(x11=self.name)

    @property
    def environment(self) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "DISPLAY": self.name, "LC_ALL": "C.UTF-8"}

    def start(self) -> None:
        reader, writer = os.pipe()
        self._process = subprocess.Popen(  # noqa: S603 - nothing in it comes from outside
            [
                *(program("Xvfb"), *filter(None, (self.name,)), "-displayfd", str(writer)),
                *("-screen", "0", "480x360x24", "-nolisten", "tcp", "-noreset", *self.options),
            ],
            pass_fds=[writer],
            stderr=subprocess.DEVNULL,
        )
        os.close(writer)
        with os.fdopen(reader) as number:
            self.name = f":{number.readline().strip()}"

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process
        self._process.send_signal(number)

    def press(self, *keys: str) -> None:
        """Press and release keys one after the other, as xdotool writes them: `F7`, `ctrl+alt+d`."""
        self.run("xdotool", "key", "--delay", "0", *keys)

    def run(self, name: str, *arguments: str) -> str:
        done = subprocess.run(  # noqa: S603 - see above
            [program(name), *arguments], env=self.environment, capture_output=True, text=True, check=True
        )
        return done.stdout

    def begin(self, *command: str, given: bytes | None = None, screen: int = 0) -> subprocess.Popen[bytes]:
        """Run a program for as long as the server runs."""
        client = subprocess.Popen(  # noqa: S603 - see above
            command,
            env={**self.environment, "DISPLAY": f"{self.name}.{screen}"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._clients.append(client)
        if given is not None:
            assert client.stdin
            client.stdin.write(given)
            client.stdin.close()
        return client

    def begin_own(
        self, script: str, *arguments: str, given: bytes | None = None, screen: int = 0
    ) -> subprocess.Popen[bytes]:
        """Run a stand-in that lies beside this file, and wait until it says that it is ready."""
        command = (sys.executable, str(_HERE / script), *arguments)
        client = self.begin(*command, given=given, screen=screen)
        assert client.stdout
        assert client.stdout.readline() == b"ready\n"
        return client

    def end(self) -> None:
        for client in self._clients:
            client.kill()
            with client:  # waits for it and closes its pipes
                pass
        self.kill()


async def line(client: subprocess.Popen[bytes]) -> str:
    """Give the next line that a program says."""
    assert client.stdout
    async with asyncio.timeout(10):
        # In a thread that nobody waits for: a program that says nothing must fail one test only.
        said = await asyncio.wrap_future(FreeThreads().submit(client.stdout.readline))
        return said.decode().strip()


@contextmanager
def running_x_server(*options: str) -> Iterator[XServer]:
    server = XServer(options)
    server.start()
    try:
        yield server
    finally:
        server.end()
