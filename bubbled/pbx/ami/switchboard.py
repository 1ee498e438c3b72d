"""The PBX as its events paint it: channels, who rings whom, who is bridged with whom. Pure.

What holds here, and why (facts measured on Asterisk 12 to 22):
- A channel is known by its Uniqueid; its name only confirms it. Names begin anew when the PBX restarts.
- An event changes a channel only when its Channel and Uniqueid both name it. A channel met first in the
  middle of its life is taken as the event shows it, since the daemon may join late.
- Events of one call come in almost any order; DialEnd may be missing; only Hangup always comes.
- `Local/x;1` and `Local/x;2` are the two ends of one pipe; whoever talks is found behind the pipes.
"""

from __future__ import annotations

from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from bubbled.pbx.ami import wording
from bubbled.pbx.ami.channel import RING, RINGING, UP, Channel, Way
from bubbled.pbx.ami.rung import Rung

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from bubbled.model import Device
    from bubbled.pbx.ami.framing import Message

_WORDS = ("ChannelState", "CallerIDNum", "CallerIDName", "ConnectedLineNum", "ConnectedLineName")
_UNREACHED = frozenset({"BUSY", "CHANUNAVAIL", "CONGESTION"})
_LONGEST_STATE = 2  # digits; Python itself refuses to read thousands of them
_words: Callable[[Message], tuple[str | None, ...]] = itemgetter(*_WORDS)


@lru_cache(maxsize=1024)
def _meaning(
    words: tuple[str | None, ...],
) -> tuple[int | None, str | None, str | None, str | None, str | None]:
    """State, then number and name of who sits at a channel, then of whom it is connected to."""
    state, number, name, line, line_name = words
    return (
        int(state) if state is not None and state.isdecimal() and len(state) <= _LONGEST_STATE else None,
        wording.known(number),
        wording.unescaped(name),
        wording.known(line),
        wording.unescaped(line_name),
    )


