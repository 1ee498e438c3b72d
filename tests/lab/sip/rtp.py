"""The media of one call: silence without end, and digits (RFC 3550, RFC 4733)."""

from __future__ import annotations

import asyncio
import re
import struct
from secrets import randbits
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from tests.lab.task import Tasks

_SILENCE = b"\xd5" * 160  # 20 ms of A-law
_ALAW, _DIGIT = 8, 101  # payload types, as offered in `describe`
_KEYS = "0123456789*#ABCD"


class Media(asyncio.DatagramProtocol):
    """Sends 50 packets a second as soon as the other side is known; takes no notice of what comes back."""

    def __init__(self, tasks: Tasks) -> None:
        self._tasks = tasks
        self._sequence, self._time, self._source = randbits(15), randbits(30), randbits(31)
        self._remote: tuple[str, int] | None = None
        self._described = 0
        self._speaking: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, ip: str, tasks: Tasks) -> Self:
        """Take a free port of that address."""
        loop = asyncio.get_running_loop()
        _, media = await loop.create_datagram_endpoint(lambda: cls(tasks), local_addr=(ip, 0))
        return media

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        """Keep the socket."""
        self._transport = transport

    def describe(self, mode: str = "sendrecv") -> bytes:
        """Offer the media as SDP (RFC 8866); `sendonly` puts the other side on hold."""
        ip, port = self._transport.get_extra_info("sockname")
        self._described += 1
        lines = (
            "v=0",
            f"o=- 1 {self._described} IN IP4 {ip}",
            "s=-",
            f"c=IN IP4 {ip}",
            "t=0 0",
            f"m=audio {port} RTP/AVP {_ALAW} {_DIGIT}",
            f"a=rtpmap:{_ALAW} PCMA/8000",
            f"a=rtpmap:{_DIGIT} telephone-event/8000",
            f"a=fmtp:{_DIGIT} 0-16",
            "a=ptime:20",
            f"a={mode}",
        )
        return "".join(f"{line}\r\n" for line in lines).encode()

    def listen(self, description: bytes) -> None:
        """Speak to where the other side's SDP says, from now on."""
        text = description.decode(errors="replace")
        host, port = re.search(r"c=IN IP4 (\S+)", text), re.search(r"m=audio (\d+)", text)
        if host and port:
            self._remote = (host[1], int(port[1]))
            self._speaking = self._speaking or self._tasks.start(self._speak(), "media")

    def close(self) -> None:
        """Fall silent."""
        if self._speaking:
            self._speaking.cancel()
        self._transport.close()

    async def press(self, digit: str) -> None:
        """Send one key, pressed for 120 ms."""
        code, began = _KEYS.index(digit), self._time
        for step in range(1, 6):
            self._send(_DIGIT | (0x80 if step == 1 else 0), struct.pack("!BBH", code, 10, 160 * step), began)
            await asyncio.sleep(0.02)
        for _ in range(3):  # the end is said three times, for it may be lost
            self._send(_DIGIT, struct.pack("!BBH", code, 0x8A, 960), began)
        await asyncio.sleep(0.08)

    async def _speak(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            self._send(_ALAW, _SILENCE, self._time)
            self._time += len(_SILENCE)
            due += 0.02
            await asyncio.sleep(max(0.0, due - loop.time()))

    def _send(self, kind: int, payload: bytes, timestamp: int) -> None:
        if self._remote and not self._transport.is_closing():
            head = struct.pack(
                "!BBHII", 0x80, kind, self._sequence & 0xFFFF, timestamp & 0xFFFFFFFF, self._source
            )
            self._transport.sendto(head + payload, self._remote)
            self._sequence += 1
