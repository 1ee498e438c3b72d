from __future__ import annotations

import pytest

from bubbled.dialing.link.key_file import Line, entries, items, lines


@pytest.mark.parametrize(
    ("raw", "understood"),
    [
        ("[Default Applications]", Line("Default Applications")),
        (" [Default Applications]\t\r\n", Line("Default Applications")),
        ("key=value", Line(None, "key", "value")),
        ("  key with spaces \t= a = b ; c \r\n", Line(None, "key with spaces", "a = b ; c")),
        ("key=", Line(None, "key", "")),
        ("Name[nl]=Telefoon", Line(None, "Name[nl]", "Telefoon")),
        ("# key=value", Line(None)),
        ("  # key=value", Line(None)),
        ("", Line(None)),
        ("=value", Line(None)),
        ("nonsense", Line(None)),
        ("[]", Line(None)),
        ("[unfinished", Line(None)),
    ],
)
def test_a_line_is_understood(raw: str, understood: Line) -> None:
    assert lines([raw]) == [understood]


def test_a_group_holds_what_stands_below_it() -> None:
    text = "a=0\n[One]\na=1\nb=1\n[Two]\na=2\n"
    assert entries(text, "One") == {"a": "1", "b": "1"}
    assert entries(text, "Two") == {"a": "2"}
    assert entries(text, "Three") == {}


def test_in_a_broken_file_groups_are_joined_and_the_last_entry_counts() -> None:
    assert entries("[One]\na=1\na=2\nb=1\n[Two]\nc=3\n[One]\na=4\n", "One") == {"a": "4", "b": "1"}


@pytest.mark.parametrize("value", ["one;two;", "one;two", " one ; two ;", ";one;;two;;"])
def test_a_list_may_end_as_it_likes(value: str) -> None:
    assert items(value) == ("one", "two")
