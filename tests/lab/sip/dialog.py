"""What both sides of a SIP dialog repeat in each request (RFC 3261, section 12)."""

from __future__ import annotations

from dataclasses import dataclass
from secrets import token_hex

from tests.lab.sip.message import ALLOW, SUPPORTED, Headers, Message, tag_of


@dataclass(slots=True)
class Dialog:
    """One dialog, seen from its phone.

    Attributes:
        via: own host and port.
        contact: own URI.
        local: own From value, with tag.
        remote: the other side's To value; it gets its tag with the first answer.
        target: the URI that requests are sent to.
    """

    via: str
    contact: str
    call_id: str
    local: str
    remote: str
    target: str
    cseq: int = 0

    def request(self, method: str, headers: Headers = (), body: bytes = b"") -> Message:
        """Build the next request."""
        self.cseq += 1
        return self._build(method, headers, body)

    def acknowledge(self) -> Message:
        """Build the ACK of the INVITE that was the last request (RFC 3261, section 13.2.2.4)."""
        return self._build("ACK")

    def as_replaces(self) -> str:
        """Name this dialog in a Refer-To header, for an attended transfer (RFC 3891)."""
        call_id = self.call_id.replace("@", "%40")
        return f"?Replaces={call_id}%3Bto-tag%3D{tag_of(self.remote)}%3Bfrom-tag%3D{tag_of(self.local)}"

    def _build(self, method: str, headers: Headers = (), body: bytes = b"") -> Message:
        fixed = (
            ("via", f"SIP/2.0/UDP {self.via};rport;branch=z9hG4bK{token_hex(8)}"),
            ("max-forwards", "70"),
            ("from", self.local),
            ("to", self.remote),
            ("call-id", self.call_id),
            ("cseq", f"{self.cseq} {method}"),
            ("contact", f"<{self.contact}>"),
            ALLOW,
            SUPPORTED,
        )
        kind = (("content-type", "application/sdp"),) if body else ()
        return Message(f"{method} {self.target} SIP/2.0", (*fixed, *headers, *kind), body)
