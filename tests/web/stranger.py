"""Another user of the computer, who does with the port of the pages what he likes; started by root.

As a program: `stranger.py ask PORT` sends its standard input and prints what comes back;
`stranger.py hit PORT TIMES` sends it so often and is gone each time before anybody can answer.
"""

from __future__ import annotations

import asyncio
import os
import socket
import struct
import sys
from typing import Final

UID: Final = 65_534
"""Nobody's, who is on every system."""

_LOOPBACK: Final = "127.0.0.1"


async def ask(port: int, request: bytes) -> bytes:
    """What the stranger gets for a request."""
    return await _run("ask", str(port), request=request)


async def hit(port: int, request: bytes, times: int) -> None:
    """Let the stranger send a request and close at once, so often."""
    assert await _run("hit", str(port), str(times), request=request) == b"done"


async def _run(*arguments: str, request: bytes) -> bytes:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, __file__, *arguments), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await asyncio.wait_for(process.communicate(request), 30)
    assert process.returncode == 0
    return out


def _asked(port: int, request: bytes) -> bytes:
    with socket.socket() as connection:
        connection.connect((_LOOPBACK, port))
        answer = b""
        try:
            connection.sendall(request)
            while some := connection.recv(65_536):
                answer += some
        except ConnectionError:
            pass
        return answer


def _hit(port: int, request: bytes, times: int) -> bytes:
    for count in range(times):
        with socket.socket() as connection:
            connection.connect((_LOOPBACK, port))
            if count % 2:  # every other one by a reset, which leaves nothing of the socket
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.sendall(request)
    return b"done"


if __name__ == "__main__":
    sent = sys.stdin.buffer.read()
    os.setgroups([])
    os.setgid(UID)
    os.setuid(UID)
    what, port, *more = sys.argv[1:]
    answer = _asked(int(port), sent) if what == "ask" else _hit(int(port), sent, int(more[0]))
    sys.stdout.buffer.write(answer)