class Switchboard:
    """All channels of the PBX that its events have shown.

    Attributes:
        rung: which phones rang.
        readers: for each event that paints the picture, what takes it and returns the channels it changed.
    """

    def __init__(self) -> None:
        self._channels: dict[str, Channel] = {}
        self._by_name: dict[str, Channel] = {}
        self._bridges: dict[str, list[Channel]] = {}
        self._extensions: dict[Device, str] = {}
        self.rung = Rung()
        self._notes: Final[Mapping[int | None, Callable[[Channel], None]]] = {
            RINGING: self.rung.rang,
            RING: self.rung.called,
        }
        self.readers: Final[Mapping[str, Callable[[Message], Iterable[Channel]]]] = {
            "Newchannel": self._new_channel,
            "Newstate": self._changed,
            "NewConnectedLine": self._changed,
            "Hold": self._held,
            "Unhold": self._unheld,
            "Rename": self._renamed,
            "DialBegin": self._dial_begun,
            "DialEnd": self._dial_ended,
            "BridgeEnter": self._bridge_entered,
            "BridgeLeave": self._bridge_left,
            "QueueCallerJoin": self._queue_joined,
            "Status": self._status,
            "Hangup": self._hung_up,
        }

    def channel(self, uniqueid: str) -> Channel | None:
        """The channel with this Uniqueid, if it is there."""
        return self._channels.get(uniqueid)

    def uniqueid_of(self, name: str) -> str | None:
        """The Uniqueid of a channel that is known by this name."""
        channel = self._by_name.get(name)
        return channel.uniqueid if channel else None

    def named(self, message: Message, prefix: str = "") -> Channel | None:
        """The known channel that both the Channel and the Uniqueid of a snapshot name.

        A snapshot that a forged line break cut short has no Uniqueid; then its Channel alone must do.
        """
        name = message.get(prefix + "Channel", "")
        uniqueid = message.get(prefix + "Uniqueid")
        channel = self._by_name.get(name) if uniqueid is None else self._channels.get(uniqueid)
        return channel if channel is not None and channel.name == name else None

    def __iter__(self) -> Iterator[Channel]:
        return iter(self._channels.values())

    def way_to(self, channel: Channel) -> Way:
        """How a call comes to `channel`: who makes it ring, seen through Local pipes."""
        steps: list[tuple[Channel, Channel]] = []
        hop = channel
        while (ringer := hop.rung_by) is not None and all(ringer is not met for met, _ in steps):
            steps.insert(0, (ringer, hop))
            half = ringer.half if ringer.name.endswith(";2") else None
            if half is None:
                return Way(ringer, tuple(steps))
            if half.rung_by is None:
                return Way(half, tuple(steps), from_own_pipe=half.began_by_itself)
            hop = half
        first = None if channel.began_by_itself else self._channels.get(channel.linkedid)
        return Way(first, tuple(steps))

    def rung_by(self, channel: Channel) -> Iterator[Channel]:
        """The channels that `channel` rings or rang last, seen through Local pipes; the pipes too."""
        waiting, met = [channel], {channel}
        while waiting:
            for rung in waiting.pop().rings:
                if rung in met:
                    continue
                met.add(rung)
                yield rung
                if rung.half is not None:
                    waiting.append(rung.half)

    def peer(self, channel: Channel) -> Channel | None:
        """The one channel bridged with `channel`, seen through Local pipes; None when none or several."""
        found: Channel | None = None
        for member in self._behind(channel, set()):
            if found is not None and member is not found:
                return None
            found = member
        return found

    def reachable(self, channel: Channel) -> Iterator[Channel]:
        """Every real channel that hears `channel`, itself included."""
        if not channel.is_local:
            yield channel
        met = {channel}
        yield from self._behind(channel, met)
        if channel.half is not None:
            yield from self._behind(channel.half, met)

    def _behind(self, channel: Channel, met: set[Channel]) -> Iterator[Channel]:
        met.add(channel)
        for member in self._bridges.get(channel.bridge or "", ()):
            if member in met:
                continue
            met.add(member)
            if not member.is_local:
                yield member
            elif member.half is not None and member.half not in met:
                yield from self._behind(member.half, met)

    def _new_channel(self, message: Message) -> Iterable[Channel]:
        name, uniqueid = message.get("Channel"), message.get("Uniqueid")
        if not name or not uniqueid or uniqueid in self._channels:
            return ()
        channel = Channel(name, uniqueid, message.get("Linkedid", uniqueid))
        self._channels[uniqueid] = channel
        self._by_name.setdefault(name, channel)
        if channel.is_local:
            self._join_halves(channel)
        self._update(channel, message)
        return (channel,)

    def _join_halves(self, channel: Channel) -> None:
        other = self._by_name.get(channel.name[:-1] + ("2" if channel.name.endswith(";1") else "1"))
        if other is not None and other is not channel:
            channel.half, other.half = other, channel

    def _changed(self, message: Message) -> Iterable[Channel]:
        channel = self.named(message)
        if channel is None:
            return self._new_channel(message)
        self._update(channel, message)
        return (channel,)

    def _update(self, channel: Channel, message: Message) -> None:
        get = message.get
        try:
            words = _words(message)
        except KeyError:  # of a packet that a forged line break cut short
            words = tuple(map(get, _WORDS))
        if words != channel.words:  # most events repeat what the one before said, and this path is hot
            channel.words = words
            state, number, *others = _meaning(words)
            channel.own_name, channel.connected_number, channel.connected_name = others
            if state != channel.state or number != channel.own_number or not channel.extension:
                if state != channel.state and (note := self._notes.get(state)):
                    note(channel)
                channel.state = channel.state if state is None else state
                channel.own_number = number
                self._learn_extension(channel)
        exten = get("Exten")
        if exten and exten != "s":
            channel.exten = exten
            if channel.dialled is None:
                channel.dialled = exten
        channel.linkedid = get("Linkedid") or channel.linkedid

    def _learn_extension(self, channel: Channel) -> None:
        """Who dials shows his own extension; who is rung may show the group or DID that was dialled."""
        number, device = channel.own_number, channel.device
        if channel.state == RING and number is not None and wording.is_extension(number):
            if self._extensions.get(device) != number:
                self._extensions[device] = number
                for other in self._channels.values():
                    if other.device == device:
                        other.extension = number
        else:
            channel.extension = self._extensions.get(device) or wording.extension(number, channel.name)

    def _held(self, message: Message) -> Iterable[Channel]:
        return self._mark_held(message, held=True)

    def _unheld(self, message: Message) -> Iterable[Channel]:
        return self._mark_held(message, held=False)

    def _mark_held(self, message: Message, *, held: bool) -> Iterable[Channel]:
        channel = self.named(message)
        if channel is None:
            return ()
        channel.held = held
        return (channel,)

    def _renamed(self, message: Message) -> Iterable[Channel]:
        channel, new_name = self.named(message), message.get("Newname")
        # No number stands in a Rename: one that is cut short, or says more, is a caller's own.
        if channel is None or not new_name or "Uniqueid" not in message or "CallerIDName" in message:
            return ()
        if self._by_name.get(channel.name) is channel:
            del self._by_name[channel.name]
        channel.name = new_name
        self._by_name[new_name] = channel
        return (channel,)

    def _dial_begun(self, message: Message) -> Iterable[Channel]:
        rung = self.named(message, "Dest")
        if rung is None:
            return ()
        ringer = self.named(message) if "Channel" in message else None
        if ringer is None:
            rung.originated = "Channel" not in message and rung.began_by_itself
            return (rung,)
        self._update(ringer, message)
        rung.rung_by = ringer
        rung.dial_status = None
        rung.unannounced = (
            ringer.state == UP
            and ringer.own_number is not None
            and wording.known(message.get("DestConnectedLineNum")) is None
        )
        ringer.rings = [other for other in ringer.rings if not other.gone and other is not rung]
        ringer.rings.append(rung)
        return (rung, ringer)

    def _dial_ended(self, message: Message) -> Iterable[Channel]:
        rung = self.named(message, "Dest")
        if rung is None:
            return ()
        rung.dial_status = message.get("DialStatus")
        rung.forwarded_to = wording.known(message.get("Forward"))
        if rung.dial_status in _UNREACHED and rung.state not in {RINGING, UP}:
            self.rung.unreached(rung)
        ringer = self.named(message) if "Channel" in message else None
        return (rung,) if ringer is None else (rung, ringer)

    def _bridge_entered(self, message: Message) -> Iterable[Channel]:
        channel = self.named(message) or next(iter(self._new_channel(message)), None)
        if channel is None:
            return ()
        self._leave_bridge(channel)
        self._enter_bridge(channel, message.get("BridgeUniqueid"))
        return tuple(self.reachable(channel))

    def _bridge_left(self, message: Message) -> Iterable[Channel]:
        channel = self.named(message)
        if channel is None:
            return ()
        if channel.bridge == message.get("BridgeUniqueid"):
            self._leave_bridge(channel)
        return (channel,)

    def _enter_bridge(self, channel: Channel, bridge: str | None) -> None:
        if bridge:
            channel.bridge = bridge
            self._bridges.setdefault(bridge, []).append(channel)

    def _leave_bridge(self, channel: Channel) -> None:
        members = self._bridges.get(channel.bridge or "")
        if members and channel in members:
            members.remove(channel)
            if not members:
                del self._bridges[channel.bridge or ""]
        channel.bridge = None

    def _queue_joined(self, message: Message) -> Iterable[Channel]:
        if (channel := self.named(message)) is not None:
            channel.queue = wording.known(message.get("Queue"))
        return ()

    def _status(self, message: Message) -> Iterable[Channel]:
        """A row of the answer to the Status action; it has the bridge too."""
        touched = self._changed(message)
        for channel in touched:
            bridge = message.get("BridgeID")
            if channel.bridge != bridge:
                self._leave_bridge(channel)
                self._enter_bridge(channel, bridge)
        return touched

    def _hung_up(self, message: Message) -> Iterable[Channel]:
        channel = self.named(message)
        if channel is None:
            return ()
        channel.cause = message.get("Cause")
        self.remove(channel)
        return (channel,)

    def remove(self, channel: Channel) -> None:
        """Forget a channel that is gone; those that it rang or that rang it stay."""
        channel.gone = True
        self._leave_bridge(channel)
        self._channels.pop(channel.uniqueid, None)
        if self._by_name.get(channel.name) is channel:
            del self._by_name[channel.name]
