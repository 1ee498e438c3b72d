from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.model import E164
from bubbled.number import (
    formatted,
    international,
    is_landline,
    is_valid,
    is_withheld,
    national,
    shortened,
    split_numbers,
    to_e164,
    without_extension,
)

MOBILE = E164("+31612345678")
DESK = E164("+31201234567")


@pytest.mark.parametrize(
    "text",
    [
        "0612345678",
        "06-12345678",
        "06 12345678 ",
        "06.12.34.56.78",
        "06/12345678",
        "(06) 1234 5678",
        "612345678",
        "31612345678",
        "+31612345678",
        "+31 6 1234 5678",
        "+31(0)612345678",
        "0031612345678",
        "00 31 (0)6-12345678",
        "tel:+31-6-12345678",
        "tel:0612345678;phone-context=+31",
        "TEL:0612345678",
        "sip:+31612345678@pbx.example.com;user=phone",
        "sips:0612345678@192.0.2.1",
        "06\u00a012345678",
        "\u202a+31612345678\u202c",
        "\uff10\uff16\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18",
    ],
)
def test_every_way_to_write_a_mobile_number_is_the_same_number(text: str) -> None:
    assert to_e164(text, "NL") == MOBILE


@pytest.mark.parametrize(
    "text",
    [
        "020-1234567 tst 12",
        "020-1234567 tst. 12",
        "020-1234567, toestel 12",
        "020-1234567 x12",
        "020-1234567x12",
        "020-1234567;ext=12",
        "020-1234567 ext. 12",
        "020-1234567 Durchwahl 12",
        "tel:+31201234567;ext=12",
    ],
)
def test_an_extension_is_dropped(text: str) -> None:
    assert to_e164(text, "NL") == DESK


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "   ",
        "0",
        "+",
        "112",
        "1234",
        "10101",
        "anonymous",
        "Restricted",
        "<unknown>",
        "sip:jan@example.com",
        "sip:101@pbx.example.com",
        "1-800-FLOWERS",
        "06-1234567a",
        "*31*0612345678",
        "0612345678#",
        "061234567890123456789",
        "+999123456789",
        "0612345678 / 0201234567",
        "+31612345678\r\nEvent: Hangup",
        "9" * 100_000,
    ],
)
def test_what_is_not_one_possible_number_is_none(text: str | None) -> None:
    assert to_e164(text, "NL") is None


@pytest.mark.parametrize(
    ("text", "region", "e164"),
    [
        ("14020", "NL", "+3114020"),  # short, but the plan knows it: the city of Amsterdam
        ("06 1234567", "IT", "+39061234567"),  # Italy keeps its zero
        ("4155552671", "US", "+14155552671"),
        ("2671234", "US", None),  # possible only for the neighbours: no area code
        ("0031612345678", "US", None),  # 00 is no international prefix there
        ("101", "DE", None),
        ("+52 1 55 1234 5678", "MX", None),
        ("0612345678", "nl", MOBILE),
        ("0612345678", "", None),
        ("+31612345678", "", MOBILE),
    ],
)
def test_the_region_decides_what_national_notation_means(text: str, region: str, e164: str | None) -> None:
    assert to_e164(text, region) == e164


def test_a_number_that_shrinks_each_time_it_is_read_is_none() -> None:
    assert to_e164("+31000000000", "NL") is None


@given(
    st.text(alphabet="+0123456789 ()-./x", max_size=20),
    st.sampled_from(["NL", "DE", "IT", "US", "GB", "BR", "CI"]),
)
def test_a_number_that_was_read_is_read_the_same_again(text: str, region: str) -> None:
    e164 = to_e164(text, region)
    assert e164 is None or to_e164(e164, "NL") == e164


@given(st.text())
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert to_e164(text, "NL") is None or to_e164(text, "NL") is not None
    assert isinstance(split_numbers(text), tuple)
    assert isinstance(is_withheld(text), bool)
    assert isinstance(formatted(text, "NL"), str)


