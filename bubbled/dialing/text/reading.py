"""What a text asks to call: exactly the number that a person would dial on seeing it, or why none. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

from bubbled.dialing.destination import Destination, Kind, Reading, Refusal, Source
from bubbled.dialing.plan import in_country
from bubbled.dialing.text.boundary import with_numbers_apart
from bubbled.dialing.text.caution import caution
from bubbled.dialing.text.label import (
    bare_number,
    count_words,
    is_fax,
    is_no_phone,
    with_labels_apart,
    without_emphasis,
)
from bubbled.dialing.text.link_text import is_other_link, linked, unlinked
from bubbled.dialing.text.noise import without_noise, without_web_addresses
from bubbled.dialing.text.one_number import destination_of, outside
from bubbled.dialing.text.plain_text import about, plain
from bubbled.dialing.text.running_text import numbers_in
from bubbled.number import is_valid, to_e164, without_extension

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bubbled.dialing.plan import DialPlan
    from bubbled.dialing.text.link_text import LinkedNumber

LONGEST_TEXT: Final = 2_000
"""Characters; a longer text is refused unread."""

MOST_NUMBERS: Final = 9
"""Nobody wants to choose among more."""

_Verdict: TypeAlias = "tuple[Destination, ...] | Refusal"

_NUMBER_ONLY = re.compile(r"[\d\s+*#()\[\]./-]+")
_PARTED = re.compile(r"[\n\t/]|\s-\s")
"""What may stand between two numbers, but also within one: only its parts tell."""

_SPACE = re.compile(r"\s")
_LINES = re.compile(r"[\n\t]")
_BETWEEN = re.compile(r"[|;,&\n\t]|\s(?:of|en|or|and|und|oder|et|ou|y|o|e)\s", re.IGNORECASE)
"""What stands between the members of a list."""
_SHORT_LIST = re.compile(r"(?:\D*\d{2,6}(?!\d)){2,}\D*")
_BETWEEN_INTERNAL = re.compile(rf"/|{_BETWEEN.pattern}", re.IGNORECASE)

# What is sent as tones once somebody answers: a conference's PIN, an extension behind a menu.
_TONES = re.compile(
    r"(\d(?:[ .()/-]{0,3}\d){6,19})(?: ?,,|;;|[,;](?=[\d*]+#)|[pw](?=\d)| #(?=\d))[\d,;*#pw]*"
)
_PAUSE = re.compile(r"(?<=\d)[,pw].*", re.IGNORECASE | re.DOTALL)
_ONE_PAUSE = re.compile(r"(?P<number>[^,;]*\d)\s*[,;]\s*(?P<rest>[\d\s*#+.()/-]*)")
_SHORTEST_WITH_TONES: Final = 7

# A name with an extension: `Bob (101)`, `"Bob" <101>`, `Bob 101`.
_NAMED_EXTENSION = re.compile(
    r"(?P<name>[^\d\n]*[^\W\d_][^\d\n]*)(?:[(<\[]\s*|[ \t])(?P<digits>\d{2,6})\s*[)>\]]?"
)
_LONGEST_NAMED: Final = 40
_MOST_NAMES: Final = 4


def read(text: str, source: Source, plan: DialPlan) -> Reading:
    """Find whom a text asks to call. Never raises, whatever the text holds.

    Text that is nothing but one number, label and extension aside, may be anything that can be dialled; of
    other text only numbers of the outside count that the numbering plan knows.
    """
    if len(text) > LONGEST_TEXT:
        return Reading(refusal=Refusal.TOO_LONG, about=about(text))
    seen = plain(text)
    verdict = _read(seen, source, plan) if seen else Refusal.NOTHING
    if not isinstance(verdict, tuple):
        return Reading(refusal=verdict, about=about(text))
    each_once = dict.fromkeys(verdict)
    if len(each_once) > MOST_NUMBERS:
        return Reading(refusal=Refusal.TOO_LONG, about=about(text))
    return Reading(tuple(replace(found, ask=caution(found, source, plan)) for found in each_once))


def _read(text: str, source: Source, plan: DialPlan) -> _Verdict:
    if source is Source.LINK and is_other_link(text):
        return Refusal.NO_NUMBER
    link = linked(text)
    if link is None or (source is not Source.LINK and _SPACE.search(text)):
        return _no_code_from_a_link(_read_text(text, plan), source)
    if source is not Source.LINK:
        return _read_link(link, plan)
    number = without_extension(_PAUSE.sub("", link.number))
    if not _NUMBER_ONLY.fullmatch(number):
        return Refusal.NO_NUMBER
    return _no_code_from_a_link(_read_link(replace(link, number=number), plan), source)


def _read_link(link: LinkedNumber, plan: DialPlan) -> _Verdict:
    if link.context:
        whole = to_e164(link.context + link.number, plan.region)
        if whole and is_valid(whole):
            return (outside(whole, plan),)
        # A context that is a whole country has its short numbers, too: tel:112;phone-context=+31.
        if not plan.is_country_code(link.context):
            return Refusal.IMPOSSIBLE
    return _read_text(link.number, plan)


def _read_text(text: str, plan: DialPlan) -> _Verdict:
    text = without_emphasis(text)
    bare = without_noise(unlinked(without_web_addresses(text)))
    said = with_numbers_apart(_TONES.sub(r"\1 ", with_labels_apart(bare)), plan.region).strip()
    if bare != unlinked(text):  # short digits beside a date or a price are no extension, and no emergency
        return _outside_numbers(said, plan) or Refusal.NO_NUMBER
    if several := _several(said, plan):
        return several
    number = _alone(said, plan.region)
    return _read_number(number, plan) if number else _outside_numbers(said, plan) or _named(said, plan)


def _several(text: str, plan: DialPlan) -> tuple[Destination, ...]:
    """The members of a list of nothing but numbers, some of which only their own country or PBX knows.

    Internal numbers only among themselves: beside a number of the outside, they may be extensions of it.
    """
    if _SHORT_LIST.fullmatch(text):
        internal = _members(_BETWEEN_INTERNAL.split(text), plan)
        if internal and all(found.kind is Kind.INTERNAL for found in internal):
            return internal
    members = _members(_BETWEEN.split(without_extension(text)), plan)
    kinds = {found.kind for found in members}
    if Kind.INTERNAL in kinds or all(map(_is_known_outside, members)):
        return ()
    return members


def _is_known_outside(destination: Destination) -> bool:
    return destination.kind is Kind.OUTSIDE and _is_known(destination)


def _members(pieces: Sequence[str], plan: DialPlan) -> tuple[Destination, ...]:
    pieces = [piece for piece in pieces if piece.strip()]
    if len(pieces) == 1:
        return ()
    members: list[Destination] = []
    for piece in pieces:
        number = bare_number(piece)
        member = destination_of(number, plan) if number and _NUMBER_ONLY.fullmatch(number) else None
        if number is None or not isinstance(member, Destination):
            return ()
        if not _is_known(member) and not _is_written_out(number, member):
            return ()
        before, _, after = piece.partition(number)
        if not is_fax(before, after):
            members.append(member)
    return tuple(members)


def _no_code_from_a_link(verdict: _Verdict, source: Source) -> _Verdict:
    if source is Source.LINK and isinstance(verdict, tuple) and any(d.kind is Kind.CODE for d in verdict):
        return Refusal.CODE_NOT_ALLOWED
    return verdict


def _alone(text: str, region: str) -> str | None:
    """The number of a text that holds nothing else; None where there is more, or another number."""
    number = bare_number(text)
    if number is None:
        return None
    number = without_extension(number)
    if pause := _ONE_PAUSE.fullmatch(number):
        if sum(map(str.isdigit, pause["number"])) < _SHORTEST_WITH_TONES or to_e164(pause["rest"], region):
            return None
        number = pause["number"]
    return number if _NUMBER_ONLY.fullmatch(number) else None


def _read_number(text: str, plan: DialPlan) -> _Verdict:
    if "*" in text or "#" in text:
        return Refusal.NO_NUMBER if _PARTED.search(text) else _one(destination_of(text, plan))
    found = tuple(outside(e164, plan) for e164 in numbers_in(text, plan.region))
    if _PARTED.search(text):
        return found or _joined(text, plan)
    whole = destination_of(text, plan)
    return found if len(found) > 1 or (found and not _is_known(whole)) else _one(whole)


def _joined(text: str, plan: DialPlan) -> _Verdict:
    """One number over several lines or cells, written as one and of parts that are none."""
    whole = destination_of(text, plan)
    if isinstance(whole, Refusal):
        return whole
    parts = _LINES.split(text)
    if len(parts) > 1 and (
        not _is_known(whole) or any(isinstance(destination_of(part, plan), Destination) for part in parts)
    ):
        return Refusal.NO_NUMBER
    return (whole,) if _is_written_out(text, whole) else Refusal.NO_NUMBER


def _is_known(verdict: Destination | Refusal) -> bool:
    """Whether the plan knows the number, which may not be a merely possible one."""
    if isinstance(verdict, Refusal):
        return False
    return verdict.e164 is None or is_valid(verdict.e164)


def _is_written_out(text: str, whole: Destination) -> bool:
    """Whether it has its trunk prefix or country code: `101 / 102 / 103` is no number of Rotterdam."""
    if whole.e164 is None:
        return False
    digits = "".join(filter(str.isdigit, text))
    return "+" in text or digits.startswith("00") or digits in {in_country(whole.e164), whole.e164[1:]}


def _outside_numbers(text: str, plan: DialPlan) -> tuple[Destination, ...]:
    numbers = (outside(e164, plan) for e164 in numbers_in(text, plan.region))
    return tuple(number for number in numbers if number.kind is Kind.OUTSIDE)


def _named(text: str, plan: DialPlan) -> _Verdict:
    named = _NAMED_EXTENSION.fullmatch(text) if len(text) <= _LONGEST_NAMED else None
    if named is None or count_words(named["name"]) > _MOST_NAMES or is_no_phone(named["name"]):
        return Refusal.NO_NUMBER
    whole = destination_of(named["digits"], plan)
    is_internal = isinstance(whole, Destination) and whole.kind is Kind.INTERNAL
    return _one(whole) if is_internal else Refusal.NO_NUMBER


def _one(verdict: Destination | Refusal) -> _Verdict:
    return verdict if isinstance(verdict, Refusal) else (verdict,)
