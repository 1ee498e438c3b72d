"""Text with places for values, as presets have it: `https://${account}.example.com/${id}`. Pure.

`${name}` stands for a value and `${name|filter}` for what a filter makes of it; `$$` is a dollar sign.
What is inserted is escaped for where it goes: here for addresses; in JSON by writing it as JSON, after the
template is filled; in a language within the text by the filter that the preset names.
"""

from __future__ import annotations

import base64
import html
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Tree: TypeAlias = "Template | str | int | float | bool | tuple[Tree, ...] | Mapping[str, Tree]"
"""JSON with templates for text."""

_MARK = re.compile(r"\$(?:(?P<dollar>\$)|\{(?P<slot>[^{}$]*)\}|)")
_SLOT = re.compile(r"(?P<name>[a-z][a-z0-9_]{0,39})(?:\|(?P<filter>[a-z0-9_]+))?")
_SOSL_RESERVED = re.compile(r"""[?&|!{}\[\]()^~*:\\"'+-]""")
_DEEPEST = 20


def _sosl(value: str) -> str:
    """Salesforce Object Search Language: each reserved character behind a backslash."""
    return _SOSL_RESERVED.sub(r"\\\g<0>", value)


def _odata(value: str) -> str:
    """Text between single quotes in an OData filter (OData 4.01, ABNF, `SQUOTE-in-string`)."""
    return value.replace("'", "''")


def _base64(value: str) -> str:
    return base64.b64encode(value.encode()).decode("ascii")


def _html(value: str) -> str:
    """Text between the tags of HTML, in its lines."""
    return html.escape(value).replace("\n", "<br>")


FILTERS: Final[Mapping[str, Callable[[str], str]]] = {
    "base64": _base64,
    "first50": lambda value: value[:50],
    "first2000": lambda value: value[:2000],
    "html": _html,
    "integer": str,
    "json": str,
    "odata": _odata,
    "sosl": _sosl,
}
"""What can be made of a value. `first50` and `first2000` are for short fields. `integer`, alone in its text,
makes it a number in JSON; `json`, alone in its text, what is written there: `true`, `0`."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a value."""

    name: str
    filter: str | None = None

    def value(self, values: Mapping[str, str]) -> str:
        """What comes here, filtered."""
        plain = values[self.name]
        return plain if self.filter is None else FILTERS[self.filter](plain)


@dataclass(frozen=True, slots=True)
class Template:
    """Text with places for values, taken apart."""

    parts: tuple[str | Slot, ...]

    @property
    def names(self) -> frozenset[str]:
        """The values that it needs."""
        return frozenset(part.name for part in self.parts if isinstance(part, Slot))

    def fill(self, values: Mapping[str, str]) -> str:
        """The text with the values as they are, for where they cannot be taken for anything else."""
        return "".join(part if isinstance(part, str) else part.value(values) for part in self.parts)

    def fill_url(self, values: Mapping[str, str]) -> str:
        """The address with the values quoted, but for one that it begins with, which is an address itself."""
        first, *others = self.parts or ("",)
        begin = first if isinstance(first, str) else first.value(values).rstrip("/")
        return begin + "".join(
            part if isinstance(part, str) else quote(part.value(values), safe="") for part in others
        )

    def fill_path(self, values: Mapping[str, str]) -> str:
        """A part of an address with all values quoted."""
        return "".join(
            part if isinstance(part, str) else quote(part.value(values), safe="") for part in self.parts
        )


def parse(text: str) -> Template:
    """Take a template apart.

    Raises:
        ValueError: a place has no name that a value could have, or an unknown filter.
    """
    parts: list[str | Slot] = []
    at = 0
    for mark in _MARK.finditer(text):
        parts += filter(None, (text[at : mark.start()], _part(mark)))
        at = mark.end()
    parts += filter(None, (text[at:],))
    return Template(tuple(parts))


def parse_tree(value: object, depth: int = 0) -> Tree:
    """Take the templates in a table of TOML apart.

    Raises:
        ValueError: one cannot be; or something is no JSON, such as a date.
    """
    if depth > _DEEPEST:
        raise ValueError("is nested too deeply")
    match value:
        case str():
            return parse(value)
        case bool() | int() | float():
            return value
        case list() | tuple():
            return tuple(parse_tree(element, depth + 1) for element in value)
        case dict():
            return {str(key): parse_tree(element, depth + 1) for key, element in value.items()}
        case _:
            raise ValueError("can hold text, numbers, true, false, lists and tables, and nothing else")


def fill_tree(tree: Tree, values: Mapping[str, str]) -> object:
    """JSON with the values filled in.

    Raises:
        ValueError: a value that is to be a number is none.
    """
    match tree:
        case Template(parts=(Slot(filter="integer") as slot,)):
            return int(slot.value(values))
        case Template(parts=(Slot(filter="json") as slot,)):
            return json.loads(slot.value(values))
        case Template():
            return tree.fill(values)
        case tuple():
            return [fill_tree(element, values) for element in tree]
        case str() | bool() | int() | float():
            return tree
        case _:
            return {key: fill_tree(element, values) for key, element in tree.items()}


def combined(tree: Tree, other: Tree) -> Tree:
    """A tree with another put into it: tables key by key, lists place by place, anything else instead."""
    match tree, other:
        case (tuple(), tuple()):
            pairs = zip(tree, other, strict=False)
            rest = tree[len(other) :] or other[len(tree) :]
            return (*(combined(*pair) for pair in pairs), *rest)
        case (dict(), dict()):
            return {
                **tree,
                **{key: combined(tree[key], it) if key in tree else it for key, it in other.items()},
            }
        case _:
            return other


def names_in(tree: Tree) -> Iterator[str]:
    """The values that a tree needs, in its order."""
    match tree:
        case Template():
            yield from (part.name for part in tree.parts if isinstance(part, Slot))
        case tuple():
            for element in tree:
                yield from names_in(element)
        case str() | bool() | int() | float():
            return
        case _:
            for element in tree.values():
                yield from names_in(element)


def _part(mark: re.Match[str]) -> str | Slot:
    if mark["dollar"]:
        return "$"
    slot = _SLOT.fullmatch(mark["slot"] or "")
    if slot is None:
        raise ValueError('has a "$" that is neither "${name}" nor "${name|filter}"; write "$$" for a dollar')
    if slot["filter"] is not None and slot["filter"] not in FILTERS:
        raise ValueError(f'has the unknown filter "{slot["filter"]}"; known are {", ".join(FILTERS)}')
    return Slot(slot["name"], slot["filter"])
