"""All lines to the PBX as one: by AMI, by SIP, or by both, which then tell each call once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final, NoReturn, Protocol

from bubbled.control.status import ConnectionState
from bubbled.daemon.line import AmiLine
from bubbled.daemon.sip_line import SipLine
from bubbled.error import PbxError
from bubbled.model import CallChange, CallState, ChangeKind
from bubbled.pbx.confluence import Confluence, Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from bubbled.control.status import Connection
    from bubbled.daemon.line import Line
    from bubbled.model import Call, CallId, Device, Failure, Owner
    from bubbled.pbx.ami.access import Access
    from bubbled.pbx.ami.click_to_call import Click
    from bubbled.pbx.ami.team_note import TeamNote
    from bubbled.pbx.sip.access import SipAccess
    from bubbled.story.circumstance import Heard

_BEST_FIRST: Final = (
    ConnectionState.CONNECTED,
    ConnectionState.CONNECTING,
    ConnectionState.WAITING,
    ConnectionState.REFUSED,
)


@dataclass(frozen=True, slots=True)
class PbxAccess:
    """How the PBX is reached: one way at least."""

    ami: Access | None = None
    sip: SipAccess | None = None

    @property
    def identity(self) -> object:
        """What makes another connection of it when it changes; how certificates are checked aside."""
        ami = self.ami and (self.ami.address, self.ami.credentials)
        sip = self.sip and replace(self.sip, tls=None)
        return ami, sip


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """Whose calls are told.

    Attributes:
        owner_of: whose phone a device is.
        device: the user's phone, as whose calls those by SIP are told.
        region: where national numbers belong (ISO 3166).
        outside_prefix: what is dialled for an outside line.
    """

    owner_of: Callable[[Device], Owner | None]
    device: Device
    region: str
    outside_prefix: str = ""


class PlacesCalls(Protocol):
    """Has the user's phone call somebody."""

    async def dial(self, click: Click) -> Failure | None:
        """Ask for a call, once; None: it was understood.

        Raises:
            PbxError: calls cannot be asked for at all; nothing was begun.
        """

    async def device_state(self, device: Device) -> str | None:
        """Ask how a phone is, in Asterisk's words; None: nobody tells."""


