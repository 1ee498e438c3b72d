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

TABLES: Final = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))

_ESTABLISHED: Final = "01"
_MAPPED: Final = "0000000000000000FFFF0000"


def owner_of(client: Place, server: Place, tables: Iterable[Path] = TABLES) -> int | None:
    """Give the user id that a connection from `client` to `server` belongs to.

    Returns:
        None when nobody knows: the other end has let go of it, or the system does not tell. Of a socket that
        its program has closed the system would say that it is root's.
    """
    wanted = (_written(client), _written(server))
    for table in tables:
        try:
            lines = table.read_text("ascii").splitlines()
        except OSError:
            continue
        for line in lines[1:]:
            fields = line.split()
            ends = (fields[1].removeprefix(_MAPPED), fields[2].removeprefix(_MAPPED))
            if ends == wanted and fields[3] == _ESTABLISHED:
                return int(fields[7])
    return None


def _written(place: Place) -> str:
    """A place as the kernel writes it: the address in the order of this machine, the port in the net's."""
    host, port = place
    (number,) = struct.unpack("=I", IPv4Address(host).packed)
    return f"{number:08X}:{port:04X}"
