"""Reads OData's `$filter` as far as looking for numbers needs it: comparisons, text functions, and, or, not.

Text stands between single quotes, in which a quote is doubled; numbers may end in L (OData 2 for 64 bits).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Record = dict[str, Any]
    Condition = Callable[[Record], bool]

_TOKEN = re.compile(r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<mark>[(),])|(?P<word>[^\s(),']+))")
_TEXT_FUNCTIONS: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda stored, value: value in stored,
    "startswith": str.startswith,
    "endswith": str.endswith,
}
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda stored, value: bool(stored == value),
    "ne": lambda stored, value: bool(stored != value),
    "gt": lambda stored, value: stored is not None and bool(stored > value),
    "ge": lambda stored, value: stored is not None and bool(stored >= value),
    "lt": lambda stored, value: stored is not None and bool(stored < value),
}


class FilterError(Exception):
    """It is no filter; its text says where reading ended."""


class UnknownPropertyError(FilterError):
    """A property that the entity does not have; its text is the name."""


def read(text: str, names: Iterable[str]) -> Condition:
    """The condition that a filter on an entity with these properties states."""
    return _Filter(text, frozenset(names)).whole()


class _Filter:
    """Recursive descent over the tokens."""

    def __init__(self, text: str, names: frozenset[str]) -> None:
        self._names = names
        self._tokens: list[str] = []
        at = 0
        while text[at:].strip():
            token = _TOKEN.match(text, at)
            if token is None:
                raise FilterError(f"Syntax error at position {at}")
            self._tokens.append(token[0].strip())
            at = token.end()

    def whole(self) -> Condition:
        condition = self._either()
        if self._tokens:
            raise FilterError(f"Syntax error: {self._tokens[0]}")
        return condition

    def _either(self) -> Condition:
        choices = [self._both()]
        while self._takes("or"):
            choices.append(self._both())
        return lambda record: any(choice(record) for choice in choices)

    def _both(self) -> Condition:
        needed = [self._one()]
        while self._takes("and"):
            needed.append(self._one())
        return lambda record: all(condition(record) for condition in needed)

    def _one(self) -> Condition:
        if self._takes("not"):
            inner = self._one()
            return lambda record: not inner(record)
        if self._takes("("):
            inner = self._either()
            self._expect(")")
            return inner
        word = self._next()
        return self._function(word) if word in _TEXT_FUNCTIONS else self._comparison(word)

    def _function(self, name: str) -> Condition:
        self._expect("(")
        field = self._known(self._next())
        self._expect(",")
        value = self._value()
        self._expect(")")
        compare = _TEXT_FUNCTIONS[name]
        return lambda record: compare(str(record.get(field) or "").lower(), str(value).lower())

    def _comparison(self, word: str) -> Condition:
        field, operator = self._known(word), self._next()
        if operator not in _COMPARISONS:
            raise FilterError(f"Syntax error: {operator}")
        value = self._value()
        compare = _COMPARISONS[operator]
        return lambda record: compare(record.get(field), value)

    def _value(self) -> Any:
        text = self._next()
        if text.startswith("'"):
            return text[1:-1].replace("''", "'")
        if text in ("true", "false", "null"):
            return {"true": True, "false": False, "null": None}[text]
        if re.fullmatch(r"-?\d+L?", text):
            return int(text.removesuffix("L"))
        return text

    def _known(self, name: str) -> str:
        if name not in self._names:
            raise UnknownPropertyError(name)
        return name

    def _next(self) -> str:
        if not self._tokens:
            raise FilterError("Syntax error: the end was not expected")
        return self._tokens.pop(0)

    def _takes(self, token: str) -> bool:
        is_next = bool(self._tokens) and self._tokens[0] == token
        if is_next:
            self._tokens.pop(0)
        return is_next

    def _expect(self, token: str) -> None:
        if not self._takes(token):
            raise FilterError(f"Syntax error: {token} expected")
