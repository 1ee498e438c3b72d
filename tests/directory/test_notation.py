from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.directory.notation import Notation, every, write
from bubbled.model import E164, Extension
from bubbled.number import to_e164

MOBILE, LANDLINE, FOREIGN, UK = (
    E164("+31612345678"),
    E164("+31201234567"),
    E164("+4915112345678"),
    E164("+442079460123"),
)


@pytest.mark.parametrize(
    ("number", "notation", "written"),
    [
        (MOBILE, Notation.E164, "+31612345678"),
        (MOBILE, Notation.DIGITS, "31612345678"),
        (MOBILE, Notation.PREFIXED, "0031612345678"),
        (MOBILE, Notation.NATIONAL, "0612345678"),
        (MOBILE, Notation.SIGNIFICANT, "612345678"),
        (MOBILE, Notation.TAIL, "612345678"),
        (MOBILE, Notation.INTERNATIONAL_SPACED, "+31 6 12345678"),
        (MOBILE, Notation.NATIONAL_SPACED, "06 12345678"),
        (MOBILE, Notation.NATIONAL_DASHED, "06-12345678"),
        (LANDLINE, Notation.NATIONAL_DASHED, "020-1234567"),
        (LANDLINE, Notation.INTERNATIONAL_SPACED, "+31 20 123 4567"),
        (FOREIGN, Notation.TAIL, "112345678"),
        (E164("+4532123456"), Notation.TAIL, "32123456"),
        (FOREIGN, Notation.SIGNIFICANT, "15112345678"),
        (UK, Notation.NATIONAL_SPACED, "020 79460123"),
    ],
)
def test_each_notation(number: E164, notation: Notation, written: str) -> None:
    assert write(number, notation) == written


def test_an_extension_has_one_notation() -> None:
    assert every(Extension("0102"), tuple(Notation)) == ("0102",)


def test_what_reads_the_same_is_written_once() -> None:
    assert every(MOBILE, (Notation.SIGNIFICANT, Notation.TAIL, Notation.E164)) == (
        "612345678",
        "+31612345678",
    )


@given(st.integers(200_000_000, 799_999_999))
def test_whole_notations_are_read_as_the_same_number(digits: int) -> None:
    number = to_e164(f"0{digits}", "NL")
    if number is not None:
        shortened = {Notation.SIGNIFICANT, Notation.TAIL, Notation.DIGITS}
        for notation in set(Notation) - shortened:
            assert to_e164(write(number, notation), "NL") == number
