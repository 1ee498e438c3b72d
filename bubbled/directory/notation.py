"""The ways in which other systems write a number, for those that compare text and not numbers. Pure."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, assert_never

import phonenumbers

from bubbled.number import international, national

if TYPE_CHECKING:
    from bubbled.model import E164, Extension

TAIL_DIGITS = 9
"""Enough to tell numbers apart, and few enough to leave out what is written in different ways before them."""


class Notation(StrEnum):
    """A way to write a number, shown for +31 6 12345678; its value is the name in presets and settings."""

    E164 = "e164"
    """`+31612345678`"""
    DIGITS = "digits"
    """`31612345678`"""
    PREFIXED = "prefixed"
    """`0031612345678`"""
    NATIONAL = "national"
    """`0612345678`"""
    SIGNIFICANT = "significant"
    """`612345678`: without country code and without the zero that is dialled before it."""
    TAIL = "tail"
    """`612345678`: the last nine digits of the number without country code, or all if there are fewer."""
    INTERNATIONAL_SPACED = "international_spaced"
    """`+31 6 12345678`"""
    NATIONAL_SPACED = "national_spaced"
    """`06 12345678`"""
    NATIONAL_DASHED = "national_dashed"
    """`06-12345678`"""


def write(number: E164 | Extension, notation: Notation) -> str:
    """Write a number in a notation; an extension has only one."""
    return _written(number, notation) if number.startswith("+") else number


def every(number: E164 | Extension, notations: tuple[Notation, ...]) -> tuple[str, ...]:
    """Write a number in each of the notations, in their order; what would read the same stands there once."""
    return tuple(dict.fromkeys(write(number, notation) for notation in notations))


@lru_cache(maxsize=1024)
def _written(number: E164, notation: Notation) -> str:  # noqa: PLR0911 - one for each notation
    match notation:
        case Notation.E164:
            return number
        case Notation.DIGITS:
            return number[1:]
        case Notation.PREFIXED:
            return f"00{number[1:]}"
        case Notation.NATIONAL:
            return national(number)
        case Notation.SIGNIFICANT:
            return _significant(number)
        case Notation.TAIL:
            return _significant(number)[-TAIL_DIGITS:]
        case Notation.INTERNATIONAL_SPACED:
            return international(number)
        case Notation.NATIONAL_SPACED:
            return _grouped(number, " ")
        case Notation.NATIONAL_DASHED:
            return _grouped(number, "-")
        case _:
            assert_never(notation)


def _significant(number: E164) -> str:
    return phonenumbers.national_significant_number(phonenumbers.parse(number))


def _grouped(number: E164, separator: str) -> str:
    """The area code apart, where the plan tells it: `020-1234567`; else as the plan groups it."""
    parsed = phonenumbers.parse(number)
    written, plain = _significant(number), national(number)
    trunk = len(plain) - len(written)
    area = phonenumbers.length_of_national_destination_code(parsed)
    if not area or area + trunk >= len(plain):
        return plain
    return f"{plain[: area + trunk]}{separator}{plain[area + trunk :]}"
