"""What the requests to one place have in common: the dialog that they belong to, and the way. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bubbled.pbx.sip import message

if TYPE_CHECKING:
    from bubbled.pbx.sip.message import Message


@dataclass(slots=True)
class Dialog:
    """What the requests of one dialog have in common (RFC 3261, 12).

    Attributes:
        call_id: names it, with the two tags.
        local_tag: ours.
        remote_tag: of the other side; "" until it has answered.
        local: the URI of the account.
        remote: the URI that was asked for.
        target: where requests go.
        routes: by which proxies.
        sequence: of our latest request.
        heard_sequence: of the other side's latest request.
    """

    call_id: str
    local_tag: str
    local: str
    remote: str
    target: str
    remote_tag: str = ""
    routes: tuple[str, ...] = ()
    sequence: int = 0
    heard_sequence: int = -1

    def learn(self, heard: Message) -> None:
        """Take from the first answer, or from a request that overtook it, who the other side is."""
        if self.remote_tag:
            return
        self.remote_tag = heard.to_tag if heard.status else heard.from_tag
        if contact := message.uri_of(heard.get("Contact")):
            self.target = contact
        routes = message.routes_of(heard.headers.getlist("Record-Route"))
        self.routes = routes[::-1] if heard.status else routes


@dataclass(frozen=True, slots=True)
class Flow:
    """The way to the server.

    Attributes:
        transport: `UDP`, `TCP` or `TLS`.
        host: our own address.
        port: our own.
    """

    transport: str
    host: str
    port: int

    @property
    def is_reliable(self) -> bool:
        """Whether the transport itself repeats what is lost."""
        return self.transport != "UDP"

    @property
    def place(self) -> str:
        """Host and port as SIP writes them."""
        return f"{message.bracketed(self.host)}:{self.port}"
