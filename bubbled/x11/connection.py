"""A connection to an X server within the event loop.

python-xlib knows the packets. Its own connection waits for the server without limit, so that one that hangs
would hold up whoever asks, and finds the Xauthority file in nothing but the variables of the process. So
`Connection` stands where python-xlib's requests expect a display of its own, and carries them by asyncio.
"""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import structlog
from Xlib.error import XError, xerror_class
from Xlib.protocol.display import ConnectionSetupRequest
from Xlib.protocol.event import event_class

from bubbled.settings.small_file import read_small_file
from bubbled.x11.server import MAGIC_COOKIE, Address, XServerError, find_cookie

if TYPE_CHECKING:
    from collections.abc import Callable

    from bubbled.display import Display

NO_DISPLAY: Final = "There is no X display"

_LARGEST_AUTHORITY: Final = 1 << 16
"""Bytes; a file of cookies has some dozens for each display."""

_LITTLE_ENDIAN: Final = 0x6C
_PROTOCOL: Final = 11

# The first byte of what a server sends; any other is the number of an event.
_ERROR, _REPLY, _GENERIC_EVENT = 0, 1, 35
_SENT_BY_A_CLIENT: Final = 0x80
_HEAD: Final = 32
_SETUP_HEAD: Final = 8
_SERIALS: Final = 0x10000

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Pending:
    """A request on its way that may be answered; `answer` None: by nothing but an error."""

    serial: int
    request: Any
    answer: asyncio.Future[None] | None


