"""A SIP user agent on one flow: asks with a proof of identity, answers what is asked. Pure.

Bytes and time go in, bytes and what was heard come out. It registers nothing and takes no calls: as one more
phone of the user it would disturb his calls.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bubbled.pbx.sip import message
from bubbled.pbx.sip.dialog import Dialog
from bubbled.pbx.sip.digest import answer, strongest
from bubbled.pbx.sip.message import COOKIE, MalformedError, Message
from bubbled.pbx.sip.transaction import LIFETIME_S, ClientTransaction, ServerTransactions

if TYPE_CHECKING:
    from collections.abc import Callable

    from bubbled.pbx.sip.dialog import Flow
    from bubbled.pbx.sip.digest import Account, Challenge
    from bubbled.pbx.sip.message import Headers

_CHALLENGED: Final = frozenset({401, 407})
_MOST_PROOFS = 2
"""Answers to challenges for one request: a nonce may go stale, but hardly the one that was given instead.

A stale answer was right but for its nonce (RFC 7616, 3.3): nobody takes these for guesses at a password.
"""
_FINAL = 200
_REFUSED = 300
_SERVED = "NOTIFY, OPTIONS"


def challenge_of(refusal: Message) -> Challenge | None:
    """What a 401 or 407 asks to be answered; None: nothing that can be."""
    headers = refusal.headers
    return strongest(headers.getlist("WWW-Authenticate"), headers.getlist("Proxy-Authenticate"))


@dataclass(slots=True)
class _Question:
    """A request that waits for its final answer."""

    dialog: Dialog
    method: str
    headers: Headers
    on_answer: Callable[[Message | None, float], None]
    proofs: int = 0


@dataclass(slots=True)
class Asked:
    """A request of the server, for whoever serves it.

    Attributes:
        reply: status and phrase; by default that there is no such dialog, so that a server forgets what it
            still believes of an earlier run (RFC 6665, 4.1.3).
    """

    request: Message
    reply: tuple[int, str] = (481, "Subscription Does Not Exist")


@dataclass(slots=True)
class UserAgent:
    """Speaks on one flow.

    Attributes:
        account: whose requests these are.
        domain: of the account.
        flow: the way to the server.
        outbox: what is to be sent now, in order; whoever sends it empties it.
        serving: answers the NOTIFY requests of a dialog, by its Call-ID; must not raise.
        software: what the server calls itself; "" until it has said.
        challenge: the server's latest.
        malformed: how many messages could not be read.
    """

    account: Account
    domain: str
    flow: Flow
    token: Callable[[], str] = lambda: secrets.token_hex(8)
    lifetime_s: float = LIFETIME_S
    serving: dict[str, Callable[[Asked, float], None]] = field(default_factory=dict)
    outbox: list[bytes] = field(default_factory=list)
    software: str = ""
    challenge: Challenge | None = None
    malformed: int = 0
    _uses: int = 0
    _reached_as: str = ""
    _questions: dict[str, tuple[_Question, ClientTransaction]] = field(default_factory=dict)
    _answered: ServerTransactions = field(default_factory=ServerTransactions)

    @property
    def address(self) -> str:
        """The URI of the account."""
        return message.uri(self.account.user, self.domain)

    @property
    def due(self) -> float | None:
        """When `wake` has something to do."""
        return min((sending.due for _, sending in self._questions.values()), default=None)

    def dialog(self, extension: str) -> Dialog:
        """Begin a dialog with an extension of the account's domain."""
        remote = message.uri(extension, self.domain)
        return Dialog(self.token(), self.token(), self.address, remote, target=remote)

    def ask(
        self,
        dialog: Dialog,
        method: str,
        headers: Headers,
        now: float,
        on_answer: Callable[[Message | None, float], None],
    ) -> None:
        """Send a request; `on_answer` gets the final answer, or None when there is none."""
        self._send(_Question(dialog, method, headers, on_answer), now)

    def receive(self, data: bytes, now: float) -> None:
        """Take one whole message; what cannot be read is dropped."""
        if not data.strip(b"\r\n\0"):
            return
        try:
            self._take(message.parse(data), now)
        except MalformedError:  # also of what could be read, but not be answered: a line break in a Via
            self.malformed += 1

    def _take(self, heard: Message, now: float) -> None:
        self.software = heard.get("Server") or heard.get("User-Agent") or self.software
        if heard.status:
            self._take_answer(heard, now)
        else:
            self._take_request(heard, now)

    def wake(self, now: float) -> None:
        """Send again what was not answered, and give up what will not be."""
        for branch, (question, sending) in list(self._questions.items()):
            if sending.is_over(now):
                del self._questions[branch]
                question.on_answer(None, now)
            elif (again := sending.wake(now)) is not None:
                self.outbox.append(again)

    # What we ask.

    def _send(self, question: _Question, now: float) -> None:
        dialog, method = question.dialog, question.method
        dialog.sequence += 1
        branch = COOKIE + self.token()
        remote_tag = f";tag={dialog.remote_tag}" if dialog.remote_tag else ""
        headers: Headers = (
            ("Via", f"SIP/2.0/{self.flow.transport} {self.flow.place};rport;branch={branch}"),
            ("Max-Forwards", "70"),
            ("From", f"<{dialog.local}>;tag={dialog.local_tag}"),
            ("To", f"<{dialog.remote}>{remote_tag}"),
            ("Call-ID", dialog.call_id),
            ("CSeq", f"{dialog.sequence} {method}"),
            ("Contact", f"<{self._contact}>"),
            *(("Route", route) for route in dialog.routes),
            *question.headers,
            *self._proof(method, dialog.target),
            ("User-Agent", "bubbled"),
        )
        data = message.write(f"{method} {dialog.target} SIP/2.0", headers)
        sending = ClientTransaction(data, now, is_reliable=self.flow.is_reliable, lifetime_s=self.lifetime_s)
        self._questions[branch] = question, sending
        self.outbox.append(data)

    @property
    def _contact(self) -> str:
        place = self._reached_as or self.flow.place
        return f"sip:bubbled@{place};transport={self.flow.transport.lower()}"

    def _proof(self, method: str, uri: str) -> Headers:
        if self.challenge is None:
            return ()
        self._uses += 1
        proof = answer(
            self.challenge, self.account, method=method, uri=uri, count=self._uses, cnonce=self.token()
        )
        return ((self.challenge.header, proof),)

    def _take_answer(self, heard: Message, now: float) -> None:
        waiting = self._questions.get(heard.branch)
        if waiting is None:
            return  # nobody waits for it: a late or a forged one
        question, sending = waiting
        if (question.method, question.dialog.call_id) != (heard.method, heard.call_id):
            return  # a forged one, too
        if heard.status < _FINAL:
            sending.heard(now)
            return
        del self._questions[heard.branch]
        self._learn_address(heard)
        if heard.status in _CHALLENGED and self._prove(question, heard, now):
            return
        if heard.status < _REFUSED:
            question.dialog.learn(heard)
        question.on_answer(heard, now)

    def _prove(self, question: _Question, heard: Message, now: float) -> bool:
        """Answer a challenge, unless that was tried already: the secret is wrong then."""
        challenge = challenge_of(heard)
        if challenge is None or question.proofs >= _MOST_PROOFS:
            return False
        if question.proofs and not challenge.is_stale:
            self.challenge = None  # the next try begins without a proof that was refused
            return False
        self.challenge, self._uses = challenge, 0
        question.proofs += 1
        self._send(question, now)
        return True

    def _learn_address(self, heard: Message) -> None:
        """Take from the answer where the server sees us: behind a NAT that is where its requests must go."""
        via = heard.get("Via")
        host, port = message.parameter(via, "received"), message.parameter(via, "rport")
        if port.isascii() and port.isdigit():
            self._reached_as = f"{message.bracketed(host or self.flow.host)}:{port}"

    # What we are asked.

    def _take_request(self, request: Message, now: float) -> None:
        if request.method == "ACK":
            return  # nothing that would need one was ever answered
        reply = self._answered.answer_to(request, now)
        if reply is None:
            reply = self._reply(request, now)
            self._answered.remember(request, reply, now)
        self.outbox.append(reply)

    def _reply(self, request: Message, now: float) -> bytes:
        match request.method:
            case "NOTIFY":
                asked = Asked(request)
                if (serve := self.serving.get(request.call_id)) is not None:
                    serve(asked, now)
                return message.response(request, *asked.reply, tag=self.token())
            case "OPTIONS":
                return message.response(request, 200, "OK", tag=self.token(), headers=(("Allow", _SERVED),))
            case _:
                allow = (("Allow", _SERVED),)
                return message.response(request, 405, "Method Not Allowed", tag=self.token(), headers=allow)
