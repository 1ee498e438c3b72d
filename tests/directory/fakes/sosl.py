"""Reads Salesforce's search language as far as looking for numbers needs it, as strictly as documented.

FIND {terms} [IN scope FIELDS] [RETURNING Object(Field, ...), ...] [LIMIT n]; terms are words and "phrases"
with AND, OR, AND NOT and parentheses; a word may hold the wildcards * and ?, but not begin with one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Condition = Callable[[tuple[str, ...]], bool]

SHORTEST = 2

_CLAUSES = re.compile(
    r"\s*FIND\s*\{(?P<terms>(?:[^{}\\]|\\.)*)\}"
    r"(?:\s*IN\s+(?P<scope>ALL|EMAIL|NAME|PHONE|SIDEBAR)\s+FIELDS)?"
    r"(?:\s*RETURNING\s+(?P<returning>\w+.*?))?"
    r"(?:\s*LIMIT\s+\d+)?\s*",
    re.IGNORECASE | re.DOTALL,
)
_OBJECT = re.compile(r"\s*(?P<kind>\w+)\s*(?:\((?P<fields>[^()]*)\))?\s*(?:,|$)")
_CLAUSE_IN_OBJECT = re.compile(r"\s+(?:WHERE|ORDER\s+BY|LIMIT|OFFSET|USING)\b.*", re.IGNORECASE | re.DOTALL)
_PART = re.compile(r'\s*(?:(?P<mark>[()])|"(?P<phrase>(?:[^"\\]|\\.)*)"|(?P<word>(?:[^\s()"\\]|\\.)+))')
_RESERVED = frozenset("&|!{}[]^~:'+-")
_TOKEN = re.compile(r"\w+")


class SearchError(Exception):
    """It is not in the language; its text is what Salesforce would say, more or less."""


@dataclass(frozen=True, slots=True)
class Search:
    """A search that was read: which fields are searched, what is given back, and what is found."""

    scope: str
    returning: Mapping[str, tuple[str, ...]]
    condition: Condition

    def finds(self, text: str) -> bool:
        """Whether the tokens of a field fit."""
        return self.condition(tokens(text))


def tokens(text: str) -> tuple[str, ...]:
    """A text as the index holds it: split at spaces and punctuation."""
    return tuple(_TOKEN.findall(text.lower()))


def parse(text: str) -> Search:
    """Read a whole search; SearchError where that cannot be done."""
    clauses = _CLAUSES.fullmatch(text)
    if clauses is None:
        raise SearchError("unexpected token: FIND {terms} expected")
    return Search(
        (clauses["scope"] or "ALL").upper(),
        _returning(clauses["returning"] or ""),
        _Terms(clauses["terms"]).condition(),
    )


def _returning(text: str) -> dict[str, tuple[str, ...]]:
    objects: dict[str, tuple[str, ...]] = {}
    at = 0
    while at < len(text):
        found = _OBJECT.match(text, at)
        if found is None:
            raise SearchError("unexpected token in RETURNING")
        fields = _CLAUSE_IN_OBJECT.sub("", found["fields"] or "")
        objects[found["kind"]] = tuple(name.strip() for name in fields.split(",") if name.strip())
        at = found.end()
    return objects


class _Terms:
    """Reads what stands between the braces, by recursive descent."""

    def __init__(self, text: str) -> None:
        self._parts: list[re.Match[str]] = []
        at = 0
        while text[at:].strip():
            part = _PART.match(text, at)
            if part is None:
                raise SearchError("unexpected token in the search terms")
            self._parts.append(part)
            at = part.end()

    def condition(self) -> Condition:
        if not self._parts:
            raise SearchError("search term must be longer than one character")
        whole = self._either()
        if self._parts:
            raise SearchError("unexpected )")
        return whole

    def _either(self) -> Condition:
        choices = [self._both()]
        while self._takes("OR"):
            choices.append(self._both())
        return lambda stored: any(choice(stored) for choice in choices)

    def _both(self) -> Condition:
        needed = [self._one()]
        while self._parts and not self._is_next("OR") and self._parts[0]["mark"] != ")":
            joined = self._takes("AND")
            term = self._not(self._one()) if joined and self._takes("NOT") else self._one()
            needed.append(term)
        return lambda stored: all(term(stored) for term in needed)

    @staticmethod
    def _not(term: Condition) -> Condition:
        return lambda stored: not term(stored)

    def _one(self) -> Condition:
        if not self._parts:
            raise SearchError("a term is missing")
        part = self._parts.pop(0)
        if part["mark"] == "(":
            inner = self._either()
            if not self._parts or self._parts.pop(0)["mark"] != ")":
                raise SearchError("missing )")
            return inner
        if part["mark"] == ")":
            raise SearchError("unexpected )")
        return _phrase(part["phrase"]) if part["phrase"] is not None else _word(part["word"])

    def _is_next(self, operator: str) -> bool:
        return bool(self._parts) and (self._parts[0]["word"] or "").upper() == operator

    def _takes(self, operator: str) -> bool:
        found = self._is_next(operator)
        if found:
            self._parts.pop(0)
        return found


def _word(text: str) -> Condition:
    plain = _unescaped(text)
    if plain.startswith(("*", "?")):
        raise SearchError("a search term may not begin with a wildcard")
    return _sequence(plain)


def _phrase(text: str) -> Condition:
    return _sequence(_unescaped(text))


def _sequence(text: str) -> Condition:
    """What punctuation splits must stand in this order, next to each other."""
    patterns = tuple(re.findall(r"[\w*?]+", text.lower()))
    if sum(map(len, patterns)) < SHORTEST:
        raise SearchError("search term must be longer than one character")

    def fits(stored: tuple[str, ...]) -> bool:
        width = len(patterns)
        starts = range(len(stored) - width + 1)
        return any(all(map(fnmatchcase, stored[at : at + width], patterns)) for at in starts)

    return fits


def _unescaped(text: str) -> str:
    plain: list[str] = []
    characters = iter(text)
    for character in characters:
        if character in _RESERVED:
            raise SearchError(f"reserved character {character} must be escaped")
        escaped = next(characters) if character == "\\" else None
        # What is escaped is no wildcard but punctuation, which splits words.
        plain.append(character if escaped is None else escaped if escaped.isalnum() else " ")
    return "".join(plain)
