"""Who is at the other end of a unix socket."""

from __future__ import annotations

import socket
import struct

_UCRED = struct.Struct("3i")
ROOT = 0


def peer_uid(connection: socket.socket) -> int:
    """Tell the user id that the other end had when it connected or listened (`SO_PEERCRED`, unix(7))."""
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _UCRED.size)
    _pid, uid, _gid = _UCRED.unpack(credentials)
    return int(uid)


def trustworthy(peer: int, own: int) -> bool:
    """Decide whether a user may do business with what another user id runs: only with his own and root's."""
    return own == ROOT or peer in {own, ROOT}
