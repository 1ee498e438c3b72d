"""One channel of the PBX, and the way on which a call comes to it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bubbled.model import Via, ViaKind
from bubbled.pbx.ami import wording

if TYPE_CHECKING:
    from bubbled.model import Device

DOWN: Final = 0
RING: Final = 4
RINGING: Final = 5
UP: Final = 6


class Channel:
    """One channel of the PBX.

    Attributes:
        half: the other end of a Local pipe; stays known when that is hung up first.
        extension: what colleagues dial to reach this channel's phone.
        words: what the latest snapshot said of state and parties, as it was written.
        state: Asterisk's AST_STATE number; `RING` dials, `RINGING` is rung, `UP` is lifted.
        own_number: the caller ID of whoever sits at this channel.
        connected_number: whom the PBX says that this channel talks to.
        dialled: the first dialplan extension, thus what the channel's user dialled.
        rung_by: the channel whose Dial or Queue rings this one.
        rings: the channels that this one rings now or rang last, with how that ended.
        originated: made by the PBX itself, for a click-to-call.
        unannounced: rung without being told who calls, as app_queue does and Dial does not.
        gone: hung up.
        parked_in: the parking space where this channel waits, or waited last.
        handed_over_by: the extension of the colleague who transferred this channel.
    """

    __slots__ = (
        "bridge",
        "cause",
        "connected_name",
        "connected_number",
        "device",
        "dial_status",
        "dialled",
        "exten",
        "extension",
        "forwarded_to",
        "gone",
        "half",
        "handed_over_by",
        "held",
        "is_local",
        "linkedid",
        "name",
        "originated",
        "own_name",
        "own_number",
        "parked_in",
        "queue",
        "rings",
        "rung_by",
        "state",
        "unannounced",
        "uniqueid",
        "words",
    )

    def __init__(self, name: str, uniqueid: str, linkedid: str) -> None:
        self.name = name
        self.uniqueid = uniqueid
        self.linkedid = linkedid
        self.device: Device = wording.device(name)
        self.is_local = name.startswith("Local/")
        self.half: Channel | None = None
        self.extension = ""
        self.state = DOWN
        self.words: tuple[str | None, ...] = ()
        self.own_number: str | None = None
        self.own_name: str | None = None
        self.connected_number: str | None = None
        self.connected_name: str | None = None
        self.dialled: str | None = None
        self.exten: str | None = None
        self.rung_by: Channel | None = None
        self.rings: list[Channel] = []
        self.dial_status: str | None = None
        self.forwarded_to: str | None = None
        self.originated = False
        self.handed_over_by: str | None = None
        self.parked_in: str | None = None
        self.queue: str | None = None
        self.bridge: str | None = None
        self.held = False
        self.unannounced = False
        self.gone = False
        self.cause: str | None = None

    @property
    def began_by_itself(self) -> bool:
        """Whether the call began with this channel: nobody rang it."""
        return self.uniqueid == self.linkedid


@dataclass(frozen=True, slots=True)
class Way:
    """How a call comes to a phone.

    Attributes:
        ringer: the channel of whoever calls; None when it was not seen.
        steps: who rings whom, from the ringer to the phone.
        from_own_pipe: the PBX made a Local pipe whose far end rings the phone: a click-to-call.
    """

    ringer: Channel | None
    steps: tuple[tuple[Channel, Channel], ...] = ()
    from_own_pipe: bool = False

    def via(self) -> Via | None:
        """The way in a word, where the events of an account with read=call tell."""
        if self.ringer is not None and self.ringer.parked_in:
            return Via(ViaKind.PARK, self.ringer.parked_in)
        for ringer, rung in self.steps:
            if ringer.queue or rung.unannounced:
                return Via(ViaKind.QUEUE, ringer.queue or _number_of(ringer))
            for other in ringer.rings:
                if other.forwarded_to and other is not rung:
                    return Via(ViaKind.FORWARD, other.extension)
            if sum(other.dial_status is None for other in ringer.rings) > 1:
                return Via(ViaKind.RING_GROUP, _number_of(ringer))
        return None


def _number_of(ringer: Channel) -> str | None:
    """The number of a queue or group; a dialplan may call it by a label that says nothing to people."""
    return ringer.exten if wording.is_dialable(ringer.exten) else ringer.dialled
