from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bubbled.directory.order.allowance import Allowance
from bubbled.directory.port import Rate


def test_without_a_rate_one_may_always_ask() -> None:
    allowance = Allowance(None)
    assert {allowance.take(0) for _ in range(1000)} == {0}


def test_what_is_used_up_comes_back_one_by_one() -> None:
    allowance = Allowance(Rate(2, 10))
    assert [allowance.take(at) for at in (0, 4, 5)] == [0, 0, 5]
    assert [allowance.take(at) for at in (10, 11, 14)] == [0, 3, 0]


def test_a_rate_of_nothing_allows_nothing() -> None:
    assert Allowance(Rate(0, 10)).take(0) > 0


@given(st.integers(1, 5), st.lists(st.integers(0, 3000), max_size=60))
def test_no_window_of_time_sees_more_than_the_rate_and_the_wait_is_told_exactly(
    count: int, steps_ms: list[int]
) -> None:
    allowance, now_ms, taken = Allowance(Rate(count, 1000)), 0, []
    for step_ms in steps_ms:
        now_ms += step_ms
        wait_ms = allowance.take(now_ms)
        if wait_ms:
            now_ms += int(wait_ms)
            assert allowance.take(now_ms) == 0
        taken.append(now_ms)
    for first, behind in zip(taken, taken[count:], strict=False):
        assert behind - first >= 1000
