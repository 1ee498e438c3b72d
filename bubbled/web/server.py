"""The pages on a port of this computer that only its user's programs get an answer from."""

from __future__ import annotations

import asyncio
import socket
import time
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from aiohttp import web

from bubbled.error import ControlError
from bubbled.web.access.doorkeeper import Doorkeeper
from bubbled.web.access.gate import Gate
from bubbled.web.access.owner import owner_of
from bubbled.web.access.session import Sessions
from bubbled.web.conversation import Conversation, begin
from bubbled.web.entrance import entrance
from bubbled.web.failure import as_pages
from bubbled.web.rendering import Renderer
from bubbled.web.site import Site

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Sequence
    from datetime import datetime

    from bubbled.control.port import ControlPort
    from bubbled.web.access.owner import Place

    Pages = Callable[[Site], Sequence[web.RouteDef]]
    """Gives the pages of a site."""

LOOPBACK: Final = "127.0.0.1"
STATIC: Final = Path(__file__).with_name("static")
BODY_LIMIT_BYTES: Final = 1024 * 1024

_MOST_CONNECTIONS: Final = 100
_REST_S: Final = 60.0
"""How long a connection may wait for its next request: a browser makes another in no time."""
_GRACE_S: Final = 0.5
_HTTP_PORT: Final = 80


class Door:
    """The pages while they are served.

    Attributes:
        address: where, as `127.0.0.1:41231`.
        gate: lets browsers in.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self._sessions = Sessions()
        self.gate = Gate(self._sessions, address, time.monotonic)

    def invite(self, page: str = "/") -> str:
        """Give an address that lets one browser in, once and soon, and leads it to a page."""
        token = self._sessions.invite(time.monotonic())
        return f"http://{self.address}/enter?{urlencode({'token': token, 'to': page})}"


@asynccontextmanager
async def serving(
    port: ControlPort,
    pages: Pages,
    *,
    now: Callable[[], datetime],
    tcp_port: int = 0,
    owner: Callable[[Place, Place], int | None] = owner_of,
) -> AsyncIterator[Door]:
    """Serve pages until the context ends.

    Args:
        port: the daemon that they are about.
        pages: give the pages.
        now: tells the present moment, aware.
        tcp_port: on which they are; 0: on any that is free.
        owner: tells whose a connection is; see `owner_of`.

    Raises:
        ControlError: the port is taken.
    """
    renderer = Renderer(now)
    await asyncio.to_thread(renderer.prepare)
    with _listening(tcp_port) as listener:
        door = Door(_address(listener))
        application = _application(Site(port, renderer, now), pages, door.gate)
        runner = web.AppRunner(application, shutdown_timeout=_GRACE_S)
        await runner.setup()
        greeting = asyncio.create_task(_doorkeeper(runner, owner).stand(listener), name="pages: who comes in")
        try:
            yield door
        finally:
            greeting.cancel()
            await asyncio.wait([greeting])
            await runner.cleanup()


def _doorkeeper(runner: web.AppRunner, owner: Callable[[Place, Place], int | None]) -> Doorkeeper:
    loop, server = asyncio.get_running_loop(), runner.server
    assert server is not None  # noqa: S101 - the runner is set up
    return Doorkeeper(
        lambda: Conversation(
            server,
            loop=loop,
            access_log=None,  # type: ignore[arg-type]  # so aiohttp itself is told to write none
            keepalive_timeout=_REST_S,
        ),
        is_full=lambda: len(server.connections) >= _MOST_CONNECTIONS,
        owner=owner,
    )


def _address(listener: socket.socket) -> str:
    """What browsers call us: they leave out the port that is the usual one."""
    port = listener.getsockname()[1]
    return LOOPBACK if port == _HTTP_PORT else f"{LOOPBACK}:{port}"


def _application(site: Site, pages: Pages, gate: Gate) -> web.Application:
    application = web.Application(middlewares=[as_pages(site), gate.watch], client_max_size=BODY_LIMIT_BYTES)
    application.on_response_prepare.append(begin)
    application.router.add_get("/enter", entrance(gate), allow_head=False)
    application.router.add_static("/static", STATIC)
    application.add_routes(pages(site))
    return application


@contextmanager
def _listening(tcp_port: int) -> Iterator[socket.socket]:
    with socket.socket() as listener:
        # What the daemon before us left behind, in TIME_WAIT, is not in the way; a program that listens is.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOOPBACK, tcp_port))
            listener.listen()
        except OSError as error:
            raise ControlError(
                f"The pages cannot be on port {tcp_port} ({error.strerror}); "
                "give [pages] another port in the settings, or none."
            ) from error
        listener.setblocking(False)  # noqa: FBT003 - the name of the method says it
        yield listener
