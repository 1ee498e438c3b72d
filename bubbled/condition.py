"""Conditions on a call and its caller, as people write them: `inbound and company == 'Acme'`. Pure.

    condition  = all { "or" all }
    all        = one { "and" one }
    one        = "not" one | "(" condition ")" | flag | $variable | comparison
    comparison = operand ("==" | "!=" | "<" | "<=" | ">" | ">=") operand
               | operand ["not"] "in" ( operand | "(" operand { "," operand } ")" )
    operand    = 'text' | "text" | 12 | variable | $variable | ${variable with blanks}

A word by itself is a flag of `FLAGS`, and in a comparison a variable. Comparisons take no heed of capitals.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from bubbled.proposition import COMPARISONS, Comparison, Every, Flag, Not, OneOf, Some, Variable, Within

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bubbled.proposition import Operand, Proposition

FLAGS: Final[Mapping[str, str]] = {
    "inbound": "somebody called you",
    "outbound": "you called",
    "internal": "with a colleague on the same PBX",
    "matched": "an address book knows who it is",
    "probable": "it does, but only likely: the company's main number",
    "several": "more than one contact has the number, so that you can choose",
    "withheld": "the number is hidden or unknown",
    "queue": "came by a queue",
    "group": "came by a ring group",
    "forwarded": "was forwarded to you",
    "transferred": "a colleague transferred it to you",
    "picked_up": "you picked it up from a colleague",
    "parked": "was parked",
    "ringing": "a phone of yours rings",
    "dialling": "the other's phone rings",
    "talking": "you are talking",
    "held": "is on hold",
    "ended": "is over",
    "answered": "you have talked, or are talking",
    "missed": "is over, and you missed it",
    "failed": "is over, and could not be placed",
}
"""What may be said of a call in one word, with what it means."""

LONGEST: Final = 500
"""Characters."""

DEEPEST: Final = 20
"""Brackets, and words `not`, within each other."""

_TOKEN: Final = re.compile(
    r"'(?P<text>[^']*)'|\"(?P<quoted>[^\"]*)\"|(?P<number>\d+(?:\.\d+)?)"
    r"|\$(?P<variable>[^\W\d]\w*)|\$\{(?P<braced>[^{}]+)\}|(?P<word>[^\W\d]\w*)"
    r"|(?P<sign>==|!=|<=|>=|[<>(),])"
)
_LITERAL: Final = frozenset({"text", "quoted", "number"})
_WORDS: Final = frozenset({"and", "or", "not", "in"})
_EXAMPLE: Final = "inbound and company == 'Acme'"


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that holds for a call or not.

    Attributes:
        text: as it was written.
        variables: those that it asks for, in lower case.
    """

    text: str
    variables: frozenset[str]
    _proposition: Proposition

    def holds(self, values: Mapping[str, str], flags: frozenset[str]) -> bool:
        """Whether it does; never raises, whatever the values are.

        Args:
            values: the variables, by names in lower case; a missing one is empty.
            flags: those of `FLAGS` that are true.
        """
        return self._proposition.holds(values, flags)


def parse(text: str) -> Condition:
    """Read a condition.

    Raises:
        ValueError: with what is wrong with it, and in which column; what was written is not repeated.
    """
    if len(text) > LONGEST:
        raise ValueError(f"must be a condition of at most {LONGEST} characters")
    reader = _Reader(text)
    proposition = reader.whole()
    return Condition(text, frozenset(reader.variables), proposition)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    column: int


_END: Final = "end"
_COMPARING: Final = COMPARISONS | {"in", "not"}
_MISSING: Final = f"something is missing; a condition looks like {_EXAMPLE}"


