"""How to get at a PBX, and what to expect of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bubbled.pbx.reconnect import Patience

if TYPE_CHECKING:
    import ssl

    from bubbled.pbx.ami.login import Credentials


@dataclass(frozen=True, slots=True)
class Address:
    """Where the PBX listens for managers."""

    host: str
    port: int = 5038

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLimits:
    """How long things may take, in seconds.

    Attributes:
        connect_s: TCP, TLS, greeting and login together.
        action_s: an action, until its answer is complete.
        idle_s: of silence, before a Ping asks whether the PBX is still there.
        ping_s: for its answer, before the connection is given up.
    """

    connect_s: float = 10.0
    action_s: float = 10.0
    idle_s: float = 10.0
    ping_s: float = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Everything about a PBX that a client must be told; `tls` None means a bare TCP connection."""

    address: Address
    credentials: Credentials
    tls: ssl.SSLContext | None = None
    limits: TimeLimits = field(default_factory=TimeLimits)
    patience: Patience = field(default_factory=Patience)
