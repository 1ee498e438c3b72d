"""Numbers of two to six digits that a country knows: emergency calls, help lines, enquiries. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, ShortNumberCost

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST: Final = 6

_MISSING: Final[Mapping[str, frozenset[str]]] = {
    "NL": frozenset({"113", "144"}),
}
"""Help lines that libphonenumber does not have: of the Dutch numbering plan, suicide and animals."""

_COSTLY: Final[Mapping[str, re.Pattern[str]]] = {"NL": re.compile(r"18\d\d")}
"""What libphonenumber knows no price of: directory enquiries."""


def is_emergency(digits: str, region: str) -> bool:
    """Whether it is exactly an emergency number there; several countries know 911 besides their own."""
    return phonenumbers.is_emergency_number(digits, region)


def connects_to_emergency(dialled: str, region: str) -> bool:
    """Whether a telephone company there may connect it to the emergency services: also 112 and more."""
    return phonenumbers.connects_to_emergency_number(dialled, region)


def is_short(digits: str, region: str) -> bool:
    """Whether the numbering plan knows it as a short number."""
    if digits in _MISSING.get(region, ()):
        return True
    number = _parse(digits, region)
    return number is not None and phonenumbers.is_valid_short_number_for_region(number, region)


def is_premium_rate(digits: str, region: str) -> bool:
    """Whether it is known to cost more than an ordinary call."""
    number = _parse(digits, region)
    if number is None:
        return False
    costs_extra = _COSTLY.get(region)
    return phonenumbers.expected_cost_for_region(number, region) == ShortNumberCost.PREMIUM_RATE or bool(
        costs_extra and costs_extra.fullmatch(digits)
    )


def _parse(digits: str, region: str) -> PhoneNumber | None:
    if len(digits) > LONGEST:
        return None
    try:
        return phonenumbers.parse(digits, region)
    except NumberParseException:
        return None
