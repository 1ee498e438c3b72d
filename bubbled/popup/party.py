"""Who is on the line and what number that is, in the words of a template. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import phonenumbers

from bubbled import number as notation
from bubbled.colleague import is_with_colleague
from bubbled.model import Direction
from bubbled.number import is_withheld
from bubbled.popup.text import one_line

if TYPE_CHECKING:
    from bubbled.model import E164, Call
    from bubbled.popup.variable import Values


def who(values: Values) -> str:
    """The best that is known: a person, a company, a number; never empty."""
    known = one_line(values.contact.name, 80) or values["company"] or values["name"]
    return known or values["number_formatted"] or _nobody(values)


def _nobody(values: Values) -> str:
    wording = values.layout.wording
    is_inbound = values.call.direction is Direction.INBOUND
    return wording.anonymous() if is_inbound else wording.unknown_number()


def name(values: Values) -> str:
    """The person, as the directories say, else the team, else the PBX."""
    return one_line(values.contact.name, 80) or _known_colleague(values) or _caller_id_name(values.call)


def _known_colleague(values: Values) -> str:
    call, layout = values.call, values.layout
    if not is_with_colleague(call, layout.region):
        return ""
    return one_line(layout.wording.colleagues.get(call.number or ""), 80)


def _caller_id_name(call: Call) -> str:
    """What the PBX calls the caller, unless that is "anonymous" or only the number once more."""
    said = one_line(call.name, 80)
    return "" if is_withheld(said) or _is_number(said, call.number or "") else said


def _is_number(said: str, number: str) -> bool:
    digits = re.sub(r"\D", "", said).lstrip("0")
    return not re.search(r"[^\W\d_]", said) and re.sub(r"\D", "", number).endswith(digits)


# Notations are kept for a while, because each card of a call asks for them again, and a popup is in a hurry.
@lru_cache(maxsize=256)
def readable(number: str | None, region: str) -> str:
    """As one reads it in a region, whatever it is: an extension, too."""
    return one_line(notation.formatted(number, region), 40) if number else ""


@lru_cache(maxsize=256)
def national(e164: E164 | None) -> str:
    """As one dials it inside its country."""
    return notation.national(e164) if e164 else ""


@lru_cache(maxsize=256)
def international(e164: E164 | None) -> str:
    """As one writes it for readers abroad."""
    return notation.international(e164) if e164 else ""


@lru_cache(maxsize=256)
def abroad(e164: E164 | None, home: str) -> str:
    """The region of a number, ISO 3166, unless that is the user's own."""
    if e164 is None:
        return ""
    region = phonenumbers.region_code_for_number(phonenumbers.parse(e164))
    return region if region and region != home.upper() else ""


def country(values: Values) -> str:
    """The name of the region, in the user's language."""
    region = values["region"]
    return one_line(values.layout.country(region), 40) if region else ""


def probably(values: Values) -> str:
    """That a directory only guesses, and what."""
    if not values.contact.probable:
        return ""
    return values.layout.wording.probably(values["company"] or values["name"])


def more(values: Values) -> str:
    """That others have the number as well, and how many."""
    finding = values.subject.finding
    return values.layout.wording.more(len(finding.matches) - 1) if finding.has_choice else ""
