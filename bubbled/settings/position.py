"""On which line of a TOML file each key stands, which no kept TOML library tells.

Only documents that `tomllib` has accepted are walked: this knows how a document is built up
(https://toml.io/en/v1.1.0), and leaves to `tomllib` what is allowed, and what a value is.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

KeyPath = tuple[str | int, ...]
"""The way to a value in the document: keys, and indices of lists counted from 0."""

_BLANK = re.compile(r"(?:[ \t\r\n,]|#[^\n]*)*+")
_SPACE = re.compile(r"[ \t]*+")
_KEY = re.compile(r""""(?:[^"\\]|\\.)*+"|'[^']*+'|[^\s.=\]"'#]++""")
_STRING = re.compile(
    r'''"""(?:[^\\]|\\.)*?"{3,5}'''  # up to two of the quotes that end it belong to the text
    r"""|'{3}.*?'{3,5}"""
    r'''|"(?:[^"\\]|\\.)*+"'''
    r"""|'[^']*+'""",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}#\n]*+")

# Deeper than any key of ours. A key of a hundred thousand parts would else fill the memory with paths.
_DEEPEST = 8


def locate(text: str) -> Mapping[KeyPath, int]:
    """The line, counted from 1, of every key and list element of the valid TOML document `text`.

    A table without header stands where it is first mentioned. Keys below eight levels are left out.

    Raises:
        RecursionError: values are nested as deep as Python's stack; `tomllib` raises it at about that depth.
    """
    walk = Walk(text)
    walk.document()
    return walk.lines


def line_of(path: KeyPath, lines: Mapping[KeyPath, int]) -> int | None:
    """The line of `path`, or of the nearest table around it that is written; None for the document itself."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path)


def _below(path: KeyPath, step: str | int) -> KeyPath:
    return (*path, step)[: _DEEPEST + 1]


class Walk:
    """One pass over a document, with a cursor; its public methods are called on the way, to be overridden."""

    def __init__(self, text: str) -> None:
        self.lines: dict[KeyPath, int] = {}
        self._text = text
        self._at = 0
        self._ends = [newline.start() for newline in re.finditer("\n", text)]
        self._tables_in: dict[KeyPath, int] = {}

    def headed(self, table: KeyPath, start: int, end: int, *, is_listed: bool) -> None:
        """Take note of a header: of which table, from where to where."""

    def paired(self, path: KeyPath, start: int, value: int, end: int) -> None:
        """Take note of a key with its value: where the key begins, and where the value begins and ends."""

    def listed(self, path: KeyPath, start: int, end: int) -> None:
        """Take note of an element of a list."""

    def opened(self, path: KeyPath, start: int) -> None:
        """Take note of a table within braces, whose pairs come next."""

    def closed(self, path: KeyPath, end: int) -> None:
        """Take note of where it ends."""

    def document(self) -> None:
        """Walk over all of it."""
        table: KeyPath = ()
        self._skip(_BLANK)
        while self._at < len(self._text):
            if self._sees("[["):
                table = self._list_header()
            elif self._sees("["):
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BLANK)

    def _header(self) -> KeyPath:
        start = self._move(1)
        table = self._within(*self._key())
        self._mark(table, start)
        self._move(1)
        self.headed(table, start, self._at, is_listed=False)
        return table

    def _list_header(self) -> KeyPath:
        start = self._move(2)
        *parents, name = self._key()
        tables = _below(self._within(*parents), name)
        index = self._tables_in.get(tables, 0)
        self._tables_in[tables] = index + 1
        self._mention(tables, start)
        table = _below(tables, index)
        self._mark(table, start)
        self._move(2)
        self.headed(table, start, self._at, is_listed=True)
        return table

    def _within(self, *keys: str) -> KeyPath:
        """The path of a header's keys, of which each list of tables means its latest table."""
        path: KeyPath = ()
        for key in keys:
            path = _below(path, key)
            self._mention(path, self._at)
            if path in self._tables_in:
                path = _below(path, self._tables_in[path] - 1)
        return path

    def _pair(self, table: KeyPath) -> None:
        start = self._at
        path = table
        for key in self._key():
            path = _below(path, key)
            self._mention(path, start)
        self._move(1)
        self._skip(_SPACE)
        value = self._at
        self._value(path)
        self.paired(path, start, value, self._end_of_value(value))

    def _key(self) -> list[str]:
        """Read a dotted key, and leave the cursor on what follows it."""
        keys = [self._simple_key()]
        while self._sees("."):
            self._move(1)
            keys.append(self._simple_key())
        return keys

    def _simple_key(self) -> str:
        self._skip(_SPACE)
        written = self._skip(_KEY)
        self._skip(_SPACE)
        return next(iter(tomllib.loads(f"{written} = 0"))) if written[0] in "\"'" else written

    def _value(self, path: KeyPath) -> None:
        if self._sees("["):
            self._list(path)
        elif self._sees("{"):
            self._inline_table(path)
        elif self._sees('"') or self._sees("'"):
            self._skip(_STRING)
        else:
            self._skip(_SCALAR)

    def _list(self, path: KeyPath) -> None:
        self._move(1)
        self._skip(_BLANK)
        index = 0
        while not self._sees("]"):
            element = _below(path, index)
            start = self._at
            self._mark(element, start)
            self._value(element)
            self.listed(element, start, self._end_of_value(start))
            self._skip(_BLANK)
            index += 1
        self._move(1)

    def _inline_table(self, path: KeyPath) -> None:
        self.opened(path, self._move(1))
        self._skip(_BLANK)
        while not self._sees("}"):
            self._pair(path)
            self._skip(_BLANK)
        self._move(1)
        self.closed(path, self._at)

    def _end_of_value(self, start: int) -> int:
        """Where the value that was just read ends: a number is read with the space behind it."""
        return start + len(self._text[start : self._at].rstrip(" \t\r"))

    def _sees(self, mark: str) -> bool:
        return self._text.startswith(mark, self._at)

    def _move(self, characters: int) -> int:
        before = self._at
        self._at += characters
        return before

    def _skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        if match is None:
            raise AssertionError("not a valid TOML document")
        self._at = match.end()
        return match.group()

    def _mark(self, path: KeyPath, offset: int) -> None:
        if len(path) <= _DEEPEST:
            self.lines[path] = bisect_left(self._ends, offset) + 1

    def _mention(self, path: KeyPath, offset: int) -> None:
        if path not in self.lines:
            self._mark(path, offset)
