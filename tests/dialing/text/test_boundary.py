from __future__ import annotations

import pytest

from bubbled.dialing.text.boundary import begins_with_number, stands_alone, with_numbers_apart


@pytest.mark.parametrize(
    ("text", "region", "apart"),
    [
        ("0900-1234 / 112", "NL", "0900-1234 | 112"),
        ("030 1234/030 5678", "DE", "030 1234 | 030 5678"),
        ("0800 0000 (112)", "NL", "0800 0000 | 112)"),
        ("112 + (201) 555-0000", "US", "112 | (201) 555-0000"),
        ("030 901234 - 56", "DE", "030 901234\n56"),
        ("030 1234 030 5678", "DE", "030 1234 | 030 5678"),
        ("030 901234 12,50", "DE", "030 901234\n"),
        ("030 901234 10115 Berlin", "DE", "030 901234 | 10115 Berlin"),
        ("1/2/" * 80 + "3", "NL", "1 | 2 | " * 80 + "3"),
    ],
)
def test_numbers_are_put_apart(text: str, region: str, apart: str) -> None:
    assert with_numbers_apart(text, region) == apart


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("030 / 90 12 34-56", "DE"),
        ("038792 / 1234", "DE"),
        ("0211 90 12 34,56", "DE"),
        ("030 901234-110", "DE"),
        ("+39 / 06 1234 5678", "NL"),
        ("+31 (0)20 123 45 67", "NL"),
        ("020 - 123 45 67", "NL"),
        ("(020) 123 45 67", "NL"),
        ("01.23.45.67.89", "FR"),
        ("415 / 555-2671", "US"),
        ("(415) 555-2671 x12", "US"),
        ("T/F 101", "NL"),
    ],
)
def test_one_number_stays_as_it_is(text: str, region: str) -> None:
    assert with_numbers_apart(text, region) == text


@pytest.mark.parametrize("text", ["112", "1850", "020-1234567", "+49 30 901234", "020-1234567 12"])
def test_some_numbers_continue_none(text: str) -> None:
    assert stands_alone(text, "NL")


@pytest.mark.parametrize("text", ["", "56", "1234567", "123 45 67", "112 34", "Jan"])
def test_other_digits_may_continue_a_number(text: str) -> None:
    assert not stands_alone(text, "NL")


def test_a_beginning_is_a_number_only_as_it_is_written() -> None:
    assert begins_with_number("020-1234567 12", "NL")
    assert not begins_with_number("201234567 12", "NL")
    assert not begins_with_number("020-123456712", "NL")
