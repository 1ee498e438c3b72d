"""From a number to an LDAP filter (RFC 4515), and what that tells the server. Pure.

Servers compare text, so a filter may well find too much: `verification` drops it. What it does not find is
lost. RFC 4517 has servers leave out spaces and hyphens, but no parentheses, dots or slashes, and Active
Directory leaves out nothing, so there is something to choose: see `option.Match`.

A filter of the user's may hold `${...}` with each notation of `directory.notation`, and with the patterns
`${grouped}` (`6*12345678`) and `${digits_apart}` (`6*1*2*3*4*5*6*7*8`); one for extensions `${extension}`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeGuard, assert_never

from bubbled.directory.kinds.ldap.option import Match, Variant
from bubbled.directory.notation import TAIL_DIGITS, Notation, every, write
from bubbled.error import ConfigError
from bubbled.number import international
from bubbled.settings.suggestion import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bubbled.directory.kinds.ldap.option import LdapOptions
    from bubbled.model import E164, Extension

_NUMBERS: Final = {
    Variant.GENERIC: ("telephoneNumber", "mobile", "homePhone"),
    Variant.ACTIVE_DIRECTORY: (
        *("telephoneNumber", "otherTelephone", "mobile", "otherMobile"),
        *("homePhone", "otherHomePhone", "ipPhone", "otherIpPhone"),
    ),
}
_EXTENSIONS: Final = {
    Variant.GENERIC: ("telephoneNumber", "ipPhone"),
    Variant.ACTIVE_DIRECTORY: ("ipPhone", "otherIpPhone", "telephoneNumber"),
}
_NOTATIONS: Final = tuple(notation for notation in Notation if notation is not Notation.TAIL)
_PATTERNS: Final = ("grouped", "digits_apart")
_EXTENSION: Final = "extension"

_SPECIAL = re.compile(r"[*()\\\x00]")
_PLACE = re.compile(r"\$\{([^{}]*)\}")
_DIGITS = re.compile(r"\d+")


def escaped(text: str) -> str:
    """What a value must be written as in a filter, so that nothing in it means anything (RFC 4515, 3).

    bonsai has a function for it, which writes NUL wrong, and which this process need not load.
    """
    return _SPECIAL.sub(lambda special: f"\\{ord(special[0]):02x}", text)


def number_attributes(options: LdapOptions) -> tuple[str, ...]:
    """Which attributes hold numbers; none of them a fax."""
    return options.attributes.numbers or _NUMBERS[options.variant]


def extension_attributes(options: LdapOptions) -> tuple[str, ...]:
    """Which attributes may hold an extension."""
    return options.attributes.numbers or _EXTENSIONS[options.variant]


def filter_for(number: E164 | Extension, options: LdapOptions) -> str:
    """The filter to find who has a number."""
    own = _own(number, options)
    if own is not None:
        return _PLACE.sub(lambda place: _value(number, place[1]), own)
    names = number_attributes(options) if _is_outside(number) else extension_attributes(options)
    alternatives = "".join(f"({name}={value})" for name in names for value in _asked(number, options))
    if options.variant is Variant.ACTIVE_DIRECTORY:
        # It has an index of its own for these, which are few among computers, groups and printers.
        return f"(&(objectCategory=person)(|{alternatives}))"
    return f"(|{alternatives})"


def told(number: E164 | Extension, options: LdapOptions) -> tuple[str, ...]:
    """What of the number a question holds, as it is written there."""
    own = _own(number, options)
    if own is None:
        return _asked(number, options)
    return tuple(dict.fromkeys(_value(number, place) for place in _PLACE.findall(own)))


def check(options: LdapOptions) -> None:
    """See whether the user's own filters can be filled in.

    Raises:
        ConfigError: one cannot, and why.
    """
    for setting, template, places in (
        ("filter", options.filter, (*Notation, *_PATTERNS)),
        ("internal_filter", options.internal, (_EXTENSION,)),
    ):
        if template is not None:
            _check(setting, template, tuple(map(str, places)))


def _check(setting: str, template: str, places: tuple[str, ...]) -> None:
    found = _PLACE.findall(template)
    if not found:
        raise ConfigError(f"{setting} does not say where the number goes: write ${{{places[0]}}} there")
    for place in found:
        if place not in places:
            meant = nearest(place, places)
            advice = f"did you mean ${{{meant}}}?" if meant else "known are " + ", ".join(places)
            raise ConfigError(f"{setting} holds ${{{place[:40]}}}, which is not known: {advice}")
    if template.count("(") != template.count(")") or not template.startswith("("):
        raise ConfigError(f"{setting} is no LDAP filter: it needs as many ( as ), and begins with one")


def _own(number: E164 | Extension, options: LdapOptions) -> str | None:
    return options.filter if _is_outside(number) else options.internal


def _asked(number: E164 | Extension, options: LdapOptions) -> tuple[str, ...]:
    """The values to compare with, already in the language of filters."""
    if not _is_outside(number):
        return (escaped(number),)
    match options.matching:
        case Match.EXACT:
            return tuple(map(escaped, every(number, _NOTATIONS)))
        case Match.GROUPED:
            return (f"*{_joined(_groups(number))}",)
        case Match.DIGITS:
            return (f"*{_joined(''.join(_groups(number)))}",)
        case _:
            assert_never(options.matching)


def _value(number: E164 | Extension, place: str) -> str:
    if not _is_outside(number):
        return escaped(number)
    match place:
        case "grouped":
            return _joined(_groups(number))
        case "digits_apart":
            return _joined("".join(_groups(number)))
        case _:
            return escaped(write(number, Notation(place)))


def _joined(pieces: Iterable[str]) -> str:
    return "*".join(map(escaped, pieces))


def _groups(number: E164) -> tuple[str, ...]:
    """The last nine digits, or all behind the country code if there are fewer, in the groups of the plan."""
    groups = _DIGITS.findall(international(number))
    kept: list[str] = []
    room = TAIL_DIGITS
    for group in reversed(groups[1:] or groups):
        if room > 0:
            kept.append(group[-room:])
            room -= len(group)
    return tuple(reversed(kept))


def _is_outside(number: E164 | Extension) -> TypeGuard[E164]:
    return number.startswith("+")
