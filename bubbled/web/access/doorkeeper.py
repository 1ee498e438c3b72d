"""Lets connections of the user's own programs in, and shuts everybody else's before a byte of it is read."""

from __future__ import annotations

import asyncio
import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final, NoReturn

import structlog

from bubbled.web.access.owner import owner_of

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from bubbled.web.access.owner import Place

_BREATH_S: Final = 0.1
_PAUSE_S: Final = 0.01
"""After each who is shut out: whoever tries it again and again takes no more than a tenth of a processor."""

_log = structlog.get_logger()


class Doorkeeper:
    """Stands at one door.

    Args:
        admit: gives the protocol that speaks with who is let in.
        is_full: tells whether nobody more can be taken in.
        owner: tells whose a connection is; may take its time; see `owner_of`.
        own: the user id whose programs are let in; by default ours. Not those of root: what runs for all, as
            a proxy does, would come in with everybody's requests.
    """

    def __init__(
        self,
        admit: Callable[[], asyncio.BaseProtocol],
        *,
        is_full: Callable[[], bool],
        owner: Callable[[Place, Place], int | None] = owner_of,
        own: int | None = None,
    ) -> None:
        self._admit = admit
        self._is_full = is_full
        self._owner = owner
        self._own = os.getuid() if own is None else own
        self._strangers: set[int] = set()

    async def stand(self, listener: socket.socket) -> NoReturn:
        """Meet who comes, until cancelled. The listener must not block; it stays open."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, client = await loop.sock_accept(listener)
            except OSError as error:  # too many files are open, or who came has left again
                _log.warning("nobody could be let in to the pages", reason=error.strerror)
                await asyncio.sleep(_BREATH_S)
                continue
            try:
                await self._meet(connection, client)
            except OSError as error:
                _log.debug("who came for the pages has left again", reason=error.strerror)
            except Exception:  # noqa: BLE001 - a defect costs one connection, and not the pages
                _log.exception("a connection to the pages failed by a defect of bubbled")
                await asyncio.sleep(_BREATH_S)

    async def _meet(self, connection: socket.socket, client: Place) -> None:
        with ExitStack() as shut:
            shut.enter_context(connection)
            if await self._belongs(client, connection.getsockname()):
                if not self._is_full():
                    await asyncio.get_running_loop().connect_accepted_socket(self._admit, connection)
                    shut.pop_all()
                return
        await asyncio.sleep(_PAUSE_S)

    async def _belongs(self, client: Place, server: Place) -> bool:
        uid = await asyncio.to_thread(self._owner, client, server)
        if uid is not None and uid != self._own:
            tell = _log.debug if uid in self._strangers else _log.warning
            tell("another user of this computer asked for the pages, and was refused", user=uid)
            self._strangers.add(uid)
        return uid == self._own
