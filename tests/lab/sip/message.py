"""SIP messages as text and back (RFC 3261).

Small on purpose: the lab must send what a library refuses (raw bytes, forged headers) and read what a
library cannot (an Asterisk that passes such a name on).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

Headers = tuple[tuple[str, str], ...]
"""Names in lower case and their values, in the order of the message."""

ALLOW = ("allow", "INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE, NOTIFY, REFER, INFO")
SUPPORTED = ("supported", "replaces, norefersub, path")

_COMPACT = {
    "v": "via",
    "f": "from",
    "t": "to",
    "i": "call-id",
    "m": "contact",
    "c": "content-type",
    "l": "content-length",
    "r": "refer-to",
    "b": "referred-by",
    "o": "event",
    "k": "supported",
}
_FOLDED = re.compile(r"\r\n[ \t]+")


@dataclass(frozen=True, slots=True)
class Message:
    """A request or a response.

    Attributes:
        start: the request line or the status line.
        body: a session description, as a rule; empty when there is none.
    """

    start: str
    headers: Headers = ()
    body: bytes = b""

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read a datagram; what is no UTF-8 in it becomes U+FFFD, as a phone would show it."""
        head, _, body = data.partition(b"\r\n\r\n")
        start, *lines = _FOLDED.sub(" ", head.decode(errors="replace")).split("\r\n")
        return cls(start, tuple(_header(line) for line in lines), body)

    def encode(self) -> bytes:
        """Write a datagram; a lone surrogate in it (`"\\udce9"`) becomes that one byte."""
        lines = [self.start, *(f"{name.title()}: {value}" for name, value in self.headers)]
        lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join(lines).encode(errors="surrogateescape") + b"\r\n\r\n" + self.body

    def get(self, name: str) -> str:
        """Return the first header of that name, or an empty text."""
        return next((value for key, value in self.headers if key == name), "")

    def pick(self, *names: str) -> Headers:
        """Return all headers of those names."""
        return tuple((key, value) for key, value in self.headers if key in names)

    @property
    def is_response(self) -> bool:
        """Whether this answers a request."""
        return self.start.startswith("SIP/2.0")

    @property
    def status(self) -> int:
        """The status code of a response."""
        return int(self.start.split(maxsplit=2)[1])

    @property
    def method(self) -> str:
        """The method of the request, also of the one that a response answers."""
        return self.get("cseq").split()[1] if self.is_response else self.start.split()[0]

    @property
    def target(self) -> str:
        """The URI that a request is for."""
        return self.start.split()[1]

    @property
    def branch(self) -> str:
        """What names the transaction (RFC 3261, section 17.1.3)."""
        found = re.search(r"branch=([^;,\s]+)", self.get("via"))
        return found[1] if found else ""

    def reply(
        self, status: int, reason: str, *, to: str, headers: Headers = (), body: bytes = b""
    ) -> Message:
        """Answer this request; `to` is its To header with the tag of the answering side."""
        echoed = (*self.pick("via", "from"), ("to", to), *self.pick("call-id", "cseq"))
        kind = (("content-type", "application/sdp"),) if body else ()
        return Message(f"SIP/2.0 {status} {reason}", (*echoed, *headers, ALLOW, SUPPORTED, *kind), body)

    def acknowledge(self, refusal: Message) -> Message:
        """Return the ACK that ends this INVITE after a refusal (RFC 3261, section 17.1.1.3)."""
        return self._of_same_transaction("ACK", refusal.get("to"))

    def cancel(self) -> Message:
        """Return the CANCEL of this INVITE (RFC 3261, section 9.1)."""
        return self._of_same_transaction("CANCEL", self.get("to"))

    def _of_same_transaction(self, method: str, to: str) -> Message:
        number, _, _ = self.get("cseq").partition(" ")
        kept = (
            *self.pick("via", "max-forwards", "from", "call-id"),
            ("to", to),
            ("cseq", f"{number} {method}"),
        )
        return Message(f"{method} {self.target} SIP/2.0", kept)


def _header(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    name = name.strip().lower()
    return _COMPACT.get(name, name), value.strip()


def tag_of(address: str) -> str | None:
    """Return the tag of a From or To value."""
    found = re.search(r";\s*tag=([^;\s]+)", address)
    return found[1] if found else None


def uri_of(address: str) -> str:
    """Return the URI of a From, To or Contact value."""
    found = re.search(r"<([^>]*)>", address)
    return found[1] if found else address.partition(";")[0].strip()


def identity_of(address: str) -> tuple[str | None, str | None]:
    """Return user part and display name of a From or P-Asserted-Identity value, as a phone shows them."""
    found = re.match(r'\s*(?:"((?:[^"\\]|\\.)*)"|([^<"]*?))\s*<sips?:([^@>;]*)', address)
    if not found:
        return None, None
    quoted, bare, user = found.groups()
    name = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else bare
    return user, name or None
