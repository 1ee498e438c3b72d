from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiohttp import web

from bubbled.directory.http.client import HttpTransport

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Awaitable, Callable

    from bubbled.directory.http.port import Request, Response

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Site:
    """A web server on loopback, and what it was asked."""

    url: str
    asked: list[web.Request] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)


@asynccontextmanager
async def served(handler: Handler, tls: ssl.SSLContext | None = None) -> AsyncIterator[Site]:
    site = Site("")

    async def noted(request: web.Request) -> web.StreamResponse:
        site.asked.append(request)
        site.bodies.append(await request.text())
        return await handler(request)

    app = web.Application()
    app.router.add_route("*", "/{anything:.*}", noted)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
    host, port = ("127.0.0.1" if tls is None else "localhost"), runner.addresses[0][1]
    site.url = f"{'http' if tls is None else 'https'}://{host}:{port}"
    try:
        yield site
    finally:
        await runner.cleanup()


@asynccontextmanager
async def connected(
    serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[str]:
    """A server without any manners: `serve` has each connection until it returns; gives the address."""
    handlers = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        handlers.add(asyncio.current_task())
        with suppress(ConnectionError, asyncio.IncompleteReadError):  # the other side has had enough
            await serve(reader, writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        await asyncio.gather(*(task for task in handlers if task is not None))
        await server.wait_closed()


@asynccontextmanager
async def speaking(data: bytes, *, again: bool = False) -> AsyncIterator[str]:
    """A server that says these bytes to whatever it is asked, the body once or without end, then hangs up."""

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(data)
        await writer.drain()
        while again:
            writer.write(data.partition(b"\r\n\r\n")[2])
            await writer.drain()

    async with connected(speak) as url:
        yield url


async def sent(request: Request) -> Response:
    """One request over a transport of its own."""
    transport = HttpTransport()
    try:
        return await transport.send(request)
    finally:
        await transport.aclose()
