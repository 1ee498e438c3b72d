from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.history.note import Note
from bubbled.history.past_call import keepable
from bubbled.history.words import plain_words, words_of
from bubbled.model import Contact, Direction, Outcome, Owner
from tests.history.sample import JAN, NINE, ended, ringing, told


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("José-María  PEÑA", ("jose", "maria", "pena")),
        ("Straße Øst Łódź Đurić", ("strasse", "ost", "lodz", "duric")),
        ("O'Brien & Zn.", ("o", "brien", "zn")),
        ("snake_case", ("snake", "case")),
        ("Order 24/7\r\nb2b", ("order", "24", "7", "b2b")),
        ("\uff37\uff29\uff24\uff25 ① ﬁne ℡", ("wide", "1", "fine", "tel")),
        ("İstanbul", ("istanbul",)),
        ("张伟 Ωmega", ("张伟", "ωmega")),
        ('" * ( ) ^ : \x00 \x1b[2J', ("2j",)),
        ("\udcff bytes", ("bytes",)),
        ("", ()),
    ],
)
def test_a_text_is_taken_apart_into_words_without_accents(text: str, words: tuple[str, ...]) -> None:
    assert plain_words(text) == words


@given(st.text())
def test_words_hold_nothing_but_letters_and_digits_whatever_the_text(text: str) -> None:
    for word in plain_words(text):
        assert word.isalnum()
        assert len(word) <= 40
        assert plain_words(word) == (word,)


def test_the_words_of_a_call_are_those_of_its_names_company_note_and_number() -> None:
    past = replace(
        told((ended(ringing(name="J. JANSEN"), Outcome.MISSED), 0)), contact=JAN, note=Note("Wants 20", NINE)
    )
    assert words_of(past).split() == [
        "j",
        "jansen",
        "jan",
        "acme",
        "wants",
        "20",
        "№31612345678",
        "⊢3",
        "⊢31",
        "⊢316",
        "⊢3161",
        "⊢31612",
        "…87654321613",
        "←",
        "»6d65",
        "∅",
        "¶",
    ]


def test_other_fields_of_a_contact_are_no_words() -> None:
    assert "utrecht" not in words_of(replace(told((ended(ringing()), 0)), contact=JAN))


def test_of_a_contact_that_may_not_be_kept_there_are_no_words() -> None:
    google = keepable(Contact(directory="Google", name="Secret", id="places/42", transient=True))
    words = words_of(replace(told((ended(ringing()), 0)), contact=google))
    assert not any(each in words for each in ("secret", "google", "places", "42 "))


def test_an_address_instead_of_a_number_is_found_by_its_words() -> None:
    words = words_of(told((ended(ringing(number="sip:Alice@example.com", e164=None)), 0)))
    assert {"sip", "alice", "example", "com"} <= set(words.split())


def test_a_withheld_number_has_no_words() -> None:
    words = words_of(told((ended(ringing(number=None, e164=None, direction=Direction.OUTBOUND)), 0)))
    assert words.split() == ["→", "»6d65"]


def test_whatever_an_owner_is_called_is_one_word_and_nobody_elses() -> None:
    names = ("me", "m e", "ME", "102", "1 02", '"', "é", "\udcff")
    marks = [words_of(told((ended(ringing(owner=Owner(name))), 0))).split()[-1] for name in names]
    assert len(set(marks)) == len(names)


def test_each_word_stands_between_blanks() -> None:
    for name, number in product((None, "Jan"), (None, "101")):
        words = words_of(told((ended(ringing(name=name, number=number, e164=None)), 0)))
        assert words == f" {' '.join(words.split())} "


def test_a_name_of_ten_thousand_letters_makes_no_word_of_as_many() -> None:
    words = words_of(told((ended(ringing(name="x" * 10_000 + " y" * 10_000)), 0)))
    assert len(words) < 10_000
