from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.cli.output import harmless, json_line

# Surrogates stand for bytes that were no UTF-8; they come from the command line.
any_text = st.text(st.characters(exclude_categories=()))


@given(any_text)
def test_no_control_or_invisible_character_is_left(text: str) -> None:
    shown = harmless(text)
    assert len(shown) == len(text)
    assert not {unicodedata.category(each)[0] for each in shown} & {"C"}
    assert not {unicodedata.category(each) for each in shown} & {"Zl", "Zp"}


@given(st.text(st.characters(categories=["L", "N", "P", "S", "M"])))
def test_what_prints_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]0;pwned\x07", "�]0;pwned�"),
        ("a\x9b31mb", "a�31mb"),
        ("one\r\ntwo\tthree", "one  two three"),
        ("\u202egnp.exe", "�gnp.exe"),
        ("Zoë Müller 李", "Zoë Müller 李"),
    ],
)
def test_what_strangers_send(text: str, shown: str) -> None:
    assert harmless(text) == shown


@given(st.dictionaries(any_text, st.none() | any_text | st.lists(st.integers())))
def test_json_is_one_harmless_line_that_says_the_same(value: dict[str, object]) -> None:
    line = json_line(value)
    assert line.isprintable()
    assert json.loads(line) == value


def test_json_keeps_every_script_readable() -> None:
    assert json_line({"name": "Zoë 李 🙂\x1b"}) == '{"name": "Zoë 李 🙂\\u001b"}'
