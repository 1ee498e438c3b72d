"""AMI bytes in, messages out; no I/O.

What arrives (docs.asterisk.org, "AMI v2 Specification"): one line of banner, then packets of `Header: value`
lines that end in CR LF, each packet closed by an empty line.

A caller can put line breaks into his number, and Asterisk passes them on. So a packet may hold headers that
he forged, or end too early, with its rest standing there as a packet of its own. Hence: the first of repeated
headers counts, since Asterisk writes its own Event and Channel before the caller's words; and nothing is
refused for its shape, each part is handed on for what it holds. What it may decide is left to its reader.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LARGEST_MESSAGE = 1 << 20
"""Bytes; real messages stay under 4 KiB, so that only garbage and attacks are larger."""

_COMMON_SIZE = 4096
"""Bytes; the lines of larger packets are neither remembered nor kept whole, so that garbage cannot fill the
memory: what a call is called is held in many places, for as long as the history goes back."""

_LONGEST_VALUE = 1000
"""Characters that are kept of it."""


@lru_cache(maxsize=4096)
def _header(line: str) -> tuple[str, str]:
    """Header and value; remembered, because the events of one call repeat most of their lines."""
    header, colon, value = line.partition(": ")
    if not colon:
        raise ValueError
    return header, value


def _brief_header(line: str) -> tuple[str, str]:
    header, value = _header.__wrapped__(line)
    return header, value[:_LONGEST_VALUE]


class Message(dict[str, str]):
    """The headers of one packet in their order, each with its first value; `all` has the others too."""

    _repeated: dict[str, list[str]] | None = None

    @property
    def repeats(self) -> bool:
        """Whether some header came more than once, as a caller's forged line breaks make it."""
        return bool(self._repeated)

    def all(self, header: str) -> list[str]:
        """Every value of `header` in the order of arrival; empty when it is absent."""
        if self._repeated and header in self._repeated:
            return self._repeated[header]
        return [self[header]] if header in self else []

    @classmethod
    def parse(cls, packet: bytes, line_end: str = "\r\n") -> Message:
        """Read one packet, given without the empty line that closes it.

        Undecodable bytes become U+FFFD; lines that are no header are left out, and endless values cut.
        """
        lines = packet.decode("utf-8", "replace").split(line_end)
        try:
            message = cls(map(_header if len(packet) < _COMMON_SIZE else _brief_header, lines))
        except ValueError:
            return cls._parse_odd(lines)
        return message if len(message) == len(lines) else cls._parse_odd(lines)

    @classmethod
    def _parse_odd(cls, lines: list[str]) -> Message:
        values: dict[str, list[str]] = {}
        for line in lines:
            header, colon, value = line.partition(":")
            if colon:
                values.setdefault(header, []).append(value.removeprefix(" ")[:_LONGEST_VALUE])
        message = cls((header, each[0]) for header, each in values.items())
        message._repeated = {header: each for header, each in values.items() if len(each) > 1}
        return message


class Framer:
    """Cuts a connection's bytes into messages, however they are split on the way.

    Attributes:
        banner: the first line, once it is there and if it is no header.
        keep_answers: while True, events with an ActionID are delivered also when they are not wanted.
        keep_named: an event that is delivered also when it is not wanted.
        oversize: packets dropped because they were larger than `largest` bytes.
    """

    def __init__(self, wanted: Iterable[str] | None = None, *, largest: int = LARGEST_MESSAGE) -> None:
        """Deliver the events named in `wanted` (None: all), and everything that is no event."""
        self.banner: str | None = None
        self.keep_answers = False
        self.keep_named: str | None = None
        self.oversize = 0
        self._wanted = None if wanted is None else frozenset(name.encode() for name in wanted)
        self._largest = largest
        self._line_end = b"\r\n"
        self._tail = bytearray()
        self._begun = False
        self._dropping = False

    def feed(self, data: bytes) -> list[Message]:
        """Take the next bytes; return the messages that they complete."""
        if not self._begun:
            data = self._after_banner(data)
        separator = 2 * self._line_end
        if separator not in bytes(self._tail[1 - len(separator) :]) + data:
            self._keep(data)
            return []
        *packets, rest = (bytes(self._tail) + data).split(separator)
        self._tail.clear()
        if self._dropping:
            self._dropping = False
            packets = packets[1:]
        # Some events (TestEvent) bring one empty line too many, which then stands before the next packet.
        packets = [packet.lstrip(self._line_end) for packet in packets]
        line_end = self._line_end.decode()
        messages = [Message.parse(packet, line_end) for packet in packets if packet and self._is_due(packet)]
        self._keep(rest)
        return messages

    def _after_banner(self, data: bytes) -> bytes:
        """Wait for the first line, which shows how lines end.

        A recording that somebody shortened may begin with a header instead of the banner, and an editor may
        have changed all line ends to LF.
        """
        data = bytes(self._tail) + data
        self._tail.clear()
        line, ended, rest = data.partition(b"\n")
        endless = len(line) > self._largest
        if not ended and not endless:
            self._tail += data
            return b""
        self._begun = True
        self._line_end = b"\r\n" if line.endswith(b"\r") or endless else b"\n"
        if endless or b":" in line:
            return data
        self.banner = line.removesuffix(b"\r").decode("utf-8", "replace")
        return rest

    def _keep(self, rest: bytes) -> None:
        """Hold the beginning of a packet, but of one that grows without end only what shows its end."""
        self._tail += rest
        if self._dropping or len(self._tail) > self._largest + 3:
            self.oversize += not self._dropping
            self._dropping = True
            del self._tail[:-3]

    def _is_due(self, packet: bytes) -> bool:
        if len(packet) > self._largest:
            self.oversize += 1
            return False
        if self._wanted is None or not packet.startswith(b"Event: "):
            return True
        name = packet[7 : end if (end := packet.find(self._line_end)) > 0 else None]
        if name in self._wanted or (self.keep_answers and b"\nActionID: " in packet):
            return True
        return self.keep_named is not None and name == self.keep_named.encode()
