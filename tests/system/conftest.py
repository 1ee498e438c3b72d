from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.popup.screens.conftest import services, session_bus
from tests.popup.screens.desktop import Display, display
from tests.popup.screens.real_server import RealServer
from tests.system.bubbled import Bubbled, Home

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.lab.pbx import Asterisk

__all__ = ["display", "services", "session_bus"]
"""A display with a session bus is a fixture of the screens; here the whole daemon uses it."""


@pytest.fixture
def home() -> Iterator[Home]:
    # Not tmp_path: the path of a unix socket may have 107 bytes.
    with tempfile.TemporaryDirectory(prefix="bubbled-") as folder:
        yield Home(Path(folder))


@pytest.fixture
def start(home: Home) -> Iterator[Callable[..., Bubbled]]:
    """Starts daemons, and ends those that the test leaves over."""
    with ExitStack() as leftovers:

        def started(**environment: str) -> Bubbled:
            bubbled = Bubbled.start(home, **environment)
            leftovers.callback(bubbled.dispose)
            return bubbled

        yield started


@pytest.fixture
async def daemon(asterisk: Asterisk, home: Home, start: Callable[..., Bubbled]) -> Bubbled:
    """A daemon that follows Alice on the real PBX, without a desktop."""
    home.configure(asterisk.ami)
    return await (await start().ready()).is_connected()


@pytest.fixture
def dunst(display: Display) -> Iterator[RealServer]:
    assert display
    server = RealServer("dunst")
    server.start()
    yield server
    server.kill()
