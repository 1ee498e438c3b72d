"""Why the user is asked before a number is dialled. Pure."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

import phonenumbers
from phonenumbers import PhoneNumberType

from bubbled.dialing.destination import Caution, Kind, Source
from bubbled.dialing.text.short_number import connects_to_emergency, is_emergency, is_premium_rate
from bubbled.number import to_e164

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from phonenumbers import PhoneNumber

    from bubbled.dialing.destination import Destination
    from bubbled.dialing.plan import DialPlan
    from bubbled.model import E164

_COSTLY: Final[Mapping[int, Caution]] = {
    PhoneNumberType.PREMIUM_RATE: Caution.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST: Caution.SHARED_COST,
}

_SATELLITES: Final = frozenset({870, 881, 882, 883})
"""Codes of no country, of ships and satellites: they cost a multiple of any other call (ITU-T E.164)."""

_NUMBERS: Final = re.compile(r"\+?\d+")
"""In a code: that of the service, and the number that it is given, to which calls may go from then on."""


def caution(destination: Destination, source: Source, plan: DialPlan) -> Caution | None:
    """Say why to ask before this is dialled; None: there is no reason.

    A link always is one: whether the settings trust links is for the caller to know.
    """
    if _may_be_emergency(destination, plan):
        return Caution.EMERGENCY
    known = set(_known(destination, plan))
    for reason in (Caution.PREMIUM_RATE, Caution.SHARED_COST, Caution.ABROAD):
        if reason in known and reason in plan.ask:
            return reason
    number = destination.e164 or plan.without_outside_prefix(destination.dialled)
    if any(fnmatchcase(number, pattern) for pattern in plan.ask):
        return Caution.PATTERN
    return Caution.LINK if source is Source.LINK else None


def _may_be_emergency(destination: Destination, plan: DialPlan) -> bool:
    match destination.kind:
        case Kind.EMERGENCY:
            return True
        case Kind.CODE:
            return any(is_emergency(digits, plan.region) for digits in _numbers_in_code(destination, plan))
        case Kind.INTERNAL:
            # What looks like an extension may be the prefix of an outside line and an emergency number.
            return is_emergency(plan.without_outside_prefix(destination.dialled), plan.region)
        case Kind.OUTSIDE | Kind.SHORT:
            # The prefix and a number may together be one: 1 and 12.
            bare = plan.without_outside_prefix(destination.dialled)
            return connects_to_emergency(bare, plan.region) or is_emergency(destination.dialled, plan.region)


def _known(destination: Destination, plan: DialPlan) -> Iterator[Caution]:
    if destination.e164:
        yield from _known_of_number(destination.e164, plan)
    elif destination.kind is Kind.CODE:
        for number in _numbers_in_code(destination, plan):
            if e164 := to_e164(number, plan.region):
                yield from _known_of_number(e164, plan)
    elif destination.kind is Kind.SHORT:
        digits = plan.without_outside_prefix(destination.dialled)
        if is_premium_rate(digits, plan.region):
            yield Caution.PREMIUM_RATE
        if (e164 := to_e164(digits, plan.region)) and plan.short_in(e164):
            yield from _known_of_number(e164, plan)


def _numbers_in_code(destination: Destination, plan: DialPlan) -> set[str]:
    """What may be called by a code: also behind the prefix of an outside line that looks like a code."""
    dialled = destination.dialled
    return {*_NUMBERS.findall(dialled), *_NUMBERS.findall(plan.without_outside_prefix(dialled))}


def _known_of_number(e164: E164, plan: DialPlan) -> Iterator[Caution]:
    number = phonenumbers.parse(e164)
    if number.country_code in _SATELLITES:
        yield Caution.PREMIUM_RATE
    for beginning in _connected(number):
        kind = phonenumbers.number_type(beginning)
        if kind in _COSTLY:
            yield _COSTLY[kind]
    if not plan.is_at_home(e164) or _is_of_a_neighbour(number, plan.region):
        yield Caution.ABROAD


def _connected(number: PhoneNumber) -> Iterator[PhoneNumber]:
    """The numbers that a telephone company may connect: it ignores digits after a whole number."""
    yield number
    if phonenumbers.is_valid_number(number):
        return
    significant = phonenumbers.national_significant_number(number)
    for length in range(len(significant) - 1, 3, -1):
        try:
            beginning = phonenumbers.parse(f"+{number.country_code}{significant[:length]}")
        except phonenumbers.NumberParseException:
            continue
        yield beginning


def _is_of_a_neighbour(number: PhoneNumber, region: str) -> bool:
    """Whether it belongs to another country under the same code: Jamaica has +1 as the United States do."""
    return phonenumbers.is_valid_number(number) and not phonenumbers.is_valid_number_for_region(
        number, region
    )
