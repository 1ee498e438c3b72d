"""Whom a leg talks to, as far as the PBX tells. Pure.

The connected line knows names, withheld numbers and transfers, but many PBXs do not send it after a
transfer; the bridge always tells which channel is at the other end, but not what its owner wants to be
called. So the later news of the two counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bubbled.number import is_withheld
from bubbled.pbx.ami import wording

if TYPE_CHECKING:
    from bubbled.pbx.ami.channel import Channel


class RemoteParty:
    """The remote party of one leg.

    Attributes:
        peer: the channel at the other end; while it rings, the one that dials.
        number: as the PBX wrote it; None when withheld or unknown.
        name: what the PBX calls the party; None also where that only says that there is no name.
    """

    def __init__(self) -> None:
        self.peer: Channel | None = None
        self.number: str | None = None
        self.name: str | None = None
        self._number: str | None = None
        self._name: str | None = None
        self._line: tuple[str | None, str | None] = (None, None)
        self._line_is_news = False
        self._met: dict[Channel, tuple[str | None, str | None]] = {}

    def hear(self, leg: Channel) -> None:
        """Take in the connected line of `leg`, if it changed."""
        line = leg.connected_number, leg.connected_name
        if line == self._line:
            return
        self._line = line
        number, name = line
        if number is not None and number != leg.extension:
            self.identify(number, name)
            self._line_is_news = True

    def meet(self, peer: Channel) -> None:
        """Take in which channel is at the other end, if it changed."""
        if peer is self.peer:
            return
        left, self.peer = self.peer, peer
        line_is_news, self._line_is_news = self._line_is_news, False
        if left is not None:
            self._met[left] = self._number, self._name
        if peer in self._met:
            self._become(*self._met[peer])
        elif self._number is None or (left is not None and not line_is_news):
            self.identify(peer.own_number, peer.own_name)

    def identify(self, number: str | None, name: str | None) -> None:
        """Say who it is; another notation of the same number does not replace the first."""
        if self._number is None or not wording.same_number(number, self._number):
            self._become(number, name)
        elif name is not None:
            self._become(self._number, name)

    def return_to(self, peer: Channel) -> None:
        """It was `peer` all along, whom a consultation only interrupted."""
        if peer in self._met:
            self.peer = peer
            self._become(*self._met[peer])

    def _become(self, number: str | None, name: str | None) -> None:
        self._number, self._name = number, name
        self.number = None if is_withheld(number) else number
        self.name = None if is_withheld(name) else name
