"""The control API on its unix socket, for as long as the daemon runs."""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

import structlog
from aiohttp import web

from bubbled.control.endpoint import listening
from bubbled.control.peer import ROOT, peer_uid
from bubbled.control.request import BODY_LIMIT_BYTES, RefusedError
from bubbled.control.route import Routes
from bubbled.error import BubbledError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Collection
    from pathlib import Path

    from aiohttp.typedefs import Handler, Middleware

    from bubbled.control.port import ControlPort

_log = structlog.get_logger()
_MOST_CONNECTIONS = 100
"""Nobody needs more, and each takes a file and memory from the calls."""
_GRACE_S = 0.5
"""How long requests under way may take to end when the daemon stops."""


@asynccontextmanager
async def serving(
    port: ControlPort,
    path: Path,
    *,
    trusted: Collection[int] | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> AsyncIterator[None]:
    """Serve the control API until the context ends.

    Args:
        port: answers.
        path: of the socket, usually `socket_path()`.
        trusted: the user ids that may ask; None: the daemon's own and root.
        clock: tells the present moment, aware.

    Raises:
        AlreadyRunningError: another daemon serves there.
        ControlError: the socket cannot be made.
    """
    application = web.Application(
        middlewares=[_as_json, _trust(trusted or {os.getuid(), ROOT})], client_max_size=BODY_LIMIT_BYTES
    )
    application.add_routes(Routes(port, clock).table())
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=_GRACE_S)
    with listening(path) as listener:
        await runner.setup()
        try:
            door = await asyncio.get_running_loop().create_unix_server(_greeter(runner), sock=listener)
            yield
        finally:
            door.close()
            await runner.cleanup()


def _greeter(runner: web.AppRunner) -> Callable[[], asyncio.BaseProtocol]:
    """Meet who connects with the application, or with nothing where too many are in."""
    server = runner.server
    assert server is not None  # noqa: S101 - the runner is set up
    return lambda: server() if len(server.connections) < _MOST_CONNECTIONS else _FullHouse()


class _FullHouse(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        cast("asyncio.Transport", transport).abort()


def _trust(trusted: Collection[int]) -> Middleware:
    """Refuse everybody else, should the mode of the socket ever be changed."""

    @web.middleware
    async def trust(request: web.Request, handler: Handler) -> web.StreamResponse:
        connection = request.get_extra_info("socket")
        if connection is None or peer_uid(connection) not in trusted:
            raise RefusedError(403, "This bubbled belongs to another user.")
        return await handler(request)

    return trust


@web.middleware
async def _as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer every failure as JSON with one line."""
    try:
        return await handler(request)
    except RefusedError as refusal:
        return _error(refusal.status, str(refusal))
    except web.HTTPException as refusal:
        return _error(refusal.status, f"{request.method} {request.path}: {refusal.reason}.")
    except BubbledError as error:
        return _error(409, str(error))
    except Exception:  # noqa: BLE001  # a defect in one command must not look like a dead daemon to the user
        _log.exception("a command failed unexpectedly", method=request.method, resource=request.path)
        return _error(500, "bubbled failed unexpectedly; its log tells more: `journalctl --user -u bubbled`.")


def _error(status: int, text: str) -> web.Response:
    return web.json_response({"error": " ".join(text.split())}, status=status)
