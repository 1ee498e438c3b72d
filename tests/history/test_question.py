from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.history.note import Note
from bubbled.history.question import for_column, for_index, holds, question_of
from bubbled.history.words import words_of
from bubbled.model import E164, Outcome
from tests.history.sample import JAN, NINE, ended, ringing, told

CALL = replace(
    told((ended(ringing(name="Peña"), Outcome.MISSED), 0)),
    contact=JAN,
    note=Note("24 boxes, then 06-8765 4321 or Müller's", NINE),
)
FOREIGN = told((ended(ringing(number="+4915123456789", e164=E164("+4915123456789"), name=None)), 0))
INSIDE = told((ended(ringing(number="102", e164=None, name="Bob")), 0))


def found(text: str, past: object = CALL, region: str = "NL") -> bool:
    assert not isinstance(past, str)
    return holds(question_of(text, region), words_of(past))  # type: ignore[arg-type]  # one of the calls above


@pytest.mark.parametrize(
    "text",
    [
        "",
        "jan",
        "JANS",
        "pena",
        "Peñ",
        "acme jan",
        "jan  acme 06",
        "24",
        "box 24",
        "mull",
        "s muller",
        "...",
        '"jan"',
        "jan,acme",
    ],
)
def test_every_word_must_occur_as_the_beginning_of_one(text: str) -> None:
    assert found(text)


@pytest.mark.parametrize("text", ["ansen", "jan x", "acme jan pete", "oxes", "utrecht", "customers"])
def test_a_word_that_does_not_occur_finds_nothing(text: str) -> None:
    assert not found(text)


@pytest.mark.parametrize(
    "text",
    [
        "0612345678",
        "06-12345678",
        "06 1234 5678",
        "(06) 1234-5678",
        "+31612345678",
        "+31 6 12 34 56 78",
        "+31 (0)6 12345678",
        "0031612345678",
        "31612345678",
        "612345678",
        "tel:+31612345678",
        "tel:0612345678",
        "\uff10\uff16\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18",
        "06\u20111234\u20115678",
    ],
)
def test_a_number_is_found_in_any_notation(text: str) -> None:
    assert found(text)


@pytest.mark.parametrize(
    "text", ["0", "06", "06 12", "0612345", "+", "+3", "+31", "+31 6 1", "0031 6", "6123"]
)
def test_a_number_is_found_by_its_first_digits(text: str) -> None:
    assert found(text)


@pytest.mark.parametrize("text", ["5678", "45678", "12345678", "12 34 56 78", "1234 5678"])
def test_a_number_is_found_by_its_last_digits_from_four_on(text: str) -> None:
    assert found(text)


@pytest.mark.parametrize(
    "text",
    ["678", "0678", "2345", "06123456789", "+32", "+5678", "0049612345678", "061234 5679"],
)
def test_other_digits_do_not_find_it(text: str) -> None:
    assert not found(text)


def test_a_number_in_a_note_is_found_as_it_is_written_there() -> None:
    assert found("06-8765 4321")
    assert found("8765")
    assert not found("0687654321")


def test_a_foreign_number_is_found_as_it_is_dialled_there() -> None:
    assert found("+49 151 2345", FOREIGN)
    assert found("0151 23456789", FOREIGN)
    assert not found("0151 2345", FOREIGN)
    assert found("0151 2345", FOREIGN, region="DE")


def test_an_extension_is_found_as_it_is_dialled() -> None:
    assert found("102", INSIDE)
    assert found("10", INSIDE)
    assert not found("02", INSIDE)


def test_where_numbers_have_no_zero_before_them_none_is_needed() -> None:
    rome = told((ended(ringing(number="+390612345678", e164=E164("+390612345678"))), 0))
    assert found("06 1234", rome, region="IT")
    assert not found("6 1234", rome, region="IT")
    assert found("06 1234 5678", rome, region="XX")


@given(
    st.text(st.sampled_from(" jansenJAN0123456789+-()\"'*^:é.…№⊢»←∅¶\x00\n"), max_size=40),
    st.lists(st.text(st.sampled_from("janse 0123456é-"), max_size=20), max_size=4),
)
def test_all_ways_to_ask_agree_whatever_is_typed(text: str, names: list[str]) -> None:
    calls = [told((ended(ringing(str(index), name=name)), 0)) for index, name in enumerate(names)]
    question = question_of(text, "NL")
    expected = [index for index, past in enumerate(calls) if holds(question, words_of(past))]
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE VIRTUAL TABLE fts USING fts5(words, detail=none, tokenize='ascii')")
        connection.execute("CREATE TABLE search_rows (id, words)")
        for index, past in enumerate(calls):
            signed = words_of(past).rstrip().replace(" ", " 00ab")
            connection.execute("INSERT INTO fts (rowid, words) VALUES (?, ?)", [index, signed])
            connection.execute("INSERT INTO search_rows VALUES (?, ?)", [index, words_of(past)])
        condition, needles = for_column(question)
        by_column = connection.execute(f"SELECT id FROM search_rows WHERE {condition} ORDER BY id", needles)  # noqa: S608 - the text under test
        assert [row[0] for row in by_column] == expected
        if question.parts:
            by_index = connection.execute(
                "SELECT rowid FROM fts WHERE fts MATCH ? ORDER BY rowid", [for_index(question, "00ab")]
            )
            assert [row[0] for row in by_index] == expected


@pytest.mark.parametrize("text", ["x " * 100, "1 " * 100, "0612345678 " * 18, "a1" * 100, "(" * 200])
def test_what_is_typed_may_be_long(text: str) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE VIRTUAL TABLE fts USING fts5(words)")
        question = question_of(text[:200], "NL")
        if question.parts:
            connection.execute(
                "SELECT * FROM fts WHERE fts MATCH ?", [for_index(question, "0000")]
            ).fetchall()
