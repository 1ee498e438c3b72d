import tomllib
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.error import ConfigError
from bubbled.settings.literal import key_text, pair_text, section_text, value_text
from tests.settings.toml_text import keys, values


@given(
    key=keys | st.text(st.characters(codec="utf-8"), max_size=9),
    value=values | st.text(st.characters(codec="utf-8")),
)
def test_what_is_written_is_read_as_the_same(key: str, value: Any) -> None:
    assert tomllib.loads(pair_text(key, value)) == {key: value}
    assert tomllib.loads(f"x = {value_text(value)}") == {"x": value}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"env": "X"}, '{ env = "X" }'),
        ({}, "{}"),
        ([{"a": 1}, {"b c": [True]}], '[{ a = 1 }, { "b c" = [true] }]'),
        (("x", "y"), '["x", "y"]'),
        (1.0, "1.0"),
        (True, "true"),
        ("a\nb", '"a\\nb"'),
        (date(2026, 11, 27), "2026-11-27"),
        (time(8, 30), "08:30:00"),
        (datetime(2026, 11, 27, 8, tzinfo=UTC), "2026-11-27T08:00:00Z"),
    ],
)
def test_values_stand_on_one_line(value: Any, text: str) -> None:
    assert value_text(value) == text


@pytest.mark.parametrize("value", [None, object(), b"x", {1}, [None], {"a": None}, "\ud800"])
def test_what_toml_has_not_is_refused(value: Any) -> None:
    with pytest.raises(ConfigError):
        value_text(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a\nb", "k = '''\na\nb'''"),
        ("\n", "k = '''\n\n'''"),
        ("a\n'b'", "k = \"a\\n'b'\""),
        ("a\n''b", "k = '''\na\n''b'''"),
        ("a\r\nb", 'k = "a\\r\\nb"'),
        ("a\n\x01", 'k = "a\\n\\u0001"'),
    ],
)
def test_text_of_several_lines_stands_on_several_where_it_can(value: str, text: str) -> None:
    assert pair_text("k", value) == text
    assert tomllib.loads(text) == {"k": value}


def test_keys_have_quotes_where_they_need_them() -> None:
    assert key_text("a-b", "c d", "", "é", "1") == 'a-b."c d".""."é".1'


def test_a_section_has_a_line_for_each_key() -> None:
    assert section_text("[[a]]", {"x": 1, "y": {"z": 2}}) == "[[a]]\nx = 1\ny = { z = 2 }\n"
