"""It is known for sure of which requests no server has seen anything."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bubbled.directory.http.client import HttpTransport
from bubbled.directory.http.port import Request, UnsentError
from bubbled.error import DirectoryError
from tests.directory.http.server import sent, speaking

if TYPE_CHECKING:
    from pathlib import Path


def post(url: str) -> Request:
    return Request("POST", url, {}, b"{}")


async def test_without_a_connection_nothing_was_sent() -> None:
    async with speaking(b"") as url:
        pass
    with pytest.raises(UnsentError):
        await sent(post(url))
    with pytest.raises(UnsentError):
        await sent(post("https://crm.invalid"))


async def test_without_trust_nothing_was_sent(tmp_path: Path) -> None:
    transport = HttpTransport(ca_file=tmp_path / "nowhere.pem")
    with pytest.raises(UnsentError):
        await transport.send(post("https://localhost:1"))
    await transport.aclose()
    with pytest.raises(UnsentError, match="closed"):
        await transport.send(post("https://localhost:1"))


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"])
async def test_a_connection_that_breaks_later_leaves_a_doubt(answer: bytes) -> None:
    async with speaking(answer) as url:
        with pytest.raises(DirectoryError) as error:
            await sent(post(url))
    assert not isinstance(error.value, UnsentError)


async def test_what_was_sent_on_leaves_a_doubt_even_if_nobody_is_there() -> None:
    """The server carries out what it is asked, sends us on to the result, and goes away."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        server.close()
        writer.write(
            b"HTTP/1.1 303 See Other\r\nLocation: /1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        )
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    with pytest.raises(DirectoryError, match="cannot be reached") as error:
        await sent(post(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"))
    assert not isinstance(error.value, UnsentError)
    await server.wait_closed()
