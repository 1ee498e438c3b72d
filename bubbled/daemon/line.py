"""A line to the PBX: one tracker, served by one connection after another. That by AMI is here."""

from __future__ import annotations

import asyncio
import secrets
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar, Final, NoReturn, Protocol, assert_never

import structlog

from bubbled.control.status import Connection, ConnectionState
from bubbled.pbx.ami.source import AmiSource
from bubbled.pbx.ami.tracker import Tracker
from bubbled.pbx.consequence import beside
from bubbled.pbx.state import Connecting, Down, Refused, State, Up

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from bubbled.error import PbxError
    from bubbled.model import CallChange, CallId, Device, Owner
    from bubbled.pbx.ami.access import Access
    from bubbled.pbx.ami.originator import Originator
    from bubbled.pbx.ami.team_note import TeamNote
    from bubbled.story.circumstance import Heard

_PAUSE_AFTER_DEFECT_S: Final = 5.0
_DEFECT: Final = "Following the PBX failed by a defect of bubbled: it begins anew. Its log tells more."

log = structlog.get_logger()


class Source(Protocol):
    """What follows a PBX over one access."""

    async def run(self) -> NoReturn:
        """Follow it until cancelled."""


class Line(ABC):
    """Follows the PBX, whatever becomes of a connection.

    Attributes:
        way: what it goes by, for people.
        connection: how it stands with the PBX, for `status`.
        other: the line that follows the same calls by the other way, where there is one.
    """

    way: ClassVar[str]

    def __init__(
        self, place: str, on_connection: Callable[[Connection], None], now: Callable[[], datetime]
    ) -> None:
        """Prepare; `run` connects. The callback must not block nor raise."""
        self._place = place
        self._on_connection = on_connection
        self._now = now
        self._running: asyncio.Task[NoReturn] | None = None
        self.connection = Connection(host=place, state=ConnectionState.CONNECTING, since=now())
        self.other: Line | None = None

    @property
    @abstractmethod
    def source(self) -> Source:
        """What follows the PBX now."""

    @property
    def is_up(self) -> bool:
        """Whether calls are followed by it now."""
        return self.connection.state is ConnectionState.CONNECTED

    @property
    def trouble(self) -> str | None:
        """Why calls are not followed by it, in one line; None where they are, and where nobody knows."""
        return None if self.connection.detail is None else self.in_words(self.connection.detail)

    def in_words(self, reason: PbxError | str) -> str:
        """Say why calls are not followed by it, and what that means while the other line is as it is now."""
        return beside(str(reason), self.other.way) if self.other and self.other.is_up else str(reason)

    @property
    def is_cut_off(self) -> bool:
        """Whether the next try to reach the PBX may be minutes away."""
        return self.connection.state in {ConnectionState.REFUSED, ConnectionState.WAITING}

    async def run(self) -> NoReturn:
        """Follow the PBX until cancelled, through changes of access and through defects of our own."""
        while True:
            self._running = asyncio.create_task(self.source.run(), name="PBX")
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

    def _reconnect(self, place: str) -> None:
        """Let `source`, which is another by now, follow the PBX."""
        self._place = place
        self._tell(ConnectionState.CONNECTING, None)
        if self._running is not None:
            self._running.cancel()

    def _state_changed(self, state: State) -> None:
        connection_state, detail = _described(state)
        if connection_state is ConnectionState.CONNECTING and self.connection.detail is not None:
            return  # trying again is no news, the reason for it stays
        self._tell(connection_state, detail)

    def _tell(self, state: ConnectionState, detail: str | None) -> None:
        since = self.connection.since if state is self.connection.state else self._now()
        self.connection = Connection(host=self._place, state=state, since=since, detail=detail)
        self._on_connection(self.connection)


class AmiLine(Line):
    """A line by AMI.

    Attributes:
        access: how the PBX is reached.
        on_note: told what is noted in the team; None: nobody wants to know. It counts from the next
            `connect_with` on.
    """

    way = "AMI"

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
        super().__init__(str(access.address), on_connection, now)
        self.access = access
        self.on_note = on_note
        self._tracker = Tracker(
            owner_of, region, outside_prefix=outside_prefix, serial=f"{secrets.token_hex(3)}."
        )
        self._on_changes = on_changes
        self._on_click = on_click
        self._source = self._new_source()

    @property
    def source(self) -> AmiSource:
        """See `Line`."""
        return self._source

    @property
    def may_resync(self) -> bool | None:
        """Whether the account may ask for calls in progress; None before that was tried."""
        return self._source.may_resync

    @property
    def originator(self) -> Originator:
        """Places calls on the PBX, over the connection that there is now."""
        return self._source.originator

    def take_heard(self) -> Heard:
        """Give which phones rang, anybody's, since that was asked last."""
        return self._tracker.take_rung()

    def rang(self, call_id: CallId) -> tuple[Device, ...]:
        """The phones that have rung for one of the latest calls."""
        return self._tracker.rang(call_id)

    async def tell_team(self, note: TeamNote) -> None:
        """Tell everybody in the team what the user noted; see `AmiSource.tell_team` for what it raises."""
        await self._source.tell_team(note)

    def connect_with(self, access: Access) -> None:
        """Leave the PBX and connect by another access; calls go on as far as the PBX lists them then."""
        self.access = access
        self._source = self._new_source()
        self._reconnect(str(access.address))

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
            in_words=self.in_words,
        )


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
