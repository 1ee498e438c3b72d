"""AMI events in, changes of the calls of any number of owners out. Pure: no clock, no I/O.

What the owners see rests on these rules (facts measured on Asterisk 12 to 22):
- A call is followed by the Uniqueid of the owner's own channel. Channels of others only tell who he talks to.
- A phone that is dialled counts from the moment it really rings; DialBegin alone promises nothing.
- Hangup of the leg ends the call; it is the one event that always comes, once. Parking ends it earlier.
- While several devices of one owner ring for one caller, that is one call.
- A phone that the PBX rings for its owner's own click-to-call is an outbound call.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bubbled.model import CallChange, CallId, ChangeKind, Outcome, Via, ViaKind
from bubbled.pbx.ami import wording
from bubbled.pbx.ami.channel import RING, RINGING, UP, Channel
from bubbled.pbx.ami.conversation import Conversation, Role
from bubbled.pbx.ami.mending import Mender, whole_rows
from bubbled.pbx.ami.switchboard import Switchboard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bubbled.model import Call, Device, Owner
    from bubbled.pbx.ami.framing import Message

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

_ASTERISKS_OWN = re.compile(r"(?:.+-)?\d+\.\d+")
"""A Uniqueid that Asterisk made, never to be used again: its `systemname`, if any, start and a counter."""


class Tracker:
    """Follows the calls of the owners of devices."""

    def __init__(self, owner_of: Callable[[Device], Owner | None], region: str, *, serial: str = "") -> None:
        """Follow the devices for which `owner_of` knows an owner.

        Args:
            owner_of: whose phone a device is; None for a device that nobody here follows.
            region: where national numbers belong (ISO 3166).
            serial: tells calls of one run of the daemon from those of another, where the PBX was given a
                Uniqueid that it may use again.
        """
        self._owner_of = owner_of
        self._owners: dict[Device, Owner | None] = {}
        self._region = region
        self._serial = serial
        self._board = Switchboard()
        self._mender = Mender(self._board.uniqueid_of)
        self._conversations: dict[Channel, Conversation] = {}
        self._last: dict[CallId, Call] = {}
        self._over: set[Channel] = set()
        self._parked: dict[str, Channel] = {}
        self._used_ids: dict[str, int] = {}
        self._changes: list[CallChange] = []
        self._decisions: dict[str, Callable[[Message], None]] = {
            "AttendedTransfer": self._transferred_attended,
            "BlindTransfer": self._transferred_blind,
            "DialBegin": self._dialled_upon,
            "OriginateResponse": self._originated,
            "ParkedCall": self._parked_call,
            "Pickup": self._picked_up,
            "UnParkedCall": self._unparked_call,
        }

    @property
    def calls(self) -> list[Call]:
        """The calls that go on, in the order in which they began."""
        return list(self._last.values())

    def follow(self, owner_of: Callable[[Device], Owner | None], region: str) -> list[CallChange]:
        """Follow other devices from now on: calls of those that are left end, calls of new ones begin."""
        self._owner_of, self._region = owner_of, region
        self._owners.clear()
        for conversation in dict.fromkeys(self._conversations.values()):
            if owner_of(conversation.leg.device) != conversation.owner:
                self._end(conversation)
        for channel in list(self._board):
            self._look_at(channel)
        return self._taken()

    def apply(self, message: Message) -> list[CallChange]:
        """Take one message; return what it changed, in order."""
        for whole in self._mender.feed(message):
            self._take(whole)
        return self._taken()

    def flush(self) -> list[CallChange]:
        """Take what was held back for a continuation, where the stream has ended."""
        for whole in self._mender.flush():
            self._take(whole)
        return self._taken()

    def resync(self, rows: Iterable[Message]) -> list[CallChange]:
        """Take the whole answer to the Status action: what it does not list is over.

        A caller's forged line breaks may have taken rows apart; the parts are to be given in their order.
        """
        before, whole = self.channels, whole_rows(rows)
        listed = [channel for row in whole for channel in self._board.read(row)]
        # Only now, because the rows come in any order; who dialled first, because that call may hold others.
        for channel in sorted(listed, key=lambda channel: not channel.began_by_itself):
            self._look_at(channel)
        return self._taken() + self.drop(before - self._named_in(whole))

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
                self._hung_up(channel)
        return self._taken()

    def _taken(self) -> list[CallChange]:
        if not self._changes:
            return []
        changes, self._changes = self._changes, []
        return changes

    def _take(self, message: Message) -> None:
        event = message.get("Event", "")
        touched = self._board.read(message)
        if event == "Hangup":
            for channel in touched:
                self._hung_up(channel)
            return
        if (decide := self._decisions.get(event)) is not None:
            decide(message)
        for channel in touched:
            self._look_at(channel)
        if event in _DIALS and self._conversations:
            self._look_again(message.get("DestLinkedid"))

    def _look_again(self, linkedid: str | None) -> None:
        """Dials of others tell how a call came to its owner, or how his own dialling goes."""
        for conversation in dict.fromkeys(self._conversations.values()):
            if conversation.leg.linkedid == linkedid:
                self._observe(conversation)

    def _look_at(self, channel: Channel) -> None:
        conversation = self._conversations.get(channel)
        if conversation is not None:
            self._observe(conversation)
        elif not channel.is_local and (owner := self._owner(channel.device)) is not None:
            self._consider(channel, owner)

    def _owner(self, device: Device) -> Owner | None:
        """Whose phone it is; asked for nearly every event, so that the answers are kept."""
        try:
            return self._owners[device]
        except KeyError:
            return self._owners.setdefault(device, self._owner_of(device))

    def _consider(self, leg: Channel, owner: Owner) -> None:
        """Begin a call with a leg of an owner, as soon as it is one."""
        role = None if leg in self._over else self._role(leg)
        if role is None:
            return
        if role is Role.CALLEE and self._belongs_to_another(leg, owner):
            return
        conversation = Conversation(self._new_id(leg), owner, leg, role)
        self._conversations[leg] = conversation
        if role is Role.PICKER:
            conversation.become_pickup(Via(ViaKind.PICKUP), self._board.peer(leg))
        self._observe(conversation)

    def _role(self, leg: Channel) -> Role | None:
        if leg.rung_by is not None and leg.state in {RINGING, UP}:
            return Role.CLICK_TO_CALL if self._board.way_to(leg).from_own_pipe else Role.CALLEE
        if not leg.began_by_itself:
            return Role.CALLEE if leg.state in {RINGING, UP} else None
        if leg.originated or leg.state == RINGING:
            return Role.CLICK_TO_CALL if leg.state in {RINGING, UP} else None
        if leg.state not in {RING, UP}:
            return None
        if not self._is_code(leg.dialled) or leg.rings:
            return Role.CALLER
        return Role.PICKER if self._board.peer(leg) is not None else None

    def _is_code(self, dialled: str | None) -> bool:
        """Whether this was dialled to make the PBX do something, such as to pick up another's call."""
        if dialled is None:
            return False
        parked = self._parked.get(dialled)
        return dialled.startswith(("*", "#")) or (parked is not None and not parked.gone)

    def _belongs_to_another(self, leg: Channel, owner: Owner) -> bool:
        """Whether this leg is one more phone of a call that the owner has already; it joins that call."""
        ringer = self._board.way_to(leg).ringer
        if ringer is None:
            return False
        dialling = self._conversations.get(ringer)
        if dialling is not None and dialling.owner == owner:
            self._over.add(leg)
            return True
        for conversation in self._conversations.values():
            rings = conversation.role is Role.CALLEE and not conversation.talked
            if rings and conversation.owner == owner and conversation.party.peer is ringer:
                conversation.legs.append(leg)
                self._conversations[leg] = conversation
                self._observe(conversation)
                return True
        return False

    def _new_id(self, leg: Channel) -> CallId:
        times_used = self._used_ids.get(leg.uniqueid, 0)
        own = _ASTERISKS_OWN.fullmatch(leg.uniqueid) is not None and not times_used
        if not own:
            self._used_ids[leg.uniqueid] = times_used + 1
        return CallId(leg.uniqueid if own else f"{leg.uniqueid}~{self._serial}{times_used + 1}")

    def _observe(self, conversation: Conversation) -> None:
        conversation.observe(self._board)
        self._tell(conversation)

    def _tell(self, conversation: Conversation) -> None:
        call = conversation.call(self._region)
        before = self._last.get(call.id)
        if call is before and (conversation.told_answer or not conversation.talked):
            return
        self._last[call.id] = call
        if before is None:
            self._changes.append(CallChange(ChangeKind.STARTED, call))
        if conversation.talked and not conversation.told_answer:
            conversation.told_answer = True
            self._changes.append(CallChange(ChangeKind.ANSWERED, call))
        elif before is not None and before != call:
            self._changes.append(CallChange(ChangeKind.UPDATED, call))

    def _end(self, conversation: Conversation, outcome: Outcome | None = None) -> None:
        conversation.end(self._board, outcome)
        for leg in (*conversation.legs, conversation.leg):
            self._conversations.pop(leg, None)
            if not leg.gone:
                self._over.add(leg)
        if self._last.pop(conversation.id, None) is not None:
            self._changes.append(CallChange(ChangeKind.ENDED, conversation.call(self._region)))

    def _hung_up(self, channel: Channel) -> None:
        self._over.discard(channel)
        conversation = self._conversations.get(channel)
        if conversation is not None:
            if conversation.lose(channel):
                self._end(conversation)
            else:
                del self._conversations[channel]
                self._tell(conversation)

    def _picked_up(self, message: Message) -> None:
        picker, target = self._board.named(message), self._board.named(message, "Target")
        if picker is not None and target is not None:
            self._pick_up(picker, target)

    def _dialled_upon(self, message: Message) -> None:
        """A phone that dials is dialled itself: chan_sip says so when it picks up another's call."""
        picker, ringer = self._board.named(message, "Dest"), self._board.named(message)
        if picker is None or ringer is None:
            return
        for conversation in self._talking_with(ringer):
            if conversation.handed_over:
                self._end(conversation)
        if not picker.began_by_itself or picker.state not in {RING, UP}:
            return
        for target in ringer.rings:
            if target is not picker and target.state == RINGING:
                self._pick_up(picker, target)

    def _pick_up(self, picker: Channel, target: Channel) -> None:
        if (taken := self._conversations.get(target)) is not None:
            taken.taken_by = picker.extension
        ringer = self._board.way_to(target).ringer
        self._become_pickup(picker, Via(ViaKind.PICKUP, target.extension), ringer)

    def _become_pickup(self, leg: Channel, via: Via, peer: Channel | None) -> None:
        conversation = self._conversations.get(leg)
        if conversation is None:
            owner = self._owner(leg.device)
            if owner is None or leg in self._over:
                return
            conversation = Conversation(self._new_id(leg), owner, leg, Role.PICKER)
            self._conversations[leg] = conversation
        conversation.become_pickup(via, peer)
        self._observe(conversation)

    def _parked_call(self, message: Message) -> None:
        parkee = self._board.named(message, "Parkee")
        if parkee is None:
            return
        parkee.parked_in = message.get("ParkingSpace", "")
        parkee.handed_over_by = None  # parking by a transfer is no transfer, whichever event came first
        self._parked[parkee.parked_in] = parkee
        parker = message.get("ParkerDialString")
        for conversation in self._talking_with(parkee):
            if conversation.leg.device == parker:
                self._end(conversation, Outcome.PARKED)

    def _talking_with(self, peer: Channel) -> list[Conversation]:
        return [each for each in self._conversations.values() if each.talked and each.party.peer is peer]

    def _unparked_call(self, message: Message) -> None:
        space = message.get("ParkingSpace", "")
        self._parked.pop(space, None)
        parkee, retriever = self._board.named(message, "Parkee"), self._board.named(message, "Retriever")
        if parkee is not None:
            parkee.parked_in = None
        if retriever is not None:
            self._become_pickup(retriever, Via(ViaKind.PARK, space), parkee)

    def _originated(self, message: Message) -> None:
        """Whom a click-to-call is for, where neither caller ID nor connected line said so before."""
        for leg, conversation in self._conversations.items():
            if leg.uniqueid == message.get("Uniqueid") and conversation.party.number is None:
                conversation.learn_destination(wording.known(message.get("Exten")))
                self._observe(conversation)

    def _transferred_blind(self, message: Message) -> None:
        transferer = self._board.named(message, "Transferer")
        if message.get("Result") != "Success" or transferer is None:
            return
        transferee = self._board.peer(transferer) or self._board.named(message, "Transferee")
        if transferee is not None and transferee.parked_in is None:
            transferee.handed_over_by = transferer.extension
        if (conversation := self._conversations.get(transferer)) is not None:
            conversation.hand_over(wording.known(message.get("Extension")), transferee)
            self._tell(conversation)

    def _transferred_attended(self, message: Message) -> None:
        board = self._board
        first, second = board.named(message, "OrigTransferer"), board.named(message, "SecondTransferer")
        if message.get("Result") != "Success" or message.get("DestType") == "Threeway" or first is None:
            return
        transferee = board.named(message, "Transferee")
        target = board.named(message, "TransferTarget")
        if transferee is not None:
            transferee.handed_over_by = first.extension
            target = target or (board.peer(transferee) if second is first else None)
        self._hand_over(first, self._receiver(first, second, target), transferee)
        if second is not None and second is not first:
            self._hand_over(second, None, None)
        for receiver in (target, transferee):
            if receiver in self._conversations:
                self._conversations[receiver].transferred_from = first.extension
                self._observe(self._conversations[receiver])

    def _receiver(self, first: Channel, second: Channel | None, target: Channel | None) -> str | None:
        """The extension that gets a call by attended transfer."""
        if target is not None and not target.is_local and target is not first:
            return target.extension
        consulted = self._conversations.get(first) if second is first else None
        if consulted is not None:
            return consulted.party.number
        return second.exten if second is not None else None

    def _hand_over(self, transferer: Channel, to: str | None, transferee: Channel | None) -> None:
        if (conversation := self._conversations.get(transferer)) is not None:
            conversation.hand_over(to, transferee)
            self._end(conversation)
