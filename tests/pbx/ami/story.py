"""Events as Asterisk writes them, for playbooks of the tracker: who, what, and only what matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bubbled.model import ME, Call, CallChange, Device, Owner
from bubbled.pbx.ami.framing import Framer, Message
from bubbled.pbx.ami.tracker import Tracker

if TYPE_CHECKING:
    from collections.abc import Iterable

TRUNK, ALICE, BOB = "PJSIP/trunk-00000001", "PJSIP/101-00000002", "PJSIP/102-00000003"
CALLER = "+31612345678"
_STATES = {"Down": 0, "Ring": 4, "Ringing": 5, "Up": 6}


def uniqueid(channel: str) -> str:
    """One for each channel name, in the form of Asterisk's own."""
    name, _, half = channel.partition(";")
    return f"1795341808.{int(name.rpartition('-')[2], 16) * 10 + int(half or 0)}"


def snapshot(  # noqa: PLR0913 - as many facts as Asterisk puts into each event
    channel: str,
    state: str = "Down",
    *,
    own: str = "<unknown>",
    line: str = "<unknown>",
    line_name: str = "<unknown>",
    exten: str = "s",
    began_with: str | None = None,
    prefix: str = "",
) -> dict[str, str]:
    """The headers of one channel snapshot, in Asterisk's order."""
    headers = {
        "Channel": channel,
        "ChannelState": str(_STATES[state]),
        "ChannelStateDesc": state,
        "CallerIDNum": own,
        "CallerIDName": "<unknown>",
        "ConnectedLineNum": line,
        "ConnectedLineName": line_name,
        "Language": "en",
        "AccountCode": "",
        "Context": "internal",
        "Exten": exten,
        "Priority": "1",
        "Uniqueid": uniqueid(channel),
        "Linkedid": uniqueid(began_with or channel),
    }
    return {prefix + header: value for header, value in headers.items()}


def event(name: str, *snapshots: dict[str, str], **more: str) -> Message:
    """One event."""
    headers: dict[str, str] = {"Event": name, "Privilege": "call,all"}
    for each in snapshots:
        headers |= each
    return Message(headers | more)


def on_the_wire(message: Message) -> bytes:
    """The packet as Asterisk writes it."""
    return "".join(f"{header}: {value}\r\n" for header, value in message.items()).encode() + b"\r\n"


def ringing(line: str = CALLER, *, line_name: str = "<unknown>") -> list[Message]:
    """A call from outside makes Alice's phone ring."""
    trunk = snapshot(TRUNK, "Ring", own=line, exten="+31201000101")
    alice = {"own": "101", "line": line, "line_name": line_name, "began_with": TRUNK}
    return [
        event("Newchannel", trunk),
        event("Newchannel", snapshot(ALICE, own="101", began_with=TRUNK)),
        event("DialBegin", trunk, snapshot(ALICE, prefix="Dest", **alice)),
        event("Newstate", snapshot(ALICE, "Ringing", **alice)),
    ]


def lifted(line: str = CALLER) -> list[Message]:
    """Alice lifts."""
    alice = snapshot(ALICE, "Up", own="101", line=line, began_with=TRUNK)
    trunk = snapshot(TRUNK, "Up", own=line)
    dest = snapshot(ALICE, "Up", own="101", line=line, began_with=TRUNK, prefix="Dest")
    return [
        event("Newstate", alice),
        event("DialEnd", trunk, dest, DialStatus="ANSWER"),
        event("BridgeEnter", alice, BridgeUniqueid="b1"),
        event("BridgeEnter", trunk, BridgeUniqueid="b1"),
    ]


def hung_up(channel: str, cause: str = "16") -> Message:
    """A channel is hung up."""
    return event("Hangup", snapshot(channel, "Up"), Cause=cause)


def owner_of(*devices: str) -> Tracker:
    """A tracker that follows these devices as the user's own."""
    return Tracker(lambda device: ME if device in devices else None, "NL")


def each_their_own(device: Device) -> Owner | None:
    """Everybody at a three-digit extension owns his phone."""
    return Owner(device.removeprefix("PJSIP/")) if device.startswith("PJSIP/1") else None


def told(tracker: Tracker, messages: Iterable[Message]) -> list[CallChange]:
    """What the tracker says of messages."""
    return [change for message in messages for change in tracker.apply(message)]


def kinds(changes: Iterable[CallChange]) -> list[str]:
    """What happened, in words."""
    return [change.kind.value for change in changes]


def last(changes: list[CallChange]) -> Call:
    """The call as it was told last."""
    return changes[-1].call


def read(raw: bytes) -> list[Message]:
    """The messages in raw bytes."""
    return Framer().feed(b"Asterisk Call Manager/11.0.0\r\n" + raw)
