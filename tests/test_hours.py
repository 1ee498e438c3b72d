from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.hours import parse

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)


def at(day: int, clock: str) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute)


@pytest.mark.parametrize(
    ("text", "day", "clock", "holds"),
    [
        ("Mon-Fri 08:30-17:30", 0, "08:30", True),
        ("Mon-Fri 08:30-17:30", 4, "17:29", True),
        ("Mon-Fri 08:30-17:30", 4, "17:30", False),
        ("Mon-Fri 08:30-17:30", 5, "12:00", False),
        ("sat 9:00-12:00", 5, "11:59", True),
        ("Fri-Mon 08:00-12:00", 6, "08:00", True),
        ("Fri-Mon 08:00-12:00", 2, "08:00", False),
        ("22:00-06:00", 3, "23:00", True),
        ("22:00-06:00", 3, "05:59", True),
        ("22:00-06:00", 3, "12:00", False),
        ("Sun 22:00-06:00", 0, "05:00", True),
        ("Sun 22:00-06:00", 6, "05:00", False),
        ("Mon 18:00-24:00", 0, "23:59", True),
        ("Mon 18:00-24:00", 1, "00:00", False),
    ],
)
def test_a_span_holds_from_its_first_minute_to_before_its_last(
    text: str, day: int, clock: str, *, holds: bool
) -> None:
    assert parse(text).holds(at(day, clock)) is holds


@pytest.mark.parametrize(
    "text", ["", "Mon", "8-17", "Mon-Fri", "Maandag 08:00-17:00", "25:00-26:00", "08:00-17:60", "08:00-24:30"]
)
def test_what_is_no_span_of_hours_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="Mon-Fri 08:30-17:30"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "day", "clock", "next_day", "next_clock"),
    [
        ("Mon-Fri 08:30-17:30", 0, "08:29", 0, "08:30"),
        ("Mon-Fri 08:30-17:30", 0, "08:30", 1, "08:30"),
        ("Mon-Fri 08:30-17:30", 4, "12:00", 7, "08:30"),
        ("Mon 09:00-10:00", 0, "09:00", 7, "09:00"),
        ("22:00-06:00", 3, "23:00", 4, "22:00"),
    ],
)
def test_it_is_known_when_a_span_begins_next(
    text: str, day: int, clock: str, next_day: int, next_clock: str
) -> None:
    assert parse(text).next_begin(at(day, clock)) == at(next_day, next_clock)


SPANS = st.tuples(st.integers(0, 23), st.integers(0, 59), st.integers(0, 23), st.integers(0, 59))


@given(SPANS, st.sampled_from(["", "Sat ", "Mon-Fri ", "Sun-Tue "]), st.integers(0, 14 * 24 * 60))
def test_a_span_holds_when_it_begins_and_not_just_before(
    clock: tuple[int, int, int, int], days: str, minutes: int
) -> None:
    begin, end = clock[:2], clock[2:]
    span = parse(f"{days}{begin[0]:02}:{begin[1]:02}-{end[0]:02}:{end[1]:02}")
    following = span.next_begin(MONDAY + timedelta(minutes=minutes))
    assert following > MONDAY + timedelta(minutes=minutes)
    assert span.holds(following)
    is_never_over = begin == end
    assert span.holds(following - timedelta(minutes=1)) <= is_never_over
