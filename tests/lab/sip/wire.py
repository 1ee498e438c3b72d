"""One UDP socket of a phone, with the transactions of RFC 3261, section 17."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Self

from tests.lab.sip.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.lab.task import Tasks

Address = tuple[str, int]
_RESEND_S = (0.5, 1.0, 2.0, 4.0)


class Wire(asyncio.DatagramProtocol):
    """Repeats a request until something answers it, and answers a repeated request as before."""

    def __init__(
        self, server: Address, on_request: Callable[[Message], None], note: Callable[[str], None]
    ) -> None:
        self._server, self._on_request, self._note = server, on_request, note
        self._asked: dict[tuple[str, str], _Question] = {}
        self._answered: dict[tuple[str, str], Message] = {}
        self._acknowledged: dict[str, Message] = {}

    async def open(self, local: Address, tasks: Tasks) -> Self:
        """Take that address; port 0 takes a free one."""
        self._tasks = tasks
        await asyncio.get_running_loop().create_datagram_endpoint(lambda: self, local_addr=local)
        return self

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        """Keep the socket."""
        self._transport = transport

    @property
    def local(self) -> Address:
        """The address that was taken."""
        ip, port = self._transport.get_extra_info("sockname")
        return ip, port

    def close(self) -> None:
        """Give the address back."""
        self._transport.close()

    def send(self, message: Message) -> None:
        """Send it once."""
        self._note(f"> {message.start}")
        self._transport.sendto(message.encode(), self._server)

    def answer(self, request: Message, response: Message) -> None:
        """Answer a request, and its repetitions alike."""
        self._answered[request.branch, request.method] = response
        self.send(response)

    async def ask(
        self, request: Message, on_progress: Callable[[Message], None] = lambda _: None, timeout_s: float = 40
    ) -> Message:
        """Return the final response; `on_progress` is told of those before.

        Raises:
            TimeoutError: nothing final came in time.
        """
        key = (request.branch, request.method)
        question = self._asked[key] = _Question(on_progress)
        again = self._tasks.start(self._repeat(request, question), f"repeat {request.method}")
        try:
            response = await asyncio.wait_for(question.final, timeout_s)
        finally:
            again.cancel()
            del self._asked[key]
        if request.method == "INVITE" and response.status >= 300:
            self._acknowledged[request.branch] = request.acknowledge(response)
            self.send(self._acknowledged[request.branch])
        return response

    async def _repeat(self, request: Message, question: _Question) -> None:
        for pause_s in _RESEND_S:
            self.send(request)
            try:
                await asyncio.wait_for(question.heard.wait(), pause_s)
            except TimeoutError:
                continue
            return

    def datagram_received(self, data: bytes, addr: tuple[str | int, int]) -> None:  # noqa: ARG002 (asyncio's signature)
        """Sort a datagram: an answer, a request, a repetition."""
        if not data.strip():
            return  # a keep-alive
        message = Message.parse(data)
        self._note(f"< {message.start}")
        key = (message.branch, message.method)
        if message.is_response:
            self._take_response(key, message)
        elif message.method != "ACK" and key in self._answered:
            self.send(self._answered[key])
        else:
            self._on_request(message)

    def _take_response(self, key: tuple[str, str], response: Message) -> None:
        if question := self._asked.get(key):
            question.take(response)
        elif response.branch in self._acknowledged and response.method == "INVITE":
            self.send(self._acknowledged[response.branch])  # it was lost


class _Question:
    """A request that waits for its final response."""

    def __init__(self, on_progress: Callable[[Message], None]) -> None:
        self._on_progress = on_progress
        self.heard = asyncio.Event()
        self.final: asyncio.Future[Message] = asyncio.get_running_loop().create_future()

    def take(self, response: Message) -> None:
        self.heard.set()
        if response.status < 200:
            self._on_progress(response)
        elif not self.final.done():
            self.final.set_result(response)
