"""What one number that stands alone is: an extension, a code, an emergency call, somebody outside. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import phonenumbers

from bubbled.dialing.destination import Destination, Kind, Refusal
from bubbled.dialing.plan import in_country
from bubbled.dialing.text.boundary import begins_with_number
from bubbled.dialing.text.short_number import LONGEST, is_emergency, is_short
from bubbled.number import formatted, international, is_valid, to_e164

if TYPE_CHECKING:
    from bubbled.dialing.plan import DialPlan
    from bubbled.model import E164

_AT_ONCE = re.compile(r"\d+")
_SHORT = re.compile(r"\d+(?: \d+)*|\d(?:-\d){2,}")
"""How short numbers are written: `14 020`, `1-1-2`; but `15.30` is a time and `11-2` a date."""
_SHORT_WITH_PREFIX = re.compile(r"\d+(?:[ -]\d+)*")
_EMERGENCY = re.compile(r"\d+|\d(?:([ -])\d)(?:\1\d)+")
# A service of the PBX (`*72`), perhaps with a number; or of the network (3GPP TS 22.030, 6.5.2).
_CODE = re.compile(r"[*#]{1,2}\d{1,19}(?:[*#]{1,2}\+?\d{1,15}){0,3}#?")
_MOST_CODE_DIGITS: Final = 19
"""Four of the service, and a number."""
_NOT_DIALLED = re.compile(r"[^\d+*#]")

_SHORTEST_EXTENSION: Final = 2
_WITHOUT_TRUNK_FROM: Final = 9
"""Digits of a number that has lost its zero; fewer may be within some town, and mean another with a zero."""


def destination_of(text: str, plan: DialPlan) -> Destination | Refusal:
    """Recognise a number that stands alone; it may be one that the plan does not know, but is possible.

    Args:
        text: digits with separators, perhaps `+`, `*` and `#`; plain, without labels and extension.
        plan: what the PBX knows, and how it dials.
    """
    text = " ".join(text.split()).strip("()[] .-/")
    if "*" in text or "#" in text.rstrip("#"):
        return _code(text, plan)
    text = text.rstrip("#")
    digits = "".join(_AT_ONCE.findall(text))
    if "+" in text:
        return _outside(text, digits, plan)
    if is_emergency(digits, plan.region):
        return _emergency(text, digits)
    if _AT_ONCE.fullmatch(text) and plan.is_extension(digits):
        return Destination(dialled=digits, shown=digits, kind=Kind.INTERNAL)
    if _SHORT.fullmatch(text) and is_short(digits, plan.region):
        return Destination(dialled=plan.short(digits), shown=digits, kind=Kind.SHORT)
    return _outside(text, digits, plan)


def outside(e164: E164, plan: DialPlan) -> Destination:
    """Somebody outside, or a short number of the own country that can be written as E.164."""
    if digits := plan.short_in(e164):
        return Destination(dialled=plan.short(digits), shown=formatted(e164, plan.region), kind=Kind.SHORT)
    return Destination(dialled=plan.outside(e164), shown=_shown(e164, plan), kind=Kind.OUTSIDE, e164=e164)


def _shown(e164: E164, plan: DialPlan) -> str:
    shown = formatted(e164, plan.region)
    # libphonenumber leaves the trunk prefix out where it knows no way to group the digits.
    misleads = plan.is_at_home(e164) and "".join(_AT_ONCE.findall(shown)) != in_country(e164)
    return international(e164) if misleads else shown


def _emergency(text: str, digits: str) -> Destination | Refusal:
    if _EMERGENCY.fullmatch(text):
        return Destination(dialled=digits, shown=digits, kind=Kind.EMERGENCY)
    return Refusal.NO_NUMBER


def _code(text: str, plan: DialPlan) -> Destination | Refusal:
    code = _NOT_DIALLED.sub("", text)
    if not _CODE.fullmatch(code) or sum(map(str.isdigit, code)) > _MOST_CODE_DIGITS:
        return Refusal.NO_NUMBER
    return Destination(dialled=code, shown=code, kind=Kind.CODE) if plan.codes else Refusal.CODE_NOT_ALLOWED


def _outside(text: str, digits: str, plan: DialPlan) -> Destination | Refusal:
    e164 = _e164(text, digits, plan)
    if e164 is None:
        return _refusal(text, digits)
    destination = outside(e164, plan)
    if destination.kind is Kind.SHORT and not ("+" in text or _SHORT_WITH_PREFIX.fullmatch(text)):
        return Refusal.NO_NUMBER
    return destination


def _refusal(text: str, digits: str) -> Refusal:
    if "+" in text or len(digits) > LONGEST:
        return Refusal.IMPOSSIBLE
    if _AT_ONCE.fullmatch(text) and len(digits) >= _SHORTEST_EXTENSION:
        return Refusal.EXTENSION_NOT_ALLOWED
    return Refusal.NO_NUMBER


def _e164(text: str, digits: str, plan: DialPlan) -> E164 | None:
    here = to_e164(text, plan.region)
    # With other digits behind a known number it is neither a possible one nor one from abroad: in Spain
    # `810 12 00 00-112` is not Japan's +81.
    holds_more = begins_with_number(text, plan.region)
    is_here = here and (is_valid(here) or ("+" in text and not holds_more))
    if here and is_here and not _is_local(here, digits, plan):
        return here
    # A double-click leaves the `+` out; people abroad write 00 for it, whatever the prefix is here.
    no_plus = "+" not in text[1:] and (digits.startswith("00") or not holds_more)
    abroad = to_e164("+" + digits.removeprefix("00"), plan.region) if no_plus else None
    if abroad and is_valid(abroad):
        return abroad
    return None if here is None or holds_more or _is_local(here, digits, plan) else here


def _is_local(e164: E164, digits: str, plan: DialPlan) -> bool:
    """Whether the trunk prefix is missing, and putting it there could make it somebody else's number."""
    if not plan.is_at_home(e164) or digits == in_country(e164):
        return False
    significant = phonenumbers.national_significant_number(phonenumbers.parse(e164))
    return digits == significant and (len(digits) < _WITHOUT_TRUNK_FROM or not is_valid(e164))
