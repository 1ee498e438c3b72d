"""One connection to the PBX: actions out, answers and events in."""

from __future__ import annotations

import asyncio
import ipaddress
import secrets
from collections import deque
from itertools import count
from typing import TYPE_CHECKING, cast

import structlog

from bubbled.pbx.ami.action import Answer, encode
from bubbled.pbx.ami.error import (
    ActionRefusedError,
    ActionUnknownError,
    ConnectionFailedError,
    NotConnectedError,
)
from bubbled.pbx.ami.framing import Framer
from bubbled.pbx.consequence import NO_CALLS

if TYPE_CHECKING:
    import builtins
    from collections.abc import AsyncIterator, Callable, Iterable

    from bubbled.error import PbxError
    from bubbled.pbx.ami.action import Action
    from bubbled.pbx.ami.framing import Message

log = structlog.get_logger()

_GREETING = "Asterisk Call Manager/"
_BATCH = 64
"""Events in a row before other tasks get their turn; 64 take the tracker a millisecond or two."""


class Connection(asyncio.Protocol):
    """Speaks AMI on one transport, until `loss` is set.

    An answer is known by its ActionID. That holds a random part: a caller can forge whole packets, answers
    too, but he cannot guess it.

    Attributes:
        version: of the AMI protocol, as the PBX greeted; empty before.
        loss: why the connection ended; None while it lives.
        received_at: when bytes last came, in the loop's time.
    """

    def __init__(
        self,
        wanted: Iterable[str] | None = None,
        *,
        time_limit_s: float = 10.0,
        queue_limit: int = 10_000,
        tap: Callable[[bytes], None] | None = None,
    ) -> None:
        """Queue the events named in `wanted` (None: all).

        `tap` sees all bytes first, as they come; it must not raise. Actions have `time_limit_s` unless they
        bring their own.
        """
        self.version = ""
        self.loss: PbxError | None = None
        self.received_at = 0.0
        self._framer = Framer(None if wanted is None else {*wanted, "Shutdown"})
        self._time_limit_s = time_limit_s
        self._queue_limit = queue_limit
        self._tap = tap
        self._events: deque[Message] = deque()
        self._news = asyncio.Event()
        self._greeted = asyncio.Event()
        self._ended = asyncio.Event()
        self._awaited: dict[str, tuple[Answer, asyncio.Event]] = {}
        self._ids = map(f"bubbled-{secrets.token_hex(6)}-{{}}".format, count(1))
        self._shutdown_announced = False

    async def greeting(self) -> None:
        """Wait until the PBX has greeted; ConnectionFailedError when it does not, or is no Asterisk."""
        await self._greeted.wait()
        if self.loss is not None:
            raise self.loss

    @property
    def is_private(self) -> bool:
        """Whether nobody can listen: TLS, or a PBX on this computer."""
        if self._transport.get_extra_info("sslcontext") is not None:
            return True
        host: str = self._transport.get_extra_info("peername")[0]
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback

    async def action(self, action: Action, *, time_limit_s: float | None = None) -> Message:
        """Ask for something, once, and return the response.

        Raises:
            ActionRefusedError: the PBX said no.
            ActionUnknownError: no answer within the time limit, or the connection was lost.
            NotConnectedError, UnsafeActionError: it was not sent.
        """
        answer = await self._ask(action, Answer(is_list=False), time_limit_s)
        return cast("Message", answer.response)

    async def list(
        self, action: Action, *, items_named: str | None = None, time_limit_s: float | None = None
    ) -> builtins.list[Message]:
        """Ask for a list, once, and return its items; raises as `action` does.

        With `items_named`, the parts of items that a caller's forged line breaks took apart are items too.
        """
        answer = await self._ask(action, Answer(is_list=True, items_named=items_named), time_limit_s)
        return answer.items

    async def events(self) -> AsyncIterator[Message]:
        """What answers nothing, in order from the login on; ends after the connection's last event."""
        for turn in count(1):
            while not self._events:
                if self.loss is not None:
                    return
                self._news.clear()
                await self._news.wait()
            yield self._events.popleft()
            if turn % _BATCH == 0:
                await asyncio.sleep(0)

    def abort(self, reason: PbxError) -> None:
        """End now, also when the peer is dead and will never take what is still to be sent."""
        self.loss = self.loss or reason
        self._transport.abort()

    async def ended(self) -> None:
        """Wait until the transport is gone."""
        await self._ended.wait()

    async def _ask(self, action: Action, answer: Answer, time_limit_s: float | None) -> Answer:
        name = str(action.get("Action"))
        action_id = next(self._ids)
        packet = encode(action, action_id)
        if self.loss is not None:
            raise NotConnectedError(name)
        settled = asyncio.Event()
        self._awaited[action_id] = (answer, settled)
        self._framer.keep_answers = True
        self._framer.keep_named = answer.items_named
        try:
            self._transport.write(packet)
            async with asyncio.timeout(self._time_limit_s if time_limit_s is None else time_limit_s):
                await settled.wait()
        except TimeoutError:
            raise ActionUnknownError(name, "The PBX took too long") from None
        finally:
            del self._awaited[action_id]
            self._framer.keep_answers = bool(self._awaited)
            self._framer.keep_named = None
        if not answer.complete:
            raise ActionUnknownError(name, "The connection to the PBX was lost") from self.loss
        if answer.refused:
            raise ActionRefusedError(name, cast("Message", answer.response))
        return answer

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.Protocol."""
        self._transport = cast("asyncio.Transport", transport)
        self.received_at = asyncio.get_running_loop().time()

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        self.received_at = asyncio.get_running_loop().time()
        if self._tap is not None:
            self._tap(data)
        dropped = self._framer.oversize
        messages = self._framer.feed(data)
        if self._framer.oversize > dropped:
            log.warning("dropped a message that is too large to be one", source="pbx")
        if not self._greeted.is_set():
            self._greet(begun=bool(messages) or self._framer.oversize > 0)
        for message in messages:
            self._take(message)
        self._news.set()

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio.Protocol."""
        self.loss = self.loss or ConnectionFailedError(self._parting(exc))
        for _, settled in self._awaited.values():
            settled.set()
        self._greeted.set()
        self._news.set()
        self._ended.set()

    def _greet(self, *, begun: bool) -> None:
        banner = self._framer.banner or ""
        if banner.startswith(_GREETING):
            self.version = banner.removeprefix(_GREETING)
            self._greeted.set()
        elif banner or begun:
            self.abort(
                ConnectionFailedError(
                    f"What answers there is no Asterisk manager (it says {banner[:40]!r}): {NO_CALLS}. "
                    "Check host and port."
                )
            )

    def _take(self, message: Message) -> None:
        if self._awaited and self._is_answer(message):
            return
        self._shutdown_announced |= message.get("Event") == "Shutdown"
        if len(self._events) < self._queue_limit:
            self._events.append(message)
        elif self.loss is None:
            self._fall_behind()

    def _is_answer(self, message: Message) -> bool:
        """Feed the answer that `message` belongs to; a forged ActionID hides no true one."""
        for action_id in message.all("ActionID"):
            if action_id in self._awaited:
                answer, settled = self._awaited[action_id]
                if answer.complete:
                    return False  # an event that follows from the action, such as OriginateResponse
                answer.feed(message)
                if answer.complete:
                    settled.set()
                return True
        event = message.get("Event")
        for answer, _ in self._awaited.values():
            if event is not None and event == answer.items_named:
                answer.feed(message)
                return True
        return False

    def _fall_behind(self) -> None:
        """Events are missing from here on, so that only a fresh start can tell what the calls are."""
        log.warning("the PBX sends more events than can be followed; starting anew", queued=len(self._events))
        self._events.clear()
        self.abort(ConnectionFailedError("The PBX sent more events than bubbled could follow: it asks anew."))

    def _parting(self, exc: Exception | None) -> str:
        if self._shutdown_announced:
            return f"The PBX is shutting down or restarting: {NO_CALLS} until it is back."
        how = f"was lost ({getattr(exc, 'strerror', None) or exc})" if exc else "was closed by the PBX"
        return f"The connection {how}: {NO_CALLS} until it is back."
