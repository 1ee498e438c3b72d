from __future__ import annotations

from bubbled.dialing.hotkey.held_key import REPEAT_S, HeldKey


def test_a_key_that_is_held_down_is_pressed_once() -> None:
    key = HeldKey()
    assert [key.pressed(now) for now in (10.0, 10.5, 10.53, 10.56, 11.4)] == [
        True,
        False,
        False,
        False,
        False,
    ]


def test_after_its_release_it_is_pressed_again() -> None:
    key = HeldKey()
    assert key.pressed(10.0)
    key.released()
    assert key.pressed(10.1)


def test_where_no_release_is_told_a_pause_ends_the_press() -> None:
    key = HeldKey()
    assert key.pressed(10.0)
    assert key.pressed(10.0 + REPEAT_S)


def test_a_release_that_nobody_pressed_changes_nothing() -> None:
    key = HeldKey()
    key.released()
    assert key.pressed(10.0)
