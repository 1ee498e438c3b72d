import re
import tomllib
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bubbled.error import ConfigError
from bubbled.settings.change import same
from bubbled.settings.editing import ABSENT, edited, reordered, replaced
from tests.settings.toml_text import documents, keys, values, written

EXAMPLE = (Path(__file__).parents[2] / "config" / "bubbled.toml").read_text()
BEFORE = """\
# Above all.
[me]  # me
  extension = "101"   # mine
  # about the region
  region = 'NL'

[popup]
inbound = true  # always
hours = [
  "Mon-Fri 08:30-17:30",  # at work
  # and at the market
  "Sat 10:00-12:00",
]
#outbound = true

# Customers first.
[[directory]]
name = "Customers"
kind = "csv"
columns = { name = "Full name", numbers = ["Phone"] }  # their headings

# Then colleagues.
# They are few.
[[directory]]
name = "Colleagues"

[directory.fields]
room = "roomNumber"

# [history]
# last_calls = 5
"""


def lines_that_differ(before: str, after: str) -> tuple[list[str], list[str]]:
    old, new = before.splitlines(), after.splitlines()
    return [line for line in old if line not in new], [line for line in new if line not in old]


@pytest.mark.parametrize(
    ("changes", "gone", "new"),
    [
        ({("me", "extension"): "102"}, ['  extension = "101"   # mine'], ['  extension = "102"   # mine']),
        ({("me", "name"): "Alice"}, [], ['  name = "Alice"']),
        ({("me", "extension"): ABSENT}, ['  extension = "101"   # mine'], []),
        ({("popup", "inbound"): True}, [], []),
        ({("popup", "outbound"): False}, [], ["outbound = false"]),
        (
            {("popup", "hours", 0): "Mon 09:00-10:00"},
            ['  "Mon-Fri 08:30-17:30",  # at work'],
            ['  "Mon 09:00-10:00",  # at work'],
        ),
        ({("popup", "hours", 2): "Sun 1:00-2:00"}, [], ['  "Sun 1:00-2:00",']),
        (
            {("popup", "hours"): ["Sat 10:00-12:00"]},
            ['  "Mon-Fri 08:30-17:30",  # at work'],
            ["    # at work"],
        ),
        (
            {("directory", 0, "columns", "company"): "Firm"},
            ['columns = { name = "Full name", numbers = ["Phone"] }  # their headings'],
            ['columns = { name = "Full name", numbers = ["Phone"], company = "Firm" }  # their headings'],
        ),
        (
            {("directory", 0, "columns", "name"): ABSENT},
            ['columns = { name = "Full name", numbers = ["Phone"] }  # their headings'],
            ['columns = { numbers = ["Phone"] }  # their headings'],
        ),
        ({("directory", 1, "fields", "floor"): "floor"}, [], ['floor = "floor"']),
        (
            {("directory", 1): ABSENT},
            [
                "# Then colleagues.",
                "# They are few.",
                'name = "Colleagues"',
                "[directory.fields]",
                'room = "roomNumber"',
            ],
            [],
        ),
        ({("popup", "window", "width"): 300}, [], ["[popup.window]", "width = 300"]),
        ({("history", "last_calls"): 5}, [], ["[history]", "last_calls = 5"]),
        ({("directory", 0, "password"): {"env": "X"}}, [], ['password = { env = "X" }']),
        ({("lookup", "tier", "2", "mode"): "staggered"}, [], ["[lookup.tier.2]", 'mode = "staggered"']),
    ],
)
def test_all_else_stays_as_it_is_written(changes: Any, gone: list[str], new: list[str]) -> None:
    assert lines_that_differ(BEFORE, edited(BEFORE, changes)) == (gone, new)


def test_a_new_table_of_a_list_stands_behind_the_last() -> None:
    after = edited(BEFORE, {("directory", 2): {"name": "CRM", "kind": "rest", "variables": {"portal": "1"}}})
    assert after == BEFORE.replace(
        'room = "roomNumber"\n',
        'room = "roomNumber"\n\n[[directory]]\nname = "CRM"\nkind = "rest"\nvariables = { portal = "1" }\n',
    )


