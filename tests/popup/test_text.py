import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.popup.text import LONGEST, one_line, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Jan Jansen", "Jan Jansen"),
        ("  Jan \t Jansen\r\nEvent: Hangup ", "Jan Jansen Event: Hangup"),
        ("<b>&\"'-w", "<b>&\"'-w"),
        ("\x1b[31mred\x07", "[31mred"),
        ("\u202eevil\u202c\u2066x\u2069\u200f\ufeff", "evilx"),
        ("\ud800half a character", "half a character"),
        ("👩\u200d👩\u200d👧 Smit", "👩\u200d👩\u200d👧 Smit"),
        ("\u200b\u200d\u2060 ", ""),
        ("\u3164\u2800 \u0335\u200d", ""),
        ("Jan\u3164Jansen", "Jan Jansen"),
        ("Z" + "\u0335" * 40 + "oe\u0308", "Z" + "\u0335" * 4 + "oe\u0308"),
        ("ที่นี่ Tiếng Việt ❤\ufe0f", "ที่นี่ Tiếng Việt ❤\ufe0f"),
        ("\0", ""),
        (None, ""),
    ],
)
def test_what_outsiders_write_becomes_one_harmless_line(text: str | None, shown: str) -> None:
    assert one_line(text) == shown


def test_a_long_text_is_cut_and_says_so() -> None:
    assert one_line("x" * 10_000, 10) == "xxxxxxxxx…"
    assert one_line("x" * 10, 10) == "xxxxxxxxxx"


def test_a_text_that_is_long_only_by_what_is_dropped_is_kept() -> None:
    assert one_line("a\u202eb" * 5, 10) == "ababababab"


@given(st.text(st.characters(), max_size=1000), st.integers(min_value=2, max_value=LONGEST))
def test_a_line_is_short_drawn_and_stays_as_it_is(text: str, limit: int) -> None:
    line = one_line(text, limit)
    assert len(line) <= limit
    assert line == one_line(line, limit)
    assert all(unicodedata.category(c) not in {"Cc", "Cs"} for c in line)
    line.encode()


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("\x1b]0;owned\x07", "␛]0;owned␇"),
        ("a\r\nb\x7f\x9b31m", "a␍␊b␡\ufffd31m"),
        ("\u202efdp.exe", "\ufffdfdp.exe"),
        ("[bold]Jan[/bold] 👩\u200d👧 é", "[bold]Jan[/bold] 👩\u200d👧 é"),
    ],
)
def test_a_terminal_gets_nothing_that_it_obeys(text: str, drawn: str) -> None:
    assert visible(text) == drawn
