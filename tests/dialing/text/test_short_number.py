from __future__ import annotations

import pytest

from bubbled.dialing.text.short_number import connects_to_emergency, is_emergency, is_premium_rate, is_short


@pytest.mark.parametrize(
    ("region", "digits"),
    [("NL", "112"), ("BE", "101"), ("DE", "110"), ("GB", "999"), ("US", "911"), ("FR", "15"), ("AU", "000")],
)
def test_emergency_numbers_are_known_by_country(region: str, digits: str) -> None:
    assert is_emergency(digits, region)
    assert connects_to_emergency(digits, region)


@pytest.mark.parametrize(("region", "digits"), [("NL", "101"), ("JP", "112"), ("NL", "1120"), ("NL", "")])
def test_other_numbers_are_no_emergency_numbers(region: str, digits: str) -> None:
    assert not is_emergency(digits, region)


def test_a_telephone_company_may_not_wait_for_more_digits() -> None:
    assert connects_to_emergency("9115551234", "US")
    assert not connects_to_emergency("0112345678", "NL")


@pytest.mark.parametrize(
    ("region", "digits"), [("NL", "1850"), ("NL", "144"), ("NL", "113"), ("DE", "116117"), ("US", "411")]
)
def test_short_numbers_are_known_by_country(region: str, digits: str) -> None:
    assert is_short(digits, region)


@pytest.mark.parametrize(
    ("region", "digits"), [("NL", "101"), ("DE", "144"), ("NL", "0201234567"), ("NL", "1")]
)
def test_other_numbers_are_no_short_numbers(region: str, digits: str) -> None:
    assert not is_short(digits, region)


def test_what_a_short_number_costs_is_known_of_some() -> None:
    assert is_premium_rate("3631", "FR")
    assert is_premium_rate("1850", "NL")
    assert not is_premium_rate("14020", "NL")
    assert not is_premium_rate("0201234567", "NL")
