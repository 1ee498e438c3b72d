from __future__ import annotations

import re

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat

from bubbled.dialing.plan import DialPlan, in_country
from bubbled.model import E164
from bubbled.settings.schema import NumberFormat

AMSTERDAM = E164("+31201234567")
BERLIN = E164("+4930901234")


@pytest.mark.parametrize(
    ("wanted", "home", "abroad"),
    [
        (NumberFormat.NATIONAL, "0201234567", "004930901234"),
        (NumberFormat.INTERNATIONAL, "0031201234567", "004930901234"),
        (NumberFormat.E164, "+31201234567", "+4930901234"),
    ],
)
def test_the_pbx_gets_numbers_as_it_wants_them(wanted: NumberFormat, home: str, abroad: str) -> None:
    plan = DialPlan(region="NL", format=wanted)
    assert (plan.outside(AMSTERDAM), plan.outside(BERLIN)) == (home, abroad)


@pytest.mark.parametrize("wanted", NumberFormat)
def test_the_outside_prefix_comes_before_everything_of_the_outside(wanted: NumberFormat) -> None:
    plain = DialPlan(region="NL", format=wanted)
    behind_nine = DialPlan(region="NL", format=wanted, outside_prefix="9")
    assert behind_nine.outside(AMSTERDAM) == "9" + plain.outside(AMSTERDAM)
    assert behind_nine.short("1850") == "91850"
    assert behind_nine.without_outside_prefix("91850") == "1850"


@pytest.mark.parametrize(
    ("region", "prefix"),
    [("NL", "00"), ("US", "011"), ("JP", "010"), ("AU", "0011"), ("FI", "00"), ("RU", "810"), ("BR", "00")],
)
def test_the_international_prefix_is_that_of_the_region(region: str, prefix: str) -> None:
    assert DialPlan(region=region).outside(E164("+442079460018")) == prefix + "442079460018"


def test_the_international_prefix_can_be_another() -> None:
    assert DialPlan(region="NL", international_prefix="09").outside(BERLIN) == "094930901234"
    assert DialPlan(region="NL", international_prefix="").outside(BERLIN) == "4930901234"


@pytest.mark.parametrize(
    ("region", "e164", "dialled"),
    [
        ("BE", "+3221234567", "021234567"),
        ("DE", "+493090123456", "03090123456"),
        ("GB", "+442079460018", "02079460018"),
        ("US", "+14155552671", "4155552671"),
        ("US", "+14165550199", "4165550199"),  # Toronto is dialled as a town of one's own
        ("FR", "+33123456789", "0123456789"),
        ("IT", "+390612345678", "0612345678"),  # the zero belongs to the number
        ("ES", "+34912345678", "912345678"),
        ("AU", "+61291234567", "0291234567"),
        ("JP", "+81334567890", "0334567890"),
        ("NL", "+311234567", "01234567"),  # not in the plan, but possible
        ("US", "+14151234567", "4151234567"),
    ],
)
def test_a_number_at_home_is_dialled_as_in_its_country(region: str, e164: str, dialled: str) -> None:
    assert DialPlan(region=region).outside(E164(e164)) == dialled
    assert in_country(E164(e164)) == dialled


@pytest.mark.parametrize(
    ("region", "e164", "digits"),
    [
        ("NL", "+3114020", "14020"),
        ("NL", "+31140591", "140591"),
        ("AU", "+61131450", "131450"),
        ("NL", "+31201234567", None),
        ("NL", "+318001234", None),
        ("IT", "+39061234", None),
        ("BE", "+3114020", None),
    ],
)
def test_some_numbers_are_short_in_their_own_country(region: str, e164: str, digits: str | None) -> None:
    assert DialPlan(region=region).short_in(E164(e164)) == digits


def test_extensions_are_known_by_patterns() -> None:
    plan = DialPlan(region="NL", extensions=("1??", "20[0-4]", "7*"))
    allowed = {
        digits for digits in ("101", "1010", "200", "205", "7", "7777", "") if plan.is_extension(digits)
    }
    assert allowed == {"101", "200", "7", "7777"}
    assert not DialPlan(region="NL").is_extension("101")


def test_a_country_code_is_that_of_the_region_or_not() -> None:
    assert DialPlan(region="CA").is_country_code("+1")
    assert DialPlan(region="CA").is_at_home(E164("+12125550199"))
    assert not DialPlan(region="NL").is_country_code("+3120")


@given(
    st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS)),
    st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS)),
    st.sampled_from(NumberFormat),
    st.sampled_from(["", "0", "9", "*9"]),
)
def test_only_what_a_phone_has_keys_for_is_dialled(
    home: str, away: str, wanted: NumberFormat, prefix: str
) -> None:
    example = phonenumbers.example_number(away)
    assert example is not None
    e164 = E164(phonenumbers.format_number(example, PhoneNumberFormat.E164))
    dialled = DialPlan(region=home, format=wanted, outside_prefix=prefix).outside(e164)
    assert re.fullmatch(r"[0-9+*#]+", dialled)
    assert dialled.startswith(prefix)
    assert phonenumbers.national_significant_number(example)[-6:] in dialled


def test_a_number_of_the_outside_is_no_extension_however_wide_the_pattern() -> None:
    plan = DialPlan(region="NL", extensions=("*",))
    assert plan.is_extension("123456")
    assert not plan.is_extension("09001234")
