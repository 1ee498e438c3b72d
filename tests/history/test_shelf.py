from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.history.row import to_microseconds
from bubbled.history.shelf import (
    CALLS_IN_A_SECOND,
    END,
    SIGNED_WORDS,
    end_of_second,
    first_place,
    sign,
    start_of_shelf,
)
from tests.history.sample import NINE

SECOND = timedelta(seconds=1)
LAST = datetime(9999, 12, 30, tzinfo=UTC)
moments = st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive


def place(at: datetime) -> int:
    return first_place(to_microseconds(at))


@given(moments, moments)
def test_places_are_in_the_order_of_time(one: datetime, other: datetime) -> None:
    if one.replace(microsecond=0) < other.replace(microsecond=0):
        assert end_of_second(place(one)) <= place(other)
    assert 0 <= place(one) < END


def test_all_calls_of_a_second_have_places_of_it() -> None:
    first = place(NINE)
    assert first == place(NINE + SECOND * 0.999)
    assert end_of_second(first) == end_of_second(first + CALLS_IN_A_SECOND - 1) == place(NINE + SECOND)


@given(moments)
def test_a_place_is_on_the_shelf_that_begins_before_it(at: datetime) -> None:
    shelf = start_of_shelf(place(at))
    assert shelf <= place(at)
    assert sign(shelf) == sign(place(at))
    assert sign(shelf - 1) != sign(shelf) or shelf == 0


def test_a_clock_that_is_not_set_has_a_place_too() -> None:
    assert place(datetime(1, 1, 2, tzinfo=UTC)) == 0


@pytest.mark.parametrize("at", [datetime(1970, 1, 1, tzinfo=UTC), NINE, LAST])
def test_sql_signs_words_as_questions_are_signed(at: datetime) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE new (place, words)")
        connection.execute("INSERT INTO new VALUES (?, ' jan acme ')", [place(at)])
        ((words,),) = connection.execute(f"SELECT {SIGNED_WORDS.format('new')} FROM new")  # noqa: S608 - the text under test
    assert words == f" {sign(place(at))}jan {sign(place(at))}acme"