class Connection(asyncio.Protocol):
    """One connection; all of it belongs to the event loop, and nothing but `ask` waits.

    Args:
        name: the display, as it is called to the user.
        on_event: told each event, an object of `Xlib.protocol.event`; must not raise.
        on_lost: told once why the connection has gone; an `XServerError` but for defects of our own.

    Attributes:
        setup: what the server said of itself (`Xlib.protocol.display.ConnectionSetupRequest`).
    """

    def __init__(
        self, name: str, on_event: Callable[[Any], None], on_lost: Callable[[Exception], None]
    ) -> None:
        self.setup: dict[str, Any] = {}
        self._name = name
        self._on_event = on_event
        self._on_lost = on_lost
        self._transport: asyncio.Transport
        self._greeting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._received = bytearray()
        self._pending: deque[_Pending] = deque()
        self._serial = 0
        self._resources = 0
        self._loss: Exception | None = None

    @property
    def is_lost(self) -> bool:
        """Whether nothing more can be asked."""
        return self._loss is not None

    async def greet(self, authority: bytes, number: int) -> None:
        """Introduce ourselves, which a server wants first.

        Args:
            authority: the content of an Xauthority file.
            number: the number of the display.

        Raises:
            XServerError: the server refuses us, or the connection is lost.
        """
        cookie = find_cookie(authority, number, socket.gethostname(), self._peer())
        self._transport.write(
            ConnectionSetupRequest._request.to_binary(  # noqa: SLF001 - the class itself would ask and wait
                byte_order=_LITTLE_ENDIAN,
                protocol_major=_PROTOCOL,
                protocol_minor=0,
                auth_prot_name=MAGIC_COOKIE if cookie else b"",
                auth_prot_data=cookie or b"",
            )
        )
        await self._greeting

    def send(self, kind: Callable[..., Any], **fields: Any) -> None:
        """Send a request that has no reply, of a class of `Xlib.protocol.request`.

        Args:
            kind: the class.
            fields: of the request; `onerror` is called with an error that the server answers, and the
                request, and returns whether that is all there is to do. Other errors are logged.

        Raises:
            XServerError: the connection is lost.
        """
        kind(display=self, **fields)

    async def ask(self, kind: Callable[..., Any], **fields: Any) -> Any:
        """Send a request and wait for its reply, which may take for ever when the server hangs.

        Returns:
            the request, which has the fields of the reply.

        Raises:
            XServerError: the connection is lost.
            XError: the server refuses the request.
        """
        request = kind(display=self, defer=True, **fields)
        answer = asyncio.get_running_loop().create_future()
        self._pending[-1] = _Pending(self._serial, request, answer)
        await answer
        return request

    def new_resource(self) -> int:
        """Give a number for a new window, that no other has."""
        self._resources += 1
        return cast("int", self.setup["resource_id_base"]) | self._resources

    def close(self) -> None:
        """Hang up at once; the server frees all that was ours."""
        self._transport.abort()

    # -- what python-xlib's requests expect of a display

    def send_request(self, request: Any, wants_answer: bool) -> None:  # noqa: FBT001 - their signature
        """Send a request, which calls this itself when it is made."""
        if self._loss:
            raise self._loss
        self._serial = (self._serial + 1) % _SERIALS
        if wants_answer:
            self._pending.append(_Pending(self._serial, request, None))
        self._transport.write(request._binary)  # noqa: SLF001 - made for the display

    def get_resource_class(self, _name: str) -> None:
        """Leave windows and the like the numbers that they are."""

    # -- what asyncio tells

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take note of the way out."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Take apart what came, however it was cut on its way."""
        self._received += data
        while packet := self._take():
            if not self._greeting.done():
                self._greeted(packet)
            elif packet[0] == _ERROR:
                self._refused(xerror_class.get(packet[1], XError)(self, packet))
            elif packet[0] == _REPLY:
                self._replied(packet)
            elif event := event_class.get(packet[0] & ~_SENT_BY_A_CLIENT):
                self._on_event(event(display=self, binarydata=packet))

    def connection_lost(self, error: Exception | None) -> None:
        """Tell everybody who waits."""
        self._loss = error if error and not isinstance(error, OSError) else self._gone(error)
        waiting = [self._greeting, *(pending.answer for pending in self._pending)]
        for answer in waiting:
            if answer and not answer.done():
                answer.set_exception(self._loss)
        self._pending.clear()
        self._on_lost(self._loss)

    def _gone(self, error: Exception | None) -> XServerError:
        reason = f" ({error})" if error else ""
        return XServerError(f"The connection to the X display {self._name} was lost{reason}")

    # -- packets

    def _peer(self) -> str | None:
        peer = self._transport.get_extra_info("peername")
        return str(peer[0]) if isinstance(peer, tuple) else None

    def _take(self) -> bytes | None:
        length = self._length()
        if length is None or len(self._received) < length:
            return None
        packet = bytes(self._received[:length])
        del self._received[:length]
        return packet

    def _length(self) -> int | None:
        """How long the packet is that comes; None while that cannot be told."""
        if not self._greeting.done():
            whole = len(self._received) >= _SETUP_HEAD
            return _SETUP_HEAD + 4 * int.from_bytes(self._received[6:8], "little") if whole else None
        if len(self._received) < _HEAD:
            return None
        is_longer = self._received[0] in {_REPLY, _GENERIC_EVENT, _GENERIC_EVENT | _SENT_BY_A_CLIENT}
        return _HEAD + (4 * int.from_bytes(self._received[4:8], "little") if is_longer else 0)

    def _greeted(self, packet: bytes) -> None:
        head, rest = packet[:_SETUP_HEAD], packet[_SETUP_HEAD:]
        if head[0] != 1:
            reason = rest.decode("latin-1").strip("\0 \n")[:80]
            words = "".join(letter for letter in reason if letter.isprintable()) or "it wants a cookie"
            refusal = XServerError(f"The X display {self._name} does not let bubbled in ({words})")
            self._greeting.set_exception(refusal)
            return
        self.setup, _ = ConnectionSetupRequest._success_reply.parse_binary(rest, self, rawdict=True)  # noqa: SLF001 - see greet
        self._greeting.set_result(None)

    def _replied(self, packet: bytes) -> None:
        pending = self._pending_of(int.from_bytes(packet[2:4], "little"))
        if pending and pending.answer and not pending.answer.done():
            pending.request._parse_response(packet)  # noqa: SLF001 - made for the display
            pending.answer.set_result(None)

    def _refused(self, error: XError) -> None:
        pending = self._pending_of(error.sequence_number)
        if pending and pending.answer:
            if not pending.answer.done():
                pending.answer.set_exception(error)
        elif not (pending and pending.request._set_error(error)):  # noqa: SLF001 - made for the display
            _log.debug("The X server refuses a request", error=str(error))

    def _pending_of(self, serial: int) -> _Pending | None:
        """Find what is answered; all before it has succeeded, since a server answers in order."""
        while self._pending and (serial - self._pending[0].serial) % _SERIALS < _SERIALS // 2:
            pending = self._pending.popleft()
            if pending.serial == serial:
                return pending
        return None


async def connect(
    display: Display, on_event: Callable[[Any], None], on_lost: Callable[[Exception], None]
) -> Connection:
    """Connect to the X server of a display, which may take for ever when the server hangs.

    Raises:
        XServerError: there is none, it cannot be reached, or it does not let us in.
    """
    if not display.x11:
        raise XServerError(NO_DISPLAY)
    address = Address.parse(display.x11)
    # Its folder may be a share that hangs.
    authority = await asyncio.to_thread(_read, display.xauthority or "~/.Xauthority")
    try:
        connection = await _reach(address, lambda: Connection(address.name, on_event, on_lost))
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise XServerError(f"The X display {address.name} cannot be reached ({reason})") from error
    try:
        await connection.greet(authority, address.number)
    except BaseException:
        connection.close()
        raise
    return connection


async def _reach(address: Address, make: Callable[[], Connection]) -> Connection:
    loop = asyncio.get_running_loop()
    if address.host:
        return (await loop.create_connection(make, address.host, address.port))[1]
    file, abstract = address.sockets
    try:
        return (await loop.create_unix_connection(make, file))[1]
    except OSError:
        return (await loop.create_unix_connection(make, abstract))[1]


def _read(path: str) -> bytes:
    try:
        return read_small_file(Path(path).expanduser(), _LARGEST_AUTHORITY)[0]
    except (OSError, RuntimeError):  # there is none, or no home
        return b""