@given(st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS)))
def test_an_example_of_every_region_is_read_in_national_and_international_notation(region: str) -> None:
    example = phonenumbers.example_number(region)
    assert example is not None
    e164 = E164(phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164))
    assert to_e164(e164, "NL") == e164
    assert to_e164(international(e164), "NL") == e164
    assert (
        to_e164(phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.NATIONAL), region) == e164
    )


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("020-1234567", ("020-1234567",)),
        ("020-1234567 / 06-12345678", ("020-1234567", "06-12345678")),
        ("0201234567/0612345678", ("0201234567", "0612345678")),
        ("020-1234567;06-12345678", ("020-1234567", "06-12345678")),
        ("020-1234567, 06-12345678", ("020-1234567", "06-12345678")),
        ("020-1234567 of 06-12345678", ("020-1234567", "06-12345678")),
        ("020-1234567 or 06-12345678", ("020-1234567", "06-12345678")),
        ("020-1234567\n06-12345678\r\n", ("020-1234567", "06-12345678")),
        ("020-1234567\t06-12345678", ("020-1234567", "06-12345678")),
        ("0201234567 +31612345678", ("0201234567", "+31612345678")),
        ("020-1234567 - 06-12345678", ("020-1234567", "06-12345678")),
        ("T 020-1234567 M 06-12345678", ("020-1234567", "06-12345678")),
        ("Tel.: 020-1234567", ("020-1234567",)),
        ("(werk) 020-1234567", ("020-1234567",)),
        ("+31 6 1234 5678 (mobiel)", ("+31 6 1234 5678",)),
        ("(020) 123 45 67", ("(020) 123 45 67",)),
        ("(+31) 6 12345678", ("(+31) 6 12345678",)),
        ("020-1234567 tst 12", ("020-1234567",)),
        ("020-1234567 toestel 12 / 06-12345678", ("020-1234567", "06-12345678")),
        ("020-1234567 ext. 12345678", ("020-1234567",)),
        ("030/1234567", ("030/1234567",)),
        ("0043 5574/12345", ("0043 5574/12345",)),
        ("+49 30 123456 - 12", ("+49 30 123456 - 12",)),
        ("612345678.0", ("612345678",)),
        ("0612345678 0612345678", ("0612345678 0612345678",)),
        ("06-12345678; 06-12345678", ("06-12345678",)),
        ("geen", ()),
        ("", ()),
    ],
)
def test_a_field_is_taken_apart_into_its_numbers(cell: str, numbers: tuple[str, ...]) -> None:
    assert tuple(" ".join(number.split()) for number in split_numbers(cell)) == numbers


@given(
    st.lists(
        st.sampled_from(["020-1234567", "+31 6 12345678", "0031 (0)30 1234567"]), min_size=1, unique=True
    )
)
def test_numbers_joined_in_any_usual_way_come_apart_again(numbers: list[str]) -> None:
    for separator in (" / ", "/", ";", ", ", " or ", " oder ", "\n", " tst 12; "):
        assert split_numbers(separator.join(numbers)) == tuple(numbers)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        " ",
        "anonymous",
        "Anonymous",
        "ANONIEM",
        "unknown",
        "<unknown>",
        "Restricted",
        "private",
        "Private Number",
        "withheld",
        "Unavailable",
        "Out of Area",
        "sip:anonymous@anonymous.invalid",
        "anonymous@anonymous.invalid",
    ],
)
def test_a_caller_who_hides_is_withheld(text: str | None) -> None:
    assert is_withheld(text)


@pytest.mark.parametrize(
    "text", ["0612345678", "102", "sip:jan@example.com", "Jan Private", "anonymous 0612345678"]
)
def test_a_caller_who_shows_something_is_not_withheld(text: str) -> None:
    assert not is_withheld(text)


def test_notations() -> None:
    assert national(MOBILE) == "0612345678"
    assert national(E164("+14155552671")) == "4155552671"
    assert international(MOBILE) == "+31 6 12345678"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+31612345678", "06 12345678"),
        ("0201234567", "020 123 4567"),
        ("+493012345678", "+49 30 12345678"),
        ("102", "102"),
        ("sip:jan@example.com", "sip:jan@example.com"),
    ],
)
def test_the_eye_reads_national_notation_at_home_and_international_from_abroad(
    number: str, shown: str
) -> None:
    assert formatted(number, "NL") == shown


@pytest.mark.parametrize("number", ["+31201234567", "+3114020", "+80012345678"])
def test_the_numbering_plan_knows_numbers_that_can_be_given_out(number: str) -> None:
    assert is_valid(E164(number))


@pytest.mark.parametrize("number", ["+311234567", "+14151234567", "+999123456789", "+"])
def test_a_number_that_is_merely_possible_is_none_of_the_plan(number: str) -> None:
    assert not is_valid(E164(number))


@pytest.mark.parametrize(
    "text",
    ["020-1234567 tst 12", "020-1234567, toestel 12", "020-1234567x12", "020-1234567 Durchwahl: 12"],
)
def test_a_number_is_told_from_the_extension_behind_it(text: str) -> None:
    assert without_extension(text) == "020-1234567"


def test_what_stands_before_no_number_is_no_extension_behind_one() -> None:
    assert without_extension("tst 12") == "tst 12"


@pytest.mark.parametrize("number", ["+31201234567", "+31880001234"])
def test_fixed_lines_and_company_numbers_can_have_direct_numbers_behind_them(number: str) -> None:
    assert is_landline(E164(number))


@pytest.mark.parametrize("number", ["+31612345678", "+14155552671", "+31"])
def test_mobiles_and_what_may_be_one_have_none(number: str) -> None:
    assert not is_landline(E164(number))


@pytest.mark.parametrize(
    ("number", "in_logs"),
    [
        ("+31612345678", "+3161234****"),
        ("102", "102"),
        (None, "none"),
        ("jan\r\nforged: line", "no number"),
        ("06\r\n12345678", "061234****"),
    ],
)
def test_logs_do_not_tell_who_called(number: str | None, in_logs: str) -> None:
    assert shortened(number) == in_logs
