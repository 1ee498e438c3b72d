"""Phone numbers: read, take apart, write. Pure; numbers are compared as `E164`, never as text.

Reading follows libphonenumber, with what it gets wrong for caller IDs and address books put right first:
letters are no keypad digits, service codes are no callers, and short numbers mean nobody outside the PBX.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import phonenumbers
from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberType,
    ValidationResult,
)

from bubbled.model import E164

LONGEST_TEXT: Final = 80
"""A longer text is no phone number: 15 digits, separators, an extension and a SIP host fit."""

# Digits without country code: fewer are an extension on some PBX, unless the numbering plan knows them.
_SHORT_BELOW = 7
_LONGEST_CELL = 1000

_WITHHELD = frozenset(
    {
        "afgeschermd",
        "anoniem",
        "anonym",
        "anonymous",
        "anonymouscaller",
        "anonymousinvalid",
        "blocked",
        "geheimnummer",
        "hidden",
        "idunavailable",
        "nocallerid",
        "noname",
        "notavailable",
        "onbekend",
        "outofarea",
        "privat",
        "private",
        "privatenumber",
        "privenummer",
        "privé",
        "privénummer",
        "restricted",
        "suppressed",
        "unavailable",
        "unbekannt",
        "unknown",
        "unknowncaller",
        "unknownnumber",
        "unterdrückt",
        "verborgen",
        "withheld",
    }
)
_NOT_LETTERS = re.compile(r"[\W\d_]+")
_URI = re.compile(r"(?P<scheme>tel|sips?):(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_EXTENSION = re.compile(
    r"(?<=[\d)])[\s,;]*"
    r"(?:toestelnummer|toestel|tst|extension|extn|ext|doorkiesnummer|doorkies|durchwahl|dw|nebenstelle|nst|intern|int|poste|x)"
    r"[\s.:=#]*\d{1,8}(?!\d)",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[^\W\d_]")
_EXCEL_FRACTION = re.compile(r"(?<!\S)(\d{6,15})\.0(?!\S)")
_NUMBER = re.compile(r"[+(]{1,3} ?\d[\d .()\-/\u00b7\u2010-\u2015]*|\d[\d .()\-/\u00b7\u2010-\u2015]*")
_JOINT = re.compile(r"\s*/\s*|\s+[-\u2010-\u2015]\s+")
_DIGIT = re.compile(r"\d")


def to_e164(text: str | None, region: str) -> E164 | None:
    """Read one number as the PBX, an address book or a link wrote it.

    Args:
        text: `06-12345678`, `0031 (0)6 12345678`, `612345678` (a spreadsheet lost the zero), a `tel:` or
            `sip:` link, each also with an extension, which is dropped.
        region: where national notation belongs, as two letters (ISO 3166): `NL`.

    Returns:
        None when the text holds anything but one number, or a number that nobody can have in its country.
        That includes extensions of a PBX and short codes such as 112, which mean nobody elsewhere.
    """
    if (
        not text or len(text) > LONGEST_TEXT
    ):  # before the cache: a hostile caller must not fill it with long texts
        return None
    return _to_e164(text, region)


@lru_cache(maxsize=4096)
def _to_e164(text: str, region: str) -> E164 | None:
    bare = _bare(text)
    if bare is None:
        return None
    number = _parse(bare, region)
    if number is None or phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return None
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return E164(e164) if phonenumbers.is_valid_number(number) or _plausible(number, e164) else None


def _plausible(number: PhoneNumber, e164: str) -> bool:
    """Of the numbers that the plan does not know: long enough, and read the same when read again."""
    return (
        len(phonenumbers.national_significant_number(number)) >= _SHORT_BELOW and _parse(e164, None) == number
    )


def _parse(text: str, region: str | None) -> PhoneNumber | None:
    """The number, not to be changed; kept, because a popup writes one number in several ways."""
    return _parsed(text, None if text.startswith("+") or region is None else region.upper())


@lru_cache(maxsize=256)
def _parsed(text: str, region: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except NumberParseException:
        return None


def _bare(text: str) -> str | None:
    """The number without link and extension; None when more than a number is left."""
    number = _unlinked(_plain(text))
    number = without_extension(number)
    # libphonenumber would read letters as keypad digits and `*31*06...` as a call to the Netherlands.
    return None if _LETTER.search(number) or "*" in number or "#" in number else number


def _unlinked(text: str) -> str:
    uri = _URI.match(text)
    if uri is None:
        return text
    number, _, parameters = uri["rest"].partition(";")
    if uri["scheme"].lower() == "tel":
        context = re.search(r"phone-context=(\+[\d\-.]+)", parameters)
        return context[1] + number if context and not number.startswith("+") else number
    return number.partition("@")[0]


def _plain(text: str) -> str:
    """Without the invisible marks that copying from web pages leaves, and with wide digits made plain."""
    if text.isascii():
        return text.strip()
    visible = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return unicodedata.normalize("NFKC", visible).strip()


def split_numbers(cell: str) -> tuple[str, ...]:
    """Take one field of an address book apart: `Tel.: 020-1234567 tst 12 / 06-12345678 (home)` holds two.

    Extensions, labels and words between numbers go. A slash or a spaced dash separates only behind a whole
    number, because `030/1234567` is one. Pieces that are no number for `to_e164` may be among them: `101`.
    """
    text = _EXTENSION.sub(" ; ", _EXCEL_FRACTION.sub(r"\1", _plain(cell[:_LONGEST_CELL].replace("\t", ";"))))
    found = (piece for run in _NUMBER.findall(text) for piece in _split_run(run))
    return tuple(dict.fromkeys(found))


def _split_run(run: str) -> list[str]:
    pieces: list[str] = []
    start = 0
    for joint in _JOINT.finditer(run):
        left, right = run[start : joint.start()], run[joint.end() :]
        if _is_whole(left) and ("/" in joint[0] or _is_whole(right)):
            pieces.append(left)
            start = joint.end()
    pieces.append(run[start:])
    return [piece.lstrip(" .-/").rstrip(" .-/(") for piece in pieces if _DIGIT.search(piece)]


def _is_whole(text: str) -> bool:
    digits = len(_DIGIT.findall(text))
    return digits >= (10 if text.lstrip(" (").startswith(("+", "00")) else _SHORT_BELOW)


def without_extension(text: str) -> str:
    """Leave out what stands behind a number to reach one desk: ` tst 12`, `, ext. 12`, `x12`."""
    return _EXTENSION.sub("", text)


def is_withheld(text: str | None) -> bool:
    """Whether a caller ID says that there is none: empty, `<unknown>`, `sip:anonymous@anonymous.invalid`."""
    if not text or not text.strip():
        return True
    words = text.partition(":")[2] if _URI.match(text) else text
    return _NOT_LETTERS.sub(
        "", words.partition("@")[0][:LONGEST_TEXT]
    ).lower() in _WITHHELD and not _DIGIT.search(words)


@dataclass(frozen=True, slots=True)
class Numbering:
    """How the users of one PBX write numbers.

    Attributes:
        region: where national notation belongs, as two letters (ISO 3166).
        outside_prefix: what they dial for an outside line; not part of the number.
    """

    region: str
    outside_prefix: str = ""

    def e164(self, text: str | None, *, is_dialled: bool) -> E164 | None:
        """Read a number as `to_e164` does, also one that was dialled here with the prefix before it."""
        if is_dialled and text and self.outside_prefix and text.startswith(self.outside_prefix):
            behind = to_e164(text.removeprefix(self.outside_prefix), self.region)
            if behind is not None and is_valid(behind):
                return behind
        return to_e164(text, self.region)


def national(e164: E164) -> str:
    """As it is dialled in its own country, digits only: `0612345678`."""
    return "".join(_DIGIT.findall(_format(e164, PhoneNumberFormat.NATIONAL)))


def international(e164: E164) -> str:
    """As it is printed for readers abroad: `+31 6 12345678`."""
    return _format(e164, PhoneNumberFormat.INTERNATIONAL)


def formatted(number: str, region: str) -> str:
    """For the eye: in national notation at home, in international notation from abroad, else as it came."""
    e164 = to_e164(number, region)
    if e164 is None:
        return number
    parsed = _parse(e164, None)
    at_home = parsed is not None and parsed.country_code == phonenumbers.country_code_for_region(
        region.upper()
    )
    return _format(e164, PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL)


def _format(e164: E164, notation: int) -> str:
    parsed = _parse(e164, None)
    return e164 if parsed is None else phonenumbers.format_number(parsed, notation)


def is_valid(e164: E164) -> bool:
    """Whether the numbering plan of its country knows it; a number that is merely possible may exist too."""
    parsed = _parse(e164, None)
    return parsed is not None and phonenumbers.is_valid_number(parsed)


def is_landline(e164: E164) -> bool:
    """Whether it is a fixed line or a company number (UAN), behind which a PBX can have direct numbers."""
    parsed = _parse(e164, None)
    kind = PhoneNumberType.UNKNOWN if parsed is None else phonenumbers.number_type(parsed)
    return kind in (PhoneNumberType.FIXED_LINE, PhoneNumberType.UAN)


def shortened(number: str | None) -> str:
    """For logs, which must not tell who called: `+3161234****`. Up to four digits are an extension: kept."""
    if not number:
        return "none"
    digits = "".join(c for c in number[:LONGEST_TEXT] if c in "+0123456789")[:16]
    return digits[:-4] + "****" if len(digits) > 4 else digits or "no number"  # noqa: PLR2004 - four, as the docstring says