def test_tables_change_places_with_the_comments_above_them() -> None:
    after = reordered(BEFORE, "directory", [1, 0])
    assert (
        after.index("# Then colleagues.")
        < after.index("[directory.fields]")
        < after.index("# Customers first.")
    )
    assert sorted(after.splitlines()) == sorted(BEFORE.splitlines())
    assert after.endswith("\n\n# [history]\n# last_calls = 5\n")
    assert reordered(after, "directory", [1, 0]) == BEFORE


@pytest.mark.parametrize("order", [[], [0], [0, 0], [1, 2], [0, 1, 2], [-1, 0]])
def test_what_is_no_order_of_the_tables_is_refused(order: list[int]) -> None:
    with pytest.raises(ConfigError, match="not the settings as they are now"):
        reordered(BEFORE, "directory", order)


def test_a_list_anew_keeps_the_comments_of_what_stays() -> None:
    customers, colleagues = tomllib.loads(BEFORE)["directory"]
    after = replaced(BEFORE, "directory", [colleagues | {"kind": "csv"}, {"name": "New"}, customers])
    assert lines_that_differ(BEFORE, after) == ([], ['name = "New"'])
    assert [each["name"] for each in tomllib.loads(after)["directory"]] == ["Colleagues", "New", "Customers"]
    assert after.index("# They are few.") < after.index('name = "New"') < after.index("# Customers first.")


def test_a_list_of_which_nothing_stays_is_written_in_its_place() -> None:
    after = replaced(BEFORE, "directory", [{"name": "A"}])
    assert after.index("#outbound") < after.index('name = "A"') < after.index("# [history]")


def test_an_empty_list_is_not_the_same_as_none() -> None:
    assert tomllib.loads(replaced(BEFORE, "button", []))["button"] == []
    with_one = replaced("button = []\n[x]\n", "button", [{"label": "A"}])
    assert with_one == '[x]\n\n[[button]]\nlabel = "A"\n'
    assert tomllib.loads(replaced(with_one, "button", [])) == {"button": [], "x": {}}


def test_a_section_anew_keeps_the_comments_on_what_stays() -> None:
    after = replaced(BEFORE, "me", {"extension": "101", "name": "Alice"})
    assert lines_that_differ(BEFORE, after) == (["  region = 'NL'"], ['  name = "Alice"'])


def test_an_order_of_names_counts_for_tables_of_the_same_name() -> None:
    text = '[[button]]\nlabel = "A"  # first\nnote = true\n'
    after = replaced(text, "button", [{"label": "A", "dial": "$number"}])
    assert after == '[[button]]\nlabel = "A"  # first\ndial = "$number"\n'


def test_the_last_key_of_a_header_leaves_the_header() -> None:
    assert edited("[a]\nx = 1\n", {("a", "x"): ABSENT}) == "[a]\n"
    assert edited("a.x = 1\n", {("a", "x"): ABSENT}) == ""
    assert edited("[[a]]\nx = 1\n", {("a", 0): ABSENT}) == ""


def test_several_tables_are_taken_out_by_the_indices_of_before() -> None:
    text = "".join(f"[[a]]\nx = {number}\n" for number in range(5))
    after = edited(text, {("a", 0): ABSENT, ("a", 3): ABSENT, ("a", 2, "x"): 9})
    assert tomllib.loads(after)["a"] == [{"x": 1}, {"x": 9}, {"x": 4}]


@pytest.mark.parametrize(("before", "after"), [(1, 201), (201, 1)])
def test_more_tables_than_anybody_has_are_not_written_anew(before: int, after: int) -> None:
    text = "".join(f'[[button]]\nlabel = "{number}"\n' for number in range(before))
    with pytest.raises(ConfigError, match="More than 200 of button"):
        replaced(text, "button", [{"label": f"new {number}"} for number in range(after)])


