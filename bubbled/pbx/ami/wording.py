"""How Asterisk writes values in AMI, and how to read them.

Source: facts measured on Asterisk 16 and 22; `main/manager.c` and `main/utils.c` (ast_escape_c) of Asterisk.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bubbled.model import Device

_ABSENT = frozenset({"", "<unknown>", "(null)", "<none>"})
_ESCAPE = re.compile(r"\\([abfnrtv\\'\"?])")
_QUOTED_PAIR = re.compile(r"\\([\\\"])")
_CONTROL = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_EXTENSION = re.compile(r"\d{1,6}")
_DIGITS = re.compile(r"\D+")
_TAIL_DIGITS = 9
"""As many last digits as a national number has; prefixes differ between a trunk, a dialplan and a phone."""


def known(value: str | None) -> str | None:
    """The value of a header; None where it is missing or Asterisk says that it knows none."""
    return None if value is None or value in _ABSENT else value


def unescaped(name: str | None) -> str | None:
    """The value of a name header as its owner wrote it.

    AMI's C escapes are undone, so that an escaped quote is a quote, then the quoted pairs of SIP (RFC 3261,
    25.1), which Asterisk hands on as they came.
    """
    if name is None or name in _ABSENT:
        return None
    if "\\" not in name:
        return name
    name = _ESCAPE.sub(lambda found: _CONTROL.get(found[1], found[1]), name)
    return _QUOTED_PAIR.sub(r"\1", name)


def device(channel: str) -> Device:
    """The device of a channel name: `PJSIP/101-0000002c` belongs to `PJSIP/101`."""
    return channel.rpartition("-")[0]  # type: ignore[return-value]  # NewType costs a call on the hot path


def extension(number: str | None, channel: str) -> str:
    """What colleagues dial to reach a phone: its endpoint or its caller ID, whichever looks like it."""
    endpoint = device(channel).partition("/")[2]
    if number is not None and not is_extension(endpoint) and is_extension(number):
        return number
    return endpoint


def is_extension(number: str | None) -> bool:
    """Whether a number has the shape of an extension on the same PBX."""
    return bool(number) and _EXTENSION.fullmatch(number or "") is not None


def same_number(one: str | None, other: str | None) -> bool:
    """Whether two notations may mean one line: equal digits, or equal last nine when both have as many."""
    if one is None or other is None or one == other:
        return one == other
    one, other = _DIGITS.sub("", one), _DIGITS.sub("", other)
    if len(one) >= _TAIL_DIGITS <= len(other):
        return one[-_TAIL_DIGITS:] == other[-_TAIL_DIGITS:]
    return one == other


def is_dialable(number: str | None) -> bool:
    """Whether a dialplan extension is a number that a person would dial, not a label of the dialplan."""
    return bool(number) and re.fullmatch(r"\+?[\d*#]+", number or "") is not None
