"""A PBX of the test on a socket, and a source that follows it."""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from bubbled.model import Device
from bubbled.pbx.reconnect import Patience
from bubbled.pbx.sip.access import SipAccess, TimeLimits, Transport
from bubbled.pbx.sip.digest import Account
from bubbled.pbx.sip.source import SipSource
from bubbled.pbx.sip.tracker import Tracker
from tests.pbx.sip.notifier import SECRET

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Sequence

    import pytest

    from bubbled.model import CallChange
    from bubbled.pbx.state import State
    from tests.pbx.sip.notifier import Notifier


class UdpPbx(asyncio.DatagramProtocol):
    """A notifier on a socket."""

    def __init__(self, notifier: Notifier) -> None:
        self.notifier = notifier
        self.peer: tuple[Any, ...] | None = None
        self.taken: asyncio.Queue[bytes] = asyncio.Queue()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        self.port: int = transport.get_extra_info("sockname")[1]

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        self.peer = addr
        self.taken.put_nowait(data)
        for answer in self.notifier.take(data):
            self.transport.sendto(answer, addr)

    def sends(self, data: bytes) -> None:
        self.transport.sendto(data, self.peer)


class Follower:
    """What a source tells."""

    def __init__(self, access: SipAccess) -> None:
        self.states: asyncio.Queue[State] = asyncio.Queue()
        self.told: asyncio.Queue[str] = asyncio.Queue()
        self.heard: list[bytes] = []
        self.source = SipSource(
            access,
            Tracker(Device("PJSIP/101"), "NL"),
            on_changes=self._hear,
            on_state=self.states.put_nowait,
            tap=self.heard.append,
        )

    def _hear(self, changes: Sequence[CallChange]) -> None:
        for change in changes:
            self.told.put_nowait(f"{change.kind} {change.call.number}")

    async def becomes(self, *kinds: type) -> Any:
        async with asyncio.timeout(10):
            while not isinstance(state := await self.states.get(), kinds):
                pass
        return state


def name(monkeypatch: pytest.MonkeyPatch, host: str, *addresses: str) -> None:
    """Let a host have these addresses, in this order."""
    original = socket.getaddrinfo

    def found(asked: Any, *about: Any, **more: Any) -> Any:
        names = addresses if asked == host else (asked,)
        return [each for name in names for each in original(name, *about, **more)]

    monkeypatch.setattr(socket, "getaddrinfo", found)


@asynccontextmanager
async def follower(
    port: int,
    transport: Transport = Transport.UDP,
    tls: ssl.SSLContext | None = None,
    host: str = "127.0.0.1",
    **limits: float,
) -> AsyncIterator[Follower]:
    it = Follower(
        SipAccess(
            host=host,
            port=port,
            transport=transport,
            domain="pbx",
            account=Account("101", SECRET, "101"),
            extension="101",
            tls=tls,
            limits=TimeLimits(**limits),
            patience=Patience(first_s=0.01, longest_s=0.01, refused_s=0.01),
        )
    )
    running = asyncio.create_task(it.source.run())
    try:
        yield it
    finally:
        running.cancel()
        await asyncio.wait([running])
