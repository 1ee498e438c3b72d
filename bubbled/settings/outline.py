"""Where each part of a TOML text begins and ends, so that one can be changed and all else stays. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bubbled.settings.position import Walk

if TYPE_CHECKING:
    from bubbled.settings.position import KeyPath

Span = tuple[int, int]
"""From which character on, and up to which."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A key with its value: where the key begins, and where the value begins and ends."""

    path: KeyPath
    start: int
    value: int
    end: int


@dataclass(slots=True)
class Body:
    """A table under a header or within braces.

    Attributes:
        start: of the header, or of the brace.
        inner: where that ends, and pairs may begin.
        end: behind the brace that closes it; of a table under a header behind its last value.
        is_listed: whether its header has two brackets.
    """

    path: KeyPath
    start: int
    inner: int
    end: int
    is_listed: bool = False
    pairs: list[Pair] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outline:
    """The parts of a text.

    Attributes:
        sections: the root, which has no header, and all tables with one, in the order of the text.
        braces: tables within braces, by path.
        values: of every pair and every element of a list in brackets, by path.
        elements: of every list in brackets, by its path.
    """

    text: str
    sections: list[Body]
    braces: dict[KeyPath, Body]
    values: dict[KeyPath, Span]
    elements: dict[KeyPath, list[Span]]

    def below(self, path: KeyPath) -> list[int]:
        """Which sections are those of a table, or of one in it."""
        return [at for at, section in enumerate(self.sections) if at and section.path[: len(path)] == path]

    def dotted(self, path: KeyPath) -> list[tuple[Body, Pair]]:
        """The pairs that are at a path or below, where a table around it is written, each with that."""
        bodies = [*self.sections, *self.braces.values()]
        return [
            (body, pair)
            for body in bodies
            if len(body.path) < len(path)
            for pair in body.pairs
            if pair.path[: len(path)] == path
        ]

    def block(self, at: int) -> Span:
        """A section with its comments: those right above its header, and those right below its last value."""
        start = self._block_start(at)
        limit = self._block_start(at + 1) if at + 1 < len(self.sections) else len(self.text)
        end = line_end(self.text, self.sections[at].end) if at or self.sections[0].pairs else start
        while end < limit and _is_comment(self.text[end : line_end(self.text, end)]):
            end = line_end(self.text, end)
        return start, end

    def _block_start(self, at: int) -> int:
        if at == 0:
            return 0
        start = line_start(self.text, self.sections[at].start)
        above = self.sections[at - 1]
        first = line_end(self.text, above.end) if at > 1 or above.pairs else 0
        while start > first and _is_comment(self.text[line_start(self.text, start - 1) : start]):
            start = line_start(self.text, start - 1)
        return start


def outlined(text: str) -> Outline:
    """The parts of a valid TOML document without byte order mark."""
    walk = _Drawing(text)
    walk.document()
    return Outline(text, walk.sections, walk.braces, walk.values, walk.elements)


def line_start(text: str, at: int) -> int:
    """Where the line begins in which a character stands."""
    return text.rfind("\n", 0, at) + 1


def line_end(text: str, at: int) -> int:
    """Where the next line begins; the end of the text if there is none."""
    return text.find("\n", at) + 1 or len(text)


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


class _Drawing(Walk):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.sections = [Body((), 0, 0, 0)]
        self.braces: dict[KeyPath, Body] = {}
        self.values: dict[KeyPath, Span] = {}
        self.elements: dict[KeyPath, list[Span]] = {}
        self._open: list[Body] = []

    def headed(self, table: KeyPath, start: int, end: int, *, is_listed: bool) -> None:
        self.sections.append(Body(table, start, end, end, is_listed))

    def opened(self, path: KeyPath, start: int) -> None:
        self._open.append(Body(path, start, start + 1, start + 1))

    def closed(self, path: KeyPath, end: int) -> None:
        body = self._open.pop()
        body.end = end
        self.braces[path] = body

    def paired(self, path: KeyPath, start: int, value: int, end: int) -> None:
        body = self._open[-1] if self._open else self.sections[-1]
        body.pairs.append(Pair(path, start, value, end))
        body.end = end
        self.values[path] = (value, end)
        if self._is_list(value):
            self.elements.setdefault(path, [])

    def listed(self, path: KeyPath, start: int, end: int) -> None:
        self.elements.setdefault(path[:-1], []).append((start, end))
        self.values[path] = (start, end)
        if self._is_list(start):
            self.elements.setdefault(path, [])

    def _is_list(self, value: int) -> bool:
        return self._text.startswith("[", value)
