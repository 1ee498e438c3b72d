"""What the PBX is asked to dial for a number: the settings of `[dial]`, applied. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import TYPE_CHECKING, Final, assert_never

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberFormat, national_significant_number

from bubbled.dialing.destination import Kind
from bubbled.number import is_valid, national
from bubbled.settings.schema import NumberFormat

if TYPE_CHECKING:
    from bubbled.dialing.destination import Destination
    from bubbled.model import E164

USUAL_INTERNATIONAL_PREFIX: Final = "00"
"""As ITU-T E.164 recommends it; most countries follow."""

_LONGEST_EXTENSION: Final = 6
"""A longer number is somebody's outside, however widely the user's patterns are cast."""

_LONGEST_SHORT: Final = 6
"""Digits of a number that is dialled without any prefix, such as 14020 (Amsterdam) and 131450 (Australia)."""

_NOT_A_DIGIT = re.compile(r"\D")


@dataclass(frozen=True, slots=True, kw_only=True)
class DialPlan:
    """How one PBX in one country wants numbers.

    Attributes:
        region: where it stands, as two letters in capitals (ISO 3166): `NL`.
        outside_prefix: dialled before all numbers of the outside, but never before emergency numbers.
        international_prefix: dialled before a country code; None: as in the region.
        extensions: patterns of its internal numbers, as in `fnmatch`.
        codes: whether its service codes may be dialled.
        ask: what is dialled only after a question: words of `Caution`, and patterns of numbers.
    """

    region: str
    format: NumberFormat = NumberFormat.NATIONAL
    outside_prefix: str = ""
    international_prefix: str | None = None
    extensions: tuple[str, ...] = ()
    codes: bool = False
    ask: tuple[str, ...] = ()

    def outside(self, e164: E164) -> str:
        """What is dialled for a number of the outside: only digits, and `+` where the PBX wants E.164."""
        return self.outside_prefix + self._outside(e164)

    def short(self, digits: str) -> str:
        """What is dialled for a number that only its own country knows."""
        return self.outside_prefix + digits

    def without_outside_prefix(self, dialled: str) -> str:
        """The number in what `outside` and `short` gave: what the telephone company is asked for."""
        return dialled.removeprefix(self.outside_prefix)

    def number_of(self, destination: Destination) -> str:
        """The number in what is dialled for somebody, without the prefix of an outside line."""
        if destination.kind in {Kind.OUTSIDE, Kind.SHORT}:
            return self.without_outside_prefix(destination.dialled)
        return destination.dialled

    def typed(self, destination: Destination) -> str:
        """As somebody can be written, so that reading it calls the same."""
        return destination.e164 or self.number_of(destination)

    def is_extension(self, digits: str) -> bool:
        """Whether it is an internal number that the user may dial."""
        return len(digits) <= _LONGEST_EXTENSION and any(
            fnmatchcase(digits, pattern) for pattern in self.extensions
        )

    def is_at_home(self, e164: E164) -> bool:
        """Whether it has the country code of the region: no international prefix is needed."""
        return self.is_country_code(f"+{_country_code(e164)}")

    def is_country_code(self, text: str) -> bool:
        """Whether it is `+` and the country code of the region."""
        return text == f"+{phonenumbers.country_code_for_region(self.region)}"

    def short_in(self, e164: E164) -> str | None:
        """The digits of a short number of the region that E.164 can write, but no other country can dial."""
        number = phonenumbers.parse(e164)
        digits = national(e164)
        if (
            len(digits) > _LONGEST_SHORT
            or not self.is_at_home(e164)
            or phonenumbers.can_be_internationally_dialled(number)
        ):
            return None
        return digits

    def _outside(self, e164: E164) -> str:
        match self.format:
            case NumberFormat.E164:
                return e164
            case NumberFormat.NATIONAL if self.is_at_home(e164):
                return in_country(e164)
            case NumberFormat.NATIONAL | NumberFormat.INTERNATIONAL:
                return self._international_prefix() + e164[1:]
            case _:
                assert_never(self.format)

    def _international_prefix(self) -> str:
        if self.international_prefix is not None:
            return self.international_prefix
        metadata = PhoneMetadata.metadata_for_region(self.region)
        if metadata is None:
            return USUAL_INTERNATIONAL_PREFIX
        if metadata.preferred_international_prefix:
            return _NOT_A_DIGIT.sub("", metadata.preferred_international_prefix)  # "8~10": waits for a tone
        prefix = metadata.international_prefix or ""
        # Else it is a regular expression, of prefixes for each carrier.
        return prefix if prefix.isdigit() else USUAL_INTERNATIONAL_PREFIX


def in_country(e164: E164) -> str:
    """As it is dialled within its country, also where the plan does not know the number: `0201234567`."""
    digits = national(e164)
    if is_valid(e164) or digits != national_significant_number(phonenumbers.parse(e164)):
        return digits
    # libphonenumber leaves the trunk prefix out where it knows no way to group the digits.
    return _trunk_prefix(_country_code(e164)) + digits


@lru_cache(maxsize=256)
def _trunk_prefix(country_code: int) -> str:
    """What national notation begins with: 0 in most countries; nothing in Spain and in America."""
    region = phonenumbers.region_code_for_country_code(country_code)
    example = phonenumbers.example_number(region)
    if example is None:
        return ""
    significant = national_significant_number(example)
    digits = _NOT_A_DIGIT.sub("", phonenumbers.format_number(example, PhoneNumberFormat.NATIONAL))
    return digits.removesuffix(significant) if digits != significant else ""


def _country_code(e164: E164) -> int:
    return phonenumbers.parse(e164).country_code or 0
