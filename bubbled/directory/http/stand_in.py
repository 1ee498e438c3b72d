"""A number that stands in for another one, so that an exchange can be shown to others. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import phonenumbers

from bubbled.directory.notation import Notation, write
from bubbled.error import DirectoryError
from bubbled.model import E164
from bubbled.number import to_e164

if TYPE_CHECKING:
    from collections.abc import Iterator

_FEWEST_DIGITS = 7
"""So many last digits are taken for the number: a part of it, as `…345678`, tells who called, too."""

_BETWEEN = r"(?:%[0-9A-Fa-f]{2}|[^0-9A-Za-z]){0,4}"
_DIGIT = re.compile(r"\d")
_DIGITS = "1234567890"


def stand_in(number: E164) -> E164:
    """A number of the same country and, as far as there is one, area, that looks the same in every notation.

    Of the number itself at most the area code is left, or, where the plan leaves no choice, all but the last
    four digits.

    Raises:
        DirectoryError: there is none, for a few short numbers.
    """
    pattern, shapes = _pattern(number), _shapes(number)
    for candidate in _candidates(number):
        is_good = to_e164(candidate, "ZZ") == candidate and not pattern.search(candidate)
        if is_good and _shapes(candidate) == shapes:
            return candidate
    raise DirectoryError("for this number no other can stand in; record the lookup of another number")


class Disguise:
    """Puts the stand-in wherever the number stands in a text, in whatever notation."""

    def __init__(self, number: E164) -> None:
        """Hide `number`."""
        self.stand_in = stand_in(number)
        self._digits = significant(self.stand_in)
        self._pattern = _pattern(number)

    def finds(self, text: str) -> bool:
        """Whether the number, or its end, is there."""
        return self._pattern.search(text) is not None

    def put_on(self, text: str) -> str:
        """The text with the stand-in's digits, and all between them as it was."""
        return self._pattern.sub(self._replaced, text)

    def split(self, text: str) -> Iterator[tuple[str, bool]]:
        """The pieces of a text, each with whether it is the number, which wears its disguise."""
        end = 0
        for match in self._pattern.finditer(text):
            yield text[end : match.start()], False
            yield self._replaced(match), True
            end = match.end()
        yield text[end:], False

    def _replaced(self, match: re.Match[str]) -> str:
        text = list(match[0])
        for group, digit in enumerate(self._digits, start=1):
            if match.start(group) >= 0:
                text[match.start(group) - match.start()] = digit
        return "".join(text)


def significant(number: E164) -> str:
    """Without country code: what all notations of a number share."""
    return phonenumbers.national_significant_number(phonenumbers.parse(number))


def _pattern(number: E164) -> re.Pattern[str]:
    """The digits, each a group, with signs between them; those before the last seven may be missing."""
    digits = significant(number)
    extra = max(0, len(digits) - _FEWEST_DIGITS)
    country = number[1:].removesuffix(digits)
    prefix = rf"(?:(?:\+|00)?{country}{_BETWEEN}(?:0{_BETWEEN})?|0{_BETWEEN})?"
    optional = "".join(f"(?:({digit}){_BETWEEN})?" for digit in digits[:extra])
    return re.compile(prefix + optional + _BETWEEN.join(f"({digit})" for digit in digits[extra:]))


def _candidates(number: E164) -> Iterator[E164]:
    """The fewest digits of the number first, and of those the likeliest made-up ones."""
    digits = significant(number)
    head = number.removesuffix(digits)
    area = phonenumbers.length_of_national_destination_code(phonenumbers.parse(number)) or 1
    for kept in range(min(area, len(digits) - 4), len(digits) - 3):
        for start in range(len(_DIGITS)):
            made_up = (_DIGITS * 2)[start : start + len(digits) - kept]
            yield E164(head + digits[:kept] + made_up)


def _shapes(number: E164) -> list[str]:
    return [_DIGIT.sub("0", write(number, notation)) for notation in Notation]
