"""One HTTP request over a unix socket.

In HTTP/1.0 (RFC 1945) the answer ends where the connection ends, which leaves nothing to parse but a status
line. `http.client` would say the same and take 40 ms to import, a third of what a whole command may take.
"""

from __future__ import annotations

import os
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from bubbled.control.peer import peer_uid, trustworthy
from bubbled.error import ControlError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ANSWER_LIMIT_BYTES = 64 * 1024 * 1024


class NotRunningError(ControlError):
    """There is no daemon to talk to."""

    def __init__(self) -> None:
        super().__init__(
            "bubbled is not running; start it with `systemctl --user start bubbled` or `bubbled run`."
        )


@contextmanager
def answering(
    path: Path, method: str, target: str, body: bytes, timeout_s: float
) -> Iterator[tuple[int, BinaryIO]]:
    """Ask the daemon behind `path`; give the HTTP status and the stream of the answer's body.

    Args:
        path: the control socket.
        method: `GET`, `POST` or `DELETE`.
        target: the path and query of the resource, quoted as in a URL.
        body: JSON, or nothing.
        timeout_s: the longest silence of the daemon; holds for reading the stream too.

    Raises:
        NotRunningError: nobody listens.
        ControlError: the daemon is silent, is not to be trusted, or is no daemon of ours.
    """
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(timeout_s)
            connection.connect(os.fspath(path))
            _refuse_strangers(connection, path)
            connection.sendall(_request(method, target, body))
            with connection.makefile("rb") as answer:
                yield _status(answer, path), answer
    except (FileNotFoundError, ConnectionRefusedError):
        raise NotRunningError from None
    except PermissionError as error:
        raise ControlError(
            f"You may not use the control socket {path}: it belongs to another user, "
            "or its mode is no longer 0600; restart bubbled to make a new one."
        ) from error
    except (TimeoutError, BlockingIOError) as error:
        raise ControlError(
            f"bubbled has not answered for {timeout_s:g} s and may hang; "
            "restart it with `systemctl --user restart bubbled`."
        ) from error
    except ConnectionError as error:
        raise ControlError("bubbled broke off its answer; it may just be stopping, so try again.") from error
    except OSError as error:
        raise ControlError(f"Cannot use {path} as the control socket: {error}; check --socket.") from error


def whole(answer: BinaryIO) -> bytes:
    """Read an answer to its end.

    Raises:
        ControlError: it has no end in sight.
    """
    content = answer.read(_ANSWER_LIMIT_BYTES + 1)
    if len(content) > _ANSWER_LIMIT_BYTES:
        raise ControlError("The answer of bubbled is too long to be true; restart it.")
    return content


def _refuse_strangers(connection: socket.socket, path: Path) -> None:
    owner = peer_uid(connection)
    if not trustworthy(owner, os.getuid()):
        raise ControlError(
            f"The daemon behind {path} runs as another user ({owner}), so nothing was asked; check --socket."
        )


def _request(method: str, target: str, body: bytes) -> bytes:
    head = (
        f"{method} {target} HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode("ascii") + body


def _status(answer: BinaryIO, path: Path) -> int:
    """Read the head of an answer and give its status, as 200."""
    line = answer.readline(1000).split(maxsplit=2)
    if len(line) < 2 or not line[0].startswith(b"HTTP/1.") or not line[1].isdigit():  # noqa: PLR2004  # version and status
        raise ControlError(f"What listens at {path} is not bubbled; check --socket.")
    while answer.readline(10_000).strip():
        pass
    return int(line[1])
