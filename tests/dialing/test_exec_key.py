from __future__ import annotations

import pytest

from bubbled.dialing.exec_key import quoted


@pytest.mark.parametrize("word", ["/usr/bin/bubbled", "-P", "--selection", "/home/zoë/a+b@c:d,e/bubbled"])
def test_a_plain_word_stays_as_it_is(word: str) -> None:
    assert quoted(word) == word


@pytest.mark.parametrize(
    ("word", "written"),
    [
        ("/my apps/bubbled", '"/my apps/bubbled"'),
        ("/it's;rm -rf ~", '"/it\'s;rm -rf ~"'),
        ("/a(b)&c", '"/a(b)&c"'),
        ("$HOME", r'"\\$HOME"'),
        ("`id`", r'"\\`id\\`"'),
        ('a"b', r'"a\\"b"'),
        (r"a\b", r'"a\\\\b"'),
    ],
)
def test_any_other_has_quotes_and_is_escaped_twice(word: str, written: str) -> None:
    assert quoted(word) == written
