from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.cli.moment import (
    MUTE_LIMIT,
    UnreadableMomentError,
    clock_time,
    day,
    length,
    moment,
    mute_end,
    past_moment,
    rough_length,
)

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=AMSTERDAM)
# Seconds since 1970, up to 2096: every second there is, those that the clock shows twice included.
presents = st.integers(0, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, AMSTERDAM))


def on_the_wall(naive: datetime) -> datetime:
    return naive.replace(tzinfo=AMSTERDAM)


def end(text: str, now: datetime = NOON) -> datetime:
    return mute_end(text, now, on_the_wall=on_the_wall)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("30m", 30), ("2H", 120), ("1h30m", 90), ("1h 30m", 90), ("90 min", 90), ("for 5m", 5), ("1d", 1440)],
)
def test_a_length_counts_from_now(text: str, minutes: int) -> None:
    assert end(text) == NOON + timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["14:00", "until 14:00", "till 14.00", " UNTIL  14:00 "])
def test_a_time_of_day_is_the_next_one(text: str) -> None:
    assert end(text) == datetime(2026, 11, 22, 14, 0, tzinfo=AMSTERDAM)


def test_a_time_of_day_that_has_passed_is_tomorrows() -> None:
    assert end("9:05") == datetime(2026, 11, 23, 9, 5, tzinfo=AMSTERDAM)
    assert end("12:00") == datetime(2026, 11, 23, 12, 0, tzinfo=AMSTERDAM)


def test_tomorrow_is_midnight() -> None:
    assert end("tomorrow") == end("until tomorrow") == datetime(2026, 11, 23, tzinfo=AMSTERDAM)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "30",
        "1h30",
        "soon",
        "25:00",
        "14:60",
        "0m",
        "0h0m",
        "-5m",
        "m",
        "1e9h",
        "99999h",
        "\N{ARABIC-INDIC DIGIT THREE}m",
        "until",
        "30m; rm",
    ],
)
def test_what_makes_no_sense_is_refused_with_advice(text: str) -> None:
    with pytest.raises(UnreadableMomentError, match=r"write it as|from a minute"):
        end(text)


def test_the_night_in_which_summer_time_ends_is_an_hour_longer() -> None:
    evening = datetime(2026, 10, 24, 23, 0, tzinfo=AMSTERDAM)
    assert end("8:00", evening) - evening.astimezone(UTC) == timedelta(hours=10)
    assert end("10h", evening).astimezone(UTC) - evening.astimezone(UTC) == timedelta(hours=10)


@given(presents, st.integers(0, 23), st.integers(0, 59))
def test_a_length_ends_just_so_much_later(now: datetime, hours: int, minutes: int) -> None:
    if hours or minutes:
        lasting = end(f"{hours}h{minutes}m", now).astimezone(UTC) - now.astimezone(UTC)
        assert lasting == timedelta(hours=hours, minutes=minutes)


@given(presents, st.times())
def test_a_time_of_day_lies_ahead_by_a_day_at_most(now: datetime, wanted: time) -> None:
    found = end(f"{wanted:%H:%M}", now)
    ahead = found.astimezone(UTC) - now.astimezone(UTC)
    assert timedelta() < ahead <= timedelta(hours=26)
    assert (found.hour, found.minute) == (wanted.hour, wanted.minute)


@given(st.text())
def test_any_text_gives_a_moment_to_come_or_a_refusal(text: str) -> None:
    try:
        found = end(text)
    except UnreadableMomentError:
        return
    assert NOON < found <= NOON + MUTE_LIMIT + timedelta(hours=1)


def test_without_a_zone_of_its_own_a_wish_means_the_computers() -> None:
    now = datetime.now().astimezone()
    assert now < mute_end("23:59", now) <= now + timedelta(days=1, hours=1)


def test_a_moment_is_told_as_briefly_as_it_is_clear() -> None:
    assert clock_time(NOON.replace(hour=9, minute=3), NOON) == "09:03"
    assert clock_time(NOON.replace(month=1, day=2), NOON) == "2 Jan 12:00"
    assert clock_time(NOON.replace(year=2025), NOON) == "22 Nov 2025 12:00"


@pytest.mark.parametrize(
    ("seconds", "told"), [(0, "0:00"), (7.9, "0:07"), (760, "12:40"), (3723, "1:02:03"), (-1, "0:00")]
)
def test_the_length_of_a_call(seconds: float, told: str) -> None:
    assert length(seconds) == told


@pytest.mark.parametrize(
    ("seconds", "told"), [(12.7, "12 s"), (300, "5 min"), (7500, "2 h 5 min"), (273_600, "3 d 4 h")]
)
def test_how_long_something_lasts(seconds: float, told: str) -> None:
    assert rough_length(seconds) == told


def test_a_moment_of_the_daemon_is_read() -> None:
    assert moment("2026-11-22T12:00:00+01:00") == NOON
    assert moment(None) is None


SUNDAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026-11-20", date(2026, 11, 20)),
        ("2024-02-29", date(2024, 2, 29)),
        (" Today ", SUNDAY),
        ("yesterday", date(2026, 11, 21)),
        ("Monday", date(2026, 11, 16)),
        ("sat", date(2026, 11, 21)),
        ("Sunday", date(2026, 11, 15)),
        ("20 Nov", date(2026, 11, 20)),
        ("3 december", date(2025, 12, 3)),
        ("3 Dec 2024", date(2024, 12, 3)),
    ],
)
def test_a_day_is_read_as_people_name_it(text: str, found: date) -> None:
    assert day(text, SUNDAY) == found


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2026-11-23", "2026-13-01", "31 feb", "29 feb", "20 foo", "20", "1 Dec 2026"],
)
def test_what_is_no_day_that_has_been_is_refused_in_a_line(text: str) -> None:
    with pytest.raises(UnreadableMomentError, match="no day that has been"):
        day(text, SUNDAY)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(UnreadableMomentError):
        assert day(text, SUNDAY) <= SUNDAY


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12:00", datetime(2026, 11, 22, 12, 0, tzinfo=AMSTERDAM)),
        ("9:05", datetime(2026, 11, 22, 9, 5, tzinfo=AMSTERDAM)),
        ("12:01", datetime(2026, 11, 21, 12, 1, tzinfo=AMSTERDAM)),
        ("yesterday 14:03", datetime(2026, 11, 21, 14, 3, tzinfo=AMSTERDAM)),
        (" Monday  14.03 ", datetime(2026, 11, 16, 14, 3, tzinfo=AMSTERDAM)),
        ("2026-11-20 14:03", datetime(2026, 11, 20, 14, 3, tzinfo=AMSTERDAM)),
        ("2026-11-20T14:03", datetime(2026, 11, 20, 14, 3, tzinfo=AMSTERDAM)),
        ("20 Nov 14:03", datetime(2026, 11, 20, 14, 3, tzinfo=AMSTERDAM)),
    ],
)
def test_a_time_that_has_been_is_read_as_people_write_it(text: str, found: datetime) -> None:
    assert past_moment(text, NOON, on_the_wall=on_the_wall) == found


@given(st.text())
def test_any_text_gives_a_time_that_has_been_or_a_refusal(text: str) -> None:
    with suppress(UnreadableMomentError):
        assert past_moment(text, NOON, on_the_wall=on_the_wall) < NOON + timedelta(days=1)
