"""Asking for what is selected, as X programs ask each other.

Inter-Client Communication Conventions Manual 2.0, section 2.4 (requesting a selection) and 2.7.2 (what comes
in pieces). Nothing here has a limit of time.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from Xlib import X, Xatom
from Xlib.protocol import request

from bubbled.dialing.selection.port import LARGEST_BYTES
from bubbled.x11.atom import atoms
from bubbled.x11.connection import connect
from bubbled.x11.unseen_window import unseen_window

if TYPE_CHECKING:
    from collections.abc import Callable

    from bubbled.display import Display
    from bubbled.x11.connection import Connection

_NAMES: Final = ("UTF8_STRING", "INCR", "BUBBLED_SELECTION", "BUBBLED_CLOCK")
_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class _Property:
    """What an owner put down for us; of a long one the beginning. `kind` 0: nothing."""

    kind: int
    width: int
    data: bytes
    is_whole: bool


class Requestor:
    """A window to which the owner of the selection hands it over; asks one thing at a time.

    Attributes:
        is_at_rest: whether nobody has anything more to hand over; else `see_off` lets them.
    """

    def __init__(self) -> None:
        self.is_at_rest = True
        self._news: asyncio.Queue[Any] = asyncio.Queue()
        self._connection: Connection
        self._window = 0
        self._utf8, self._incr, self._place, self._clock = 0, 0, 0, 0

    @classmethod
    async def open(cls, display: Display) -> Self:
        """Connect to a display.

        Raises:
            XServerError: there is none, it cannot be reached, or it does not let us in.
        """
        self = cls()
        self._connection = await connect(display, self._told, self._news.put_nowait)
        try:
            await self._settle()
        except BaseException:
            self.close()
            raise
        return self

    @property
    def is_lost(self) -> bool:
        """Whether the server has gone."""
        return self._connection.is_lost

    def close(self) -> None:
        """Hang up; what an owner still had for us goes with our window."""
        self._connection.close()

    async def text(self) -> str:
        """Give the primary selection as text; "" when there is none, or it is none.

        Of a text of more than `LARGEST_BYTES` only so much. Waits for the owner for ever.

        Raises:
            XServerError: the connection is lost.
        """
        encodings = {self._utf8: "utf-8", Xatom.STRING: "latin-1"}
        self.is_at_rest = False
        for target in encodings:
            handed = await self._convert(target)
            if handed and handed.kind in encodings and handed.width == _BYTES:
                self.is_at_rest = handed.is_whole
                return handed.data.decode(encodings[handed.kind], errors="replace")
            if handed and not handed.is_whole:
                return ""  # its pieces still come, and would mix with what else is asked for
        self.is_at_rest = True
        return ""

    async def see_off(self) -> None:
        """Take away unread what an owner still brings; after a text in one piece that is for ever.

        Only a requestor that stays is no danger: simple programs end when they meet a window that has gone.

        Raises:
            XServerError: the connection is lost.
        """
        while True:
            brought = await self._look(0, delete=False)
            if brought.property_type:
                self._drop()
            if brought.property_type not in {X.NONE, self._incr} and not brought.bytes_after:
                return
            await self._until(self._is_brought)

    async def _settle(self) -> None:
        self._utf8, self._incr, self._place, self._clock = await atoms(self._connection, _NAMES)
        self._window = unseen_window(self._connection)

    async def _convert(self, target: int) -> _Property | None:
        """Ask the owner; None when it refuses, or there is none."""
        time = await self._time()
        self._drop()  # what an owner that answers twice left
        self._connection.send(
            request.ConvertSelection,
            requestor=self._window,
            selection=Xatom.PRIMARY,
            target=target,
            property=self._place,
            time=time,
        )
        # An answer to anything that was asked before has another time or target.
        answer = await self._until(
            lambda news: news.type == X.SelectionNotify and (news.time, news.target) == (time, target)
        )
        if answer.property == X.NONE:
            return None
        handed = await self._take(LARGEST_BYTES)
        return await self._piece_together() if handed.kind == self._incr else handed

    async def _piece_together(self) -> _Property:
        """Take the pieces of a long text: the owner brings the next when the last is taken away."""
        data, kind, width = b"", 0, _BYTES
        while len(data) < LARGEST_BYTES:
            await self._until(self._is_brought)
            piece = await self._take(LARGEST_BYTES - len(data))
            if piece.kind and not piece.data:
                return _Property(kind, width, data, is_whole=True)
            data += piece.data
            kind, width = piece.kind or kind, piece.width or width
        return _Property(kind, width, data, is_whole=False)

    async def _take(self, most: int) -> _Property:
        """Take what lies at our place, at most so many bytes of it, and leave nothing there."""
        found = await self._look(most, delete=True)
        if found.bytes_after:
            self._drop()
        width, data = found.value or (0, b"")
        return _Property(found.property_type, width, bytes(data)[:most], is_whole=True)

    async def _look(self, most: int, *, delete: bool) -> Any:
        """See what lies at our place, which is taken away only as a whole."""
        return await self._connection.ask(
            request.GetProperty,
            window=self._window,
            property=self._place,
            type=X.AnyPropertyType,
            long_offset=0,
            long_length=-(-most // 4),
            delete=delete,
        )

    def _drop(self) -> None:
        self._connection.send(request.DeleteProperty, window=self._window, property=self._place)

    async def _time(self) -> int:
        """The time of the server, which it tells with each change of a property."""
        self._connection.send(
            request.ChangeProperty,
            mode=X.PropModeAppend,
            window=self._window,
            property=self._clock,
            type=Xatom.STRING,
            data=(_BYTES, b""),
        )
        told = await self._until(lambda news: news.type == X.PropertyNotify and news.atom == self._clock)
        return int(told.time)

    def _is_brought(self, news: Any) -> bool:
        is_change = news.type == X.PropertyNotify and news.atom == self._place
        return bool(is_change and news.state == X.PropertyNewValue)

    def _told(self, news: Any) -> None:
        if not self.is_at_rest:  # else nobody takes them, and there may be many in a month
            self._news.put_nowait(news)

    async def _until(self, is_it: Callable[[Any], bool]) -> Any:
        """Wait for an event; those before it are of no interest any more."""
        while True:
            news = await self._news.get()
            if isinstance(news, Exception):
                raise news
            if is_it(news):
                return news
