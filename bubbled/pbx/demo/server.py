"""Serves the demo PBX on a loopback port."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, cast

from bubbled.error import PbxError
from bubbled.pbx.ami.framing import Framer
from bubbled.pbx.demo.manager import GREETING, Manager, encode
from bubbled.pbx.demo.scene import SCENES, click_to_call, playing, unhurried
from bubbled.pbx.demo.switchboard import LiveChannels

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

    from bubbled.pbx.ami.framing import Message
    from bubbled.pbx.demo.scene import Scene

_LARGEST_ACTION = 65_536
_MOST_UNSENT = 1 << 20
"""Bytes; a client that does not read loses its connection, as with Asterisk."""


class _Client(asyncio.Protocol):
    def __init__(self, manager: Manager, everybody: set[_Client], somebody: asyncio.Event) -> None:
        self.gone = asyncio.Event()
        self._manager = manager
        self._everybody = everybody
        self._somebody = somebody
        self._framer = Framer(largest=_LARGEST_ACTION)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self._everybody.add(self)
        self.transport.write(GREETING)

    def connection_lost(self, _exc: Exception | None) -> None:
        self._everybody.discard(self)
        self.gone.set()

    def data_received(self, data: bytes) -> None:
        for action in self._framer.feed(data):
            self.transport.write(b"".join(map(encode, self._manager.answer(action))))
            if self._manager.logged_in:
                self._somebody.set()
            if self._manager.over:
                self.transport.close()
                return

    def send_event(self, packet: bytes) -> None:
        if self.transport.get_write_buffer_size() > _MOST_UNSENT:
            self.transport.abort()
        elif self._manager.logged_in:
            self.transport.write(packet)


class DemoPbx:
    """An Asterisk manager port that plays scenes to all who are logged in; an async context manager.

    Attributes:
        port: where it listens, on 127.0.0.1.
        click_step_s: between the steps of a call that a client asked for, so that a person can follow them.
    """

    def __init__(
        self, *, port: int = 0, secret: str | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        """Prepare; entering the context begins to listen.

        Args:
            port: 0 takes a free one.
            secret: the one that lets any user in; None lets everybody in.
            clock: seconds since 1970.
        """
        self.port = port
        self.click_step_s = 2.0
        self._secret = secret
        self._clock = clock
        self._channels = LiveChannels()
        self._clients: set[_Client] = set()
        self._somebody = asyncio.Event()
        self._played = 0
        self._clicks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        try:
            self._server = await loop.create_server(self._client, "127.0.0.1", self.port)
        except OSError as error:
            raise PbxError(
                f"The demo PBX cannot listen on port {self.port} ({error.strerror}). Choose another, or 0."
            ) from error
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for playing_click in self._clicks:
            playing_click.cancel()
        clients = list(self._clients)
        for client in clients:
            client.transport.abort()
        await asyncio.gather(*(client.gone.wait() for client in clients))
        await self._server.wait_closed()

    async def wait_for_client(self) -> None:
        """Wait until the first client has logged in."""
        await self._somebody.wait()

    async def play(self, name: str, *, speed: float = 1.0, step_s: float | None = None) -> None:
        """Play a scene of `SCENES` to whoever is logged in.

        Args:
            name: of the scene.
            speed: divides all waits.
            step_s: makes each wait that a person notices so long; None leaves them as they were recorded.
        """
        await self._play(SCENES[name], speed, step_s)

    async def _play(self, scene: Scene, speed: float, step_s: float | None) -> None:
        clock = asyncio.get_running_loop().time
        begun = clock()
        number, self._played = self._played, self._played + 1
        moments = playing(scene, number, int(self._clock()))
        for t, event in moments if step_s is None else unhurried(moments, step_s):
            await asyncio.sleep((t or 0.0) / speed - (clock() - begun))
            self._channels.apply(event)
            packet = encode(event)
            for client in list(self._clients):
                client.send_event(packet)

    async def play_all(self, *, speed: float = 1.0, pause_s: float = 1.0) -> None:
        """Play all scenes in turn, with a pause (also divided by `speed`) after each."""
        for name in SCENES:
            await self.play(name, speed=speed)
            await asyncio.sleep(pause_s / speed)

    def _client(self) -> _Client:
        manager = Manager(self._channels, self._secret, self._clock, self._clicked)
        return _Client(manager, self._clients, self._somebody)

    def _clicked(self, action: Message) -> None:
        task = asyncio.create_task(self._play(click_to_call(action), 1.0, self.click_step_s), name="a click")
        self._clicks.add(task)
        task.add_done_callback(self._clicks.discard)
