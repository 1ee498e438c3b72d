from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.directory.order.breaker import LONGEST_PAUSE_S, REFUSED_REST_S, Breaker, Rest

ANY_WISH = st.none() | st.floats()


def tripped(at: float = 0.0) -> Breaker:
    breaker = Breaker(trips_after=3, rests_s=30)
    for _ in range(3):
        assert breaker.admits(at)
        breaker.failed(at)
    return breaker


def test_failures_in_a_row_let_it_rest_and_then_a_single_question_tries_it() -> None:
    breaker = tripped()
    assert (breaker.rest, breaker.left_s(10)) == (Rest.FAILED, 20)
    assert not breaker.admits(29.9)
    assert breaker.admits(30)
    assert not breaker.admits(31)
    breaker.failed(32)
    assert not breaker.admits(61)
    assert breaker.admits(62)
    breaker.worked(62)
    assert breaker.admits(63)
    assert breaker.admits(63)


def test_failures_that_are_not_in_a_row_let_nobody_rest() -> None:
    breaker = Breaker(trips_after=3, rests_s=30)
    for at in range(20):
        assert breaker.admits(at)
        breaker.failed(at) if at % 3 else breaker.worked(at)


def test_a_question_that_was_given_up_lets_the_next_one_try() -> None:
    breaker = tripped()
    assert breaker.admits(30)
    breaker.let_go()
    assert breaker.admits(30)


def test_answers_to_earlier_questions_do_not_prolong_a_rest_but_can_end_it() -> None:
    breaker = tripped()
    breaker.failed(20)
    assert breaker.left_s(20) == 10
    breaker.worked(21)
    assert breaker.admits(21)


def test_who_insists_gets_to_one_that_fails_but_not_into_a_pause() -> None:
    breaker = tripped()
    assert breaker.admits(1, insists=True)
    breaker.paused(1, 60)
    breaker.worked(2)
    assert not breaker.admits(3, insists=True)
    assert breaker.admits(61)


def test_a_refused_account_rests_longer() -> None:
    breaker = Breaker(trips_after=3, rests_s=30)
    breaker.refused(0)
    assert not breaker.admits(REFUSED_REST_S - 1)
    assert breaker.admits(0, insists=True)
    breaker.worked(0)
    assert breaker.admits(0)


@pytest.mark.parametrize(
    ("wish_s", "pause_s"),
    [
        (17, 17),
        (None, 30),
        (0, 1),
        (-5, 1),
        (math.nan, 1),
        (1e12, LONGEST_PAUSE_S),
        (math.inf, LONGEST_PAUSE_S),
    ],
)
def test_a_pause_is_as_long_as_it_was_asked_for_within_reason(wish_s: float | None, pause_s: float) -> None:
    breaker = Breaker(trips_after=3, rests_s=30)
    breaker.paused(100, wish_s)
    assert breaker.rest is Rest.PAUSED
    assert breaker.left_s(100) == pause_s
    assert not breaker.admits(100 + pause_s - 0.5)
    assert breaker.admits(100 + pause_s)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["worked", "failed", "refused", "let_go", "paused"]), st.floats(0, 50), ANY_WISH
        )
    )
)
def test_whatever_happens_a_directory_is_tried_again_within_the_longest_pause(
    story: list[tuple[str, float, float | None]],
) -> None:
    breaker, now = Breaker(trips_after=3, rests_s=30), 0.0
    for what, after_s, wish_s in story:
        now += after_s
        if breaker.admits(now):
            match what:
                case "paused":
                    breaker.paused(now, wish_s)
                case "let_go":
                    breaker.let_go()
                case _:
                    getattr(breaker, what)(now)
    assert breaker.admits(now + LONGEST_PAUSE_S)
