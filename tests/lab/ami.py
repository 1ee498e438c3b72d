"""An AMI session for scenarios: it keeps every byte, sends actions, and waits for events.

On purpose not the client of bubbled: what a test is held against must not share its faults.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Packet = dict[str, str]
"""The headers of one packet; of repeated ones the first."""

_END = b"\r\n\r\n"
_PATIENCE_S = 10.0


class User(NamedTuple):
    """An account of etc/manager.conf."""

    name: str
    secret: str


FULL = User("full", "fullsecret")
CTI = User("cti", "ctisecret")
CTI_SYNC = User("ctisync", "ctisecret")
CTI_FILTER = User("ctifilter", "ctisecret")


@dataclass(slots=True)
class Tape:
    """What the PBX sent, byte for byte, and when."""

    data: bytearray = field(default_factory=bytearray)
    marks: list[tuple[int, float]] = field(default_factory=list)

    def take(self, chunk: bytes, at: float) -> None:
        """Add what was read at one moment."""
        self.marks.append((len(self.data), round(at, 4)))
        self.data += chunk

    def save(self, stream: Path) -> None:
        """Write the bytes to that file and the times beside it, as `bubbled replay` reads them."""
        stream.write_bytes(bytes(self.data))
        lines = (json.dumps({"offset": offset, "t": at}) + "\n" for offset, at in self.marks)
        stream.with_suffix(".timing.jsonl").write_text("".join(lines))


def packets(data: bytes) -> list[Packet]:
    """Read whole packets."""
    return [_packet(block.decode(errors="replace")) for block in data.split(_END) if block.strip()]


def _packet(block: str) -> Packet:
    packet: Packet = {}
    for line in block.split("\r\n"):
        name, _, value = line.partition(":")
        packet.setdefault(name, value.removeprefix(" "))
    return packet


class Session:
    """One connection of one account.

    Attributes:
        tape: all that the PBX sent.
        sent: all actions after the login, with their times.
        lost: set once the PBX has closed the connection.
    """

    _reading: asyncio.Task[None]

    def __init__(self, writer: asyncio.StreamWriter, clock: Callable[[], float], tape: Tape) -> None:
        self.tape = tape
        self.sent: list[dict[str, str | float]] = []
        self.lost = asyncio.Event()
        self._writer, self._clock = writer, clock
        self._seen: list[Packet] = []
        self._news = asyncio.Condition()
        self._numbers = count(1)

    @classmethod
    async def connect(
        cls, address: tuple[str, int], user: User, clock: Callable[[], float], tape: Tape | None = None
    ) -> Self:
        """Connect and log in.

        Raises:
            ConnectionError: the PBX is not there, or refuses.
        """
        reader, writer = await asyncio.open_connection(*address)
        session = cls(writer, clock, tape or Tape())
        session._reading = asyncio.create_task(session._read(reader), name=f"AMI {user.name}")
        session._write(
            [("Action", "Login"), ("Username", user.name), ("Secret", user.secret), ("Events", "on")]
        )
        login = await session.packet(lambda packet: "Response" in packet)
        if login["Response"] != "Success":
            await session.close()
            raise ConnectionError(f"AMI refuses {user.name}: {login.get('Message')}")
        return session

    async def close(self) -> None:
        """Close the connection."""
        self._writer.close()
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)

    async def action(self, name: str, *headers: tuple[str, str]) -> Packet:
        """Send an action and return its response."""
        number = f"lab-{next(self._numbers)}"
        lines = [("Action", name), *headers, ("ActionID", number)]
        self.sent.append({"t": round(self._clock(), 4), "packet": _text(lines)})
        self._write(lines)
        return await self.packet(lambda packet: packet.get("ActionID") == number and "Response" in packet)

    async def event(self, name: str, **headers: str) -> Packet:
        """Return the first event of that name with these headers, also of the past."""
        return await self.packet(
            lambda packet: packet.get("Event") == name and headers.items() <= packet.items()
        )

    async def status(self) -> None:
        """Ask for the calls in progress, as a client does after connecting, and wait for the whole list."""
        response = await self.action("Status")
        await self.event("StatusComplete", ActionID=response["ActionID"])

    async def packet(self, wanted: Callable[[Packet], bool]) -> Packet:
        """Return the first packet that is wanted, also of the past.

        Raises:
            TimeoutError: none came.
            ConnectionError: the connection was lost before.
        """
        async with asyncio.timeout(_PATIENCE_S), self._news:
            while True:
                for packet in self._seen:
                    if wanted(packet):
                        return packet
                if self.lost.is_set():
                    raise ConnectionError("the PBX closed the AMI connection")
                await self._news.wait()

    def _write(self, lines: list[tuple[str, str]]) -> None:
        self._writer.write(f"{_text(lines)}\r\n".encode())

    async def _read(self, reader: asyncio.StreamReader) -> None:
        rest = b""
        try:
            while chunk := await reader.read(65_536):
                self.tape.take(chunk, self._clock())
                whole, _, rest = (rest + chunk).rpartition(_END)
                await self._tell(packets(whole))
        except ConnectionError:
            pass  # as good as closed
        self.lost.set()
        await self._tell([])

    async def _tell(self, new: list[Packet]) -> None:
        async with self._news:
            self._seen += new
            self._news.notify_all()


def _text(lines: list[tuple[str, str]]) -> str:
    return "".join(f"{name}: {value}\r\n" for name, value in lines)
