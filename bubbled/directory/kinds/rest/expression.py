"""Where in JSON something is: JMESPath expressions (https://jmespath.org/specification.html). Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING, Any, Final

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.functions import Functions, signature

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_GROWTH: Final = 100
"""How many times as large as an answer may become what an expression makes of it."""

_LONGEST_GLUE = 100
_CHOOSING = frozenset({"or_expression", "and_expression", "comparator"})
_GATHERING = frozenset({"multi_select_list", "multi_select_dict"})


class _Functions(Functions):
    @signature({"types": ["string"]}, {"types": ["array-string"]})
    def _func_join(self, glue: str, texts: list[str]) -> str:
        """Between the texts of an answer, another of its texts could stand a hundred thousand times."""
        if len(glue) > _LONGEST_GLUE:
            raise ValueError("that is no glue")
        return glue.join(texts)


_OPTIONS = jmespath.Options(custom_functions=_Functions())


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression, taken apart once.

    Attributes:
        text: as it stands in the preset.
        first_keys: the keys that it looks for first in what it is given.
    """

    text: str
    first_keys: frozenset[str] = field(repr=False)
    parsed: Any = field(repr=False)

    def find(self, value: object) -> Any:
        """What is there; None where nothing is, or something that the expression cannot be applied to."""
        try:
            return self.parsed.search(value, _OPTIONS)
        except (ValueError, TypeError, ArithmeticError, RecursionError):
            # jmespath means to raise the first alone; its functions leave the others to Python, as of 1e999.
            return None


def compile_expression(text: str) -> Expression:
    """Take an expression apart.

    Raises:
        ValueError: it is no JMESPath, uses a function that JMESPath does not have, or exceeds `MOST_GROWTH`.
    """
    try:
        return _compiled(text)
    except RecursionError:
        raise ValueError("is nested too deeply") from None


def _compiled(text: str) -> Expression:
    try:
        parsed = jmespath.compile(text)
    except JMESPathError as problem:
        at = getattr(problem, "lex_position", None)
        place = f" at character {at + 1}" if isinstance(at, int) and at < len(text) else " at its end"
        raise ValueError(f'is no JMESPath expression: "{text}" goes wrong{place}') from None
    for node in _nodes(parsed.parsed):
        if node["type"] == "function_expression" and node["value"] not in Functions.FUNCTION_TABLE:
            raise ValueError(f'uses "{node["value"]}", which is no function of JMESPath')
    if _growth(parsed.parsed) > MOST_GROWTH:
        # A preset may come from somebody else: thirty times [@, @] one after the other take all memory.
        raise ValueError(
            "repeats what it finds too often; write it with fewer lists and functions in one another"
        )
    return Expression(text, frozenset(_first_keys(parsed.parsed)), parsed)


def _nodes(node: Any) -> Iterator[Any]:
    if isinstance(node, dict) and "type" in node:
        yield node
        for child in node.get("children", ()):
            yield from _nodes(child)


def _growth(node: Any) -> int:
    """How many times what an expression is applied to may stand in what it gives, at most."""
    each = [
        _growth(child) for child in node.get("children", ()) if isinstance(child, dict) and "type" in child
    ]
    if not each:
        return 1
    if node["type"] in _CHOOSING:
        return max(each)
    if node["type"] in _GATHERING:
        return sum(each)
    # Text in text doubles with the signs that quote it.
    return 2 * sum(each) if node["type"] == "function_expression" else prod(each)


def _first_keys(node: Any) -> Iterator[str]:
    """`a` in `a.b[0]`; both `a` and `c` in `a || c`."""
    match node["type"]:
        case "field":
            yield node["value"]
        case (
            "subexpression"
            | "index_expression"
            | "projection"
            | "filter_projection"
            | "value_projection"
            | "flatten"
        ):
            yield from _first_keys(node["children"][0])
        case _:
            for child in node.get("children", ()):
                if isinstance(child, dict) and "type" in child:
                    yield from _first_keys(child)
