from __future__ import annotations

import pytest

from bubbled.dialing.phone import PhoneState, choose, every, named, state_of
from bubbled.model import Device

DESK, SOFT, MOBILE = Device("PJSIP/101"), Device("PJSIP/201"), Device("Local/0612345678@from-internal")
ALL = (DESK, SOFT, MOBILE)
NAMES = {DESK: "Desk phone", MOBILE: "Mobile"}


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("NOT_INUSE", PhoneState.READY),
        ("INUSE", PhoneState.IN_USE),
        ("RINGINUSE", PhoneState.RINGING),
        ("UNAVAILABLE", PhoneState.UNREGISTERED),
        ("INVALID", PhoneState.ABSENT),
        ("UNKNOWN", PhoneState.NOT_TOLD),
        ("OF_A_LATER_ASTERISK", PhoneState.NOT_TOLD),
        (None, PhoneState.NOT_TOLD),
    ],
)
def test_the_state_of_a_phone_is_read(said: str | None, state: PhoneState) -> None:
    assert state_of(said) is state


def test_every_phone_is_one_of_the_users_once() -> None:
    assert every((DESK, SOFT), MOBILE, (DESK, MOBILE)) == (DESK, SOFT, MOBILE)
    assert every((DESK,), None, ()) == (DESK,)


@pytest.mark.parametrize(
    ("wish", "device"),
    [
        ("PJSIP/101", DESK),
        ("pjsip/201", SOFT),
        ("desk PHONE", DESK),
        (" Mobile ", MOBILE),
        ("201", SOFT),
        ("fax", None),
        ("", None),
        ("10", None),
    ],
)
def test_a_phone_is_found_by_device_name_or_number(wish: str, device: Device | None) -> None:
    assert named(wish, ALL, NAMES) == device


def test_a_name_that_two_phones_have_names_none() -> None:
    assert named("101", (Device("PJSIP/101"), Device("SIP/101")), {}) is None
    assert named("phone", ALL, {DESK: "Phone", SOFT: "Phone"}) is None


def test_the_named_phone_rings_whatever_its_state() -> None:
    states = {DESK: PhoneState.UNREGISTERED, SOFT: PhoneState.READY}
    assert choose(ALL, DESK, states, skip_unregistered=False) == DESK


def test_another_phone_rings_if_the_user_says_so() -> None:
    states = {DESK: PhoneState.UNREGISTERED, SOFT: PhoneState.ABSENT, MOBILE: PhoneState.NOT_TOLD}
    assert choose(ALL, DESK, states, skip_unregistered=True) == MOBILE
    assert choose(ALL, None, states, skip_unregistered=True) == MOBILE


def test_without_a_named_one_the_first_rings_that_the_pbx_knows() -> None:
    assert choose(ALL, None, {DESK: PhoneState.ABSENT}, skip_unregistered=False) == SOFT
    assert choose(ALL, None, {DESK: PhoneState.UNREGISTERED}, skip_unregistered=False) == DESK
    assert choose(ALL, None, {}, skip_unregistered=False) == DESK


def test_where_none_is_fit_the_first_tells_why() -> None:
    states = dict.fromkeys(ALL, PhoneState.UNREGISTERED)
    assert choose(ALL, SOFT, states, skip_unregistered=True) == SOFT
    assert choose(ALL, None, dict.fromkeys(ALL, PhoneState.ABSENT), skip_unregistered=False) == DESK
