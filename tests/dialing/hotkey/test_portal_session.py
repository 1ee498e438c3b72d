"""Beginning and binding are shown in test_portal.py, through the real portal."""

from __future__ import annotations

import pytest

from bubbled.dialing.hotkey.portal_session import key_in, trigger
from bubbled.keystroke import parse


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("F7", "F7"),
        ("Ctrl+Alt+D", "CTRL+ALT+d"),
        ("Super+Shift+PageUp", "SHIFT+LOGO+Prior"),
        ("Alt+Ctrl+5", "CTRL+ALT+5"),
    ],
)
def test_keys_are_written_by_the_shortcuts_specification(key: str, written: str) -> None:
    assert trigger(parse(key)) == written


@pytest.mark.parametrize(
    ("shortcuts", "key"),
    [
        ([["dial", {"trigger_description": "Press F7"}]], "Press F7"),
        ([["other", {"trigger_description": "F8"}], ["dial", {"trigger_description": "F7"}]], "F7"),
        ([["dial", {"description": "Call the selected number"}]], ""),
        ([["dial", {"trigger_description": "F7\n\x1b[2J"}]], "F7[2J"),
        ([["other", {}]], None),
        ([], None),
        (None, None),
        ("dial", None),
        ([["dial"], 7, None], None),
    ],
)
def test_whatever_a_portal_tells_our_key_is_found_in_it(shortcuts: object, key: str | None) -> None:
    assert key_in(shortcuts) == key
