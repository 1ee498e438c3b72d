from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from contextlib import AsyncExitStack
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from tests.cli.setup.manager import Manager, user_manager
from tests.cli.setup.tmux import Tmux
from tests.popup.screens.conftest import FakeServer, server, services, session_bus

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping, Sequence

__all__ = ["server", "services", "session_bus"]

CONTACTS = "Name,Company,Phone\nJan Jansen,Bakker & Zn,06-12345678\nPiet Pietersen,,+31 6 8765 4321\n"
RUNTIME = "/run/user/0"
PROGRAM = (sys.executable, "-m", "bubbled")


class Sit(Protocol):
    """Sits down at a terminal with `bubbled setup` in it, with more environment by keyword."""

    async def __call__(self, *arguments: str | Path, before: Sequence[str] = (), **more: str) -> Tmux: ...


@pytest.fixture
def home() -> Iterator[Path]:
    """A user who has an address book, and nothing of bubbled yet."""
    # Not tmp_path: the path of a unix socket may have 107 bytes.
    with tempfile.TemporaryDirectory(prefix="bubbled-") as folder:
        home = Path(folder)
        (home / "run").mkdir(mode=0o700)
        (home / "our customers.csv").write_text(CONTACTS)
        yield home


@pytest.fixture
def environment(home: Path) -> Mapping[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "PWD": str(home),
        "XDG_RUNTIME_DIR": str(home / "run"),
        "PYTHONPATH": str(Path(__file__).parents[3]),
        "LANG": "C.UTF-8",
        "TZ": "Europe/Amsterdam",
        "TERM": "xterm-256color",
        # The keyring of whoever runs the tests is none of their business.
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    }


@pytest.fixture
async def sit(home: Path, environment: Mapping[str, str]) -> AsyncIterator[Sit]:
    numbers = count(1)
    async with AsyncExitStack() as leftovers:

        async def down(*arguments: str | Path, before: Sequence[str] = (), **more: str) -> Tmux:
            command = [*before, "env", "-C", str(home), *PROGRAM, "setup", *arguments]
            socket = home / f"tmux-{next(numbers)}"
            terminal = await Tmux.start(socket, {**environment, **more}, command)
            leftovers.push_async_callback(terminal.close)
            return terminal

        yield down


@pytest.fixture
def desktop(environment: Mapping[str, str], server: FakeServer) -> dict[str, str]:
    """What a terminal on a desktop has around it."""
    assert server
    address = os.environ["DBUS_SESSION_BUS_ADDRESS"]
    return {**environment, "XDG_RUNTIME_DIR": RUNTIME, "DBUS_SESSION_BUS_ADDRESS": address}


@pytest.fixture
async def manager(home: Path, desktop: dict[str, str]) -> AsyncIterator[Manager]:
    with user_manager(home, desktop) as manager:
        # It believes the bus to be in its own folder, where desktops have it.
        manager.systemctl("import-environment", "DBUS_SESSION_BUS_ADDRESS")
        yield manager
        # Its last words go to the desktop, which has to hear them.
        await asyncio.to_thread(manager.systemctl, "stop", "bubbled")


def settings_of(home: Path) -> Path:
    return home / ".config" / "bubbled" / "config.toml"


def everything(home: Path) -> dict[str, bytes]:
    """All files of a user that setup might have touched; caches aside."""
    files = (path for path in home.rglob("*") if path.is_file())
    return {
        str(path.relative_to(home)): path.read_bytes()
        for path in sorted(files)
        if path.relative_to(home).parts[0] not in {".cache", "run"}
    }
