"""AMI events in, changes of the calls of any number of owners out. Pure: no clock, no I/O.

What the owners see rests on these rules (facts measured on Asterisk 12 to 22):
- A call is followed by the Uniqueid of the owner's own channel. Channels of others only tell who he talks to.
- A phone that is dialled counts from the moment it really rings; DialBegin alone promises nothing.
- Hangup of the leg ends the call; it is the one event that always comes, once. Parking ends it earlier.
- While several devices of one owner ring for one caller, that is one call.
- A phone that the PBX rings for its owner's own click-to-call is an outbound call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bubbled.model import Via, ViaKind
from bubbled.number import Numbering
from bubbled.pbx.ami.channel import RING, RINGING, UP, Channel
from bubbled.pbx.ami.conversation import Role
from bubbled.pbx.ami.mending import Mender, whole_rows
from bubbled.pbx.ami.movement import Movement
from bubbled.pbx.ami.register import Register
from bubbled.pbx.ami.switchboard import Switchboard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bubbled.model import Call, CallChange, CallId, Device, Owner
    from bubbled.pbx.ami.framing import Message
    from bubbled.story.circumstance import Heard

WANTED = frozenset(
    {
        "AttendedTransfer",
        "BlindTransfer",
        "BridgeEnter",
        "BridgeLeave",
        "DialBegin",
        "DialEnd",
        "Hangup",
        "Hold",
        "NewConnectedLine",
        "Newchannel",
        "Newstate",
        "OriginateResponse",
        "ParkedCall",
        "Pickup",
        "QueueCallerJoin",
        "Rename",
        "UnParkedCall",
        "Unhold",
    }
)
"""The events that the tracker reads; a filter on the PBX or in the client may keep all others away."""

_DIALS = frozenset({"DialBegin", "DialEnd"})


class Tracker:
    """Follows the calls of the owners of devices."""

    def __init__(
        self,
        owner_of: Callable[[Device], Owner | None],
        region: str,
        *,
        outside_prefix: str = "",
        serial: str = "",
    ) -> None:
        """Follow the devices for which `owner_of` knows an owner.

        Args:
            owner_of: whose phone a device is; None for a device that nobody here follows.
            region: where national numbers belong (ISO 3166).
            outside_prefix: what the users of this PBX dial for an outside line.
            serial: tells calls of one run of the daemon from those of another, where the PBX was given a
                Uniqueid that it may use again.
        """
        self._board = Switchboard()
        self._mender = Mender(self._board.uniqueid_of)
        self._register = Register(self._board, owner_of, Numbering(region, outside_prefix), serial)
        self._movement = Movement(self._board, self._register)

    @property
    def calls(self) -> list[Call]:
        """The calls that go on, in the order in which they began."""
        return self._register.calls

    def follow(
        self, owner_of: Callable[[Device], Owner | None], region: str, outside_prefix: str = ""
    ) -> list[CallChange]:
        """Follow other devices from now on: calls of those that are left end, calls of new ones begin."""
        self._register.follow(owner_of, Numbering(region, outside_prefix))
        for channel in list(self._board):
            self._look_at(channel)
        return self._register.take_changes()

    def apply(self, message: Message) -> list[CallChange]:
        """Take one message; return what it changed, in order."""
        for whole in self._mender.feed(message):
            self._take(whole)
        return self._register.take_changes()

    def flush(self) -> list[CallChange]:
        """Take what was held back for a continuation, where the stream has ended."""
        for whole in self._mender.flush():
            self._take(whole)
        return self._register.take_changes()

    def resync(self, rows: Iterable[Message]) -> list[CallChange]:
        """Take the whole answer to the Status action: what it does not list is over.

        A caller's forged line breaks may have taken rows apart; the parts are to be given in their order.
        """
        before, whole = self.channels, whole_rows(rows)
        listed = [channel for row in whole for channel in self._paint("Status", row)]
        # Only now, because the rows come in any order; who dialled first, because that call may hold others.
        for channel in sorted(listed, key=lambda channel: not channel.began_by_itself):
            self._look_at(channel)
        return self._register.take_changes() + self.drop(before - self._named_in(whole))

    def prune(self, rows: Iterable[Message], before: frozenset[str]) -> list[CallChange]:
        """Take a later answer to Status: what was known `before` it was asked, and is not listed, is over."""
        return self.drop(before - self._named_in(whole_rows(rows)))

    def _named_in(self, rows: list[Message]) -> set[str | None]:
        return {row.get("Uniqueid") or self._board.uniqueid_of(row["Channel"]) for row in rows}

    @property
    def channels(self) -> frozenset[str]:
        """The Uniqueids of all channels that the PBX is believed to have."""
        return frozenset(channel.uniqueid for channel in self._board)

    def drop(self, uniqueids: Iterable[str]) -> list[CallChange]:
        """End what belongs to channels whose Hangup was not seen."""
        for uniqueid in uniqueids:
            if (channel := self._board.channel(uniqueid)) is not None:
                self._board.remove(channel)
                self._register.hang_up(channel)
        return self._register.take_changes()

    def take_rung(self) -> Heard:
        """Give which phones rang, anybody's, since that was asked last."""
        return self._board.rung.take()

    def rang(self, call_id: CallId) -> tuple[Device, ...]:
        """The phones of the owner that have rung for one of the latest calls."""
        return self._register.rang(call_id)

    def _take(self, message: Message) -> None:
        event = message.get("Event", "")
        touched = self._paint(event, message)
        if event == "Hangup":
            for channel in touched:
                self._register.hang_up(channel)
            return
        if (move := self._movement.readers.get(event)) is not None:
            move(message)
        for channel in touched:
            self._look_at(channel)
        if event in _DIALS and self._register:
            self._look_again(message.get("DestLinkedid"))

    def _paint(self, event: str, message: Message) -> Iterable[Channel]:
        """Let an event change the picture of the PBX; return the channels that it changed."""
        reader = self._board.readers.get(event)
        return () if reader is None else reader(message)

    def _look_again(self, linkedid: str | None) -> None:
        """Dials of others tell how a call came to its owner, or how his own dialling goes."""
        for conversation in self._register:
            if conversation.leg.linkedid == linkedid:
                self._register.observe(conversation)

    def _look_at(self, channel: Channel) -> None:
        conversation = self._register.of(channel)
        if conversation is not None:
            self._register.observe(conversation)
        elif (owner := self._register.owner(channel)) is not None:
            self._consider(channel, owner)

    def _consider(self, leg: Channel, owner: Owner) -> None:
        """Begin a call with a leg of an owner, as soon as it is one."""
        role = self._role(leg)
        if role is None or (role is Role.CALLEE and self._belongs_to_another(leg, owner)):
            return
        conversation = self._register.begin(leg, owner, role)
        if role is Role.PICKER:
            conversation.become_pickup(Via(ViaKind.PICKUP), self._board.peer(leg))
        self._register.observe(conversation)

    def _role(self, leg: Channel) -> Role | None:
        if leg.rung_by is not None and leg.state in {RINGING, UP}:
            return Role.CLICK_TO_CALL if self._board.way_to(leg).from_own_pipe else Role.CALLEE
        if not leg.began_by_itself:
            return Role.CALLEE if leg.state in {RINGING, UP} else None
        if leg.originated or leg.state == RINGING:
            return Role.CLICK_TO_CALL if leg.state in {RINGING, UP} else None
        if leg.state not in {RING, UP}:
            return None
        if not self._movement.is_code(leg.dialled) or leg.rings:
            return Role.CALLER
        return Role.PICKER if self._board.peer(leg) is not None else None

    def _belongs_to_another(self, leg: Channel, owner: Owner) -> bool:
        """Whether this leg is one more phone of a call that the owner has already; it joins that call."""
        ringer = self._board.way_to(leg).ringer
        if ringer is None:
            return False
        dialling = self._register.of(ringer)
        if dialling is not None and dialling.owner == owner:
            self._register.ignore(leg)
            return True
        for conversation in self._register:
            rings = conversation.role is Role.CALLEE and not conversation.talked
            if rings and conversation.owner == owner and conversation.party.peer is ringer:
                self._register.join(conversation, leg)
                return True
        return False
