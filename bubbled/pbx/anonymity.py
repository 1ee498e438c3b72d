"""Blanks numbers and names in AMI text: a recording can be shown to others, and still replays the same.

Each number and name gets a stand-in that is as long in bytes and of the same shape, and always the same one
within a recording: who is whom stays readable, offsets and times stay right, and replaying goes as before.

What stays: extensions (up to five digits), country codes and what else stands before the last eight digits,
serials and ids of channels, words such as `anonymous`, escapes, and the line breaks of hostile numbers.
"""

from __future__ import annotations

import re
import secrets
from functools import cache
from hashlib import blake2b

from bubbled.number import is_withheld

_HIDDEN_DIGITS = 8
_SHORTEST_NUMBER = 6
_LONGEST_LINE = 1 << 20

_ID_HEADER = re.compile(rb"(?i:uniqueid|linkedid|timestamp)$")
_ID = re.compile(rb"(?:[\w.-]+-)?1\d{9}\.\d+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NUMBER_HEADER = re.compile(rb"(?:CallerIDNum|ConnectedLineNum|CallerID\d?|DNID|Exten|Extension)$")
_NAME_HEADER = re.compile(
    rb"(?:CallerID|ConnectedLine)(?:Num|Name)$|^(?:MemberName|AgentName|CallerName|UserField)$"
    rb"|^(?:Value|AppData|ApplicationData|ChanVariable.*)$"  # a dialplan may have put anything there
)
_NOTE_HEADER = re.compile(rb"Note\d+$")  # of the notes that colleagues tell each other, see `ami.team_note`
_SERIAL = re.compile(rb"-[0-9a-f]{8}(?:;[12])?(?:<\w+>)?$")
_DIGITS = re.compile(rb"\+?\d{%d,}" % _SHORTEST_NUMBER)
_LETTER = re.compile(rb"[A-Za-z\x80-\xff]")
_NAME_PART = re.compile(r"(\\.)|[A-Za-z]|[^\x00-\x7f\ufffd]")


class Anonymiser:
    """Blanks a stream, fed with any split of its bytes; another one gives other stand-ins."""

    def __init__(self, key: bytes | None = None) -> None:
        """Draw the stand-ins from `key`; by default a random one, so that nobody can undo them."""
        self._key = secrets.token_bytes(16) if key is None else key
        self._line = b""
        self._is_garbage = False
        self._number = cache(self._stand_in_number)
        self._name = cache(self._stand_in_name)

    def feed(self, data: bytes) -> bytes:
        """Take the next bytes; return those whose line is complete, as many as came in."""
        *lines, self._line = (self._line + data).split(b"\n")
        blanked = [self._blank(line) + b"\n" for line in lines]
        if len(self._line) > _LONGEST_LINE or (self._is_garbage and self._line):
            self._is_garbage = True
            blanked.append(b"x" * len(self._line))
            self._line = b""
        return b"".join(blanked)

    def _blank(self, line: bytes) -> bytes:
        if self._is_garbage:
            self._is_garbage = False
            return b"x" * len(line)
        header, colon, value = line.partition(b":")
        text = value.strip(b" \r")
        return self._digits(header) + colon + value.replace(text, self._value(header, text), 1)

    def _value(self, header: bytes, text: bytes) -> bytes:
        if not text or (_ID_HEADER.search(header) and _ID.fullmatch(text)):
            return text
        if _NOTE_HEADER.match(header):
            return b"x" * len(text)
        if _NAME_HEADER.search(header) and _LETTER.search(text):
            return text if is_withheld(text.decode("utf-8", "replace")) else self._name(text)
        if _NUMBER_HEADER.search(header) or _NAME_HEADER.search(header):
            return self._number(text)
        serial = found[0] if (found := _SERIAL.search(text)) else b""
        return self._digits(text.removesuffix(serial)) + serial

    def _digits(self, text: bytes) -> bytes:
        return _DIGITS.sub(lambda number: self._number(number[0]), text)

    def _stand_in_number(self, number: bytes) -> bytes:
        """Shift each hidden digit by an amount that depends on the digits behind it.

        So numbers that agree in their last digits, as two notations of one number do, have stand-ins that
        agree in as many; and no digit stands for itself.
        """
        places = [place for place, sign in enumerate(number) if sign in b"0123456789"]
        if len(places) < _SHORTEST_NUMBER:
            return number
        stand_in = bytearray(number)
        hidden = min(_HIDDEN_DIGITS, len(places) - 3) if number.startswith(b"+") else _HIDDEN_DIGITS
        behind = b""
        for place in reversed(places[-hidden:]):
            shift = 1 + self._draw(behind)[0] % 9
            stand_in[place] = ord("0") + (number[place] - ord("0") + shift) % 10
            behind += number[place : place + 1]
        return bytes(stand_in)

    def _stand_in_name(self, name: bytes) -> bytes:
        text = self._digits(name).decode("utf-8", "surrogateescape")
        drawn = self._draw(name)
        blanked = _NAME_PART.sub(
            lambda part: part[0] if part[1] else _other_letter(part[0], drawn[part.start() % len(drawn)]),
            text,
        )
        return blanked.encode("utf-8", "surrogateescape")

    def _draw(self, text: bytes) -> bytes:
        return blake2b(text, key=self._key).digest()


def _other_letter(letter: str, drawn: int) -> str:
    """Another letter of the same case and size in bytes; for a byte that is no UTF-8, another such byte."""
    if letter.isascii():
        first = ord("a" if letter.islower() else "A")
        return chr(first + (ord(letter) - first + 1 + drawn % 25) % 26)
    match len(letter.encode("utf-8", "surrogateescape")):
        case 1:
            alphabet = 0xDCFE  # bytes FE and FF, in no UTF-8 text
            drawn %= 2
        case 2:
            alphabet = 0x0100
            drawn %= 128
        case 3:
            alphabet = 0x4E00
        case _:
            alphabet = 0x20000
    return chr(alphabet + (drawn if alphabet + drawn != ord(letter) else drawn ^ 1))
