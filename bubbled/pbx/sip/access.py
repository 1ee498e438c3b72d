"""How to get at a SIP account on a PBX, and what to expect of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from bubbled.pbx.reconnect import Patience
from bubbled.pbx.sip.message import bracketed
from bubbled.pbx.sip.transaction import LIFETIME_S

if TYPE_CHECKING:
    import ssl

    from bubbled.pbx.sip.digest import Account


class Transport(StrEnum):
    """How SIP travels, as it is written in a Via."""

    UDP = "UDP"
    TCP = "TCP"
    TLS = "TLS"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLimits:
    """How long things may take, in seconds.

    Attributes:
        connect_s: TCP and TLS together.
        answer_s: a request, with all its repetitions.
        stream_answer_s: the same over TCP and TLS, where nothing is repeated: an Asterisk that still starts
            takes connections already, and drops what comes.
        expires_s: a subscription, unless it is refreshed; it is at about two thirds of that.
        datagram_expires_s: the same over UDP, where nothing else tells that the PBX has forgotten us.
        keep_alive_s: between empty lines that keep the way through routers open.
    """

    connect_s: float = 10.0
    answer_s: float = LIFETIME_S
    stream_answer_s: float = 5.0
    expires_s: float = 300.0
    datagram_expires_s: float = 90.0
    keep_alive_s: float = 25.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SipAccess:
    """Everything about a SIP account that a source must be told.

    Attributes:
        host: the server, or the proxy before it.
        domain: of the account; often the same.
        extension: whose calls are followed.
        tls: how to check the server's certificate; only for TLS.
        phone: where the user's phone itself takes wishes to call (REFER); None: the server is asked.
    """

    host: str
    port: int
    transport: Transport
    domain: str
    account: Account
    extension: str
    tls: ssl.SSLContext | None = None
    phone: tuple[str, int] | None = None
    limits: TimeLimits = field(default_factory=TimeLimits)
    patience: Patience = field(default_factory=Patience)

    @property
    def place(self) -> str:
        """Host, port and transport, for people: `pbx.example.com:5061 (TLS)`."""
        return f"{bracketed(self.host)}:{self.port} ({self.transport})"

    @property
    def expires_s(self) -> float:
        """How long a subscription is asked for."""
        return self.limits.datagram_expires_s if self._is_datagram else self.limits.expires_s

    @property
    def answer_s(self) -> float:
        """How long an answer is waited for."""
        limits = self.limits
        return limits.answer_s if self._is_datagram else min(limits.answer_s, limits.stream_answer_s)

    @property
    def _is_datagram(self) -> bool:
        return self.transport is Transport.UDP
