from __future__ import annotations

import re

import phonenumbers
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from bubbled.directory.http.stand_in import Disguise, significant, stand_in
from bubbled.directory.notation import Notation, write
from bubbled.error import DirectoryError
from bubbled.model import E164
from bubbled.number import split_numbers, to_e164

JAN = E164("+31612345678")


@st.composite
def numbers(draw: st.DrawFn) -> E164:
    """Numbers that somebody may have, of the sorts and countries of the plans' examples."""
    region = draw(st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS)))
    kind = draw(st.sampled_from([0, 1, 3, 4, 6, 8]))  # fixed line, mobile, free, premium, VoIP, company
    example = phonenumbers.example_number_for_type(region, kind)
    if example is None:
        reject()
    text = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    number = to_e164(text[:-4] + draw(st.from_regex(r"\A[0-9]{4}\Z")), "ZZ")
    if number is None:
        reject()
    return number


@given(numbers())
def test_a_stand_in_looks_the_same_in_every_notation_and_hides_who_it_is(number: E164) -> None:
    try:
        other = stand_in(number)
    except DirectoryError:
        reject()
    assert other != number
    assert other[:-4] == number[:-4] or other[-7:] != number[-7:]
    for notation in Notation:
        assert re.sub(r"\d", "0", write(other, notation)) == re.sub(r"\d", "0", write(number, notation))


@given(numbers(), st.sampled_from(Notation))
def test_the_disguise_is_put_on_in_every_notation(number: E164, notation: Notation) -> None:
    try:
        disguise = Disguise(number)
    except DirectoryError:
        reject()
    assert disguise.finds(write(number, notation))
    assert disguise.put_on(write(number, notation)) == write(disguise.stand_in, notation)


@pytest.mark.parametrize(
    "text",
    [
        "+31 (0)6 12.34.56.78",
        "0031-6-12345678",
        "612345678",
        "tel:+31612345678",
        "06/1234 5678",
        "06 12 34 56 78",
        "%2B31612345678",
        r"\+31\-6\-12345678",
        "%612345678%",
        "2345678",
    ],
)
def test_however_it_is_written_only_its_digits_change(text: str) -> None:
    disguise = Disguise(JAN)
    disguised = disguise.put_on(text)
    assert disguised != text
    assert re.sub(r"\d", "0", disguised) == re.sub(r"\d", "0", text)
    assert not disguise.finds(disguised)


def test_what_is_read_from_a_disguised_text_is_the_stand_in() -> None:
    disguise = Disguise(JAN)
    for text in ("06-12345678 (thuis)", "+31 (0)6 12345678", "0031612345678", "31612345678"):
        pieces = split_numbers("".join(piece for piece, is_number in disguise.split(text) if is_number))
        assert [to_e164(piece, "NL") for piece in pieces] == [disguise.stand_in]


def test_other_numbers_wear_no_disguise() -> None:
    disguise = Disguise(JAN)
    for text in ("020-7654321", "06-12345679", "2026-11-26", "345678"):
        assert disguise.put_on(text) == text


def test_most_numbers_have_a_stand_in_and_the_others_are_told() -> None:
    assert significant(stand_in(JAN))[0] == "6"
    with pytest.raises(DirectoryError, match="record the lookup of another number"):
        stand_in(E164("+3114020"))
