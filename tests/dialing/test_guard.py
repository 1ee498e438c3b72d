from __future__ import annotations

from bubbled.dialing.guard import Guard
from bubbled.model import CallId

FIRST, SECOND = CallId("bubbled-1.1"), CallId("bubbled-1.2")


def test_a_double_press_is_one() -> None:
    guard = Guard()
    assert [guard.is_new_press(at) for at in (5.0, 5.3, 5.9, 7.0)] == [True, False, False, True]


def test_the_same_number_within_a_second_is_the_same_call() -> None:
    guard = Guard()
    assert guard.earlier("0201234567", 5.0, ()) is None
    guard.placed("0201234567", FIRST, 5.0)
    assert guard.earlier("0201234567", 5.9, ()) == FIRST
    assert guard.earlier("0207654321", 5.9, ()) is None
    assert guard.earlier("0201234567", 6.0, ()) is None


def test_while_the_own_phone_rings_the_number_is_not_called_again() -> None:
    guard = Guard()
    guard.placed("0201234567", FIRST, 5.0)
    assert guard.earlier("0201234567", 15.0, {FIRST}) == FIRST
    assert guard.earlier("0201234567", 15.0, {SECOND}) is None


def test_after_a_failure_the_user_may_try_again_at_once() -> None:
    guard = Guard()
    guard.placed("0201234567", FIRST, 5.0)
    guard.failed("0201234567")
    guard.failed("never placed")
    assert guard.earlier("0201234567", 5.1, ()) is None


def test_it_remembers_the_latest_call_to_a_number_and_not_endlessly_many() -> None:
    guard = Guard()
    guard.placed("101", FIRST, 5.0)
    guard.placed("101", SECOND, 5.5)
    assert guard.earlier("101", 5.6, ()) == SECOND
    for number in range(1000):
        guard.placed(f"06{number}", FIRST, 5.6)
    assert guard.earlier("101", 5.7, ()) is None
    assert guard.earlier("06999", 5.7, ()) == FIRST
