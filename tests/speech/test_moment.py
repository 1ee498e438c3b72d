from datetime import UTC, datetime, timedelta, timezone
from gettext import NullTranslations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.speech import moment

ZONE = timezone(timedelta(hours=1))
NOW = datetime(2026, 11, 22, 14, 3, 7, tzinfo=ZONE)
ENGLISH = NullTranslations()
aware = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
patterns = st.text("DMYHms -/.:", max_size=20)


@pytest.mark.parametrize(
    ("before", "day", "when"),
    [
        (timedelta(hours=1), "22 Nov", "13:03"),
        (timedelta(days=1), "21 Nov", "yesterday 14:03"),
        (timedelta(days=10), "12 Nov", "12 Nov 14:03"),
        (timedelta(days=400), "18 Oct 2025", "18 Oct 2025"),
        (-timedelta(days=1), "23 Nov", "tomorrow 14:03"),
        (-timedelta(days=2), "24 Nov", "24 Nov 14:03"),
    ],
)
def test_a_moment_is_told_as_short_as_it_can_be(before: timedelta, day: str, when: str) -> None:
    assert moment.day(NOW - before, NOW, ENGLISH) == day
    assert moment.when(NOW - before, NOW, ENGLISH) == when


def test_moments_are_told_in_the_zone_of_now() -> None:
    assert moment.clock(datetime(2026, 11, 22, 23, 30, tzinfo=UTC), NOW) == "00:30"


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("DD-MM-YYYY", "22-11-2026"), ("D MMM YY", "22 Nov 26"), ("HH:mm:ss", "14:03:07"), ("", ""), ("-", "-")],
)
def test_a_pattern_is_filled_in(pattern: str, text: str) -> None:
    assert moment.patterned(NOW, NOW, pattern, ENGLISH) == text


def test_a_day_can_be_told_in_full() -> None:
    assert moment.long_day(NOW, NOW, ENGLISH) == "Sunday 22 November 2026"


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (timedelta(seconds=-30), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=23), "23 hours ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=13), "13 days ago"),
        (timedelta(days=14), "2 weeks ago"),
        (timedelta(days=60), "2 months ago"),
        (timedelta(days=729), "24 months ago"),
        (timedelta(days=730), "2 years ago"),
    ],
)
def test_an_age_is_told_in_the_unit_that_says_most(before: timedelta, text: str) -> None:
    assert moment.ago(NOW - before, NOW, ENGLISH) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (125, "2:05"), (3725, "1:02:05"), (-5, "0:00"), (90_000, "25:00:00")]
)
def test_a_span_is_told_in_minutes_and_seconds(seconds: int, text: str) -> None:
    assert moment.span(NOW, NOW + timedelta(seconds=seconds)) == text


def test_dates_of_address_books_are_read() -> None:
    assert moment.read(" 2019-05-01 ", NOW) == datetime(2019, 5, 1, tzinfo=ZONE)
    assert moment.read("2019-05-01T10:00:00Z", NOW) == datetime(2019, 5, 1, 10, tzinfo=UTC)
    assert [moment.read(text, NOW) for text in ("", "soon", "0001-01-01T00:00+23:00", "12", "9" * 99)] == [
        None
    ] * 5


@given(at=aware, pattern=patterns)
def test_every_moment_can_be_told(at: datetime, pattern: str) -> None:
    assert moment.when(at, NOW, ENGLISH)
    assert moment.long_day(at, NOW, ENGLISH)
    assert moment.ago(at, NOW, ENGLISH)
    moment.patterned(at, NOW, pattern, ENGLISH)


@given(st.text() | st.datetimes().map(str) | st.datetimes(timezones=st.timezones()).map(str))
def test_no_text_is_too_strange_to_be_read(text: str) -> None:
    at = moment.read(text, NOW)
    assert at is None or moment.when(at, NOW, ENGLISH)
