from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.popup.filter import Place, Value, apply
from bubbled.popup.wording import Wording
from bubbled.vocabulary import FILTERS

NOW = datetime(2026, 11, 22, 14, 3, tzinfo=timezone(timedelta(hours=1)))
texts = (
    st.text(max_size=300)
    | st.datetimes().map(str)
    | st.dates().map(str)
    | st.from_regex(r"[+0][0-9 -]{3,20}")
)
PLACE = Place("NL", Wording(), NOW)


def filtered(name: str, text: str, argument: str = "", at: datetime | None = None) -> str:
    return apply(name, argument, Value(text, at), PLACE)


@pytest.mark.parametrize(
    ("name", "text", "result"),
    [
        ("national", "+31612345678", "0612345678"),
        ("national", "+32 470 12 34 56", "0470123456"),
        ("international", "06-12345678", "+31 6 12345678"),
        ("e164", "0031 6 12345678", "+31612345678"),
        ("formatted", "0612345678", "06 12345678"),
        ("formatted", "+32470123456", "+32 470 12 34 56"),
        ("digits", "+31 6-1234 tst", "3161234"),
        ("date", "2019-05-01", "1 May 2019"),
        ("time", "2026-11-22T09:30", "09:30"),
        ("ago", "2026-11-19T14:03", "3 days ago"),
        ("ago", "2027-01-01", "2027-01-01"),
        ("upper", "straße", "STRASSE"),
        ("lower", "JAN", "jan"),
        ("first", "Jan de Vries", "Jan"),
        ("last", "Jan de Vries", "Vries"),
        ("initials", "jan-peter de Vries", "JPDV"),
    ],
)
def test_a_filter_makes_something_of_a_value(name: str, text: str, result: str) -> None:
    assert filtered(name, text) == result


@pytest.mark.parametrize(
    ("name", "argument", "result"),
    [
        ("short", "5", "Bakk…"),
        ("short", "50", "Bakkerij De Vries"),
        ("default", "private", "Bakkerij De Vries"),
    ],
)
def test_a_filter_can_have_an_argument(name: str, argument: str, result: str) -> None:
    assert filtered(name, "Bakkerij De Vries", argument) == result


def test_another_text_stands_where_there_is_none() -> None:
    assert filtered("default", "", "private") == "private"


@pytest.mark.parametrize(
    ("name", "argument", "result"),
    [
        ("date", "", "12 Nov"),
        ("date", "long", "Thursday 12 November 2026"),
        ("date", "iso", "2026-11-12"),
        ("date", "DD-MM-YYYY", "12-11-2026"),
        ("time", "", "14:03"),
        ("time", "HH:mm:ss", "14:03:00"),
        ("ago", "", "10 days ago"),
        ("upper", "", "YESTERDAY"),
    ],
)
def test_a_moment_is_written_in_its_ways(name: str, argument: str, result: str) -> None:
    assert filtered(name, "yesterday", argument, NOW - timedelta(days=10)) == result


@pytest.mark.parametrize("name", ["national", "international", "e164", "formatted", "date", "time", "ago"])
@pytest.mark.parametrize("text", ["", "Jan Jansen", "102", "soon", "+", "5 days"])
def test_what_a_filter_cannot_use_stays_as_it_is(name: str, text: str) -> None:
    assert filtered(name, text) == text


def test_an_argument_that_cannot_be_used_changes_nothing() -> None:
    assert [filtered("short", "Bakkerij", argument) for argument in ("", "x", "0", "²", "-3")] == [
        "Bakkerij"
    ] * 5


WORKED = {
    "national": ("+31612345678", "", "0612345678"),
    "international": ("0612345678", "", "+31 6 12345678"),
    "e164": ("0612345678", "", "+31612345678"),
    "formatted": ("+31612345678", "", "06 12345678"),
    "digits": ("06-1", "", "061"),
    "date": ("2026-11-12", "", "12 Nov"),
    "time": ("2026-11-12T10:00", "", "10:00"),
    "ago": ("2026-11-12T14:03", "", "10 days ago"),
    "upper": ("a", "", "A"),
    "lower": ("A", "", "a"),
    "first": ("a b", "", "a"),
    "last": ("a b", "", "b"),
    "initials": ("ab cd", "", "AC"),
    "short": ("abcd", "3", "ab…"),
    "default": ("", "a", "a"),
}


def test_every_filter_of_the_vocabulary_works() -> None:
    assert WORKED.keys() == FILTERS.keys()
    for name, (text, argument, result) in WORKED.items():
        assert filtered(name, text, argument) == result


@given(
    name=st.sampled_from([*FILTERS, "unknown"]),
    argument=st.text(max_size=70) | st.text("DMYHms- :"),
    text=texts,
)
def test_filters_are_total(name: str, argument: str, text: str) -> None:
    assert isinstance(filtered(name, text, argument), str)
