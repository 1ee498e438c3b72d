from __future__ import annotations

import pytest

from bubbled.keystroke import Keystroke, Modifier, parse


@pytest.mark.parametrize(
    ("text", "keystroke"),
    [
        ("F7", Keystroke("F7")),
        ("f12", Keystroke("F12")),
        ("Pause", Keystroke("Pause")),
        ("PageDown", Keystroke("Next")),
        ("ctrl+alt+d", Keystroke("d", frozenset({Modifier.CTRL, Modifier.ALT}))),
        ("Win + F7", Keystroke("F7", frozenset({Modifier.SUPER}))),
        ("Shift+F7", Keystroke("F7", frozenset({Modifier.SHIFT}))),
    ],
)
def test_a_key_is_read_as_people_write_it(text: str, keystroke: Keystroke) -> None:
    assert parse(text) == keystroke
    assert parse(str(keystroke)) == keystroke


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "such as"),
        ("F77", "such as"),
        ("Hyper+F7", "modifiers"),
        ("Ctrl+", "such as"),
        ("+", "modifiers"),
        ("d", "needed to write"),
        ("Shift+5", "needed to write"),
        ("Ctrl+é", "such as"),
    ],
)
def test_what_is_no_key_or_needed_to_write_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        parse(text)


def test_a_key_is_told_with_its_modifiers_in_one_order() -> None:
    assert str(parse("super+shift+alt+ctrl+x")) == "Ctrl+Alt+Shift+Super+X"
