"""Random TOML documents, written in every way that TOML allows, with comments everywhere."""

from __future__ import annotations

from itertools import count
from typing import Any

import tomlkit
from hypothesis import strategies as st

KEYS = ("a", "b", "popup", "c d", "é", "x.y", "", "1", 'q"', "name")

texts = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=8) | st.sampled_from(
    ["#", "# no comment", "[a]", "a\n[b]\n", "'''", '"""', "=", "\\", "a = 1", "«", "'", '"', ",", "}"]
)
scalars = (
    st.booleans() | st.integers(-(2**40), 2**40) | st.floats(allow_nan=False, allow_infinity=False) | texts
)
keys = st.sampled_from(KEYS)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=6,
)
documents = st.dictionaries(
    keys, values | st.lists(st.dictionaries(keys, values, max_size=3), min_size=1, max_size=3), max_size=4
)


class Writer:
    """Writes one document; `draw` chooses how."""

    def __init__(self, draw: Any) -> None:
        self._draw = draw
        self._comments = count(1)

    def text(self, document: dict[str, Any]) -> str:
        root, groups = self._table(document, ())
        whole = [root, *self._in_some_order(groups)]
        text = "\n".join("\n".join(lines) for lines in whole)
        if self._draw(st.booleans()):
            text += "\n" + "\n".join(self._above())
        if self._draw(st.booleans()):
            text += "\n"
        return text

    def _in_some_order(self, groups: list[tuple[str | None, list[str]]]) -> list[list[str]]:
        """Tables may stand in any order, but the elements of a list keep theirs."""
        mixed = self._draw(st.permutations(groups)) if groups else []
        queues = {name: [lines for each, lines in groups if each == name] for name, _ in groups if name}
        return [queues[name].pop(0) if name else lines for name, lines in mixed]

    def _table(
        self, table: dict[str, Any], path: tuple[str, ...]
    ) -> tuple[list[str], list[tuple[str | None, list[str]]]]:
        """The pairs of a table, and the tables in it that have headers of their own."""
        lines: list[str] = []
        groups: list[tuple[str | None, list[str]]] = []
        for key, value in table.items():
            inner = (*path, key)
            if isinstance(value, dict) and value and self._draw(st.booleans()):
                body, below = self._table(value, inner)
                is_implied = not body and below and self._draw(st.booleans())
                if not is_implied:
                    groups.append((None, [*self._above(), self._header(inner, "[", "]"), *body]))
                groups += below
            elif self._is_tables(value) and self._draw(st.booleans()):
                for each in value:
                    body, below = self._table(each, inner)
                    block = [*self._above(), self._header(inner, "[[", "]]"), *body]
                    groups.append(("/".join(inner), block + [line for _, lines in below for line in lines]))
            elif isinstance(value, dict) and value and self._draw(st.booleans()):
                lines += self._dotted(value, (key,))
            else:
                lines += self._pair((key,), value)
        return lines, groups

    def _is_tables(self, value: Any) -> bool:
        return isinstance(value, list) and bool(value) and all(isinstance(each, dict) for each in value)

    def _dotted(self, table: dict[str, Any], above: tuple[str, ...]) -> list[str]:
        lines: list[str] = []
        for key, value in table.items():
            if isinstance(value, dict) and value and self._draw(st.booleans()):
                lines += self._dotted(value, (*above, key))
            else:
                lines += self._pair((*above, key), value)
        return lines

    def _pair(self, path: tuple[str, ...], value: Any) -> list[str]:
        written = f"{self._key(path)}{self._space()}={self._space()}{self._value(value)}{self._behind()}"
        return [*self._above(), *(self._indent() + written).split("\n")]

    def _header(self, path: tuple[str, ...], begin: str, end: str) -> str:
        return f"{self._indent()}{begin}{self._space()}{self._key(path)}{self._space()}{end}{self._behind()}"

    def _key(self, path: tuple[str, ...]) -> str:
        return str(self._draw(st.sampled_from((".", " . ")))).join(map(self._step, path))

    def _step(self, key: str) -> str:
        plain = tomlkit.string(key).as_string()
        ways = [
            plain,
            *([key] if key.isascii() and key.isalnum() else []),
            *([f"'{key}'"] if "'" not in key else []),
        ]
        return str(self._draw(st.sampled_from(ways)))

    def _value(self, value: Any) -> str:
        match value:
            case dict():
                pairs = (
                    f"{self._step(key)} ={self._space()}{self._value(each)}" for key, each in value.items()
                )
                return (
                    "{" + self._space() + f"{self._space()},{self._space()}".join(pairs) + self._space() + "}"
                )
            case list():
                return self._list(value)
            case str() if "\n" in value and "'''" not in value and value.isprintable():
                return f"'''\n{value}'''"
            case str() if self._draw(st.booleans()):
                return f'"""\n{tomlkit.string(value).as_string()[1:-1]}"""'
            case str() if "'" not in value and value.isprintable():
                return f"'{value}'"
            case _:
                return str(tomlkit.item(value).as_string())

    def _list(self, value: list[Any]) -> str:
        if not self._draw(st.booleans()):
            return "[" + ", ".join(map(self._value, value)) + "]"
        lines = [f"  {self._value(each)}{self._space()},{self._behind()}" for each in value]
        return "\n".join(["[", *self._above(), *lines, *self._above(), "]"])

    def _above(self) -> list[str]:
        return list(
            self._draw(st.sampled_from(((), (), ("",), (self._comment(),), ("", self._comment(), ""))))
        )

    def _behind(self) -> str:
        return str(self._draw(st.sampled_from(("", "", " ", f"  {self._comment()}"))))

    def _comment(self) -> str:
        return f"# c{next(self._comments)}."

    def _indent(self) -> str:
        return str(self._draw(st.sampled_from(("", "", "  ", "\t"))))

    def _space(self) -> str:
        return str(self._draw(st.sampled_from(("", " ", "  "))))


@st.composite
def written(draw: Any, document: st.SearchStrategy[dict[str, Any]] = documents) -> str:
    """A document as somebody may have written it."""
    text = Writer(draw).text(draw(document))
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    return str(draw(st.sampled_from(("", "", "\ufeff")))) + text
