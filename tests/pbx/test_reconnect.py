from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bubbled.pbx.reconnect import Backoff, Patience

PATIENCE = Patience(first_s=1, longest_s=30, refused_s=300, stable_s=60)


def longest(_low: float, high: float) -> float:
    return high


def test_waits_double_up_to_the_longest() -> None:
    backoff = Backoff(PATIENCE, longest)
    assert [backoff.after_loss() for _ in range(7)] == [1, 2, 4, 8, 16, 30, 30]


def test_a_stable_connection_starts_the_count_afresh() -> None:
    backoff = Backoff(PATIENCE, longest)
    backoff.after_loss()
    backoff.after_loss()
    assert backoff.after_loss(lasted_s=59) == 4
    assert backoff.after_loss(lasted_s=60) == 1


def test_refused_credentials_wait_longest() -> None:
    assert Backoff(PATIENCE, longest).after_refusal() == 300


@given(failures=st.integers(0, 2000), luck=st.floats(0, 1))
def test_jitter_takes_at_most_half(failures: int, luck: float) -> None:
    sure = Backoff(PATIENCE, longest)
    jittered = Backoff(PATIENCE, lambda low, high: low + (high - low) * luck)
    sure.failures = jittered.failures = failures
    wait = sure.after_loss()
    assert wait / 2 <= jittered.after_loss() <= wait <= 30


def test_a_failure_is_news_once_until_its_reason_is_another_or_a_stable_connection_was_lost() -> None:
    backoff = Backoff(PATIENCE, longest)
    news = []
    for reason, lasted_s in (("gone", 0), ("gone", 0), ("refused", 0), ("refused", 0), ("refused", 60)):
        backoff.after_loss(lasted_s)
        news.append(backoff.is_news(reason))
    assert news == [True, False, True, False, True]
