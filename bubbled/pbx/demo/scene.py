"""The calls of the demo PBX, recorded from a real Asterisk 22 with scripted phones."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bubbled.pbx.ami.framing import Message
from bubbled.pbx.recording import Moment, read_recording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

CONTACTS: Final = Path(__file__).with_name("contacts.csv")
"""An address book of ten made-up people, who call and are called in the scenes."""

_RECORDINGS = Path(__file__).with_name("recordings")
_SERIALS_EACH = 0x1000
"""Channels that a scene may make; serials of the next playing begin behind them."""

_NOTICED_S = 0.2

_CHANNEL_SERIAL = re.compile(r"(?<=\w-)[0-9a-f]{8}(?=(?:;[12])?$)")
_UNIQUEID = re.compile(r"(1\d{9})\.(\d+)")
_BRIDGE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Scene:
    """A recorded call, seen from phone `PJSIP/101`.

    Attributes:
        title: what happens on the PBX, in a line for the user.
        look: what there is to see.
        numbers: who calls in the demo, by who called when it was recorded; other values as well.
        farewell: whether the last popup stays for a moment, to tell how the call ended.
    """

    title: str
    look: str
    recording: str
    numbers: Mapping[str, str] = field(default_factory=dict)
    farewell: bool = False

    def events(self) -> list[Moment]:
        """The events with their seconds from the first one, as recorded but for `numbers`."""
        moments = read_recording(_RECORDINGS / f"{self.recording}.ami")
        events = [(t or 0.0, message) for t, message in moments if "Event" in message]
        return [
            Moment(t - events[0][0], _rewritten(message, lambda value: self.numbers.get(value, value)))
            for t, message in events
        ]


SCENES: Final[Mapping[str, Scene]] = {
    "answered": Scene(
        "A customer calls and you answer.",
        "Her name is from the address book, the last contact from the history.",
        "in-answered-remote-hangup",
    ),
    "missed": Scene(
        "A customer calls and gives up before you answer.",
        "A missed call stays in sight until you have seen it.",
        "in-cancelled",
        {"+31612345678": "+31405550154"},
    ),
    "ring_group": Scene(
        "A customer calls a group of phones, and Bob is faster.",
        "The popup tells which group was called, and then who answered.",
        "in-ringgroup",
        {"+31612345678": "+31105550132"},
        farewell=True,
    ),
    "outbound": Scene(
        "You call a customer.",
        "Calls that you make have a popup too.",
        "out-phone",
    ),
    "transfer": Scene(
        "You answer, ask Bob, then hand the customer over to him.",
        "Each call has its own popup; one tells that it is on hold.",
        "xfer-attended-refer",
        {"+31612345678": "+31687650076"},
        farewell=True,
    ),
    "second_call": Scene(
        "While you talk, another customer calls.",
        "You see who it is before you decide to put the first one on hold.",
        "in-second-call",
    ),
}


OWN_PHONE: Final = "PJSIP/101"
"""The one phone that a click can ring, since it is the one that was recorded so."""

_CLICK: Final = Scene(
    "You call somebody by a click.",
    "Your own phone rings first; the popup tells each step.",
    "c2c-connectedline",
)
_RECORDED_CLICK: Final[Mapping[str, str]] = {
    "0301234567": "CONNECTEDLINE(num,i)",
    "+31301234567": "CONNECTEDLINE(num,i)",
    "cti-101-1": "ChannelId",
    "lab-2": "ActionID",
}
"""What of the recorded click stands for what of another."""


def click_to_call(action: Message) -> Scene:
    """What happens when a client asks for a call by Originate: as recorded, but for ids and number."""
    variables = dict(each.partition("=")[::2] for each in action.all("Variable"))
    said = {**variables, **action}
    asked = {recorded: said.get(name) or said.get("Exten", "") for recorded, name in _RECORDED_CLICK.items()}
    return replace(_CLICK, numbers=asked)


def playing(scene: Scene, number: int, started_at: int) -> Iterator[Moment]:
    """The events of a scene, with ids that no other playing has.

    Asterisk never uses a Uniqueid again, and clients rely on it.

    Args:
        scene: what to play.
        number: how many playings came before.
        started_at: seconds since 1970, as Uniqueids begin with.
    """
    events = scene.events()
    first = min(int(found[1]) for found in map(_UNIQUEID.fullmatch, _values(events)) if found)
    shift = number * _SERIALS_EACH

    def rename(value: str) -> str:
        if found := _UNIQUEID.fullmatch(value):
            return f"{started_at + int(found[1]) - first}.{int(found[2]) + shift}"
        if _BRIDGE.fullmatch(value):
            return str(uuid.uuid5(uuid.UUID(value), f"{started_at}.{number}"))
        return _CHANNEL_SERIAL.sub(lambda serial: f"{int(serial[0], 16) + shift:08x}", value)

    return (Moment(t, _rewritten(message, rename)) for t, message in events)


def unhurried(moments: Iterable[Moment], step_s: float) -> Iterator[Moment]:
    """Give moments a pace that a person can follow: each wait that one notices lasts `step_s` seconds.

    What follows at once in the recording follows at once here.
    """
    before = at = 0.0
    for t, message in moments:
        wait = 0.0 if t is None else t - before
        at += step_s if wait >= _NOTICED_S else wait
        before += wait
        yield Moment(at, message)


def _values(events: list[Moment]) -> Iterator[str]:
    return chain.from_iterable(message.values() for _, message in events)


def _rewritten(message: Message, rewrite: Callable[[str], str]) -> Message:
    return Message((header, rewrite(value)) for header, value in message.items())
