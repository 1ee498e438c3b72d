from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.directory.local.timetable import Pause, Timetable
from bubbled.directory.port import BusyError, CredentialsError
from bubbled.error import DirectoryError

USUAL = Timetable(every_s=900, soon_s=60, retry_s=30, refused_s=3600, most_s=7200)
DOWN = DirectoryError("it is down")


def test_an_unknown_caller_brings_the_next_fetch_forward_but_not_more_often_than_a_minute() -> None:
    assert USUAL.after_success() == Pause(longest_s=900, shortest_s=60)


def test_a_source_that_is_down_is_tried_less_and_less_often_but_as_often_as_one_that_is_up() -> None:
    pauses = [USUAL.after_failure(DOWN, failures).longest_s for failures in range(1, 9)]
    assert pauses == [30, 60, 120, 240, 480, 900, 900, 900]


def test_callers_do_not_hurry_a_source_that_is_down() -> None:
    pause = USUAL.after_failure(DOWN, 3)
    assert pause.shortest_s == pause.longest_s


def test_a_refused_account_is_tried_rarely_whoever_calls() -> None:
    assert USUAL.after_failure(CredentialsError("no"), 1) == Pause(3600, 3600)


@pytest.mark.parametrize(
    ("asked_s", "pause_s"),
    [(300, 300), (None, 30), (0, 30), (-5, 30), (1e9, 7200), (math.inf, 7200), (math.nan, 7200)],
)
def test_a_source_gets_the_pause_that_it_asks_for_within_reason(
    asked_s: float | None, pause_s: float
) -> None:
    assert USUAL.after_failure(BusyError("later", asked_s), 1) == Pause(pause_s, pause_s)


@given(st.integers(1, 10**6), st.none() | st.floats())
def test_whatever_goes_wrong_the_pause_is_neither_endless_nor_none(failures: int, asked_s: float) -> None:
    for problem in (DOWN, BusyError("later", asked_s)):
        pause = USUAL.after_failure(problem, failures)
        assert 30 <= pause.shortest_s <= pause.longest_s <= 7200
