"""Notes that go from one user's bubbled to those of the colleagues, as events of the PBX's own users. Pure.

`Action: UserEvent` has Asterisk tell everybody with the right `user` an event with the same headers
(docs.asterisk.org, "UserEvent"). A header is one line of at most 1,024 bytes, so the text travels in pieces,
as UTF-8 in base64 (RFC 4648, section 5): whatever stands in it, it is letters and digits on the way.

Whoever has an AMI account with `user` can say such a thing in the name of another, so what comes is text for
a popup and nothing else. A caller cannot: what he can forge with line breaks in his number has at most 79
bytes (measured on Asterisk 16 and 22), and an event that is read here, with nothing else in it, has more.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bubbled.model import E164, Extension
from bubbled.note import LONGEST_NOTE, plain

if TYPE_CHECKING:
    from bubbled.pbx.ami.framing import Message

EVENT: Final = "UserEvent"
"""What the PBX calls all events of its users."""

NAME: Final = "BubbledNote"
"""What bubbled calls its own."""

RIGHT: Final = "user"
"""The permission in manager.conf, to read and to write, without which notes neither come nor go."""

_PIECE = 900
_PRIVILEGE = "user,all"
_NUMBER = re.compile(r"\+[0-9]{5,15}", re.ASCII)
_EXTENSION = re.compile(r"[\w.*#+-]{1,40}", re.ASCII)
_HEADERS = frozenset({"Event", "Privilege", EVENT, "Number", "Extension"})
_OF_THE_PBX = frozenset({"ActionID", "SequenceNumber", "SystemName", "Timestamp"})


@dataclass(frozen=True, slots=True)
class TeamNote:
    """What a user noted of a call with a number outside.

    Attributes:
        teller: who, by extension.
        text: in lines, at most `LONGEST_NOTE` characters.
    """

    number: E164
    teller: Extension
    text: str


def told(note: TeamNote) -> dict[str, str]:
    """Write what the PBX is to tell everybody."""
    encoded = base64.urlsafe_b64encode(note.text[:LONGEST_NOTE].encode("utf-8", "replace")).decode()
    return _event(note.number, note.teller, encoded)


def probe(mark: str) -> dict[str, str]:
    """Write an event that nobody takes for a note: who sends it sees whether events come and go."""
    return _event(mark, "", "")


def is_probe(message: Message, mark: str) -> bool:
    """Whether an event is that probe."""
    return message.get(EVENT) == NAME and message.get("Number") == mark


def _event(number: str, teller: str, encoded: str) -> dict[str, str]:
    pieces = [encoded[start : start + _PIECE] for start in range(0, len(encoded), _PIECE)]
    return {"Action": EVENT, EVENT: NAME, "Number": number, "Extension": teller} | {
        f"Note{index}": piece for index, piece in enumerate(pieces, 1)
    }


def heard(message: Message) -> TeamNote | None:
    """Read an event of the PBX; None when it is no note, or not as `told` writes one."""
    if message.get("Event") != EVENT or message.get(EVENT) != NAME or message.repeats:
        return None
    names = [f"Note{index}" for index in range(1, len(message) + 1) if f"Note{index}" in message]
    is_whole = message.keys() - _OF_THE_PBX == _HEADERS | set(names)
    if not is_whole or message["Privilege"] != _PRIVILEGE:
        return None
    text = _decoded("".join(message[name] for name in names))
    if not (text and _NUMBER.fullmatch(message["Number"]) and _EXTENSION.fullmatch(message["Extension"])):
        return None
    return TeamNote(E164(message["Number"]), Extension(message["Extension"]), text)


def _decoded(encoded: str) -> str:
    try:
        text = base64.b64decode(encoded, b"-_", validate=True).decode("utf-8", "replace")
    except ValueError:
        return ""
    return plain(text[:LONGEST_NOTE])
