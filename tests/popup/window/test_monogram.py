import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.model import Card, Tone
from bubbled.popup.window.monogram import initials, letters


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Jan Jansen", "JJ"),
        ("Jan van den Berg", "JB"),
        ("jan jansen", "JJ"),
        ("Bakker & Zn", "BZ"),
        ("Anonymous", "A"),
        ("06 12345678", ""),
        ("4U", ""),
        ("", ""),
        ("(Sales)", "S"),
    ],
)
def test_a_name_has_initials_and_a_number_none(name: str, shown: str) -> None:
    assert initials(name) == shown


@given(st.text())
def test_whatever_a_caller_calls_himself_two_letters_are_all_of_it(name: str) -> None:
    assert len(initials(name)) <= 2


@pytest.mark.parametrize(
    ("tone", "shown"), [(Tone.RINGING, "WM"), (Tone.MISSED, "WM"), (Tone.NOTICE, "!"), (Tone.QUESTION, "")]
)
def test_what_is_no_name_has_no_initials(tone: Tone, shown: str) -> None:
    assert letters(Card("While muted: 3 calls", (), "", tone)) == shown
