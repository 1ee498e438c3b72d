"""The daemon's line to the PBX: one tracker, served by one connection after another."""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING, Final, NoReturn, assert_never

import structlog

from bubbled.control.status import Connection, ConnectionState
from bubbled.pbx.ami.source import AmiSource
from bubbled.pbx.ami.tracker import Tracker
from bubbled.pbx.state import Connecting, Down, Refused, State, Up

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from bubbled.model import CallChange, Device, Owner
    from bubbled.pbx.ami.access import Access
    from bubbled.pbx.ami.originator import Originator
    from bubbled.pbx.ami.team_note import TeamNote

_PAUSE_AFTER_DEFECT_S: Final = 5.0
_DEFECT: Final = "Following the PBX failed by a defect of bubbled: it begins anew. Its log tells more."

log = structlog.get_logger()


class Line:
    """Follows the PBX, whatever becomes of a connection.

    Attributes:
        access: how the PBX is reached.
        connection: how it stands with the PBX, for `status`.
        on_note: told what is noted in the team; None: nobody wants to know. It counts from the next
            `connect_with` on.
    """

    def __init__(  # noqa: PLR0913 - whom to call, whom to follow, whom to tell
        self,
        access: Access,
        *,
        owner_of: Callable[[Device], Owner | None],
        region: str,
        outside_prefix: str = "",
        on_changes: Callable[[Sequence[CallChange]], None],
        on_click: Callable[[Sequence[CallChange]], None],
        on_connection: Callable[[Connection], None],
        on_note: Callable[[TeamNote], None] | None = None,
        now: Callable[[], datetime],
    ) -> None:
        """Prepare; `run` connects. The callbacks must not block nor raise."""
        self.access = access
        self.on_note = on_note
        self._tracker = Tracker(
            owner_of, region, outside_prefix=outside_prefix, serial=f"{secrets.token_hex(3)}."
        )
        self._on_changes = on_changes
        self._on_click = on_click
        self._on_connection = on_connection
        self._now = now
        self._source = self._new_source()
        self._running: asyncio.Task[NoReturn] | None = None
        self.connection = Connection(host=str(access.address), state=ConnectionState.CONNECTING, since=now())

    @property
    def may_resync(self) -> bool | None:
        """Whether the account may ask for calls in progress; None before that was tried."""
        return self._source.may_resync

    @property
    def originator(self) -> Originator:
        """Places calls on the PBX, over the connection that there is now."""
        return self._source.originator

    async def run(self) -> NoReturn:
        """Follow the PBX until cancelled, through changes of access and through defects of our own."""
        while True:
            self._running = asyncio.create_task(self._source.run(), name="AMI")
            try:
                await self._running
            except asyncio.CancelledError:
                own = asyncio.current_task()
                if own is not None and own.cancelling():
                    await _ended(self._running)
                    raise
            except Exception:
                log.exception("following the PBX failed by a defect of bubbled; it begins anew")
                self._tell(ConnectionState.WAITING, _DEFECT)
                await asyncio.sleep(_PAUSE_AFTER_DEFECT_S)

    async def tell_team(self, note: TeamNote) -> None:
        """Tell everybody in the team what the user noted; see `AmiSource.tell_team` for what it raises."""
        await self._source.tell_team(note)

    def connect_with(self, access: Access) -> None:
        """Leave the PBX and connect by another access; calls go on as far as the PBX lists them then."""
        self.access = access
        self._source = self._new_source()
        self._tell(ConnectionState.CONNECTING, None)
        if self._running is not None:
            self._running.cancel()

    def follow(
        self, owner_of: Callable[[Device], Owner | None], region: str, outside_prefix: str = ""
    ) -> None:
        """Follow other devices from now on."""
        self._on_changes(self._tracker.follow(owner_of, region, outside_prefix))

    def _new_source(self) -> AmiSource:
        return AmiSource(
            self.access,
            self._tracker,
            on_changes=self._on_changes,
            on_click=self._on_click,
            on_note=self.on_note,
            on_state=self._state_changed,
        )

    def _state_changed(self, state: State) -> None:
        connection_state, detail = _described(state)
        if connection_state is ConnectionState.CONNECTING and self.connection.detail is not None:
            return  # trying again is no news, the reason for it stays
        self._tell(connection_state, detail)

    def _tell(self, state: ConnectionState, detail: str | None) -> None:
        since = self.connection.since if state is self.connection.state else self._now()
        self.connection = Connection(host=str(self.access.address), state=state, since=since, detail=detail)
        self._on_connection(self.connection)


def _described(state: State) -> tuple[ConnectionState, str | None]:
    match state:
        case Connecting():
            return ConnectionState.CONNECTING, None
        case Up():
            return ConnectionState.CONNECTED, None
        case Down(reason=reason):
            return ConnectionState.WAITING, str(reason)
        case Refused(reason=reason):
            return ConnectionState.REFUSED, str(reason)
        case _:
            assert_never(state)


async def _ended(task: asyncio.Task[NoReturn]) -> None:
    task.cancel()
    await asyncio.wait([task])
