from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.web.highlight import Highlight, Pieces


def brackets(pieces: Pieces) -> str:
    return "".join(f"[{piece}]" if is_found else piece for piece, is_found in pieces)


@pytest.mark.parametrize(
    ("searched", "text", "shown"),
    [
        ("", "Jan Jansen", "Jan Jansen"),
        ("jan", "Jan Jansen", "[Jan] [Jan]sen"),
        ("an", "Jan Jansen", "Jan Jansen"),
        ("jose", "José-María", "[José]-María"),
        ("josé maria", "Jose Maria", "[Jose] [Maria]"),
        ("strasse", "Straße 5", "[Straße] 5"),
        ("jan jansen", "JANSEN", "[JANSEN]"),
        ("jan.*", "Jan", "[Jan]"),
        ("zoe", "zoe\u0308 x", "[zoe]\u0308 x"),
        ("(", "a (b)", "a (b)"),
        ("b", "<b>b</b>", "<[b]>[b]</[b]>"),
        ("jan", "", ""),
    ],
)
def test_words_are_shown_from_their_beginning(searched: str, text: str, shown: str) -> None:
    assert brackets(Highlight(searched).text(text)) == shown


@pytest.mark.parametrize(
    ("searched", "number", "shown"),
    [
        ("0612", "06 12345678", "[06 12]345678"),
        ("+31612", "+31 6 12345678", "+[31 6 12]345678"),
        ("0612345678", "+31612345678", "+31[612345678]"),
        ("06 1234 5678", "+31612345678", "+31[612345678]"),
        ("0031612", "+31 6 12345678", "+[31 6 12]345678"),
        ("5678", "06 12345678", "06 1234[5678]"),
        ("78", "06 12345678", "06 12345678"),
        ("jan 5678", "06 12345678", "06 1234[5678]"),
        ("102", "102", "[102]"),
        ("jan", "06 12345678", "06 12345678"),
        ("12", "anonymous", "anonymous"),
    ],
)
def test_numbers_are_shown_in_any_notation(searched: str, number: str, shown: str) -> None:
    assert brackets(Highlight(searched).number(number)) == shown


@given(st.text(max_size=40), st.text(max_size=200))
def test_nothing_of_a_text_is_lost_or_put_in(searched: str, text: str) -> None:
    highlight = Highlight(searched)
    assert "".join(piece for piece, _ in highlight.text(text)) == text
    assert "".join(piece for piece, _ in highlight.number(text)) == text