def test_text_of_several_lines_stands_on_several() -> None:
    after = edited("[a]\n", {("a", "query"): "SELECT 1\nFROM x\n", ("a", "b"): "x\n'''"})
    assert after == "[a]\nquery = '''\nSELECT 1\nFROM x\n'''\nb = \"x\\n'''\"\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "# only a comment",
        "popup.inbound = true",
        "popup = {}",
        "popup = { inbound = true }  # all\n[x]\ny = 1",
        "[popup.window]\nwidth = 300\n[x]\n[popup]\n",
        "[ 'popup' ]\r\ninbound = true\r\n",
        '\ufeff["popup"]\n"inbound"=true',
        "[x]\n[popup.layout]\n# c\n",
        "[popup]\n[popup.layout]\n[x]",
    ],
)
@pytest.mark.parametrize(
    "path", [("popup", "outbound"), ("popup", "layout", "headline"), ("popup", "window", "corner"), ("y",)]
)
def test_a_key_finds_its_place_in_whatever_way_the_rest_is_written(text: str, path: tuple[str, ...]) -> None:
    after = edited(text, {path: "new"})
    wanted = tomllib.loads(text.removeprefix("\ufeff"))
    table = wanted
    for step in path[:-1]:
        table = table.setdefault(step, {})
    table[path[-1]] = "new"
    assert tomllib.loads(after.removeprefix("\ufeff")) == wanted
    assert ("\r\n" in text) == ("\r\n" in after)
    assert after.startswith("\ufeff") == text.startswith("\ufeff")
    assert re.findall("#.*", after) == re.findall("#.*", text)


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("x = ", {("x",): 1}),
        ("a." * 100 + "b = 1", {("x",): 1}),
        ("x = 1", {("x", "y"): 1}),
        ("x = [1]", {("x", 2): 1}),
        ("", {("x", 1): 1}),
        ("x = 1", {("x",): None}),
        ("x = 1", {("x",): [1, {"a": None}]}),
        ("x = 1", {("x",): "\ud800"}),
        ("x = 1", {("x",): float("nan")}),
        ("x = 1", {("x",): object()}),
        ("[[x]]\n[[x]]\n", {("x", 0): 1}),
        ("a = " + "[" * 3000 + "]" * 3000, {("x",): 1}),
    ],
)
def test_what_cannot_be_changed_by_itself_is_refused(text: str, changes: Any) -> None:
    with pytest.raises(ConfigError):
        edited(text, changes)


def test_true_is_not_one() -> None:
    assert edited("x = 1\ny = 1\n", {("x",): True, ("y",): 1.0}) == "x = true\ny = 1.0\n"


def test_the_example_keeps_every_line_but_those_that_change() -> None:
    changes: Any = {
        ("popup", "inbound"): False,
        ("pbx", "secret"): {"env": "X"},
        ("me", "devices"): ["PJSIP/101"],
        ("directory", 0): {"name": "A", "kind": "csv", "path": "~/a.csv"},
        ("team", "names"): {"102": "Bob"},
    }
    gone, new = lines_that_differ(EXAMPLE, edited(EXAMPLE, changes))
    assert len(gone) == 2
    assert len(new) == 9


# Whatever the document, and however it is written.


def ways(value: Any, path: tuple[str | int, ...] = ()) -> Any:
    """The paths of all that stands in a document."""
    if path:
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, each in inner:
        yield from ways(each, (*path, step))


