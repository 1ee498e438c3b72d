"""Where an X server is, and the cookie that lets in: what $DISPLAY and an Xauthority file say. Pure.

X(7), "Display names"; Xsecurity(7), "MIT-MAGIC-COOKIE-1"; the format of the file is that of libXau (xau.h).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final, Self

from bubbled.error import BubbledError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAGIC_COOKIE: Final = b"MIT-MAGIC-COOKIE-1"

_FIRST_PORT: Final = 6000
_LAST: Final = 65_535 - _FIRST_PORT

# Kinds of addresses in an Xauthority file, in the numbers of X.h and xau.h.
_INTERNET: Final = 0
_INTERNET_6: Final = 6
_LOCAL: Final = 256
_WILD: Final = 65_535

_NAME = re.compile(r"(?:(?P<protocol>tcp|unix)/)?(?P<host>[^/\0]*):(?P<number>\d{1,5})(?:\.\d{1,5})?")


class XServerError(BubbledError):
    """An X server cannot be used; its text is the first half of a sentence: what happened."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where an X server listens.

    Attributes:
        name: as $DISPLAY has it.
        host: None when it runs on this machine and listens on a unix socket.
    """

    name: str
    host: str | None
    number: int

    @classmethod
    def parse(cls, name: str) -> Self:
        """Read what stands in $DISPLAY: `:0`, `:0.0`, `unix:1`, `desk.example.com:0`, `[::1]:10`.

        Raises:
            XServerError: it is no name of a display.
        """
        match = _NAME.fullmatch(name)
        if (
            match is None
            or int(match["number"]) > _LAST
            or (match["protocol"] == "tcp" and not match["host"])
        ):
            raise XServerError(f"DISPLAY is {name[:80]!r}, which is no X display")
        host = match["host"].removeprefix("[").removesuffix("]")
        is_local = match["protocol"] == "unix" or host in {"", "unix"}
        return cls(name, None if is_local else host, int(match["number"]))

    @property
    def sockets(self) -> tuple[str, str]:
        """Where it listens on this machine: as a file, and in Linux's abstract names."""
        path = f"/tmp/.X11-unix/X{self.number}"  # noqa: S108 - where X servers put it
        return path, f"\0{path}"

    @property
    def port(self) -> int:
        """Where it listens on its host."""
        return _FIRST_PORT + self.number


@dataclass(frozen=True, slots=True)
class _Entry:
    family: int
    address: bytes
    number: bytes
    scheme: bytes
    cookie: bytes


def find_cookie(authority: bytes, number: int, hostname: str, peer: str | None) -> bytes | None:
    """Find what lets in to a display.

    Args:
        authority: an Xauthority file; where it is damaged it ends.
        number: the number of the display.
        hostname: the name of this machine.
        peer: the IP address to which the connection goes; None: a unix socket.
    """
    family, address = _peer(hostname, peer)
    for entry in _entries(authority):
        is_here = entry.family == _WILD or (entry.family, entry.address) == (family, address)
        if is_here and entry.number in {b"", b"%d" % number} and entry.scheme == MAGIC_COOKIE:
            return entry.cookie
    return None


def _peer(hostname: str, peer: str | None) -> tuple[int, bytes]:
    ip = None if peer is None else ip_address(peer.partition("%")[0])
    if ip is None or ip.is_loopback:  # `ssh -X` writes its display down as one of this machine
        return _LOCAL, hostname.encode()
    return (_INTERNET if ip.version == 4 else _INTERNET_6), ip.packed  # noqa: PLR2004 - IPv4


def _entries(authority: bytes) -> Iterator[_Entry]:
    position = 0

    def take() -> bytes:
        nonlocal position
        start = position + 2
        position = start + int.from_bytes(authority[position:start])
        return authority[start:position]

    while position < len(authority):
        family = int.from_bytes(authority[position : position + 2])
        position += 2
        entry = _Entry(family, take(), take(), take(), take())
        if position > len(authority):
            return
        yield entry
