"""A PBX that says what the test tells it to, over real sockets.

It speaks the documented wire format (docs.asterisk.org, "AMI v2 Specification") and does nothing by itself;
what a real Asterisk does is tested with a real Asterisk.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator

GREETING = "Asterisk Call Manager/11.0.0"


class Peer:
    """One accepted connection, from the PBX's side."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self.writer = writer

    async def asked(self, action: str) -> dict[str, str]:
        """The next action, which must be this one."""
        packet = await self._reader.readuntil(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in packet.decode().split("\r\n") if line)
        assert headers["Action"] == action, headers
        return headers

    async def silence(self) -> bytes:
        """Whatever the client still sends until it hangs up."""
        try:
            return await self._reader.read()
        except ConnectionResetError:
            return b""

    def greet(self) -> None:
        self.writer.write(f"{GREETING}\r\n".encode())

    def say(self, *packets: dict[str, str]) -> None:
        for packet in packets:
            lines = [f"{header}: {value}\r\n" for header, value in packet.items()]
            self.writer.write("".join([*lines, "\r\n"]).encode())

    def answer(self, asked: dict[str, str], **headers: str) -> None:
        self.say({"Response": "Success", "ActionID": asked["ActionID"]} | headers)

    async def let_in(self) -> None:
        """Greet and accept a login by challenge, whatever the secret."""
        self.greet()
        self.answer(await self.asked("Challenge"), Challenge="128461")
        self.answer(await self.asked("Login"), Message="Authentication accepted")

    async def hang_up(self) -> None:
        self.writer.close()
        await self.writer.wait_closed()


class ScriptedPbx:
    """Accepts connections and hands them to the test one by one."""

    def __init__(self) -> None:
        self.port = 0
        self._peers: asyncio.Queue[Peer] = asyncio.Queue()
        self._all: list[Peer] = []

    async def accept(self) -> Peer:
        return await self._peers.get()

    @classmethod
    @asynccontextmanager
    async def listening(
        cls, *, port: int = 0, tls: ssl.SSLContext | None = None
    ) -> AsyncIterator[ScriptedPbx]:
        pbx = cls()
        server = await asyncio.start_server(pbx._met, "127.0.0.1", port, ssl=tls)
        pbx.port = server.sockets[0].getsockname()[1]
        try:
            yield pbx
        finally:
            server.close()
            for peer in pbx._all:
                peer.writer.transport.abort()
            await server.wait_closed()

    async def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = Peer(reader, writer)
        self._all.append(peer)
        self._peers.put_nowait(peer)
