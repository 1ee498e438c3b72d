"""A stream of TCP or TLS cut into SIP messages (RFC 3261, 18.3; RFC 5626, 3.5.1). Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bubbled.pbx.sip.message import LARGEST_BODY, LARGEST_HEAD, MalformedError

if TYPE_CHECKING:
    from collections.abc import Iterator

_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\n(?:content-length|l)[ \t]*:[ \t]*([0-9]{1,7})[ \t]*(?=\r\n)", re.IGNORECASE)


class Framer:
    """Collects bytes until messages are whole."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Take the next bytes; yield the messages that are whole with them, each with head and body.

        Raises:
            MalformedError: where the next message begins can no longer be told; the connection is of no use.
        """
        self._buffer += data
        while (message := self._next()) is not None:
            yield message

    def _next(self) -> bytes | None:
        # Between messages stand keep-alives of empty lines.
        begin = len(self._buffer) - len(self._buffer.lstrip(b"\r\n"))
        del self._buffer[:begin]
        end = self._buffer.find(_END, 0, LARGEST_HEAD + len(_END))
        if end < 0:
            if len(self._buffer) > LARGEST_HEAD:
                raise MalformedError("a message has no end of its headers")
            return None
        size = end + len(_END) + self._length(end)
        if len(self._buffer) < size:
            return None
        message = bytes(self._buffer[:size])
        del self._buffer[:size]
        return message

    def _length(self, end: int) -> int:
        found = _LENGTH.search(self._buffer, 0, end + 2)
        length = int(found[1]) if found else 0
        if length > LARGEST_BODY:
            raise MalformedError("a message is too large")
        return length
