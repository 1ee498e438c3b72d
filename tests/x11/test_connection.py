"""A connection to a real X server."""

from __future__ import annotations

import asyncio
import os
import socket
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from Xlib import X, Xatom
from Xlib.error import BadDrawable, BadWindow
from Xlib.protocol import request

from bubbled.x11.connection import Connection, connect
from bubbled.x11.server import XServerError
from bubbled.x11.unseen_window import unseen_window
from tests.dialing.x11_authority import LOCAL, WILD, entry
from tests.dialing.x11_server import XServer, running_x_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from bubbled.display import Display

pytestmark = pytest.mark.desktop

COOKIE, WRONG = bytes(range(16)), bytes(16)
NO_WINDOW = 5


class Heard:
    """What a connection tells."""

    def __init__(self) -> None:
        self.events: list[Any] = []
        self.loss: asyncio.Future[Exception] = asyncio.get_running_loop().create_future()


@asynccontextmanager
async def connected(display: Display, heard: Heard | None = None) -> AsyncIterator[Connection]:
    heard = heard or Heard()
    async with asyncio.timeout(10):
        connection = await connect(display, heard.events.append, heard.loss.set_result)
        try:
            yield connection
        finally:
            connection.close()
            await heard.loss


async def name_of(connection: Connection, atom: int) -> str:
    name: str = (await connection.ask(request.GetAtomName, atom=atom)).name
    return name


async def test_requests_are_answered_in_whatever_order_they_are_awaited(x_server: XServer) -> None:
    async with connected(x_server.display) as connection:
        atoms = (Xatom.PRIMARY, Xatom.STRING, Xatom.WM_NAME)
        names = await asyncio.gather(*(name_of(connection, atom) for atom in atoms))
        assert names == ["PRIMARY", "STRING", "WM_NAME"]


async def test_an_error_goes_to_whoever_asked(x_server: XServer) -> None:
    refused: list[object] = []

    def refuse(error: object, _request: object) -> bool:
        refused.append(error)
        return True

    async with connected(x_server.display) as connection:
        connection.send(request.MapWindow, window=NO_WINDOW, onerror=refuse)
        connection.send(request.UnmapWindow, window=NO_WINDOW)  # nobody asked: it is logged
        with pytest.raises(BadDrawable):
            await connection.ask(request.GetGeometry, drawable=NO_WINDOW)
        assert await name_of(connection, Xatom.PRIMARY) == "PRIMARY"
        assert [type(error) for error in refused] == [BadWindow]


async def test_an_answer_that_nobody_waits_for_any_more_is_dropped(x_server: XServer) -> None:
    async with connected(x_server.display) as connection:
        x_server.freeze()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await name_of(connection, Xatom.PRIMARY)
        x_server.thaw()
        assert await name_of(connection, Xatom.STRING) == "STRING"


async def test_more_requests_than_there_are_serial_numbers(x_server: XServer) -> None:
    async with connected(x_server.display) as connection:
        for _ in range(70):
            for _ in range(1000):
                connection.send(request.NoOperation, onerror=lambda _error, _request: False)
            assert await name_of(connection, Xatom.PRIMARY) == "PRIMARY"


async def test_events_are_told_as_they_come(x_server: XServer) -> None:
    heard = Heard()
    async with connected(x_server.display, heard) as connection:
        window = unseen_window(connection)
        connection.send(
            request.ChangeProperty,
            mode=X.PropModeReplace,
            window=window,
            property=Xatom.WM_NAME,
            type=Xatom.STRING,
            data=(8, b"bubbled"),
        )
        await name_of(connection, Xatom.PRIMARY)
        (event,) = heard.events
        assert (event.type, event.window, event.atom) == (X.PropertyNotify, window, Xatom.WM_NAME)


async def test_everybody_who_waits_is_told_when_the_server_goes(x_server: XServer) -> None:
    heard = Heard()
    async with connected(x_server.display, heard) as connection:
        x_server.freeze()
        waiting = asyncio.create_task(name_of(connection, Xatom.PRIMARY))
        await asyncio.sleep(0)
        x_server.kill()
        with pytest.raises(XServerError, match=r"connection to the X display .* was lost"):
            await waiting
        assert isinstance(await heard.loss, XServerError)
        assert connection.is_lost
        with pytest.raises(XServerError):
            await name_of(connection, Xatom.PRIMARY)


@pytest.fixture
def cookies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's own file."""
    monkeypatch.setenv("HOME", str(tmp_path))
    file = tmp_path / ".Xauthority"
    file.write_bytes(entry(WILD, b"", b"", COOKIE))
    return file


@pytest.fixture
def guarded(cookies: Path) -> Iterator[XServer]:
    """A server that lets in nobody without the cookie, also not root."""
    with running_x_server("-auth", str(cookies)) as server:
        yield server


@pytest.fixture
def cookies_of_this_machine(guarded: XServer, cookies: Path) -> None:
    number = guarded.name.removeprefix(":").encode()
    here = socket.gethostname().encode()
    cookies.write_bytes(entry(LOCAL, here, b"59000", WRONG) + entry(LOCAL, here, number, COOKIE))


@pytest.mark.usefixtures("cookies_of_this_machine")
async def test_the_cookie_of_the_display_lets_us_in(guarded: XServer, cookies: Path) -> None:
    async with connected(replace(guarded.display, xauthority=str(cookies))) as connection:
        assert await name_of(connection, Xatom.PRIMARY) == "PRIMARY"


async def test_the_users_own_file_is_taken_where_none_is_named(guarded: XServer) -> None:
    async with connected(guarded.display) as connection:
        assert not connection.is_lost


@pytest.mark.parametrize("content", [None, b"", entry(WILD, b"", b"", WRONG), b"\1\0\0"])
async def test_without_it_the_server_says_no(guarded: XServer, tmp_path: Path, content: bytes | None) -> None:
    other = tmp_path / "other"
    if content is not None:
        other.write_bytes(content)
    with pytest.raises(XServerError, match=rf"The X display {guarded.name} does not let bubbled in \(.+\)"):
        async with connected(replace(guarded.display, xauthority=str(other))):
            pass


async def test_a_display_by_tcp_is_reached_with_its_cookie(cookies: Path) -> None:
    with running_x_server("-auth", str(cookies), "-listen", "tcp") as server:
        display = replace(server.display, x11=f"127.0.0.1{server.name}.0", xauthority=str(cookies))
        async with connected(display) as connection:
            assert not connection.is_lost


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (":59000", "Connection refused"),
        ("127.0.0.1:59000", "Connect call failed"),
        (f"{'x' * 70}:0", ""),
    ],
)
async def test_a_server_that_is_not_there_says_so(x_server: XServer, name: str, reason: str) -> None:
    with pytest.raises(XServerError, match=f"The X display {name} cannot be reached \\(.*{reason}"):
        async with connected(replace(x_server.display, x11=name)):
            pass


async def test_no_file_stays_open(x_server: XServer) -> None:
    def opened() -> int:
        return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - a count is enough

    before = opened()
    for _ in range(3):
        async with connected(x_server.display):
            assert opened() == before + 1
        x_server.freeze()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await connect(x_server.display, lambda _event: None, lambda _loss: None)
        x_server.thaw()
        await asyncio.sleep(0)
        assert opened() == before
