"""A network between a SIP client and a PBX that loses a chosen datagram, or whose cable is cut once."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class Relay(asyncio.DatagramProtocol):
    """Hands on what the one sends to the other, but for the n-th datagram.

    The PBX sees the relay's address in place of the client's, as behind a NAT, and so answers here.

    Attributes:
        passed: how many came by.
    """

    def __init__(self, pbx: tuple[str, int], loses: int) -> None:
        self.passed = 0
        self._pbx = pbx
        self._loses = loses
        self._client: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        self.address: tuple[str, int] = transport.get_extra_info("sockname")[:2]

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self.passed += 1
        is_from_pbx = addr[:2] == self._pbx
        if not is_from_pbx:
            self._client = addr
        if self.passed != self._loses:
            self.transport.sendto(data, self._client if is_from_pbx else self._pbx)


@asynccontextmanager
async def relay(pbx: tuple[str, int], *, loses: int) -> AsyncIterator[Relay]:
    """Be there until the test is over."""
    transport, protocol = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: Relay(pbx, loses), local_addr=("127.0.0.1", 0)
    )
    try:
        yield protocol
    finally:
        transport.close()


class Cable:
    """Hands on the pieces of a stream either way; in place of the n-th, both ends lose their connection.

    Whoever connects again after that is connected.

    Attributes:
        address: where to connect.
        passed: how many pieces came by.
    """

    address: tuple[str, int]

    def __init__(self, pbx: tuple[str, int], cut_at: int) -> None:
        self.passed = 0
        self._pbx = pbx
        self._cut_at = cut_at
        self._ends: set[asyncio.StreamWriter] = set()

    async def join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Connect somebody with the PBX."""
        far_reader, far_writer = await asyncio.open_connection(*self._pbx)
        self._ends |= {writer, far_writer}
        await asyncio.gather(self._carry(reader, far_writer), self._carry(far_reader, writer))

    def cut(self) -> None:
        """Let both ends lose their connection."""
        for end in self._ends:
            end.transport.abort()
        self._ends.clear()

    async def _carry(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while piece := await source.read(65536):
                self.passed += 1
                if self.passed == self._cut_at:
                    self.cut()
                sink.write(piece)
        sink.close()


@asynccontextmanager
async def cable(pbx: tuple[str, int], *, cut_at: int) -> AsyncIterator[Cable]:
    """Lie there until the test is over, at the PBX's own address, to which its certificate is made out."""
    it = Cable(pbx, cut_at)
    server = await asyncio.start_server(it.join, pbx[0], 0)
    it.address = server.sockets[0].getsockname()[:2]
    try:
        yield it
    finally:
        server.close()
        it.cut()
