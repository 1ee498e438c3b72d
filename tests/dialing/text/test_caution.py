from __future__ import annotations

import pytest

from bubbled.dialing.destination import Caution, Destination, Kind, Source
from bubbled.dialing.plan import DialPlan
from bubbled.dialing.text.caution import caution
from bubbled.model import E164

EVERYTHING = ("premium_rate", "shared_cost", "abroad", "*")


def outside(e164: str, plan: DialPlan) -> Destination:
    return Destination(dialled=plan.outside(E164(e164)), shown=e164, kind=Kind.OUTSIDE, e164=E164(e164))


def short(digits: str, plan: DialPlan) -> Destination:
    return Destination(dialled=plan.short(digits), shown=digits, kind=Kind.SHORT)


def plan_of(region: str, *ask: str, outside_prefix: str = "") -> DialPlan:
    return DialPlan(region=region, ask=ask, outside_prefix=outside_prefix)


@pytest.mark.parametrize(
    ("region", "e164", "reason"),
    [
        ("NL", "+319001234", Caution.PREMIUM_RATE),
        ("NL", "+319061234567", Caution.PREMIUM_RATE),
        ("DE", "+499005123456", Caution.PREMIUM_RATE),
        ("US", "+19005550199", Caution.PREMIUM_RATE),
        ("NL", "+979112345678", Caution.PREMIUM_RATE),
        ("DE", "+491802123456", Caution.SHARED_COST),
        ("AU", "+611300123456", Caution.SHARED_COST),
        ("NL", "+493090123456", Caution.ABROAD),
        ("NL", "+8816123456789", Caution.PREMIUM_RATE),  # a satellite
        ("US", "+18765550199", Caution.ABROAD),  # Jamaica, under the same country code
    ],
)
def test_the_numbering_plan_tells_what_is_costly(region: str, e164: str, reason: Caution) -> None:
    asks, silent = plan_of(region, *EVERYTHING[:3]), plan_of(region)
    assert caution(outside(e164, asks), Source.SELECTION, asks) is reason
    assert caution(outside(e164, silent), Source.SELECTION, silent) is None


@pytest.mark.parametrize(
    ("region", "e164"),
    [("NL", "+31201234567"), ("NL", "+318001234"), ("US", "+18005550199"), ("CA", "+18005550199")],
)
def test_an_ordinary_number_is_not_asked_for(region: str, e164: str) -> None:
    plan = plan_of(region, *EVERYTHING[:3])
    assert caution(outside(e164, plan), Source.POPUP, plan) is None


def test_digits_behind_a_costly_number_do_not_hide_it() -> None:
    plan = plan_of("NL", "premium_rate")
    for e164 in ("+3190012345", "+31900123456", "+319061234567"):
        assert caution(outside(e164, plan), Source.SELECTION, plan) is Caution.PREMIUM_RATE


@pytest.mark.parametrize(
    ("region", "digits", "reason"),
    [
        ("FR", "3631", Caution.PREMIUM_RATE),
        ("BE", "1307", Caution.PREMIUM_RATE),
        ("AU", "131450", Caution.SHARED_COST),
        ("NL", "1850", Caution.PREMIUM_RATE),
    ],
)
def test_short_numbers_may_be_costly_too(region: str, digits: str, reason: Caution | None) -> None:
    plan = plan_of(region, "premium_rate", "shared_cost", outside_prefix="0")
    assert caution(short(digits, plan), Source.SELECTION, plan) is reason


@pytest.mark.parametrize("source", Source)
def test_emergency_calls_are_always_asked_for(source: Source) -> None:
    plan = plan_of("NL")
    destination = Destination(dialled="112", shown="112", kind=Kind.EMERGENCY)
    assert caution(destination, source, plan) is Caution.EMERGENCY


def test_what_a_telephone_company_connects_to_an_emergency_call_is_asked_for() -> None:
    plan = plan_of("US")
    assert caution(outside("+19115551234", plan), Source.SELECTION, plan) is Caution.EMERGENCY
    assert caution(short("9115", plan), Source.SELECTION, plan) is Caution.EMERGENCY


