"""A network between a SIP client and a PBX that loses chosen datagrams."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
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
