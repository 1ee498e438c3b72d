from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bubbled.directory.local.bulk import InternalReader, Key, NumberReader, key_of, reading
from bubbled.model import E164, Extension
from bubbled.number import split_numbers, to_e164

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
HOMES = st.sampled_from(["NL", "DE", "BE", "IT", "US", "GB", "AR"])


def the_long_way(cell: str, region: str) -> tuple[Key, ...]:
    read = (to_e164(text, region) for text in split_numbers(cell))
    return tuple(dict.fromkeys(key_of(number) for number in read if number is not None))


@settings(max_examples=500)
@given(st.text(alphabet="+0123456789 ()-./", max_size=24), HOMES)
def test_any_field_is_read_as_the_long_way_reads_it(cell: str, region: str) -> None:
    assert NumberReader(region).keys(cell) == the_long_way(cell, region)


@st.composite
def written_numbers(draw: st.DrawFn) -> str:
    """Digits that look like a number of some country, in notations that people use."""
    region = draw(st.sampled_from(REGIONS))
    example = phonenumbers.example_number(region)
    assert example is not None
    national = phonenumbers.national_significant_number(example)
    changed = national[: draw(st.integers(1, 4))] + draw(st.text("0123456789", min_size=3, max_size=8))
    abroad = f"+{example.country_code}"
    prefix = draw(st.sampled_from(["", "0", "00", "1", "8", abroad, f"{abroad} (0)"]))
    separator = draw(st.sampled_from(["", " ", "-", "."]))
    return prefix + changed[:3] + separator + changed[3:]


@settings(max_examples=1000)
@given(written_numbers(), st.sampled_from(REGIONS))
def test_numbers_of_every_country_are_read_as_the_long_way_reads_them(cell: str, region: str) -> None:
    assert NumberReader(region).keys(cell) == the_long_way(cell, region)


@settings(max_examples=500)
@given(st.sampled_from(REGIONS), st.data())
def test_national_notation_at_home_is_read_as_the_long_way_reads_it(region: str, data: st.DataObject) -> None:
    example = phonenumbers.example_number(region)
    assert example is not None
    written = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.NATIONAL)
    digits = data.draw(st.text("0123456789", min_size=2, max_size=2))
    cell = written[:-2] + digits
    assert NumberReader(region).keys(cell) == the_long_way(cell, region)


@pytest.mark.parametrize(
    ("cell", "keys"),
    [
        ("06-12345678", (31612345678,)),
        ("612345678", (31612345678,)),
        ("+49 30 1234567", (49301234567,)),
        ("020-1234567 - 06-12345678", (31201234567, 31612345678)),
        ("020-1234567 tst 12 / 0031 6 12345678", (31201234567, 31612345678)),
        ("06-12345678 / +31612345678", (31612345678,)),
        ("112", ()),
        ("geen", ()),
    ],
)
def test_fields_of_a_dutch_address_book(cell: str, keys: tuple[int, ...]) -> None:
    assert NumberReader("NL").keys(cell) == keys


def test_an_unknown_region_still_reads_international_notation() -> None:
    assert NumberReader("XX").keys("+31612345678") == (31612345678,)
    assert NumberReader("XX").keys("0612345678") == ()


def test_the_key_is_the_number_without_its_plus() -> None:
    assert key_of(E164("+31612345678")) == 31612345678


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("102", ("102",)),
        ("0102", ("0102",)),
        (" 7 ", ("7",)),
        ("tst 102", ("102",)),
        ("102 / 103", ("102", "103")),
        ("102, 103", ("102", "103")),
        ("102 / 06-12345678", ("102", "+31612345678")),
        ("06 12345678", ("+31612345678",)),
        ("020/1234567", ("+31201234567",)),
        ("1234567", ("1234567",)),
        ("112", ("112",)),
        ("12345678901", ()),
        ("10 2", ()),
        ("*72", ()),
        ("geen", ()),
    ],
)
def test_fields_of_a_directory_of_colleagues(cell: str, numbers: tuple[str, ...]) -> None:
    expected = tuple(key_of(E164(n) if n.startswith("+") else Extension(n)) for n in numbers)
    assert InternalReader("NL").keys(cell) == expected


@given(st.text("0123456789", min_size=1, max_size=6), st.text("0123456789", min_size=1, max_size=6))
def test_extensions_stay_apart_whatever_zeros_they_begin_with(one: str, other: str) -> None:
    keys = reading("NL", is_internal=True)
    assert keys(one) == (key_of(Extension(one)),)
    assert (keys(one) == keys(other)) == (one == other)


def test_extensions_of_a_directory_that_is_not_of_colleagues_are_not_read() -> None:
    assert reading("NL")("102") == ()