class _Reader:
    """Reads one text from left to right."""

    def __init__(self, text: str) -> None:
        self.variables: set[str] = set()
        self._tokens = _tokens(text)
        self._depth = 0

    def whole(self) -> Proposition:
        test = self._either()
        if self._next.kind != _END:
            raise self._wrong('a condition ends here; "and" or "or" is missing, or a bracket too many')
        return test

    @property
    def _next(self) -> _Token:
        return self._tokens[0]

    def _takes(self, *texts: str) -> str | None:
        """Pass over one of these words or signs, if it comes next."""
        token = self._next
        if token.kind not in {"word", "sign"} or token.text not in texts:
            return None
        self._tokens.pop(0)
        return token.text

    def _either(self) -> Proposition:
        tests = [self._both()]
        while self._takes("or"):
            tests.append(self._both())
        return tests[0] if len(tests) == 1 else Some(tuple(tests))

    def _both(self) -> Proposition:
        tests = [self._one()]
        while self._takes("and"):
            tests.append(self._one())
        return tests[0] if len(tests) == 1 else Every(tuple(tests))

    def _one(self) -> Proposition:
        if self._depth == DEEPEST:
            raise self._wrong(f"more than {DEEPEST} brackets stand within each other")
        if self._takes("not"):
            self._depth += 1
            inner = self._one()
            self._depth -= 1
            return Not(inner)
        if self._takes("("):
            self._depth += 1
            inner = self._either()
            self._depth -= 1
            self._need(")")
            return inner
        return self._comparison()

    def _comparison(self) -> Proposition:
        token = self._next
        if token.kind == "word" and self._tokens[1].text not in _COMPARING:
            return self._flag()
        left = self._operand()
        if sign := self._takes(*COMPARISONS):
            return Comparison(left, sign, self._operand())
        if self._takes("not"):
            self._need("in")
            return Not(self._in(left))
        if self._takes("in"):
            return self._in(left)
        if isinstance(left, Variable):
            return left
        raise _wrong(token, f"a text or a number alone says nothing; compare it, as in {_EXAMPLE}")

    def _flag(self) -> Proposition:
        token = self._next
        if token.text in _WORDS:
            raise self._wrong(_MISSING)
        if token.text.lower() not in FLAGS:
            raise self._wrong(f"this is nothing that can be said of a call{_meant(token.text)}")
        self._tokens.pop(0)
        return Flag(token.text.lower())

    def _in(self, left: Operand) -> Proposition:
        if not self._takes("("):
            return Within(left, self._operand())
        of = [self._operand()]
        while self._takes(","):
            of.append(self._operand())
        self._need(")")
        return OneOf(left, tuple(of))

    def _operand(self) -> Operand:
        token = self._next
        if token.kind in {_END, "sign"} or (token.kind == "word" and token.text in _WORDS):
            raise self._wrong(_MISSING)
        self._tokens.pop(0)
        if token.kind in _LITERAL:
            return token.text
        self.variables.add(token.text.lower())
        return Variable(token.text.lower())

    def _need(self, text: str) -> None:
        if not self._takes(text):
            raise self._wrong(f'"{text}" is missing')

    def _wrong(self, words: str) -> ValueError:
        return _wrong(self._next, words)


def _tokens(text: str) -> list[_Token]:
    tokens, at = [], 0
    while (at := _after_blanks(text, at)) < len(text):
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            raise _wrong(_Token(_END, "", at + 1), _unreadable(text[at]))
        tokens.append(_Token(found.lastgroup, found[found.lastgroup], at + 1))
        at = found.end()
    return [*tokens, _Token(_END, "", len(text) + 1)]


def _after_blanks(text: str, at: int) -> int:
    return len(text) - len(text[at:].lstrip())


def _unreadable(character: str) -> str:
    if character in "'\"":
        return "a quote is not closed"
    return "two texts are compared with ==" if character == "=" else "this cannot stand in a condition"


def _meant(word: str) -> str:
    near = get_close_matches(word.lower(), FLAGS, n=1)
    return (
        f"; did you mean '{near[0]}'?" if near else "; to ask whether a variable has a value, put $ before it"
    )


def _wrong(token: _Token, words: str) -> ValueError:
    return ValueError(f"column {token.column}: {words}")
