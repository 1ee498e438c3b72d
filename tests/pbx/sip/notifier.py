"""A PBX that lets itself be subscribed to: bytes in, bytes out, on a clock of the test.

What is held against it shares no code with it: messages are those of the lab, the digest is computed here.
"""

from __future__ import annotations

import hashlib
import re
from itertools import count
from typing import TYPE_CHECKING

from tests.lab.sip.message import Message, tag_of, uri_of

if TYPE_CHECKING:
    from collections.abc import Iterable

CHALLENGE = 'Digest realm="pbx", nonce="n1", algorithm=MD5, qop="auth"'
STRONGER = 'Digest realm="pbx", nonce="n2", algorithm=SHA-256, qop="auth", opaque="o"'
SECRET = "s3cret"


def document(version: int, *dialogs: str, state: str = "full") -> bytes:
    """A dialog-info document of 101."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" '
        f'version="{version}" state="{state}" entity="sip:101@pbx">\n{"".join(dialogs)}</dialog-info>\n'
    ).encode()


def early(number: str = "+31612345678", name: str = "Jan", *, key: str = 'id="101"') -> str:
    """Asterisk's word for: the phone rings."""
    return (
        f'<dialog {key} direction="recipient"><remote><identity display="{name}">sip:{number}@pbx</identity>'
        f'<target uri="sip:{number}@pbx"/></remote><local><identity display="Alice">sip:101@pbx</identity>'
        '<target uri="sip:101@pbx"/></local><state>early</state></dialog>'
    )


def bare(state: str, *, key: str = 'id="101"') -> str:
    """A state, and nothing else."""
    return f"<dialog {key}><state>{state}</state></dialog>"


IDLE = bare("terminated")
CONFIRMED = bare("confirmed")


class Notifier:
    """Answers SUBSCRIBE and sends NOTIFY.

    Attributes:
        challenges: what it wants to be answered; empty: nothing.
        refusal: the status that it gives instead of 200; None: it accepts.
        expires_s: for how long it accepts.
        notifies: whether it tells anything at all.
        overtakes: whether what it tells is faster than its answer.
        forgets: whether it knows no subscription that it granted.
        believes: whether it takes any proof.
        state: what it tells first.
        asked: the SUBSCRIBE requests that it accepted or refused, without those it challenged.
        replies: the answers to its NOTIFYs, by CSeq.
    """

    def __init__(self, *challenges: str) -> None:
        self.challenges: Iterable[str] = challenges
        self.refusal: tuple[int, str] | None = None
        self.refusal_headers: tuple[tuple[str, str], ...] = ()
        self.expires_s = 90
        self.notifies = True
        self.overtakes = False
        self.forgets = False
        self.believes = True
        self.state: tuple[str, ...] = (IDLE,)
        self.tag = "pbx1"
        self.asked: list[Message] = []
        self.proofs: list[str] = []
        self.replies: dict[int, Message] = {}
        self.version = -1
        self._answered: dict[str, list[bytes]] = {}
        self._cseq = count(100)
        self._branch = count(1)

    def take(self, data: bytes) -> list[bytes]:
        """Take a message; give what it answers."""
        if not data.strip():
            return []
        message = Message.parse(data)
        if message.is_response:
            self.replies[int(message.get("cseq").split()[0])] = message
            return []
        if message.branch not in self._answered:
            self._answered[message.branch] = self._answer(message)
        return self._answered[message.branch]

    def notify(self, *dialogs: str, **headers: str) -> bytes:
        """A NOTIFY in the subscription that it granted last."""
        self.version += 1
        return self.notify_raw(document(self.version, *dialogs), **headers)

    def notify_raw(self, body: bytes, **headers: str) -> bytes:
        """The same with a body of choice."""
        subscribe = self.asked[-1]
        fields = {
            "via": f"SIP/2.0/UDP 192.0.2.1:5060;rport;branch=z9hG4bKpbx{next(self._branch)}",
            "max-forwards": "70",
            "from": f"<{uri_of(subscribe.get('to'))}>;tag={self.tag}",
            "to": subscribe.get("from"),
            "call-id": subscribe.get("call-id"),
            "cseq": f"{next(self._cseq)} NOTIFY",
            "contact": "<sip:101@192.0.2.1:5060>",
            "event": "dialog",
            "subscription-state": "active;expires=90",
            "content-type": "application/dialog-info+xml",
        }
        fields |= {name.replace("_", "-"): value for name, value in headers.items()}
        start = f"NOTIFY {uri_of(subscribe.get('contact'))} SIP/2.0"
        return Message(start, tuple(fields.items()), body).encode()

    def _answer(self, request: Message) -> list[bytes]:
        proof = request.get("authorization")
        if self.challenges and not self._is_right(request, proof):
            headers = tuple(("www-authenticate", each) for each in self.challenges)
            return [
                request.reply(401, "Unauthorized", to=f"{request.get('to')};tag=x", headers=headers).encode()
            ]
        self.asked.append(request)
        self.proofs.append(proof)
        to = request.get("to")
        to = to if tag_of(to) else f"{to};tag={self.tag}"
        if self.forgets and tag_of(request.get("to")):
            return [request.reply(481, "Subscription Does Not Exist", to=to).encode()]
        if self.refusal is not None:
            return [request.reply(*self.refusal, to=to, headers=self.refusal_headers).encode()]
        if request.method != "SUBSCRIBE":
            return [request.reply(202, "Accepted", to=to).encode()]
        headers = (("expires", str(self.expires_s)), ("contact", "<sip:101@192.0.2.1:5060>"))
        accepted = request.reply(200, "OK", to=to, headers=headers).encode()
        if request.get("expires") == "0" or not self.notifies:
            return [accepted]
        if not tag_of(request.get("to")):
            self.version = -1
        both = [accepted, self.notify(*self.state)]
        return both[::-1] if self.overtakes else both

    def _is_right(self, request: Message, proof: str) -> bool:
        told = dict(re.findall(r'(\w+)="?([^",]*)', proof))
        if not self.believes or not any(f'nonce="{told.get("nonce")}"' in each for each in self.challenges):
            return False
        hashed = hashlib.sha256 if told["algorithm"] == "SHA-256" else hashlib.md5

        def digest(*parts: str) -> str:
            return hashed(":".join(parts).encode()).hexdigest()

        right = digest(
            digest("101", "pbx", SECRET),
            told["nonce"],
            told["nc"],
            told["cnonce"],
            "auth",
            digest(request.method, request.target),
        )
        return bool(told["response"] == right)
