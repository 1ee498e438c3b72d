"""A source that follows Alice by SIP on a real Asterisk, and what it tells."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bubbled.model import Device
from bubbled.pbx.reconnect import Patience
from bubbled.pbx.sip.access import SipAccess, TimeLimits, Transport
from bubbled.pbx.sip.digest import Account
from bubbled.pbx.sip.source import SipSource
from bubbled.pbx.sip.tracker import Tracker
from bubbled.pbx.state import Down, Refused, Up
from tests.lab.config import SIP_PORT, SIP_TLS_PORT

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from bubbled.model import CallChange
    from bubbled.pbx.state import State
    from tests.lab.pbx import Asterisk

PATIENCE_S = 20.0


def access(  # noqa: PLR0913 - each test has its own
    pbx: Asterisk,
    transport: Transport = Transport.UDP,
    *,
    user: str = "101",
    secret: str | None = None,
    follows: str = "101",
    expires_s: float = 90.0,
    refused_s: float = 300.0,
) -> SipAccess:
    """Alice's account on a PBX of the lab, or another."""
    is_tls = transport is Transport.TLS
    context = ssl.create_default_context() if is_tls else None
    if context is not None:
        pbx.authority.configure_trust(context)
    return SipAccess(
        host=pbx.network.pbx_ip,
        port=SIP_TLS_PORT if is_tls else SIP_PORT,
        transport=transport,
        domain=pbx.network.pbx_ip,
        account=Account(user, secret or f"secret{user}", user),
        extension=follows,
        tls=context,
        limits=TimeLimits(datagram_expires_s=expires_s, answer_s=4.0),
        patience=Patience(first_s=0.1, longest_s=0.5, refused_s=refused_s),
    )


class Following:
    """What a source tells."""

    def __init__(self, asked: SipAccess) -> None:
        self.states: asyncio.Queue[State] = asyncio.Queue()
        self.changes: asyncio.Queue[CallChange] = asyncio.Queue()
        self.source = SipSource(
            asked, Tracker(Device("PJSIP/101"), "NL"), on_changes=self._hear, on_state=self.states.put_nowait
        )

    def _hear(self, changes: Sequence[CallChange]) -> None:
        for change in changes:
            self.changes.put_nowait(change)

    async def hears(self, words: str) -> CallChange:
        """Wait for the next change, which must be that: `started ringing`, `ended missed`."""
        async with asyncio.timeout(PATIENCE_S):
            change = await self.changes.get()
        call = change.call
        assert f"{change.kind} {call.outcome or call.state}" == words, change
        return change

    async def is_up(self) -> Up:
        """Wait until calls are followed."""
        async with asyncio.timeout(PATIENCE_S):
            while not isinstance(state := await self.states.get(), Up):
                pass
        return state

    async def is_down(self) -> Down | Refused:
        """Wait until they are not."""
        async with asyncio.timeout(PATIENCE_S):
            while not isinstance(state := await self.states.get(), Down | Refused):
                pass
        return state


@asynccontextmanager
async def following(asked: SipAccess) -> AsyncIterator[Following]:
    """Follow until the test is over."""
    it = Following(asked)
    running = asyncio.create_task(it.source.run())
    try:
        yield it
    finally:
        running.cancel()
        await asyncio.wait([running])
