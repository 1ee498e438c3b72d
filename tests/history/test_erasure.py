from __future__ import annotations

import pytest

from bubbled.history.erasure import Spellings
from bubbled.model import Contact, Direction
from tests.history.sample import NUMBER, ringing

JANS = Spellings.of([NUMBER])


@pytest.mark.parametrize(
    "text", ["+31612345678", "0612345678", "0031612345678", "06-12 34 56 78", "612345678"]
)
def test_a_number_is_known_in_every_notation(text: str) -> None:
    assert JANS.fit(text)


@pytest.mark.parametrize("text", [None, "", "anonymous", "0612345679", "12345678", "101"])
def test_another_number_is_not(text: str | None) -> None:
    assert not JANS.fit(text)


def test_the_same_digits_in_another_country_are_another_number() -> None:
    assert not JANS.name(ringing(number="+49612345678", e164="+49612345678"))
    assert JANS.name(ringing())


def test_a_call_that_was_dialled_to_the_number_is_with_it_whoever_answered() -> None:
    elsewhere = {"number": "0201000101", "e164": "+31201000101", "dialled": "0612345678"}
    assert JANS.name(ringing(direction=Direction.OUTBOUND, **elsewhere))
    assert not JANS.name(ringing(**elsewhere))


def test_a_number_that_no_country_has_is_known_as_it_was_written() -> None:
    extension = Spellings.of(["101"])
    assert extension.name(ringing(number="101", e164=None))
    assert not extension.name(ringing(number="1101", e164=None))


@pytest.mark.parametrize("text", ["0301234512", "12", "+3130123412", "112"])
def test_a_number_too_short_for_its_country_is_no_ending_of_others(text: str) -> None:
    short = Spellings.of(["+3112"])
    assert short.fit("+3112")
    assert not short.fit(text)


@pytest.mark.parametrize("text", ["06-12345678", "+31 (0)6 1234 5678", "tel: 0612345678, 's ochtends"])
def test_a_number_is_found_within_a_contact(text: str) -> None:
    assert JANS.occur_in(Contact(directory="CRM", name="Jan", fields=(("mobile", text),)))
    assert not JANS.occur_in(Contact(directory="CRM", name="Jan", fields=(("city", "Utrecht"),)))


def test_an_extension_is_not_looked_for_within_contacts() -> None:
    street = Contact(directory="CRM", name="Jan", fields=(("street", "Dam 101"),))
    assert not Spellings.of(["101"]).occur_in(street)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Call 06-1234 5678 before five", "Call … before five"),
        ("0612345678", "…"),
        ("+31612345678/+31201000101", "…/+31201000101"),
        ("Room 101, 2 boxes of 61, then 2345678", "Room 101, 2 boxes of 61, then 2345678"),
        ("Order 20261120-17\n06-12345678", "Order 20261120-17\n…"),
        ("Call 0612345679", "Call 0612345679"),
        ("", ""),
    ],
)
def test_of_a_note_that_names_the_number_the_rest_stays(text: str, left: str) -> None:
    assert JANS.struck_from(text) == left
    assert JANS.are_named(text) == (left != text)


def test_a_number_leaves_traces_in_each_way_in_which_it_stands_in_a_file() -> None:
    assert {"+31612345678", "31612345678", "612345678", "87654321613", "876543216"} <= JANS.traces


def test_an_extension_is_not_struck_from_notes() -> None:
    assert Spellings.of(["101"]).struck_from("Room 101") == "Room 101"
