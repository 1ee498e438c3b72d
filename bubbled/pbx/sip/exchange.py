"""A user agent on a link of its own: drives the pure parts by the loop's clock."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from bubbled.pbx.sip.address import Addresses
from bubbled.pbx.sip.agent import UserAgent
from bubbled.pbx.sip.transport import open_link

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    from bubbled.error import PbxError
    from bubbled.pbx.sip.access import SipAccess
    from bubbled.pbx.sip.transport import Link

_KEEP_ALIVE: Final = b"\r\n\r\n"


class Exchange:
    """Speaks SIP with one server or phone until `over` is set.

    Attributes:
        over: why it ended.
        agent: what speaks SIP here.
    """

    agent: UserAgent
    _link: Link

    def __init__(
        self,
        access: SipAccess,
        tap: Callable[[bytes], None] | None = None,
        addresses: Addresses | None = None,
    ) -> None:
        """Prepare; `tap` sees every message that comes, and must not raise.

        `addresses` knows which of the host's did not answer earlier exchanges.
        """
        self._access = access
        self._tap = tap
        self._addresses = addresses or Addresses()
        self._loop = asyncio.get_running_loop()
        self._alarm: asyncio.TimerHandle | None = None
        self._alive_at = 0.0
        self.over: asyncio.Future[PbxError] = self._loop.create_future()

    async def open(self) -> Self:
        """Open the way.

        Raises:
            SipUnreachableError: there is none.
        """
        access = self._access
        self._link = await open_link(access, self._addresses, self._received, self.end)
        self.agent = UserAgent(access.account, access.domain, self._link.flow, lifetime_s=access.answer_s)
        self._alive_at = self._loop.time() + access.limits.keep_alive_s
        return self

    async def aclose(self) -> None:
        """Let go, after what was sent has left."""
        if not self.over.done():
            self._flush()
            self.over.cancel()
        if self._alarm is not None:
            self._alarm.cancel()
        await self._link.aclose()

    def end(self, reason: PbxError) -> None:
        """Take note that it is over."""
        if not self.over.done():
            self.over.set_result(reason)

    def attend(self) -> None:
        """Send what is to be sent, and set the alarm for what comes next."""
        self._flush()
        if self._alarm is not None:
            self._alarm.cancel()
        due = min(at for at in (self._alive_at, self.agent.due, self._due) if at is not None)
        self._alarm = self._loop.call_at(due, self._wake)

    @property
    def _due(self) -> float | None:
        """When `_tick` has something to do."""
        return None

    def _tick(self, now: float) -> None:
        """Do what is due beside the user agent's own work."""

    def _wake(self) -> None:
        # The loop may call some microseconds before the time that it was told.
        now = max(self._loop.time(), self._alarm.when() if self._alarm else 0.0)
        if now >= self._alive_at:
            self._alive_at = now + self._access.limits.keep_alive_s
            self.agent.outbox.append(_KEEP_ALIVE)
        self.agent.wake(now)
        self._tick(now)
        self.attend()

    def _received(self, data: bytes) -> None:
        if self._tap is not None:
            self._tap(data)
        is_asked = self._alarm is not None  # nothing can be meant for us before
        if is_asked and not self.over.done():
            self.agent.receive(data, self._loop.time())
            self.attend()

    def _flush(self) -> None:
        outbox, self.agent.outbox = self.agent.outbox, []
        for data in outbox:
            self._link.send(data)
