"""Holding the clipboard of X11, and handing it to the programs that ask for it.

Inter-Client Communication Conventions Manual 2.0, section 2.2 (responsibilities of the selection owner). What
is copied is a line or two, so that it always fits into one property; MULTIPLE is left to those who hold more.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final, Self

from Xlib import X, Xatom
from Xlib.protocol import event, request

from bubbled.x11.atom import atoms
from bubbled.x11.connection import connect
from bubbled.x11.server import XServerError
from bubbled.x11.unseen_window import unseen_window

if TYPE_CHECKING:
    from bubbled.display import Display
    from bubbled.x11.connection import Connection

_TEXTS: Final = ("UTF8_STRING", "text/plain;charset=utf-8", "text/plain")
_NAMES: Final = (*_TEXTS, "CLIPBOARD", "TARGETS", "TIMESTAMP", "BUBBLED_CLOCK")
_BYTES: Final = 8
_WORDS: Final = 32


class X11Clipboard:
    """A text on the clipboard, until somebody else copies something or `close` is called."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._connection: Connection
        self._window = 0
        self._since: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._atoms: dict[str, int] = {}

    @classmethod
    async def own(cls, display: Display, text: str) -> Self:
        """Take the clipboard; may take for ever when the server hangs.

        Raises:
            XServerError: there is no server, it cannot be reached, or it does not let us have the clipboard.
        """
        self = cls(text)
        self._connection = await connect(display, self._told, self._lost)
        try:
            await self._take()
        except BaseException:
            self.close()
            raise
        return self

    def close(self) -> None:
        """Let go of it."""
        self._connection.close()

    async def _take(self) -> None:
        self._atoms = dict(zip(_NAMES, await atoms(self._connection, _NAMES), strict=True))
        self._window = unseen_window(self._connection)
        # The server tells the time with each change of a property, and a selection is taken at a time.
        self._put(self._window, self._atoms["BUBBLED_CLOCK"], Xatom.STRING, _BYTES, b"")
        clipboard = self._atoms["CLIPBOARD"]
        self._connection.send(
            request.SetSelectionOwner, window=self._window, selection=clipboard, time=await self._since
        )
        owner = (await self._connection.ask(request.GetSelectionOwner, selection=clipboard)).owner
        if owner != self._window:
            raise XServerError("another program took the clipboard at the same moment")

    def _put(self, window: int, place: int, kind: int, width: int, data: Any) -> None:
        self._connection.send(
            request.ChangeProperty,
            mode=X.PropModeReplace,
            window=window,
            property=place,
            type=kind,
            data=(width, data),
        )

    def _told(self, news: Any) -> None:
        if news.type == X.PropertyNotify and not self._since.done():
            self._since.set_result(news.time)
        elif news.type == X.SelectionRequest and news.selection == self._atoms["CLIPBOARD"]:
            self._answer(news)
        elif news.type == X.SelectionClear:
            self.close()

    def _lost(self, reason: Exception) -> None:
        if not self._since.done():
            self._since.set_exception(reason)
            self._since.exception()  # nobody may wait for it any more

    def _answer(self, asked: Any) -> None:
        """Hand the text over to a program, or refuse a form of it that there is not."""
        place = asked.property or asked.target  # old programs name none
        is_handed = self._hand_over(asked.requestor, place, asked.target)
        told = event.SelectionNotify(
            time=asked.time,
            requestor=asked.requestor,
            selection=asked.selection,
            target=asked.target,
            property=place if is_handed else X.NONE,
        )
        self._connection.send(
            request.SendEvent, propagate=False, destination=asked.requestor, event_mask=0, event=told
        )

    def _hand_over(self, requestor: int, place: int, target: int) -> bool:
        texts = {self._atoms[name]: self._text.encode(errors="replace") for name in _TEXTS}
        texts[Xatom.STRING] = self._text.encode("latin-1", errors="replace")
        if target in texts:
            self._put(requestor, place, target, _BYTES, texts[target])
        elif target == self._atoms["TARGETS"]:
            forms = [self._atoms["TARGETS"], self._atoms["TIMESTAMP"], *texts]
            self._put(requestor, place, Xatom.ATOM, _WORDS, forms)
        elif target == self._atoms["TIMESTAMP"]:
            self._put(requestor, place, Xatom.INTEGER, _WORDS, [self._since.result()])
        else:
            return False
        return True