def test_a_prefix_that_makes_an_emergency_number_is_asked_for() -> None:
    plan = plan_of("NL", outside_prefix="1")
    assert caution(short("12", plan), Source.SELECTION, plan) is Caution.EMERGENCY


@pytest.mark.parametrize(
    ("dialled", "reason"),
    [
        ("*21*09001234#", Caution.PREMIUM_RATE),
        ("#31#09001234", Caution.PREMIUM_RATE),
        ("**21*+8816123456789#", Caution.PREMIUM_RATE),
        ("#31#112", Caution.EMERGENCY),
        ("*72", None),
        ("*21*0201234567#", None),
    ],
)
def test_a_code_is_asked_for_as_the_number_within_it(dialled: str, reason: Caution | None) -> None:
    plan = plan_of("NL", "premium_rate")
    code = Destination(dialled=dialled, shown=dialled, kind=Kind.CODE)
    assert caution(code, Source.SELECTION, plan) is reason


def test_a_prefix_that_looks_like_a_code_hides_no_emergency_number() -> None:
    plan = plan_of("NL", outside_prefix="*9")
    code = Destination(dialled="*9112", shown="*9112", kind=Kind.CODE)
    assert caution(code, Source.SELECTION, plan) is Caution.EMERGENCY


def test_an_extension_that_may_be_an_outside_line_and_an_emergency_number_is_asked_for() -> None:
    internal = Destination(dialled="9112", shown="9112", kind=Kind.INTERNAL)
    assert caution(internal, Source.SELECTION, plan_of("NL", outside_prefix="9")) is Caution.EMERGENCY
    assert caution(internal, Source.SELECTION, plan_of("NL")) is None


def test_dutch_directory_enquiries_cost_extra() -> None:
    plan = plan_of("NL", "premium_rate")
    assert caution(short("1888", plan), Source.TYPED, plan) is Caution.PREMIUM_RATE
    assert caution(short("14020", plan), Source.TYPED, plan) is None


@pytest.mark.parametrize("kind", [Kind.INTERNAL, Kind.CODE])
def test_the_pbx_keeps_its_own_numbers_to_itself(kind: Kind) -> None:
    plan = plan_of("NL", *EVERYTHING[:3])
    assert caution(Destination(dialled="1123", shown="1123", kind=kind), Source.SELECTION, plan) is None


@pytest.mark.parametrize(
    ("destination", "pattern", "asked"),
    [
        (outside("+31201234567", DialPlan(region="NL")), "+3120*", True),
        (outside("+31201234567", DialPlan(region="NL")), "020*", False),
        (short("1850", DialPlan(region="NL", outside_prefix="0")), "18??", True),
        (Destination(dialled="101", shown="101", kind=Kind.INTERNAL), "10[0-4]", True),
        (Destination(dialled="105", shown="105", kind=Kind.INTERNAL), "10[0-4]", False),
    ],
)
def test_patterns_are_of_the_number_without_any_prefix(
    destination: Destination, pattern: str, *, asked: bool
) -> None:
    plan = plan_of("NL", pattern, outside_prefix="0")
    assert caution(destination, Source.TYPED, plan) is (Caution.PATTERN if asked else None)


def test_a_link_is_asked_for_where_nothing_else_is_wrong() -> None:
    plan = plan_of("NL", "premium_rate")
    assert caution(outside("+31201234567", plan), Source.LINK, plan) is Caution.LINK
    assert caution(outside("+319001234", plan), Source.LINK, plan) is Caution.PREMIUM_RATE


def test_the_first_reason_is_told() -> None:
    plan = plan_of("BE", *EVERYTHING)
    assert caution(outside("+319001234", plan), Source.LINK, plan) is Caution.PREMIUM_RATE
    assert caution(outside("+31201234567", plan), Source.LINK, plan) is Caution.ABROAD
    assert caution(outside("+3221234567", plan), Source.LINK, plan) is Caution.PATTERN
