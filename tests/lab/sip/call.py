"""One call as a phone has it: what its user can do, what it shows, and when things happened."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from bubbled.model import Direction
from tests.lab.sip.message import Headers, Message, identity_of, tag_of, uri_of
from tests.lab.sip.rtp import Media

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.lab.sip.dialog import Dialog
    from tests.lab.sip.wire import Address, Wire
    from tests.lab.task import Tasks

PATIENCE_S = 8.0
"""How long a scenario waits for what must happen at once; generous, for a busy machine."""


class Line(Protocol):
    """What a call needs of its phone."""

    user: str
    wire: Wire
    server: Address
    tasks: Tasks
    clock: Callable[[], float]

    async def ask(
        self, build: Callable[[Headers], Message], on_progress: Callable[[Message], None] = ...
    ) -> Message:
        """Ask with the phone's account, where the PBX wants to know it."""

    def forget(self, call: Call) -> None:
        """Take a call that is over off the phone."""


class Call:
    """A call that a phone makes or gets.

    Attributes:
        number: the other side as the phone shows it, raw; None when it sends none.
        dialled: the user part of the URI that was called.
        began_at: when the phone dialled or was asked to ring, in seconds of the stage's clock.
        referred_at: when the PBX accepted a transfer.
        held: when the user held the call, and when no more.
        up: set once both sides can talk.
        ended: set once the call is over.
    """

    def __init__(self, line: Line, direction: Direction, dialog: Dialog, invite: Message) -> None:
        self.line, self.direction, self.dialog = line, direction, dialog
        self.number: str | None = None
        self.name: str | None = None
        self.dialled, _ = identity_of(f"<{invite.target}>")
        self.began_at = line.clock()
        self.answered_at: float | None = None
        self.ended_at: float | None = None
        self.referred_at: float | None = None
        self.held: list[tuple[float, float]] = []
        self.rings, self.up, self.ended = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._invite = invite
        self._media: Media | None = None

    # ---- what a scenario waits for

    async def is_up(self) -> None:
        """Wait until both sides can talk."""
        await asyncio.wait_for(self.up.wait(), PATIENCE_S)

    async def is_over(self, within_s: float = PATIENCE_S) -> None:
        """Wait until the call has ended."""
        await asyncio.wait_for(self.ended.wait(), within_s)

    # ---- what its user can do

    async def answer(self) -> None:
        """Lift."""
        media = await self.prepare()
        media.listen(self._invite.body)
        self._reply(200, "OK", body=media.describe())
        self._answered()

    def reject(self, status: int = 486, reason: str = "Busy Here", *, contact: str | None = None) -> None:
        """Refuse to answer; with 302 and a contact: forward."""
        self._reply(status, reason, (("contact", f"<{contact}>"),) if contact else ())
        self.over()

    async def hang_up(self) -> None:
        """End the call, or give up before it is answered."""
        if self.ended.is_set():
            return
        if self.up.is_set():
            self.over()
            await self.line.wire.ask(self.dialog.request("BYE"))
        elif self.direction is Direction.INBOUND:
            self.reject(480, "Temporarily Unavailable")
        else:
            await self.line.wire.ask(self._invite.cancel())
            await self.is_over()

    async def hold(self) -> None:
        """Put the other side on hold."""
        self._held_since = self.line.clock()
        await self._offer("sendonly")

    async def unhold(self) -> None:
        """Take the other side back."""
        self.held.append((self._held_since, self.line.clock()))
        await self._offer("sendrecv")

    async def press(self, keys: str) -> None:
        """Press keys, one after the other."""
        assert self._media
        for key in keys:
            await self._media.press(key)

    async def refer(self, number: str, *, replaces: Call | None = None) -> None:
        """Transfer the other side: blind, or to the party of another own call (RFC 3515, RFC 3891)."""
        host, port = self.line.server
        uri = f"sip:{number}@{host}:{port}" + (replaces.dialog.as_replaces() if replaces else "")
        wanted = (("refer-to", f"<{uri}>"), ("referred-by", f"<sip:{self.line.user}@{host}>"))
        response = await self.line.ask(lambda proof: self.dialog.request("REFER", (*wanted, *proof)))
        assert response.status == 202, response.start
        self.referred_at = self.line.clock()

    def header(self, name: str) -> str:
        """Give what a header of the INVITE says, by its name in small letters; "" when it is not there."""
        return self._invite.get(name)

    # ---- what the phone does with it

    async def prepare(self) -> Media:
        """Open the media."""
        self._media = await Media.open(self.line.wire.local[0], self.line.tasks)
        return self._media

    def ring(self) -> None:
        """Say that the phone rings."""
        self._reply(180, "Ringing")

    def over(self) -> None:
        """Note the end."""
        if not self.ended.is_set():
            self.ended_at = self.line.clock()
            self.ended.set()
            self.line.forget(self)
            if self._media:
                self._media.close()

    async def dial(self, headers: Headers) -> None:
        """Send the INVITE and see it through to the answer or the refusal."""
        media = await self.prepare()

        def invite(proof: Headers) -> Message:
            self._invite = self.dialog.request("INVITE", (*headers, *proof), media.describe())
            return self._invite

        response = await self.line.ask(invite, self._progress)
        if response.status >= 300:
            self.over()
            return
        self._settle(response)
        media.listen(response.body)
        self.line.wire.send(self.dialog.acknowledge())
        self._answered()

    def learn(self, message: Message) -> None:
        """Show who the other side is, where a message of the PBX says it."""
        asserted = message.get("p-asserted-identity")
        calling = (
            message.method == "INVITE" and not message.is_response and self.direction is Direction.INBOUND
        )
        if said := asserted or (message.get("from") if calling else ""):
            self.number, self.name = identity_of(said)

    def take(self, request: Message) -> None:
        """Answer what the PBX asks within this call."""
        match request.method:
            case "INVITE":
                self._take_offer(request)
            case "CANCEL":
                self.line.wire.answer(request, request.reply(200, "OK", to=self.dialog.local))
                self._reply(487, "Request Terminated")
                self.over()
            case "BYE":
                self.line.wire.answer(request, request.reply(200, "OK", to=self.dialog.local))
                self.over()
            case _:
                self.learn(request)
                body = (
                    self._media.describe()
                    if request.body and request.method == "UPDATE" and self._media
                    else b""
                )
                self.line.wire.answer(request, request.reply(200, "OK", to=self.dialog.local, body=body))

    def _take_offer(self, request: Message) -> None:
        assert self._media
        self.dialog.target = uri_of(request.get("contact"))
        self.learn(request)
        self._media.listen(request.body)
        answer = request.reply(
            200,
            "OK",
            to=self.dialog.local,
            headers=(("contact", f"<{self.dialog.contact}>"),),
            body=self._media.describe(),
        )
        self.line.wire.answer(request, answer)

    def _progress(self, response: Message) -> None:
        if tag_of(response.get("to")):
            self.dialog.remote = response.get("to")
        self.learn(response)
        if response.status in (180, 183):
            self.rings.set()

    def _settle(self, response: Message) -> None:
        self.dialog.remote, self.dialog.target = response.get("to"), uri_of(response.get("contact"))
        self.learn(response)

    def _answered(self) -> None:
        self.answered_at = self.line.clock()
        self.up.set()

    def _reply(self, status: int, reason: str, headers: Headers = (), body: bytes = b"") -> None:
        headers = headers or (("contact", f"<{self.dialog.contact}>"),)
        response = self._invite.reply(status, reason, to=self.dialog.local, headers=headers, body=body)
        self.line.wire.answer(self._invite, response)

    async def _offer(self, mode: str) -> None:
        assert self._media
        body = self._media.describe(mode)
        await self.line.ask(lambda proof: self.dialog.request("INVITE", proof, body))
        self.line.wire.send(self.dialog.acknowledge())
