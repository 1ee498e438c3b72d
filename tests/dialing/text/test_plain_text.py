from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.dialing.text.plain_text import LONGEST_ABOUT, about, plain


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("020-1234567", "020-1234567"),
        ("  020 \n", "020"),
        ("020\u00a0123\u202f45\u300067", "020 123 45 67"),
        ("020\u20131\u22122\u20113\u30fc4", "020-1-2-3-4"),
        ("\uff0b\uff13\uff11\uff08\uff10\uff09", "+31(0)"),
        ("\u0660\u0661 \u06f2 \u0967", "01 2 1"),
        ("\u202a+31\u200b20\u00ad1\u202c", "+31201"),
        ("020\u00b7123\u202245", "020\u00b7123\u202245"),
        ("020\u2219123\u202745", "020\u00b7123\u00b745"),
        ("Voorbeeld \u00b7 020", "Voorbeeld \u00b7 020"),
        ("12\u00b9 \u00bd \u2460", "12"),
        ("a\x00b\x1bc\rd\r\ne\x85f\u2028g", "a\nb\nc\nd\ne\nf\ng"),
        ("020\t123", "020\t123"),
        ("\x1b[1;31m020\x1b[0m", "020"),
        ("\x1b]8;;tel:1\x1b\\020\x1b]8;;\x07", "020"),
        ("0\ufe0f\u20e32\ufe0f\u20e3", "02"),
        ("te\u0301l\ud8001\ue000\u0378", "tel\n1"),
        ("", ""),
    ],
)
def test_text_is_written_plainly(text: str, seen: str) -> None:
    assert plain(text) == seen


@given(st.text())
def test_plain_text_is_plain(text: str) -> None:
    seen = plain(text)
    assert not {unicodedata.category(c) for c in seen.replace("\n", "").replace("\t", "")} & {
        "Cc",
        "Cf",
        "Cs",
    }
    assert all(c.isascii() for c in seen if unicodedata.category(c) in {"Nd", "Zs", "Pd"})


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Jan\r\n Jansen\x00\x1b[31m", "Jan Jansen"),
        ("\u202eevil\u202c\ud800", "evil"),
        ("x" * 41, "x" * 39 + "…"),
        ("x" * 40, "x" * 40),
        ("a" + "\u0301" * 30, "a" + "\u0301" * 4),
        ("\n\n", ""),
    ],
)
def test_what_a_text_is_about_is_one_harmless_line(text: str, line: str) -> None:
    assert about(text) == line


@given(st.text())
def test_a_line_is_never_long(text: str) -> None:
    assert len(about(text)) <= LONGEST_ABOUT
    assert len(about(text).splitlines()) <= 1
