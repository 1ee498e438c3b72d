import tomllib
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from bubbled.settings.change import value_at
from bubbled.settings.outline import outlined
from tests.settings.toml_text import written

TEXT = """\
# Of nothing.

x = 1  # one
# below x

# about a
# and more
[a]
y = [ 2, {z = 3} ]  # two
#w = 4

# of nothing either

[[b]]
[b.c]
d = 4
# about the next
[[b]]
"""


def test_values_are_where_they_stand() -> None:
    outline = outlined(TEXT)
    found = {path: TEXT[slice(*span)] for path, span in outline.values.items()}
    assert found == {
        ("x",): "1",
        ("a", "y"): "[ 2, {z = 3} ]",
        ("a", "y", 0): "2",
        ("a", "y", 1): "{z = 3}",
        ("a", "y", 1, "z"): "3",
        ("b", 0, "c", "d"): "4",
    }
    assert [TEXT[slice(*span)] for span in outline.elements["a", "y"]] == ["2", "{z = 3}"]


@pytest.mark.parametrize(
    ("at", "block"),
    [
        (0, "# Of nothing.\n\nx = 1  # one\n# below x\n"),
        (1, "# about a\n# and more\n[a]\ny = [ 2, {z = 3} ]  # two\n#w = 4\n"),
        (2, "[[b]]\n"),
        (3, "[b.c]\nd = 4\n"),
        (4, "# about the next\n[[b]]\n"),
    ],
)
def test_a_section_has_the_comments_that_stand_at_it(at: int, block: str) -> None:
    assert TEXT[slice(*outlined(TEXT).block(at))] == block


def test_tables_are_found_with_those_in_them() -> None:
    outline = outlined(TEXT)
    assert outline.below(("b",)) == [2, 3, 4]
    assert outline.below(("b", 0)) == [2, 3]
    assert [pair.path for _, pair in outline.dotted(("a", "y", 1))] == []
    assert [pair.path for _, pair in outline.dotted(("a", "y"))] == [("a", "y")]


def values(document: Any, path: tuple[str | int, ...] = ()) -> Any:
    inner = document.items() if isinstance(document, dict) else enumerate(document)
    for step, value in inner:
        yield (*path, step)
        if isinstance(value, dict | list):
            yield from values(value, (*path, step))


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(text=written())
def test_every_value_is_where_it_is_said_to_be(text: str) -> None:
    text = text.removeprefix("\ufeff")
    document = tomllib.loads(text)
    outline = outlined(text)
    for path, (start, end) in outline.values.items():
        if len(path) <= 8:
            assert tomllib.loads(f"x = {text[start:end]}")["x"] == value_at(document, path)
    scalars = {path for path in values(document) if not isinstance(value_at(document, path), dict | list)}
    assert {path for path in scalars if len(path) <= 8} <= outline.values.keys()
