"""One call of one owner while it goes on: its legs, its role and its way. Pure."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, assert_never

from bubbled.model import Call, CallId, CallState, Direction, Outcome, Owner, Via, ViaKind
from bubbled.pbx.ami import outcome, wording
from bubbled.pbx.ami.channel import RINGING, UP, Channel
from bubbled.pbx.ami.party import RemoteParty

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bubbled.number import Numbering
    from bubbled.pbx.ami.switchboard import Switchboard


class Role(Enum):
    """What the owner's leg is in the call."""

    CALLEE = auto()
    CALLER = auto()
    CLICK_TO_CALL = auto()
    PICKER = auto()


class Conversation:
    """What is known of one call; `call` makes of it the value that everybody else sees.

    Attributes:
        legs: the owner's channels in it; several only while several of his devices ring.
        leg: the one that counts: the first that rang, then the one that was lifted.
        talked: whether the two parties have talked.
        told_answer: whether the owner was told so.
        taken_by: the extension of the colleague who picked the call up.
        handed_over: whether the owner transferred the remote party away.
    """

    def __init__(self, call_id: CallId, owner: Owner, leg: Channel, role: Role) -> None:
        self.id = call_id
        self.owner = owner
        self.role = role
        self.legs = [leg]
        self.leg = leg
        self.party = RemoteParty()
        self.talked = False
        self.told_answer = False
        self.taken_by: str | None = None
        self.handed_over = False
        self.transferred_from: str | None = None
        self.transferred_to: str | None = None
        self.via = Via(ViaKind.CLICK_TO_CALL) if role is Role.CLICK_TO_CALL else None
        self._dialled: str | None = None
        self._outcome: Outcome | None = None
        self._told: tuple[object, ...] = ()
        self._call: Call | None = None
        if role is Role.CALLER:
            self._dialled = leg.dialled
            self.party.identify(leg.dialled, None)

    def call(self, numbering: Numbering) -> Call:
        """The call as it is now; the same object for as long as nothing changed."""
        facts = self._facts()
        if self._call is None or facts != self._told:
            self._told, self._call = facts, self._described(numbering)
        return self._call

    def _facts(self) -> tuple[object, ...]:
        """All that a call is made of; comparing these is cheaper than making a call."""
        party, leg = self.party, self.leg
        return (
            leg,
            leg.state,
            leg.held,
            self.role,
            self.talked,
            party.number,
            party.name,
            self._dialled,
            self.via,
            self.transferred_from,
            self.transferred_to,
            self.taken_by,
            self._outcome,
        )

    def _described(self, numbering: Numbering) -> Call:
        number, direction = self.party.number, self._direction()
        e164 = numbering.e164(number, is_dialled=direction is Direction.OUTBOUND)
        return Call(
            id=self.id,
            device=self.leg.device,
            direction=direction,
            state=self._state(),
            owner=self.owner,
            internal=e164 is None and wording.is_extension(number),
            number=number,
            e164=e164,
            name=self.party.name,
            dialled=self._dialled,
            via=self.via,
            transferred_from=self.transferred_from,
            transferred_to=self.transferred_to,
            answered_by=self.taken_by,
            outcome=self._outcome,
        )

    def _direction(self) -> Direction:
        outbound = self.role is Role.CALLER or self.role is Role.CLICK_TO_CALL
        return Direction.OUTBOUND if outbound else Direction.INBOUND

    def _state(self) -> CallState:
        if self._outcome is not None:
            return CallState.ENDED
        if self.talked:
            return CallState.HELD if self.leg.held else CallState.TALKING
        rings = self.role is Role.CALLEE or (self.role is Role.CLICK_TO_CALL and self.leg.state == RINGING)
        return CallState.RINGING if rings else CallState.DIALLING

    def observe(self, board: Switchboard) -> None:
        """Take in what the picture of the PBX now says of this call."""
        if self.leg.state != UP:
            self.leg = next((leg for leg in self.legs if leg.state == UP), self.leg)
        self.party.hear(self.leg)
        match self.role:
            case Role.CALLEE:
                self._observe_ringing(board)
            case Role.CLICK_TO_CALL:
                self._observe_destination(board)
            case Role.CALLER | Role.PICKER:
                pass
            case _:
                assert_never(self.role)
        if (peer := board.peer(self.leg)) is not None:
            self.party.meet(peer)
        self.talked = self.talked or self._talks(board)

    def _talks(self, board: Switchboard) -> bool:
        if self.leg.state != UP:
            return False
        if self.role in {Role.CALLEE, Role.PICKER} or board.peer(self.leg) is not None:
            return True
        return any(rung.dial_status == "ANSWER" and not rung.is_local for rung in self._rung(board))

    def _observe_ringing(self, board: Switchboard) -> None:
        if self.talked:
            return
        way = board.way_to(self.leg)
        if way.ringer is None:
            return
        self._dialled = self._dialled or way.ringer.dialled
        if way.ringer.handed_over_by:
            self.transferred_from = way.ringer.handed_over_by
            self.via = Via(ViaKind.TRANSFER, way.ringer.handed_over_by)
        self.via = self.via or way.via()
        self.party.meet(way.ringer)
        if self.party.number == self.leg.own_number and way.ringer.own_number == self.leg.own_number:
            self.party.identify(way.ringer.extension, None)

    def _observe_destination(self, board: Switchboard) -> None:
        """The number that the own phone shows may be its own; whom it really calls shows when that rings."""
        if self.talked:
            return
        for rung in self._rung(board):
            if not rung.is_local and rung not in self.legs:
                self.learn_destination(rung.own_number)
        self._dialled = self._dialled or self.party.number

    def _rung(self, board: Switchboard) -> Iterator[Channel]:
        """The channels that this call rings or rang, seen through Local pipes; the pipes too."""
        caller = self.leg
        if self.role is Role.CLICK_TO_CALL and caller.rung_by is not None:
            caller = board.way_to(caller).ringer or caller
        return board.rung_by(caller)

    def learn_destination(self, number: str | None) -> None:
        """Whom a click-to-call is for, from whoever knows."""
        if self.role is Role.CLICK_TO_CALL and not self.talked and wording.is_dialable(number):
            self.party.identify(number, None)

    def become_pickup(self, via: Via, peer: Channel | None) -> None:
        """What began as dialling a code or a parking space takes another's call."""
        self.role, self.via = Role.PICKER, via
        self._dialled = peer.dialled if peer is not None else None
        if self.leg.connected_number is None and peer is not None:
            self.party.identify(peer.own_number, peer.own_name)

    def hand_over(self, to: str | None, transferee: Channel | None) -> None:
        """The owner transferred the remote party to the extension `to`."""
        self.handed_over = True
        self.transferred_to = to
        if transferee is not None:
            self.party.return_to(transferee)

    def lose(self, leg: Channel) -> bool:
        """One of the legs is hung up; return whether that ends the call."""
        self.legs.remove(leg)
        if self.legs and (leg is not self.leg or leg.state != UP):
            if leg is self.leg:
                self.leg = self.legs[0]
            return False
        self.leg = leg
        return True

    def end(self, board: Switchboard, decided: Outcome | None = None) -> None:
        """Nothing follows; `decided` is the outcome where something else than the hangup tells."""
        self._outcome = decided or self._outcome_now(board)
        if self._outcome is Outcome.ANSWERED_ELSEWHERE:
            self.taken_by = self.taken_by or self._answerer(board)

    def _outcome_now(self, board: Switchboard) -> Outcome:
        if self.handed_over:
            return Outcome.TRANSFERRED
        if self.talked or self.role is Role.PICKER:
            return Outcome.ANSWERED
        if self.role is Role.CALLEE:
            return Outcome.ANSWERED_ELSEWHERE if self.taken_by else outcome.of_unanswered_inbound(self.leg)
        if self.role is Role.CLICK_TO_CALL and self.leg.state != UP:
            return outcome.of_own_phone(self.leg)
        rung = list(self._rung(board))
        if self.leg.state == UP and not rung:
            return Outcome.ANSWERED
        return outcome.of_unanswered_outbound(self.leg, rung)

    def _answerer(self, board: Switchboard) -> str | None:
        ringer = board.way_to(self.leg).ringer
        lifted = (
            (rung for rung in board.rung_by(ringer) if rung.state == UP and not rung.is_local)
            if ringer
            else ()
        )
        return next((rung.extension for rung in lifted), None)
