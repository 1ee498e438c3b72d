"""A scripted phone: it does what a desk phone does, and nothing behind the scenario's back."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from secrets import token_hex
from typing import TYPE_CHECKING, Self

from bubbled.model import Direction
from tests.lab.sip.call import PATIENCE_S, Call
from tests.lab.sip.dialog import Dialog
from tests.lab.sip.digest import authorization
from tests.lab.sip.message import Headers, Message, tag_of, uri_of
from tests.lab.sip.wire import Address, Wire

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.lab.task import Tasks

_CHALLENGES = (401, 407)


@dataclass(frozen=True, slots=True)
class Account:
    """How a phone is known to the PBX."""

    user: str
    name: str
    secret: str


class Phone:
    """One phone, or a carrier that stands for everybody outside.

    Attributes:
        calls: the calls that are not over, by Call-ID.
        on_ring: what the phone does by itself with a call that comes in, instead of ringing; None: it rings.
    """

    def __init__(self, account: Account, server: Address, tasks: Tasks, clock: Callable[[], float]) -> None:
        self.account, self.user = account, account.user
        self.server, self.tasks, self.clock = server, tasks, clock
        self.calls: dict[str, Call] = {}
        self.on_ring: Callable[[Call], Awaitable[None]] | None = None
        self.trace: list[str] = []
        self.wire = Wire(server, self._take, self._note)
        self._incoming: asyncio.Queue[Call] = asyncio.Queue()

    async def open(self, local: Address) -> Self:
        """Take the phone's address; port 0 takes a free one."""
        await self.wire.open(local, self.tasks)
        self.ip, port = self.wire.local
        self.contact = f"sip:{self.user}@{self.ip}:{port}"
        return self

    def close(self) -> None:
        """Pull the plug."""
        for call in tuple(self.calls.values()):
            call.over()
        self.wire.close()

    # ---- what its user can do

    async def register(self, *, expires_s: int = 600) -> None:
        """Tell the PBX where the phone is; 0 seconds: that it is gone.

        Raises:
            ConnectionError: the PBX does not know the account.
        """
        host, port = self.server
        own = f"<sip:{self.user}@{host}>"
        dialog = self._dialog(f"sip:{host}:{port}", own, own)
        expires = ("expires", str(expires_s))
        response = await self.ask(lambda proof: dialog.request("REGISTER", (expires, *proof)))
        if response.status != 200:
            raise ConnectionError(f"phone {self.user} cannot register: {response.start}")

    async def call(self, number: str, *, caller: str | None = None, headers: Headers = ()) -> Call:
        """Dial; returns at once with the call, whose events tell how it goes on.

        Args:
            number: what is dialled.
            caller: a From value of choice, for a carrier; None: the phone's own.
            headers: what else the INVITE says.
        """
        host, port = self.server
        uri = f"sip:{number}@{host}:{port}"
        dialog = self._dialog(uri, caller or f'"{self.account.name}" <sip:{self.user}@{host}>', f"<{uri}>")
        call = Call(self, Direction.OUTBOUND, dialog, Message(f"INVITE {uri} SIP/2.0"))
        call.number = number
        self.calls[dialog.call_id] = call
        self.tasks.start(call.dial(headers), f"{self.user} dials {number[:12]}")
        return call

    async def rings(self, within_s: float = PATIENCE_S) -> Call:
        """Return the next call that comes in.

        Raises:
            TimeoutError: none came in time.
        """
        return await asyncio.wait_for(self._incoming.get(), within_s)

    # ---- what a call needs of its phone

    async def ask(
        self, build: Callable[[Headers], Message], on_progress: Callable[[Message], None] = lambda _: None
    ) -> Message:
        """Send what `build` makes, and once more with a proof of identity when the PBX asks for one."""
        request = build(())
        response = await self.wire.ask(request, on_progress)
        if response.status not in _CHALLENGES:
            return response
        challenge = response.get("www-authenticate") or response.get("proxy-authenticate")
        proof = authorization(challenge, request.method, request.target, self.user, self.account.secret)
        return await self.wire.ask(build((("authorization", proof),)), on_progress)

    def forget(self, call: Call) -> None:
        """Take a call that is over off the phone."""
        self.calls.pop(call.dialog.call_id, None)

    # ---- what the PBX asks

    def _take(self, request: Message) -> None:
        call = self.calls.get(request.get("call-id"))
        if request.method == "ACK":
            return
        if call:
            call.take(request)
        elif request.method == "INVITE":
            self._ring(request)
        else:
            self.wire.answer(request, request.reply(200, "OK", to=request.get("to")))

    def _ring(self, invite: Message) -> None:
        dialog = self._dialog(uri_of(invite.get("contact")), invite.get("to"), invite.get("from"))
        dialog.call_id = invite.get("call-id")
        call = self.calls[dialog.call_id] = Call(self, Direction.INBOUND, dialog, invite)
        call.learn(invite)
        if self.on_ring:
            self.tasks.start(_finish(self.on_ring(call)), f"{self.user} reacts")
        else:
            call.ring()
        self._incoming.put_nowait(call)

    def _dialog(self, target: str, local: str, remote: str) -> Dialog:
        ip, port = self.wire.local
        local = local if tag_of(local) else f"{local};tag={token_hex(4)}"
        return Dialog(f"{ip}:{port}", self.contact, f"{token_hex(8)}@{ip}", local, remote, target)

    def _note(self, line: str) -> None:
        self.trace.append(f"{self.clock():8.3f} {self.user:>7} {line}")


async def _finish(reaction: Awaitable[None]) -> None:
    await reaction
