"""The calls that go on, by the legs that belong to them, and what is to be told of them. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from bubbled.model import CallChange, CallId, ChangeKind
from bubbled.pbx.ami.conversation import Conversation, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bubbled.model import Call, Device, Outcome, Owner
    from bubbled.number import Numbering
    from bubbled.pbx.ami.channel import Channel
    from bubbled.pbx.ami.switchboard import Switchboard

_ASTERISKS_OWN = re.compile(r"(?:.+-)?\d+\.\d+")
"""A Uniqueid that Asterisk made, never to be used again: its `systemname`, if any, start and a counter."""

_MOST_USED_IDS = 4096
"""Whoever uses an id again does it soon."""

_MOST_RANG = 256
"""Calls of which it is remembered which phones rang; more do not go on at once."""

_MOST_DEVICES = 4096
"""Whose owner is remembered. Some trunks have the caller's number in the name of each channel."""


def _is_own_end(pipe: Channel) -> bool:
    """Whether a Local channel stands for a phone: the near end of a pipe that the PBX itself made.

    So it is when a click makes a mobile ring through `Local/`; all other pipes lead to somebody else's end.
    """
    return pipe.originated and pipe.name.endswith(";1")


def _remembering(owner_of: Callable[[Device], Owner | None]) -> Callable[[Device], Owner | None]:
    """The same, for it is asked for nearly every event."""
    return lru_cache(maxsize=_MOST_DEVICES)(owner_of)


class Register:
    """Every conversation of every owner, and the changes that nobody has taken yet."""

    def __init__(
        self,
        board: Switchboard,
        owner_of: Callable[[Device], Owner | None],
        numbering: Numbering,
        serial: str,
    ) -> None:
        """See `Tracker`."""
        self._board = board
        self._owner_of = _remembering(owner_of)
        self._numbering = numbering
        self._serial = serial
        self._by_leg: dict[Channel, Conversation] = {}
        self._last: dict[CallId, Call] = {}
        self._over: set[Channel] = set()
        self._used_ids: dict[str, int] = {}
        self._rang: dict[CallId, tuple[Device, ...]] = {}
        self._changes: list[CallChange] = []

    def __iter__(self) -> Iterator[Conversation]:
        """The conversations, each once; they may end meanwhile."""
        return iter(dict.fromkeys(self._by_leg.values()))

    @property
    def calls(self) -> list[Call]:
        """The calls that go on, in the order in which they began."""
        return list(self._last.values())

    def __bool__(self) -> bool:
        """Whether any conversation goes on."""
        return bool(self._by_leg)

    def of(self, leg: Channel) -> Conversation | None:
        """The conversation that a leg belongs to."""
        return self._by_leg.get(leg)

    def with_peer(self, peer: Channel) -> list[Conversation]:
        """The conversations in which somebody talks with `peer`."""
        return [each for each in self if each.talked and each.party.peer is peer]

    def take_changes(self) -> list[CallChange]:
        """What has changed since they were taken last."""
        if not self._changes:
            return []
        changes, self._changes = self._changes, []
        return changes

    # Whose phones.

    def follow(self, owner_of: Callable[[Device], Owner | None], numbering: Numbering) -> None:
        """Follow other devices from now on; conversations on devices that are left end."""
        self._owner_of, self._numbering = _remembering(owner_of), numbering
        for conversation in self:
            if self._owner_of(conversation.leg.device) != conversation.owner:
                self.end(conversation)

    def owner(self, leg: Channel) -> Owner | None:
        """Who owns the phone of a leg that belongs to no call yet; None also when its call is over."""
        if leg in self._over or (leg.is_local and not _is_own_end(leg)):
            return None
        return self._owner_of(leg.device)

    # The life of a conversation.

    def begin(self, leg: Channel, owner: Owner, role: Role) -> Conversation:
        """Begin a conversation; it is told of when it is observed."""
        conversation = Conversation(self._new_id(leg), owner, leg, role)
        self._by_leg[leg] = conversation
        self._note_phone(conversation, leg)
        return conversation

    def join(self, conversation: Conversation, leg: Channel) -> None:
        """Let one more phone of its owner belong to a conversation."""
        conversation.legs.append(leg)
        self._by_leg[leg] = conversation
        self._note_phone(conversation, leg)
        self.observe(conversation)

    def rang(self, call_id: CallId) -> tuple[Device, ...]:
        """The phones that have rung for one of the latest calls."""
        return self._rang.get(call_id, ())

    def _note_phone(self, conversation: Conversation, leg: Channel) -> None:
        phones = self._rang.pop(conversation.id, ())
        self._rang[conversation.id] = phones if leg.device in phones else (*phones, leg.device)
        if len(self._rang) > _MOST_RANG:
            del self._rang[next(iter(self._rang))]

    def ignore(self, leg: Channel) -> None:
        """Make no call of a leg."""
        self._over.add(leg)

    def observe(self, conversation: Conversation) -> None:
        """Let a conversation take in the picture of the PBX, and tell what that changed."""
        conversation.observe(self._board)
        self.tell(conversation)

    def tell(self, conversation: Conversation) -> None:
        """Tell of a conversation, if anything of it changed."""
        call = conversation.call(self._numbering)
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

    def hang_up(self, leg: Channel) -> None:
        """A channel is gone; its conversation ends, unless another phone still rings for it."""
        self._over.discard(leg)
        conversation = self._by_leg.get(leg)
        if conversation is None:
            return
        if conversation.lose(leg):
            self.end(conversation)
        else:
            del self._by_leg[leg]
            self.tell(conversation)

    def end(self, conversation: Conversation, outcome: Outcome | None = None) -> None:
        """End a conversation, with this outcome where something else than the hangup tells it."""
        conversation.end(self._board, outcome)
        for leg in (*conversation.legs, conversation.leg):
            self._by_leg.pop(leg, None)
            if not leg.gone:
                self._over.add(leg)
        if self._last.pop(conversation.id, None) is not None:
            self._changes.append(CallChange(ChangeKind.ENDED, conversation.call(self._numbering)))

    def _new_id(self, leg: Channel) -> CallId:
        """Asterisk's own Uniqueid as it is; else, or when it named a call before, with an addition.

        A channel may go on after its call was taken for over, as when the PBX could not be asked.
        """
        times_used = self._used_ids.pop(leg.uniqueid, 0)
        self._used_ids[leg.uniqueid] = times_used + 1
        if len(self._used_ids) > _MOST_USED_IDS:
            del self._used_ids[next(iter(self._used_ids))]
        own = _ASTERISKS_OWN.fullmatch(leg.uniqueid) is not None and not times_used
        return CallId(leg.uniqueid if own else f"{leg.uniqueid}~{self._serial}{times_used + 1}")
