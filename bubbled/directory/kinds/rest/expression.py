"""Where in JSON something is: JMESPath expressions (https://jmespath.org/specification.html). Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.functions import Functions

if TYPE_CHECKING:
    from collections.abc import Iterator


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
            return self.parsed.search(value)
        except (ValueError, RecursionError):  # the base of all that jmespath raises, and of a step of 0
            return None


def compile_expression(text: str) -> Expression:
    """Take an expression apart.

    Raises:
        ValueError: it is no JMESPath, or uses a function that JMESPath does not have.
    """
    try:
        parsed = jmespath.compile(text)
    except RecursionError:
        raise ValueError("is nested too deeply") from None
    except JMESPathError as problem:
        at = getattr(problem, "lex_position", None)
        place = f" at character {at + 1}" if isinstance(at, int) and at < len(text) else " at its end"
        raise ValueError(f'is no JMESPath expression: "{text}" goes wrong{place}') from None
    for node in _nodes(parsed.parsed):
        if node["type"] == "function_expression" and node["value"] not in Functions.FUNCTION_TABLE:
            raise ValueError(f'uses "{node["value"]}", which is no function of JMESPath')
    return Expression(text, frozenset(_first_keys(parsed.parsed)), parsed)


def _nodes(node: Any) -> Iterator[Any]:
    if isinstance(node, dict) and "type" in node:
        yield node
        for child in node.get("children", ()):
            yield from _nodes(child)


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
