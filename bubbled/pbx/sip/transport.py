"""Carries SIP messages: datagrams, or a stream over TCP or TLS. Thin: what they mean is others' business."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Protocol, cast

from bubbled.pbx.sip.access import SipAccess, Transport
from bubbled.pbx.sip.dialog import Flow
from bubbled.pbx.sip.error import lost, unreachable
from bubbled.pbx.sip.framing import Framer
from bubbled.pbx.sip.message import MalformedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bubbled.error import PbxError
    from bubbled.pbx.sip.address import Address, Addresses

_UNACKNOWLEDGED_MS: Final = 20_000
"""After which TCP gives up a peer that takes nothing more: a PBX that lost its power never says goodbye."""

_GOODBYE_S: Final = 1.0
_ANSWER: Final = b"SIP/2.0 "


class Link(Protocol):
    """A way to the server that is open.

    Attributes:
        flow: what a user agent must know of it.
    """

    flow: Flow

    def send(self, data: bytes) -> None:
        """Send one message; does not block, and tells of no failure here."""

    async def aclose(self) -> None:
        """Let go of it, after what was sent has left."""


async def open_link(
    access: SipAccess,
    addresses: Addresses,
    on_message: Callable[[bytes], None],
    on_lost: Callable[[PbxError], None],
) -> Link:
    """Open the way that the settings name; the callbacks must not raise.

    Over UDP it leads to one of the host's `addresses`, and only time can tell whether anybody is there.

    Raises:
        SipUnreachableError: it cannot be had.
    """
    try:
        async with asyncio.timeout(access.limits.connect_s):
            if access.transport is Transport.UDP:
                return await _open_datagrams(access, addresses, on_message, on_lost)
            return await _open_stream(access, on_message, on_lost)
    except OSError as error:
        raise unreachable(error, access) from error


async def _open_datagrams(
    access: SipAccess,
    addresses: Addresses,
    on_message: Callable[[bytes], None],
    on_lost: Callable[[PbxError], None],
) -> Link:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(access.host, access.port, type=socket.SOCK_DGRAM)
    family_of = {peer: family for family, _, _, _, peer in found}
    peer, own = _reachable(addresses, family_of)
    _, protocol = await loop.create_datagram_endpoint(
        lambda: _Datagrams(access, peer, on_message, on_lost), local_addr=(own, 0)
    )
    return protocol


def _reachable(addresses: Addresses, family_of: Mapping[Address, int]) -> tuple[Address, str]:
    """Take the first address to which there is a way; give it, and our own on that way."""
    trouble = OSError("the host has no address")
    for peer in addresses.in_order(family_of):
        addresses.used = peer
        try:
            return peer, _towards(family_of[peer], peer)
        except OSError as error:  # such as an IPv6 address where there is only IPv4
            trouble = error
            addresses.failed()
    raise trouble


def _towards(family: int, peer: Address) -> str:
    """Tell from which of its addresses this computer reaches the server; nothing is sent."""
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect(peer)
        return str(probe.getsockname()[0])


class _Datagrams(asyncio.DatagramProtocol):
    """Not connected to the server's port: some PBXs speak from another one. Its address must be right.

    What they ask is answered where it came from (RFC 3581), and before the next is taken.
    """

    flow: Flow

    def __init__(
        self,
        access: SipAccess,
        peer: Address,
        on_message: Callable[[bytes], None],
        on_lost: Callable[[PbxError], None],
    ) -> None:
        self._access = access
        self._peer = self._asker = peer
        self._on_message = on_message
        self._on_lost = on_lost

    def send(self, data: bytes) -> None:
        self._transport.sendto(data, self._asker if data.startswith(_ANSWER) else self._peer)

    async def aclose(self) -> None:
        self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)
        host, port = transport.get_extra_info("sockname")[:2]
        self.flow = Flow(Transport.UDP, host, port)

    def datagram_received(self, data: bytes, addr: Address) -> None:
        if addr[0] == self._peer[0]:
            self._asker = addr
            self._on_message(data)

    def error_received(self, exc: Exception) -> None:
        if isinstance(exc, OSError):
            self._on_lost(unreachable(exc, self._access))


async def _open_stream(
    access: SipAccess, on_message: Callable[[bytes], None], on_lost: Callable[[PbxError], None]
) -> Link:
    _, protocol = await asyncio.get_running_loop().create_connection(
        lambda: _Stream(access, on_message, on_lost), access.host, access.port, ssl=access.tls
    )
    return protocol


class _Stream(asyncio.Protocol):
    flow: Flow

    def __init__(
        self, access: SipAccess, on_message: Callable[[bytes], None], on_lost: Callable[[PbxError], None]
    ) -> None:
        self._access = access
        self._on_message = on_message
        self._on_lost = on_lost
        self._framer = Framer()
        self._ended = asyncio.Event()

    def send(self, data: bytes) -> None:
        self._transport.write(data)

    async def aclose(self) -> None:
        self._transport.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(_GOODBYE_S):
                await self._ended.wait()
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        host, port = transport.get_extra_info("sockname")[:2]
        self.flow = Flow(self._access.transport, host, port)
        _give_up_dead(transport.get_extra_info("socket"))

    def data_received(self, data: bytes) -> None:
        try:
            for message in self._framer.feed(data):
                self._on_message(message)
        except MalformedError as error:
            self._on_lost(lost(self._access, f"is of no use ({error})"))
            self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended.set()
        reason = getattr(exc, "strerror", None) or exc
        how = f"was lost ({reason})" if reason else "was closed by the PBX"
        self._on_lost(lost(self._access, how))


def _give_up_dead(connection: socket.socket) -> None:
    with suppress(OSError, AttributeError):  # other systems have other names for it, or none
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNACKNOWLEDGED_MS)
