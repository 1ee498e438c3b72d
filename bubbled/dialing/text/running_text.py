"""Phone numbers within other text: a signature, a paragraph, a table. Pure.

Only numbers count that the numbering plan of their country knows, written as such: with the trunk prefix
where the country has one, or with a country code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import phonenumbers
from phonenumbers import Leniency, PhoneNumberFormat, PhoneNumberMatcher

from bubbled.dialing.text.boundary import APART, stands_alone, with_numbers_apart
from bubbled.dialing.text.label import is_fax, is_no_phone
from bubbled.model import E164
from bubbled.number import is_landline, is_valid, to_e164

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_DIGITS_BEFORE = re.compile(r"\d[\d .\-]*$")
_DIGITS_AFTER = re.compile(r"[ .\-]*\d[\d .\-]*")
_NEXT_LINE = re.compile(r"[ \-/]*\n[ \-/(]*(\d[\d .\-/)]*)")

_MOST_STRAY_DIGITS: Final = 5
"""Digits beside a number, of a postcode or a house number; more belong to a longer number of another kind."""


_MOST_TRIES: Final = 400
"""Of libphonenumber: enough for a page full of numbers, few where a page wants to keep us busy."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A number, and where it stands in the text."""

    start: int
    end: int
    e164: E164


def numbers_in(text: str, region: str) -> tuple[E164, ...]:
    """Find the numbers of a text in their order; fax numbers only where there are no others.

    A number that ends its line, and would be a longer one with the digits below, is given in both ways, the
    longer one first.
    """
    text = with_numbers_apart(text, region)
    phones: list[E164] = []
    faxes: list[E164] = []
    for number, before, after in _between(text, list(_found(text, region))):
        kind = faxes if is_fax(before, after) else phones
        if is_landline(number.e164):  # behind others there are no direct numbers
            kind.extend(_with_next_line(text[number.start : number.end], after, region))
        kind.append(number.e164)
    return tuple(phones or faxes or _over_two_lines(text, region))


def _found(text: str, region: str) -> Iterator[_Found]:
    for number, before, after in _between(text, list(_matches(text, region))):
        stray = _digits_of(_DIGITS_BEFORE.search(before)) + _digits_of(_DIGITS_AFTER.match(after))
        if stray <= _MOST_STRAY_DIGITS and not is_no_phone(before):
            yield number


def _between(text: str, numbers: Sequence[_Found]) -> Iterator[tuple[_Found, str, str]]:
    """Each number with the text before it and behind it, up to the numbers beside it."""
    ends = [0, *(number.end for number in numbers)]
    starts = [*(number.start for number in numbers[1:]), len(text)]
    for number, end, start in zip(numbers, ends, starts, strict=False):
        yield number, text[end : number.start], text[number.end : start]


def _matches(text: str, region: str) -> Iterator[_Found]:
    for match in PhoneNumberMatcher(text, region, Leniency.VALID, max_tries=_MOST_TRIES):
        e164 = E164(phonenumbers.format_number(match.number, PhoneNumberFormat.E164))
        yield _Found(match.start, match.end, e164)


def _with_next_line(raw: str, after: str, region: str) -> Iterator[E164]:
    below = _NEXT_LINE.match(after)
    if below is None or stands_alone(below[1], region):
        return
    longer = to_e164(f"{raw} {below[1]}", region)
    if longer and is_valid(longer):
        yield longer


def _over_two_lines(text: str, region: str) -> list[E164]:
    # Only with a country code: else any two numbers below each other could make a third.
    first, *below = text.split("\n")
    joined = first + "".join((APART if stands_alone(line, region) else " ") + line for line in below)
    return [number.e164 for number in _found(joined, region) if joined[number.start] == "+"]


def _digits_of(match: re.Match[str] | None) -> int:
    return sum(map(str.isdigit, match[0])) if match else 0
