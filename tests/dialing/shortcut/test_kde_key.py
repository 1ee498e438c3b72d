from __future__ import annotations

import pytest

from bubbled.dialing.shortcut.kde_key import key_code, keystroke_of
from bubbled.keystroke import parse

KEYS = ("F1", "F7", "F24", "Pause", "ScrollLock", "PageDown", "Ctrl+Alt+D", "Super+Shift+5", "Shift+F7")


@pytest.mark.parametrize(
    ("key", "code"), [("F7", 0x01000036), ("Ctrl+Alt+D", 0x0C000044), ("Super+PageUp", 0x11000016)]
)
def test_keys_are_counted_as_qt_counts_them(key: str, code: int) -> None:
    assert key_code(parse(key)) == code


@pytest.mark.parametrize("key", KEYS)
def test_a_number_is_that_key(key: str) -> None:
    assert keystroke_of(key_code(parse(key))) == parse(key)


@pytest.mark.parametrize("code", [0, 0x01000060, 0x02000000])
def test_other_numbers_are_no_key_of_ours(code: int) -> None:
    assert keystroke_of(code) is None
