from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from bubbled.settings.file import check
from bubbled.setup.fresh import fresh

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENT = {
    "pbx": {
        "host": "pbx.example.com",
        "username": "bubbled",
        "secret": {"file": "~/.config/bubbled/ami-secret"},
    },
    "me": {"extension": "101", "region": "NL"},
    "directory": [{"name": "Club", "kind": "csv", "path": "/srv/c.csv"}],
}


def test_it_says_what_it_is_to_say_and_can_be_used(tmp_path: Path) -> None:
    text = fresh(DOCUMENT)
    assert tomllib.loads(text) == DOCUMENT
    settings, warnings = check(tmp_path / "config.toml", text)
    assert (settings.me.extension, settings.directories[0].name, warnings) == ("101", "Club", ())


def test_each_part_says_what_it_is_for() -> None:
    assert (
        fresh(DOCUMENT)
        == """\
# The settings of bubbled, written by `bubbled setup`. Run it again to change them, or edit this file:
# `bubbled doctor` checks it, `bubbled reload` applies it, `bubbled example` shows what else there is.

# Whose calls pop up.
[me]
extension = "101"   # your extension on the PBX
region = "NL"       # your country: how numbers without country code are read

# The PBX, and the account of bubbled on it.
[pbx]
host = "pbx.example.com"
username = "bubbled"
secret = { file = "~/.config/bubbled/ami-secret" }   # where its secret is kept

# Who is calling: asked from top to bottom; the first that knows the number wins.
[[directory]]
name = "Club"
kind = "csv"          # docs/directories.md tells of every kind
path = "/srv/c.csv"   # read again whenever it changes
"""
    )


@given(
    st.dictionaries(
        st.sampled_from(["me", "pbx", "popup", "odd key"]),
        st.dictionaries(
            st.text(min_size=1, max_size=5),
            st.text()
            | st.booleans()
            | st.integers(-(2**60), 2**60)
            | st.lists(st.text(), max_size=2)
            | st.dictionaries(st.text(max_size=3), st.text(), max_size=2),
            max_size=3,
        ),
        max_size=3,
    ),
    st.lists(st.dictionaries(st.text(min_size=1, max_size=5), st.text(), max_size=3), max_size=2),
)
def test_whatever_it_is_told_it_says_exactly_that(
    document: dict[str, Any], directories: list[dict[str, str]]
) -> None:
    wanted = document | ({"directory": directories} if directories else {})
    assert tomllib.loads(fresh(wanted)) == wanted
