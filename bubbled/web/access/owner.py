"""Whose program is at the other end of a connection within this computer.

Any user of the computer can connect to a port of 127.0.0.1, and can read the argument list by which a browser
was told an address with its token. Linux tells for each socket whose it is (proc_pid_net(5), `tcp`).
"""

from __future__ import annotations

import struct
from ipaddress import IPv4Address
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    Place = tuple[str, int]
    """An IPv4 address and a port."""

TABLES: Final = (Path("/proc/self/net/tcp"), Path("/proc/self/net/tcp6"))

_MAPPED: Final = b"0000000000000000FFFF0000"
"""How an IPv4 address begins where a program uses it as one of IPv6."""

_UID, _INODE = 3, 5
"""Fields of a line, counted from behind its state."""


def owner_of(client: Place, server: Place, tables: Iterable[Path] = TABLES) -> int | None:
    """Give the user id that a connection from `client` to `server` belongs to.

    The system goes through all connections of the computer for it: 20 ms where there are 10,000.

    Returns:
        None when nobody knows: the other end has let go of it, or the system does not tell. Of a socket that
        its program has closed the system would say that it is root's.
    """
    ends = _written(client), _written(server)
    for table in tables:
        try:
            lines = table.read_bytes()
        except OSError:
            continue
        for prefix in (b"", _MAPPED):
            established = b": %b%b %b%b 01 " % (prefix, ends[0], prefix, ends[1])
            _, found, rest = lines.partition(established)
            if found:
                fields = rest.split(None, _INODE + 1)
                return int(fields[_UID]) if fields[_INODE] != b"0" else None
    return None


def _written(place: Place) -> bytes:
    """A place as the kernel writes it: the address in the order of this machine, the port in the net's."""
    host, port = place
    (number,) = struct.unpack("=I", IPv4Address(host).packed)
    return b"%08X:%04X" % (number, port)
