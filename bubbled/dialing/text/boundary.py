"""Where one number ends and the next begins, or something that is no part of it. Pure.

A slash, a dash or a wide gap may stand between two numbers, but also within one (`030 / 90 12 34`), and
libphonenumber takes whatever makes a longer number together: `0900-1234 / 112`. What stands on both sides
tells.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import phonenumbers

from bubbled.dialing.plan import in_country
from bubbled.dialing.text.short_number import is_emergency, is_short
from bubbled.number import is_valid, to_e164

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bubbled.model import E164

APART: Final = " | "
"""Stands between two numbers afterwards: libphonenumber reads over a slash and a dash, but not over this."""

_RUN = re.compile(r"[+(]{0,3} ?\d[\d ()\[\].+/~\u00b7\u2022x-]*")
_BRACKET = r"[)\]]? *[(\[](?!0[)\]])(?=[ +]*\d)"
_JOINT = re.compile(
    rf" *(?P<mark>[/~\u00b7\u2022]|\. |x(?=[+(0])|{_BRACKET}) *"
    r"|(?P<plus>(?<=[\d)]) +\+ +)"
    r"|(?P<gap> +- +| {2,})"
)
_GAP = re.compile(r"[ .-](?=\(?[+0])(?!\(0\))")
"""Before what may begin another number."""
_BULLET_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\u00b7\u2022](?=\d)")
_COUNTRY_CODE = re.compile(r"\(?(?:\+|00) ?[1-9]\d{0,2}\)?(?: ?\(0\))?")
_END_OF_DIGITS = re.compile(r"(?<=\d)(?!\d)")
_FIRST = re.compile(r"[ (]*(\d+)(?![ .-]?\d)")

# What follows a number and would be taken for more of it where a plan has numbers of any length.
_HOUR = r"\d{1,2}(?:[.:]\d{2})?"
_UNIT = r" ?(?:uur|uhr|u|h|hrs?|[ap]\.?m)\b"
_TAIL = re.compile(
    r"(?<=\d)(?:"
    r" +\d{1,3}(?:\.\d{3})*,\d{2}(?![\d,])"  # a price
    r"| ?[(\[]\d{1,2}[)\]](?! *[\d(-])"  # how often, or a footnote
    rf"| +{_HOUR}(?: ?(?:-|tot|bis|to|\u00e0) ?{_HOUR})?{_UNIT}"
    r"| +(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?![ ]?\d)"  # a day
    r")",
    re.IGNORECASE,
)
_ESCAPED_BREAK = re.compile(r"\\[nrt](?=[\d+(])")
"""A line break in JSON, which would be a letter before the number."""
_POSTCODE = re.compile(r"(?<=\d)(?P<gap> +)(?=(?P<code>[1-9]\d{3,4}) ?[A-Z\u00c4\u00d6\u00dc])")
_FIRST_DIGITS = re.compile(r"\d+")
_END_OF_LONG_NUMBER = re.compile(r"\d{3}$")
_RUN_BEFORE = re.compile(r"[+(]{0,3} ?\d[\d ().+/-]*$")

_MOST_JOINTS: Final = 60
"""In one run of digits; a page with more only wants to keep us busy."""
_LONGEST_NUMBER: Final = 30
"""Characters, separators included."""
_SHORTEST_WHOLE: Final = 6
"""Digits without country code and trunk prefix; an area code, which may pass for a number, has fewer."""
_SHORTEST_BEFORE_TAIL: Final = 9
_LONGEST_GIVEN_OUT: Final = 12
"""Digits, trunk prefix included, that a number and a postcode together exceed."""


def with_numbers_apart(text: str, region: str) -> str:
    """Put `APART` or a line break between numbers, and leave out what would be taken for the end of one.

    A line break stands where a number may go on behind it. Text is plain, as `plain` makes it.
    """
    text = _ESCAPED_BREAK.sub("\n", text)
    text = _TAIL.sub(lambda tail: "\n" if _is_before_tail(tail, region) else tail[0], text)
    text = _POSTCODE.sub(lambda code: APART if _is_before_postcode(code, region) else code[0], text)
    return _RUN.sub(lambda run: _run_apart(run[0], region), text)


def stands_alone(text: str, region: str) -> bool:
    """Whether a text begins with a number of its own, which continues no number before it."""
    first = _FIRST.match(text)
    if first and (is_emergency(first[1], region) or is_short(first[1], region)):
        return True
    return begins_with_number(text, region)


def begins_with_number(text: str, region: str) -> bool:
    """Whether its beginning is a whole number, written with its trunk prefix or a country code."""
    return any(
        "+" in text[:3] or digits.startswith("00") or digits in {in_country(e164), e164[1:]}
        for digits, e164 in _beginnings(text, region)
    )


def _is_word(right: str, region: str) -> bool:
    """Whether a plus before this says `and`: no country code follows."""
    return right.startswith("+") or any(
        digits == in_country(e164) for digits, e164 in _beginnings(right, region)
    )


def _beginnings(text: str, region: str) -> Iterator[tuple[str, E164]]:
    """The digits of the beginnings of a text that are whole numbers."""
    for end in _END_OF_DIGITS.finditer(text[:_LONGEST_NUMBER]):
        beginning = text[: end.start()]
        digits = _digits(beginning)
        if len(digits) >= _SHORTEST_WHOLE and (e164 := _whole(beginning, region)):
            yield digits, e164


def _run_apart(run: str, region: str) -> str:
    pieces: list[str] = []
    start = 0
    joints = list(_JOINT.finditer(run))
    if len(joints) > _MOST_JOINTS:
        return _JOINT.sub(APART, run)
    for joint in joints:
        left, right = run[start : joint.start()], run[joint.end() :]
        if _is_word(right, region) if joint["plus"] else _separates(left, right, region):
            pieces += _piece(left, region), "\n" if joint["gap"] else APART
            start = joint.end()
    return "".join((*pieces, _piece(run[start:], region)))


def _separates(left: str, right: str, region: str) -> bool:
    if not _digits(left) or _COUNTRY_CODE.fullmatch(left.strip()):
        return False
    return (
        _whole(left, region) is not None
        or _is_short(left, region)
        or _begins_with_emergency(right, region)
        or begins_with_number(right, region)
    )


def _piece(text: str, region: str) -> str:
    """One number, or several with no more between them than stands within one; with dots for bullets."""
    parts = _GAP.split(text)
    if len(parts) > 1 and all(_whole(part, region) for part in parts):
        return APART.join(parts)
    return _BULLET_BETWEEN_DIGITS.sub(".", text)


@lru_cache(maxsize=1024)
def _whole(text: str, region: str) -> E164 | None:
    """The number, if the plan of its country knows it, and it is more than an area code."""
    e164 = to_e164(text, region)
    if e164 is None or not is_valid(e164):
        return None
    significant = phonenumbers.national_significant_number(phonenumbers.parse(e164))
    return e164 if len(significant) >= _SHORTEST_WHOLE else None


def _is_short(text: str, region: str) -> bool:
    digits = _digits(text)
    return is_emergency(digits, region) or (not digits.startswith("0") and is_short(digits, region))


def _begins_with_emergency(text: str, region: str) -> bool:
    first = _FIRST.match(text)
    return first is not None and is_emergency(first[1], region)


def _before(match: re.Match[str]) -> str:
    before = match.string[max(0, match.start() - _LONGEST_NUMBER) : match.start()]
    run = _RUN_BEFORE.search(before)
    return run[0] if run else ""


def _is_before_tail(tail: re.Match[str], region: str) -> bool:
    number = _before(tail)
    if not _whole(number, region):
        return False
    # Where the plan has longer numbers, it may well be one: `0211 90 12 34,56`.
    is_end = _END_OF_LONG_NUMBER.search(number) and len(_digits(number)) >= _SHORTEST_BEFORE_TAIL
    return bool(is_end) or not _whole(f"{number} {_FIRST_DIGITS.findall(tail[0])[0]}", region)


def _is_before_postcode(code: re.Match[str], region: str) -> bool:
    number = _before(code)
    digits = len(_digits(number)) + len(code["code"])
    return digits > _LONGEST_GIVEN_OUT and _whole(number, region) is not None


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))
