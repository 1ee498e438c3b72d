from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.dialing.shortcut.gvariant import strings_in, written

PRINTED = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=20)


@given(st.lists(PRINTED, max_size=4))
def test_what_is_written_is_read(values: list[str]) -> None:
    assert strings_in(written(values)) == tuple(values)


@given(PRINTED)
def test_one_string_too(value: str) -> None:
    assert strings_in(written(value)) == (value,)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("@as []", ()),
        ("['<Super>p', 'XF86Display']\n", ("<Super>p", "XF86Display")),
        ('"it\'s"', ("it's",)),
        (r"['a\\b', '\u20ac']", ("a\\b", "\u20ac")),
        ("true", ()),
        ("uint32 5", ()),
        ("[(1, 2)]", ()),
        ("[<'a'>]", ()),
        ("['a", ()),
    ],
)
def test_what_gsettings_tells_is_read(text: str, values: tuple[str, ...]) -> None:
    assert strings_in(text) == values
