from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.note import LONGEST_NOTE, plain, with_note


def test_a_note_is_kept_printable_and_in_its_lines() -> None:
    assert plain("  a\x1b[2J\u202eb\tc \r\n\r\nü 漢\r") == "a [2J b c\n\nü 漢"


@given(st.text())
def test_whatever_is_noted_is_printable(text: str) -> None:
    noted = plain(text)
    assert all(char.isprintable() or char == "\n" for char in noted)
    assert plain(noted) == noted


def test_notes_stand_one_below_the_other_and_have_an_end() -> None:
    assert with_note(with_note("", "One"), "Two") == "One\nTwo"
    with pytest.raises(ValueError, match="4000 characters"):
        with_note("x" * LONGEST_NOTE, "y")
