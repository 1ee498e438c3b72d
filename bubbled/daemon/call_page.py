"""Opens, in the browser, what the pages tell of a call on whose popup the user asked for it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import structlog

from bubbled.daemon.apart import kept_apart
from bubbled.error import BubbledError
from bubbled.popup.command import OpenUri

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bubbled.daemon.desk import Desk
    from bubbled.history.store import History
    from bubbled.model import Call, CallId

_log = structlog.get_logger()


def path_of(call: Call) -> str:
    """The page of a call: that of its other party with all their calls, or what happened in the call."""
    if call.e164 and not call.internal:
        return f"/history/person?{urlencode({'number': call.e164})}"
    return f"/diagnosis/call/{quote(call.id, safe='')}"


class CallPages:
    """Opens them; what fails is told on the screen.

    Args:
        desk: whose popups the user presses.
        history: knows the calls.
        invite: gives the address by which a page may be opened; raises a `BubbledError` where there is none.
    """

    def __init__(self, desk: Desk, history: History, invite: Callable[[str], Awaitable[str]]) -> None:
        self._desk = desk
        self._history = history
        self._invite = invite
        self._tasks: set[asyncio.Task[None]] = set()

    def open(self, call_id: CallId) -> None:
        """Begin to, and come back at once."""
        task = asyncio.create_task(self._told_of(call_id), name="page of a call")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def aclose(self) -> None:
        """Open nothing more."""
        for task in tuple(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _told_of(self, call_id: CallId) -> None:
        with kept_apart("pages"):
            try:
                await self._open(call_id)
            except BubbledError as error:
                _log.warning("the page of a call was not opened", reason=str(error))
                self._desk.notices.refuse(error)

    async def _open(self, call_id: CallId) -> None:
        past = await self._history.call(call_id)
        self._desk.on_action(OpenUri(await self._invite("/history" if past is None else path_of(past.call))))
