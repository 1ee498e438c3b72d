"""The calls of the demo PBX, recorded from a real Asterisk 22 with scripted phones."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bubbled.pbx.ami.framing import Message
from bubbled.pbx.recording import Moment, read_recording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

CONTACTS: Final = Path(__file__).with_name("contacts.csv")
"""An address book of ten made-up people, who call and are called in the scenes."""

_RECORDINGS = Path(__file__).with_name("recordings")
_SERIALS_EACH = 0x1000
"""Channels that a scene may make; serials of the next playing begin behind them."""

_CHANNEL_SERIAL = re.compile(r"(?<=\w-)[0-9a-f]{8}(?=(?:;[12])?$)")
_UNIQUEID = re.compile(r"(1\d{9})\.(\d+)")
_BRIDGE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Scene:
    """A recorded call, seen from phone `PJSIP/101`.

    Attributes:
        title: what happens, in a line for the user.
        numbers: who calls in the demo, by who called when it was recorded.
    """

    title: str
    recording: str
    numbers: Mapping[str, str] = field(default_factory=dict)

    def events(self) -> list[Moment]:
        """The events with their seconds from the first one, as recorded but for `numbers`."""
        moments = read_recording(_RECORDINGS / f"{self.recording}.ami")
        events = [(t or 0.0, message) for t, message in moments if "Event" in message]
        return [
            Moment(t - events[0][0], _rewritten(message, lambda value: self.numbers.get(value, value)))
            for t, message in events
        ]


SCENES: Final[Mapping[str, Scene]] = {
    "answered": Scene("A customer calls and you answer", "in-answered-remote-hangup"),
    "missed": Scene(
        "A customer calls and gives up before you answer", "in-cancelled", {"+31612345678": "+31405550154"}
    ),
    "ring_group": Scene(
        "A call for the ring group, which a colleague answers",
        "in-ringgroup",
        {"+31612345678": "+31105550132"},
    ),
    "outbound": Scene("You call a customer", "out-phone"),
    "transfer": Scene(
        "You ask a colleague first, then hand the customer over",
        "xfer-attended-refer",
        {"+31612345678": "+31687650076"},
    ),
    "second_call": Scene("While you talk, another customer calls", "in-second-call"),
}


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


def _values(events: list[Moment]) -> Iterator[str]:
    return chain.from_iterable(message.values() for _, message in events)


def _rewritten(message: Message, rewrite: Callable[[str], str]) -> Message:
    return Message((header, rewrite(value)) for header, value in message.items())
