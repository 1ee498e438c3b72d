"""The walk is compared with a writer that notes where it puts each key, on documents that tomllib accepts."""

import json
import tomllib
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bubbled.settings.position import KeyPath, line_of, locate

DEEPEST = 8

ODD_ENDINGS = ["", ".", " ", "[", "]]", "#", "=", "\n", '"', "\\", "é", "{", "}", ","]
SCALARS = ["1", "-0.5e3", "inf", "true", "1979-05-27T07:32:00Z", "1979-05-27 07:32:00", "0xff", "1_000"]
TEXTS = [
    '""',
    "''",
    '"a # [b] = \\" {c}"',
    "'C:\\'",
    '"""two\nlines, [x]\n#y = 1"""',
    '"""""quotes"""""',
    '"""\\"""\\\\"""',
    "'''it's\n[not] = a table'''",
    "''''''",
    '"\\\\"',
]
GAPS = ["\n", "  \n", "# [a] = 'b' \"\n", '\t# """\n', "\n\n"]


@dataclass
class Writer:
    """Writes a document of keys that are all different, and notes the line of each path."""

    draw: st.DrawFn
    text: str = ""
    lines: dict[KeyPath, int] = field(default_factory=dict)
    headers: dict[KeyPath, list[str]] = field(default_factory=dict)
    tables_in: dict[KeyPath, int] = field(default_factory=dict)
    count: int = 0

    def write(self, text: str) -> None:
        self.text += text

    def note(self, path: KeyPath) -> None:
        if len(path) <= DEEPEST:
            self.lines.setdefault(path, self.text.count("\n") + 1)

    def name(self) -> str:
        self.count += 1
        return f"k{self.count}{self.draw(st.sampled_from(ODD_ENDINGS))}"

    def spelt(self, name: str) -> str:
        spellings = [json.dumps(name, ensure_ascii=False)]
        if "'" not in name and "\n" not in name:
            spellings.append(f"'{name}'")
        if name.isascii() and name.isalnum():
            spellings.append(name)
        return self.draw(st.sampled_from(spellings))

    def dotted(self, names: list[str]) -> str:
        return self.draw(st.sampled_from([".", " . "])).join(map(self.spelt, names))

    def gap(self) -> str:
        return "".join(self.draw(st.lists(st.sampled_from(GAPS), max_size=2)))

    def section(self) -> None:
        above = self.draw(st.sampled_from([(), *self.headers]))
        names = [self.name() for _ in range(self.draw(st.integers(1, 2)))]
        many = self.draw(st.booleans())
        for _ in range(self.draw(st.integers(1, 2)) if many else 1):
            self.header(above, names, many=many)

    def header(self, above: KeyPath, names: list[str], *, many: bool) -> None:
        path = above
        for name in names:
            path = (*path, name)
            self.note(path)
        if many:
            index = self.tables_in.get(path, 0)
            self.tables_in[path] = index + 1
            path = (*path, index)
            self.note(path)
        written = [*self.headers.get(above, []), *names]
        self.headers = {known: keys for known, keys in self.headers.items() if self.is_latest(known)}
        self.headers[path] = written
        brackets = ("[[", "]]") if many else ("[", "]")
        self.write(
            f"{brackets[0]}{self.dotted(written)}{brackets[1]}{self.draw(st.sampled_from(['', ' # [c]']))}\n"
        )
        for _ in range(self.draw(st.integers(0, 3))):
            self.write(self.gap())
            self.pair(path, depth=0)
            self.write("\n")

    def is_latest(self, path: KeyPath) -> bool:
        """Whether a header still means this table: of a list of tables it means the last."""
        return all(
            self.tables_in[path[:depth]] == step + 1
            for depth, step in enumerate(path)
            if isinstance(step, int) and path[:depth] in self.tables_in
        )

    def pair(self, table: KeyPath, depth: int) -> None:
        names = [self.name() for _ in range(self.draw(st.integers(1, 2)))]
        for length in range(1, len(names) + 1):
            self.note((*table, *names[:length]))
        self.write(f"{self.dotted(names)} = ")
        self.value((*table, *names), depth)

    def value(self, path: KeyPath, depth: int) -> None:
        kinds = ["scalar", "text"] + (["list", "inline"] if depth < 3 else [])
        match self.draw(st.sampled_from(kinds)):
            case "scalar":
                self.write(self.draw(st.sampled_from(SCALARS)))
            case "text":
                self.write(self.draw(st.sampled_from(TEXTS)))
            case "list":
                self.list(path, depth + 1)
            case "inline":
                self.inline(path, depth + 1)

    def list(self, path: KeyPath, depth: int) -> None:
        self.write("[")
        size = self.draw(st.integers(0, 3))
        for index in range(size):
            self.write(self.gap() or " ")
            self.note((*path, index))
            self.value((*path, index), depth)
            self.write("," if index + 1 < size or self.draw(st.booleans()) else "")
        self.write(self.gap() + "]")

    def inline(self, path: KeyPath, depth: int) -> None:
        self.write("{ ")
        size = self.draw(st.integers(0, 3))
        for index in range(size):
            self.pair(path, depth)
            self.write(", " if index + 1 < size else "")
        self.write(" }")


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, dict[KeyPath, int]]:
    writer = Writer(draw)
    writer.write(writer.gap())
    for _ in range(draw(st.integers(0, 3))):
        writer.pair((), depth=0)
        writer.write("\n" + writer.gap())
    for _ in range(draw(st.integers(0, 4))):
        writer.section()
        writer.write(writer.gap())
    return writer.text, writer.lines


def paths_of(value: Any, path: KeyPath = ()) -> set[KeyPath]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = {path} if 0 < len(path) <= DEEPEST else set()
    return found.union(*(paths_of(below, (*path, step)) for step, below in inner))


@given(document=documents(), windows=st.booleans())
@settings(max_examples=200, deadline=None)
def test_every_key_and_element_is_found_on_its_line(
    document: tuple[str, dict[KeyPath, int]], *, windows: bool
) -> None:
    text, expected = document
    written = text.replace("\n", "\r\n") if windows else text
    assert locate(written) == expected
    assert expected.keys() == paths_of(tomllib.loads(written))


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        ("[a.b]\nx = 1\n[a]\ny = 2", ("a",), 3),
        ("[a.b]\nx = 1", ("a",), 1),
        ("[[a]]\n[[a]]\n[a.b]\nc.d = 1", ("a", 1, "b", "c", "d"), 4),
        ("a = [\n  1, 2,\n  # three\n  3\n]", ("a", 2), 4),
        ("a = { b = 1,\n  c = 2 }", ("a", "c"), 2),  # TOML 1.1, from Python 3.15 on
        ('"a.b" = 1\n"\\u0061" = 2', ("a",), 2),
    ],
)
def test_the_line_is_where_a_reader_would_look(text: str, path: KeyPath, line: int) -> None:
    assert locate(text)[path] == line


def test_what_is_not_written_is_on_the_line_of_the_table_around_it() -> None:
    lines = locate("\n[a]\nb = 1\n")
    assert line_of(("a", "missing"), lines) == 2
    assert line_of(("missing",), lines) is None


def test_keys_of_many_parts_do_not_fill_the_memory() -> None:
    lines = locate("a." * 30_000 + "a = 1")
    assert len(lines) == DEEPEST