class Switchboard:
    """Follows the PBX by every way that the settings name.

    Attributes:
        access: these ways.
        on_note: told what is noted in the team, by AMI alone; None: nobody wants to know. It counts from the
            next `connect_with` on.
    """

    def __init__(  # noqa: PLR0913 - whom to call, whom to follow, whom to tell
        self,
        access: PbxAccess,
        followed: Followed,
        *,
        on_changes: Callable[[Sequence[CallChange]], None],
        on_click: Callable[[Sequence[CallChange]], None],
        on_connection: Callable[[Connection], None],
        on_can_dial: Callable[[], None] = lambda: None,
        on_note: Callable[[TeamNote], None] | None = None,
        now: Callable[[], datetime],
    ) -> None:
        """Prepare; `run` connects. The callbacks must not block nor raise.

        `on_can_dial` is told that `can_dial` may be another.
        """
        self.access = access
        self._followed = followed
        self._on_changes = on_changes
        self._on_click = on_click
        self._on_connection = on_connection
        self._on_can_dial = on_can_dial
        self.on_note = on_note
        self._now = now
        self._rewired = asyncio.Event()
        self._calls: dict[CallId, Call] = {}
        self._wire()

    @property
    def connection(self) -> Connection:
        """How it stands with the PBX: by the way that works best, with what is wrong with the other."""
        lines = sorted(self._lines, key=_rank)
        troubles = (line.trouble for line in lines if line.trouble)
        return replace(lines[0].connection, detail=next(troubles, None))

    @property
    def ways(self) -> str:
        """By what the PBX is followed: `ami`, `sip` or `ami, sip`."""
        return ", ".join(name for name, line in (("ami", self._ami), ("sip", self._sip)) if line is not None)

    @property
    def is_cut_off(self) -> bool:
        """Whether the next try to reach the PBX, on one of the ways, may be minutes away."""
        return any(line.is_cut_off for line in self._lines)

    @property
    def can_dial(self) -> bool:
        """Whether the user can call from the computer, as far as is known: by SIP alone he often cannot."""
        return self._ami is not None or self._sip is None or self._sip.can_dial

    @property
    def originator(self) -> PlacesCalls:
        """Places calls, by AMI where there is AMI."""
        if self._ami is not None:
            return self._ami.originator
        assert self._sip is not None  # noqa: S101 - one of the two there is
        return self._sip.originator

    async def run(self) -> NoReturn:
        """Follow the PBX until cancelled, also when the ways are exchanged meanwhile."""
        while True:
            self._rewired.clear()
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(line.run()) for line in self._lines]
                await self._rewired.wait()
                for task in tasks:
                    task.cancel()

    async def tell_team(self, note: TeamNote) -> None:
        """Tell everybody in the team what the user noted.

        Raises:
            PbxError: it is not known to have been told; by SIP alone it never is.
        """
        if self._ami is None:
            raise PbxError("Notes go to colleagues by AMI alone: they were not told. Ask for an AMI account.")
        await self._ami.tell_team(note)

    def take_heard(self) -> Heard | None:
        """Give which phones rang, anybody's, since that was asked last; None: by SIP alone nobody knows."""
        return None if self._ami is None else self._ami.take_heard()

    def rang(self, call_id: CallId) -> tuple[Device, ...]:
        """The phones that have rung for one of the latest calls, as far as AMI tells."""
        return () if self._ami is None else self._ami.rang(call_id)

    def connect_with(self, access: PbxAccess) -> None:
        """Connect anew, by another access."""
        old, self.access = self.access, access
        if (old.ami is None, old.sip is None) != (access.ami is None, access.sip is None):
            self._lose_sight()
            self._wire()
            self._on_can_dial()
            self._rewired.set()
            return
        if self._ami is not None and access.ami is not None:
            self._ami.on_note = self.on_note
            self._ami.connect_with(access.ami)
        if self._sip is not None and access.sip is not None:
            self._sip.connect_with(access.sip)

    def follow(self, followed: Followed) -> None:
        """Follow other devices from now on."""
        self._followed = followed
        if self._ami is not None:
            self._ami.follow(followed.owner_of, followed.region, followed.outside_prefix)
        if self._sip is not None:
            self._sip.follow(followed.device, followed.region, followed.outside_prefix)

    def _wire(self) -> None:
        access, followed = self.access, self._followed
        self._confluence = Confluence() if access.ami and access.sip else None
        self._ami = self._ami_line(access.ami, followed) if access.ami else None
        self._sip = self._sip_line(access.sip, followed) if access.sip else None
        if self._ami is not None and self._sip is not None:
            self._ami.other, self._sip.other = self._sip, self._ami
        self._lines: list[Line] = [line for line in (self._ami, self._sip) if line is not None]

    def _ami_line(self, access: Access, followed: Followed) -> AmiLine:
        return AmiLine(
            access,
            owner_of=followed.owner_of,
            region=followed.region,
            outside_prefix=followed.outside_prefix,
            on_changes=partial(self._heard, Origin.AMI),
            on_click=partial(self._clicked, Origin.AMI),
            on_connection=partial(self._connection_changed, Origin.AMI),
            on_note=self.on_note,
            now=self._now,
        )

    def _sip_line(self, access: SipAccess, followed: Followed) -> SipLine:
        return SipLine(
            access,
            device=followed.device,
            region=followed.region,
            outside_prefix=followed.outside_prefix,
            on_changes=partial(self._heard, Origin.SIP),
            on_click=partial(self._clicked, Origin.SIP),
            on_connection=partial(self._connection_changed, Origin.SIP),
            on_can_dial=self._on_can_dial,
            now=self._now,
        )

    def _heard(self, origin: Origin, changes: Sequence[CallChange]) -> None:
        told = self._joined(origin, changes)
        for change in told:
            if change.kind is ChangeKind.ENDED:
                self._calls.pop(change.call.id, None)
            else:
                self._calls[change.call.id] = change.call
        if told:
            self._on_changes(told)

    def _clicked(self, origin: Origin, changes: Sequence[CallChange]) -> None:
        if told := self._joined(origin, changes):
            self._on_click(told)

    def _joined(self, origin: Origin, changes: Sequence[CallChange]) -> Sequence[CallChange]:
        if self._confluence is None:
            return changes
        return self._confluence.feed(origin, changes, asyncio.get_running_loop().time())

    def _connection_changed(self, origin: Origin, connection: Connection) -> None:
        if self._confluence is not None:
            self._confluence.reached(origin, is_up=connection.state is ConnectionState.CONNECTED)
        self._on_connection(self.connection)

    def _lose_sight(self) -> None:
        """End the calls that go on: nobody will see how they end."""
        going, self._calls = self._calls, {}
        ended = [replace(call, state=CallState.ENDED) for call in going.values()]
        self._on_changes([CallChange(ChangeKind.ENDED, call) for call in ended])


def _rank(line: Line) -> int:
    return _BEST_FIRST.index(line.connection.state)
