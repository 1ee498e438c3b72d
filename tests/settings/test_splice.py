import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.settings.splice import spliced, written

KEYS = ("popup", "button")
EXAMPLE = (Path(__file__).parents[2] / "config" / "bubbled.toml").read_text()
NEW: dict[str, Any] = {
    "popup": {"inbound": False, "layout": {"headline": "$name", "lines": ["$company", 'a "b"']}},
    "button": [{"label": "A", "mail": {"subject": "x", "body": "1\n2"}}, {"label": "B", "run": ["/bin/x"]}],
}
BEFORE = """\
# Above.
me = { extension = "101" }  # mine

[popup]  # old
inbound = true
hours = [
  "Mon-Fri 08:30-17:30",  # [not a header]
]
# about popups

# about the PBX
[pbx]
host = "pbx.example.com"  # the host

[popup.layout]
headline = '''
# no comment
[no header]
'''

[[button]]
label = "Old"

# [history]
# retention_days = 30
"""
AFTER = """\
# Above.
me = { extension = "101" }  # mine

[popup]
inbound = false

[popup.layout]
headline = "$name"
lines = ["$company", "a \\"b\\""]

[[button]]
label = "A"
mail = {subject = "x", body = "1\\n2"}

[[button]]
label = "B"
run = ["/bin/x"]

# about the PBX
[pbx]
host = "pbx.example.com"  # the host

# [history]
# retention_days = 30
"""


def test_sections_take_the_place_of_the_old_and_leave_the_comments_on_others() -> None:
    assert spliced(BEFORE, KEYS, NEW) == AFTER


def test_a_section_that_is_the_same_is_left_as_it_stands() -> None:
    old = tomllib.loads(BEFORE)
    changed = spliced(BEFORE, KEYS, {**NEW, "popup": old["popup"]})
    assert '"Mon-Fri 08:30-17:30",  # [not a header]' in changed
    assert tomllib.loads(changed)["button"] == NEW["button"]
    assert spliced(AFTER, KEYS, NEW) == AFTER


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x = 1",
        "popup = { inbound = true }\nx = 1\n",
        "popup.inbound = true\npopup.layout.headline = 'x'\nx = [[{a = 1}],\n[{b = 2}]]\n",
        "button = []\n[x]\n",
        "button = [\n  { label = 'x', note = true },\n]\n[x]\ny = 1",
        "[popup.window]\nwidth = 300\n[x]\n[popup]\ninbound = true\n",
        '[ "popup" ]\n[x."y"]\nz = """\n[popup]\n"""\n',
        "[x]\r\ny = 1\r\n[popup]\r\ninbound = true\r\n",
        "# c\r\nx = 1\r\n[popup]\r\ninbound = true\r\n",
        EXAMPLE,
    ],
)
@pytest.mark.parametrize("sections", [NEW, {}, {"button": []}, {"popup": {}}, {"popup": NEW["popup"]}])
def test_in_whatever_way_the_settings_are_written(text: str, sections: dict[str, Any]) -> None:
    others = {key: value for key, value in tomllib.loads(text).items() if key not in KEYS}
    assert tomllib.loads(spliced(text, KEYS, sections)) == others | sections


def test_no_comment_on_another_section_is_lost_of_the_example() -> None:
    comments = {line for line in EXAMPLE.split("\n") if line.startswith("#[") or "# how long" in line}
    assert comments
    assert comments <= set(spliced(EXAMPLE, KEYS, NEW).split("\n"))


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
values = st.booleans() | st.integers(-1000, 1000) | texts | st.lists(texts, max_size=3)
tables = st.dictionaries(texts, values | st.dictionaries(texts, values, max_size=2), max_size=4)
sections = st.fixed_dictionaries({}, optional={"popup": tables, "button": st.lists(tables, max_size=3)})


@given(sections=sections)
def test_sections_are_written_as_what_they_are(sections: dict[str, Any]) -> None:
    assert tomllib.loads(written(sections)) == sections


@given(
    before=st.lists(
        st.sampled_from(
            [
                "[a]\nx = 1",
                "[b]",
                "[b.c]\ny = [\n[1],\n]",
                "[popup]\ninbound = true",
                "[popup.layout]",
                "# c",
                "",
            ]
        ),
        unique=True,
    ).map("\n".join),
    sections=sections,
)
def test_settings_of_any_order_take_any_sections(before: str, sections: dict[str, Any]) -> None:
    others = {key: value for key, value in tomllib.loads(before).items() if key not in KEYS}
    assert tomllib.loads(spliced(before, KEYS, sections)) == others | sections
