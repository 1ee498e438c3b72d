from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.history.note import Note, ToldNote
from bubbled.history.past_call import PastCall
from bubbled.history.row import (
    COLUMNS,
    from_microseconds,
    from_row,
    storable,
    to_microseconds,
    to_row,
    told_from_row,
    told_to_row,
)
from bubbled.model import E164, Call, Contact, Extension
from tests.history.sample import NINE, ringing

instants = st.integers(to_microseconds(datetime(1, 1, 2, tzinfo=UTC)), 253_402_128_000_000_000)
moments = instants.map(from_microseconds)
notes = st.builds(Note, text=st.text(), at=moments, about=st.none() | st.text().map(E164))
contacts = st.builds(
    Contact,
    directory=st.text(),
    fields=st.dictionaries(st.text(), st.text()).map(lambda fields: tuple(fields.items())),
)
pasts = st.builds(
    PastCall,
    call=st.from_type(Call).map(lambda call: replace(call, failure=None)),  # a click that failed is no call
    started_at=moments,
    answered_at=st.none() | moments,
    ended_at=st.none() | moments,
    contact=st.none() | contacts,
    popup=st.none() | st.text(),
    note=st.none() | notes,
)


@given(pasts)
def test_a_call_comes_back_from_sqlite_as_it_went(past: PastCall) -> None:
    question = f"SELECT {', '.join(f'? AS {column}' for column in COLUMNS)}"
    connection = sqlite3.connect(":memory:")
    try:
        assert from_row(connection.execute(question, to_row(past)).fetchone()) == past
    finally:
        connection.close()


@given(moments, moments)
def test_microseconds_are_exact_and_in_order(one: datetime, other: datetime) -> None:
    assert from_microseconds(to_microseconds(one)) == one
    assert (to_microseconds(one) < to_microseconds(other)) == (one < other)


@given(st.text(st.characters(codec=None)))
def test_any_text_can_be_stored(text: str) -> None:
    storable(text).encode("utf-8")


def test_half_a_surrogate_in_a_name_is_stored_as_a_question_mark() -> None:
    row = to_row(PastCall(call=ringing(name="J\udce9r\u00f4me"), started_at=NINE))
    assert from_row(row).call.name == "J?r\u00f4me"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("state", "asleep"),
        ("started_at", None),
        ("ended_at", 2**62),
        ("answered_at", 253_402_300_799_000_000),
        ("started_at", "now"),
        ("contact", "{"),
        ("contact", "[]"),
        ("contact", "[" * 100_000),
        ("name", b"\xff"),
        ("note", "Wants 20"),
    ],
)
def test_a_row_that_nobody_wrote_is_refused(column: str, value: object) -> None:
    row = dict(zip(COLUMNS, to_row(PastCall(call=ringing(), started_at=NINE)), strict=True))
    with pytest.raises(ValueError, match=r".+"):
        from_row(list((row | {column: value}).values()))


@given(st.builds(ToldNote, st.text().map(E164), st.text().map(Extension), st.text(), moments))
def test_a_note_of_a_colleague_comes_back_as_it_went(told: ToldNote) -> None:
    assert told_from_row(told_to_row(told)) == told


@pytest.mark.parametrize(
    "row", [(b"\xff", "102", "Hi", 0), ("+31", "102", None, 0), ("+31", "102", "Hi", 2**62)]
)
def test_a_note_that_nobody_told_is_refused(row: tuple[object, ...]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        told_from_row(row)