def at(document: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        document = document[step]
    return document


def parsed(text: str) -> dict[str, Any]:
    return tomllib.loads(text.removeprefix("\ufeff"))


def comments(text: str) -> set[str]:
    return set(re.findall(r"# c\d+\.", text))


PATIENT = settings(deadline=None, suppress_health_check=list(HealthCheck))


@PATIENT
@given(text=written(), data=st.data())
def test_any_value_may_take_the_place_of_any_other(text: str, data: st.DataObject) -> None:
    document = parsed(text)
    path = data.draw(st.sampled_from(list(ways(document)) or [("a",)]))
    value = data.draw(values)
    is_of_headed_list = isinstance(path[-1], int) and not isinstance(value, dict)
    try:
        after = edited(text, {path: value})
    except ConfigError:
        assert is_of_headed_list  # a table with a header cannot become a number
        return
    wanted = deepcopy(document)
    at(wanted, path[:-1])[path[-1]] = value
    assert same(parsed(after), wanted)
    if path[-1] in at(document, path[:-1]) and not isinstance(at(document, path), dict | list):
        assert comments(after) == comments(text)


@PATIENT
@given(text=written(), data=st.data())
def test_any_table_takes_a_new_key_and_loses_no_comment(text: str, data: st.DataObject) -> None:
    document = parsed(text)
    tables = [path for path in ways(document) if isinstance(at(document, path), dict)]
    path = data.draw(st.sampled_from([(), *tables]))
    key, value = data.draw(keys), data.draw(values)
    wanted = deepcopy(document)
    if key in at(wanted, path):
        return
    at(wanted, path)[key] = value
    after = edited(text, {(*path, key): value})
    assert same(parsed(after), wanted)
    assert comments(after) == comments(text)


@PATIENT
@given(text=written(), data=st.data())
def test_anything_can_be_taken_out(text: str, data: st.DataObject) -> None:
    document = parsed(text)
    path = data.draw(st.sampled_from(list(ways(document)) or [("a",)]))
    after = parsed(edited(text, {path: ABSENT}))
    wanted = deepcopy(document)
    while path and path[-1] in (
        above if isinstance(above := at(wanted, path[:-1]), dict) else range(len(above))
    ):
        del above[path[-1]]
        # Tables that nothing else has written go with the last that stood in them.
        if same(after, wanted) or at(wanted, path[:-1]):
            break
        path = path[:-1]
    assert same(after, wanted)


@PATIENT
@given(
    text=written(documents.map(lambda each: {"x": 1, **each, "list": [{"a": 1}, {"b": [2]}, {}]})),
    data=st.data(),
)
def test_tables_take_any_order_and_lose_no_comment(text: str, data: st.DataObject) -> None:
    document = parsed(text)
    order = data.draw(st.permutations(range(3)))
    try:
        after = reordered(text, "list", order)
    except ConfigError:
        assert "[[" in text  # their tables stand among others
        return
    assert same(parsed(after), document | {"list": [document["list"][index] for index in order]})
    assert comments(after) == comments(text)


@PATIENT
@given(
    text=written(
        st.fixed_dictionaries({"list": st.lists(st.dictionaries(keys, values, max_size=2), max_size=3)})
    ),
    tables=st.lists(st.dictionaries(keys, values, max_size=2), max_size=3),
    data=st.data(),
)
def test_any_list_takes_the_place_of_any_other(text: str, tables: list[Any], data: st.DataObject) -> None:
    document = parsed(text)
    mixed = data.draw(st.permutations([*document["list"][:2], *tables]))
    try:
        after = replaced(text, "list", mixed)
    except ConfigError:
        assert "[[" in text
        return
    assert same(parsed(after), document | {"list": mixed})


def test_documents_are_written_in_every_way() -> None:
    """Else the tests above would show little."""
    seen: list[str] = []

    @settings(PATIENT, phases=[Phase.generate], derandomize=True, database=None)
    @given(text=written())
    def look(text: str) -> None:
        seen.append(text)

    look()
    tables = (r"^\s*\[\[", r"^\s*\[[^\[]", r"=\s*\{.*\}", r"^[^=#\[\"']+\.[^=]+=")
    texts = (r"\r\n", "^\ufeff", "'''", r"= \[.*#.*\]", r"[^\n]\Z")
    for way in (*tables, *texts):
        assert any(re.search(way, text, re.MULTILINE | re.DOTALL) for text in seen), way
