"""The filters of templates: `${number|national}`, `${last_contact_at|ago}`. Pure and total.

What a filter cannot use it gives back as it came: an address book may hold anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bubbled.number import formatted, international, national, to_e164
from bubbled.speech import moment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from bubbled.model import E164
    from bubbled.popup.wording import Wording


_SLOW_CLOCK: Final = timedelta(days=1)
"""Farther off than clocks differ: what lies there is yet to come."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when filters are at work.

    Attributes:
        region: ISO 3166, for numbers in national notation.
        now: aware; moments are told in its zone.
    """

    region: str
    wording: Wording
    now: datetime


@dataclass(frozen=True, slots=True)
class Value:
    """What goes into a filter: a text, and the moment that it tells, if it does."""

    text: str
    at: datetime | None = None

    def moment(self, now: datetime) -> datetime | None:
        """The moment, also of a text that is a date."""
        return self.at or moment.read(self.text, now)


def apply(name: str, argument: str, value: Value, place: Place) -> str:
    """Give what a filter makes of a value; one that is not known changes nothing."""
    work = _FILTERS.get(name)
    return value.text if work is None else work(value, argument, place)


def _number(write: Callable[[E164, str], str]) -> Callable[[Value, str, Place], str]:
    def work(value: Value, _argument: str, place: Place) -> str:
        e164 = to_e164(value.text, place.region)
        return value.text if e164 is None else write(e164, place.region)

    return work


def _date(value: Value, argument: str, place: Place) -> str:
    if (at := value.moment(place.now)) is None:
        return value.text
    catalogue = place.wording.catalogue
    match argument:
        case "":
            return moment.day(at, place.now, catalogue)
        case "long":
            return moment.long_day(at, place.now, catalogue)
        case "iso":
            return moment.patterned(at, place.now, "YYYY-MM-DD", catalogue)
        case pattern:
            return moment.patterned(at, place.now, pattern, catalogue)


def _time(value: Value, argument: str, place: Place) -> str:
    if (at := value.moment(place.now)) is None:
        return value.text
    return moment.patterned(at, place.now, argument or "HH:mm", place.wording.catalogue)


def _ago(value: Value, _argument: str, place: Place) -> str:
    at = value.moment(place.now)
    if at is None or at - place.now > _SLOW_CLOCK:
        return value.text
    return moment.ago(at, place.now, place.wording.catalogue)


def _initials(value: Value, _argument: str, _place: Place) -> str:
    return "".join(word[0] for word in re.findall(r"\w+", value.text)).upper()


def _short(value: Value, argument: str, _place: Place) -> str:
    longest = int(argument) if argument.isascii() and argument.isdigit() else 0
    if not 0 < longest < len(value.text):
        return value.text
    return value.text[: longest - 1].rstrip() + "…"


def _word(at: int) -> Callable[[Value, str, Place], str]:
    return lambda value, _argument, _place: (value.text.split() or [""])[at]


_FILTERS: Final[Mapping[str, Callable[[Value, str, Place], str]]] = {
    "national": _number(lambda e164, _region: national(e164)),
    "international": _number(lambda e164, _region: international(e164)),
    "e164": _number(lambda e164, _region: e164),
    "formatted": _number(formatted),
    "digits": lambda value, _argument, _place: re.sub(r"\D", "", value.text),
    "date": _date,
    "time": _time,
    "ago": _ago,
    "upper": lambda value, _argument, _place: value.text.upper(),
    "lower": lambda value, _argument, _place: value.text.lower(),
    "first": _word(0),
    "last": _word(-1),
    "initials": _initials,
    "short": _short,
    "default": lambda value, argument, _place: value.text or argument,
}
"""By the names of `vocabulary.FILTERS`."""
