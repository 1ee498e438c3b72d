"""How calls move from one phone to another: pickup, parking, transfers, and the PBX's own dialling. Pure.

These are the events that decide something, where others only paint the picture of the PBX.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bubbled.model import Outcome, Via, ViaKind
from bubbled.pbx.ami import wording
from bubbled.pbx.ami.channel import RING, RINGING, UP, Channel
from bubbled.pbx.ami.conversation import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bubbled.pbx.ami.framing import Message
    from bubbled.pbx.ami.register import Register
    from bubbled.pbx.ami.switchboard import Switchboard


class Movement:
    """Moves the calls of a register as the PBX says, after its event has been painted on the board.

    Attributes:
        readers: what takes each event that moves a call.
    """

    def __init__(self, board: Switchboard, register: Register) -> None:
        self._board = board
        self._register = register
        self._parked: dict[str, Channel] = {}
        self.readers: Final[Mapping[str, Callable[[Message], None]]] = {
            "AttendedTransfer": self._transferred_attended,
            "BlindTransfer": self._transferred_blind,
            "DialBegin": self._dialled_upon,
            "OriginateResponse": self._originated,
            "ParkedCall": self._parked_call,
            "Pickup": self._picked_up,
            "UnParkedCall": self._unparked_call,
        }

    def is_code(self, dialled: str | None) -> bool:
        """Whether this was dialled to make the PBX do something, such as to pick up another's call."""
        if dialled is None:
            return False
        parked = self._parked.get(dialled)
        return dialled.startswith(("*", "#")) or (parked is not None and not parked.gone)

    def _picked_up(self, message: Message) -> None:
        picker, target = self._board.named(message), self._board.named(message, "Target")
        if picker is not None and target is not None:
            self._pick_up(picker, target)

    def _dialled_upon(self, message: Message) -> None:
        """A phone that dials is dialled itself: chan_sip says so when it picks up another's call."""
        picker, ringer = self._board.named(message, "Dest"), self._board.named(message)
        if picker is None or ringer is None:
            return
        for conversation in self._register.with_peer(ringer):
            if conversation.handed_over:
                self._register.end(conversation)
        if not picker.began_by_itself or picker.state not in {RING, UP}:
            return
        for target in ringer.rings:
            if target is not picker and target.state == RINGING:
                self._pick_up(picker, target)

    def _pick_up(self, picker: Channel, target: Channel) -> None:
        if (taken := self._register.of(target)) is not None:
            taken.taken_by = picker.extension
        ringer = self._board.way_to(target).ringer
        self._become_pickup(picker, Via(ViaKind.PICKUP, target.extension), ringer)

    def _become_pickup(self, leg: Channel, via: Via, peer: Channel | None) -> None:
        conversation = self._register.of(leg)
        if conversation is None:
            owner = self._register.owner(leg)
            if owner is None:
                return
            conversation = self._register.begin(leg, owner, Role.PICKER)
        conversation.become_pickup(via, peer)
        self._register.observe(conversation)

    def _parked_call(self, message: Message) -> None:
        parkee = self._board.named(message, "Parkee")
        if parkee is None:
            return
        parkee.parked_in = message.get("ParkingSpace", "")
        parkee.handed_over_by = None  # parking by a transfer is no transfer, whichever event came first
        self._parked[parkee.parked_in] = parkee
        parker = message.get("ParkerDialString")
        for conversation in self._register.with_peer(parkee):
            if conversation.leg.device == parker:
                self._register.end(conversation, Outcome.PARKED)

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
        for conversation in self._register:
            own = conversation.leg.uniqueid == message.get("Uniqueid")
            if own and conversation.party.number is None:
                conversation.learn_destination(wording.known(message.get("Exten")))
                self._register.observe(conversation)

    def _transferred_blind(self, message: Message) -> None:
        transferer = self._board.named(message, "Transferer")
        if message.get("Result") != "Success" or transferer is None:
            return
        transferee = self._board.peer(transferer) or self._board.named(message, "Transferee")
        if transferee is not None and transferee.parked_in is None:
            transferee.handed_over_by = transferer.extension
        if (conversation := self._register.of(transferer)) is not None:
            conversation.hand_over(wording.known(message.get("Extension")), transferee)
            self._register.tell(conversation)

    def _transferred_attended(self, message: Message) -> None:
        board = self._board
        first, second = board.named(message, "OrigTransferer"), board.named(message, "SecondTransferer")
        if message.get("Result") != "Success" or message.get("DestType") == "Threeway" or first is None:
            return
        transferee = board.named(message, "Transferee")
        target = board.named(message, "TransferTarget")
        if transferee is not None:
            transferee.handed_over_by = first.extension
            if second is first and (target is None or target.is_local):
                target = board.peer(transferee) or target
        self._hand_over(first, self._receiver(first, second, target), transferee)
        if second is not None and second is not first:
            self._hand_over(second, None, None)
        for receiver in (target, transferee, *self._ringing_for(second, target)):
            received = None if receiver is None else self._register.of(receiver)
            if received is not None:
                received.transferred_from = first.extension
                self._register.observe(received)

    def _ringing_for(self, second: Channel | None, target: Channel | None) -> Iterator[Channel]:
        """The phones that still ring for who transfers, and from now on for the one who is transferred."""
        ringer = second if target is None else target.half
        if ringer is not None:
            yield from (phone for phone in self._board.rung_by(ringer) if phone.state == RINGING)

    def _receiver(self, first: Channel, second: Channel | None, target: Channel | None) -> str | None:
        """The extension that gets a call by attended transfer."""
        if target is not None and not target.is_local and target is not first:
            return target.extension
        consulted = self._register.of(first) if second is first else None
        if consulted is not None:
            return consulted.party.number
        return second.exten if second is not None else None

    def _hand_over(self, transferer: Channel, to: str | None, transferee: Channel | None) -> None:
        if (conversation := self._register.of(transferer)) is not None:
            conversation.hand_over(to, transferee)
            self._register.end(conversation)
