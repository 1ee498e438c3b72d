"""Keeps a connection to the PBX for as long as it runs, whatever happens to the network."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING, NoReturn

import structlog

from bubbled.error import PbxError
from bubbled.pbx.ami.connection import Connection
from bubbled.pbx.ami.error import (
    ActionUnknownError,
    ConnectionFailedError,
    LoginRefusedError,
    NotConnectedError,
    connection_failure,
)
from bubbled.pbx.ami.keepalive import keep_alive
from bubbled.pbx.ami.login import log_in
from bubbled.pbx.reconnect import Backoff
from bubbled.pbx.state import Connecting, Down, Refused, Up

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from bubbled.pbx.ami.access import Access
    from bubbled.pbx.ami.action import Action
    from bubbled.pbx.ami.framing import Message
    from bubbled.pbx.state import State

log = structlog.get_logger()


class AmiClient:
    """A manager session that comes back by itself.

    Attributes:
        connection: the one that is logged in; None while there is none.
    """

    def __init__(  # noqa: PLR0913 - whom to ask, whom to tell, and how
        self,
        access: Access,
        *,
        wanted: Iterable[str] | None = None,
        on_state: Callable[[State], None] = lambda _state: None,
        tap: Callable[[bytes], None] | None = None,
        uniform: Callable[[float, float], float] = random.uniform,
        in_words: Callable[[PbxError], str] = str,
    ) -> None:
        """Prepare; `run` connects.

        `wanted` names the events to be delivered (None: all), `on_state` is told of each change, `tap` sees
        all bytes as they come (it must not raise), `uniform` draws the jitter, `in_words` says for the log
        why there is no connection.
        """
        self.connection: Connection | None = None
        self._access = access
        self._wanted = None if wanted is None else frozenset(wanted)
        self._backoff = Backoff(access.patience, uniform)
        self._on_state = on_state
        self._tap = tap
        self._in_words = in_words

    async def action(self, action: Action, *, time_limit_s: float | None = None) -> Message:
        """Ask the connected PBX for something; see `Connection.action`."""
        if self.connection is None:
            raise NotConnectedError(str(action.get("Action")))
        return await self.connection.action(action, time_limit_s=time_limit_s)

    async def run(self, serve: Callable[[Connection], Awaitable[None]]) -> NoReturn:
        """Connect, log in and `serve` the connection, again and again, until cancelled.

        `serve` should consume `connection.events()`, which end when the connection does. When it returns or
        raises a PbxError, the connection is closed and the next one begins. Other errors end `run`.
        """
        while True:
            self._on_state(Connecting())
            lasted_s, reason = await self._one_connection(serve)
            await self._pause(lasted_s, reason)

    async def connect(self) -> Connection:
        """Make one connection and log in, without a second try.

        Raises:
            ConnectionFailedError: the PBX cannot be reached, or says nothing, or is none.
            LoginRefusedError: the credentials are wrong.
        """
        address, limits = self._access.address, self._access.limits
        try:
            async with asyncio.timeout(limits.connect_s):
                _, connection = await asyncio.get_running_loop().create_connection(
                    lambda: Connection(self._wanted, time_limit_s=limits.action_s, tap=self._tap),
                    address.host,
                    address.port,
                    ssl=self._access.tls,
                )
                await self._log_in(connection)
        except OSError as error:
            raise connection_failure(error, str(address)) from error
        return connection

    async def _log_in(self, connection: Connection) -> None:
        try:
            await connection.greeting()
            await log_in(connection.action, self._access.credentials, is_private=connection.is_private)
        except BaseException as error:
            loss = connection.loss
            connection.abort(ConnectionFailedError("bubbled could not log in to the PBX."))
            await connection.ended()
            if isinstance(error, ActionUnknownError):
                raise loss or TimeoutError from error
            raise

    async def _one_connection(self, serve: Callable[[Connection], Awaitable[None]]) -> tuple[float, PbxError]:
        """Return how long the connection lasted, in seconds, and why it ended."""
        clock = asyncio.get_running_loop().time
        try:
            connection = await self.connect()
        except PbxError as reason:
            return 0.0, reason
        begun = clock()
        log.info("connected to the PBX", address=str(self._access.address), ami=connection.version)
        self.connection = connection
        self._on_state(Up(connection.version))
        ending = await self._serve(connection, serve)
        return clock() - begun, ending

    async def _serve(
        self, connection: Connection, serve: Callable[[Connection], Awaitable[None]]
    ) -> PbxError:
        limits = self._access.limits
        ping = keep_alive(connection, idle_s=limits.idle_s, answer_s=limits.ping_s)
        keeper = asyncio.create_task(ping, name="AMI keep-alive")
        farewell: PbxError = ConnectionFailedError("bubbled closed the connection to the PBX.")
        try:
            await serve(connection)
        except PbxError as error:
            farewell = error
        finally:
            self.connection = None
            keeper.cancel()
            connection.abort(farewell)
            await connection.ended()
        return connection.loss or farewell

    async def _pause(self, lasted_s: float, reason: PbxError) -> None:
        """Tell why there is no connection, and wait; what goes on is told once, then only to debuggers."""
        refused = isinstance(reason, LoginRefusedError)
        wait_s = self._backoff.after_refusal() if refused else self._backoff.after_loss(lasted_s)
        words = self._in_words(reason)
        tell = log.warning if self._backoff.is_news(words) else log.debug
        tell("not connected to the PBX", reason=words, retry_in_s=round(wait_s, 1))
        self._on_state(Refused(reason, wait_s) if refused else Down(reason, wait_s))
        await asyncio.sleep(wait_s)
