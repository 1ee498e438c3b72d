"""What a condition is made of: what can be true of a call and its variables. Pure."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")
_MAGNITUDES: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

EQUALITIES: Final = frozenset({"==", "!="})
COMPARISONS: Final = EQUALITIES | _MAGNITUDES.keys()
"""The signs of a `Comparison`."""


class Proposition(Protocol):
    """Something that is true or not."""

    def holds(self, values: Mapping[str, str], flags: frozenset[str]) -> bool:
        """Whether it is true; never raises. A variable that is missing in `values` is empty."""


@dataclass(frozen=True, slots=True)
class Variable:
    """Stands for its value, by its name in lower case; by itself: whether that is not empty."""

    name: str

    def holds(self, values: Mapping[str, str], flags: frozenset[str]) -> bool:  # noqa: ARG002 - the port's
        """See the port."""
        return bool(_text(self, values))


Operand = str | Variable


@dataclass(frozen=True, slots=True)
class Flag:
    """A word that is true of a call."""

    name: str

    def holds(self, values: Mapping[str, str], flags: frozenset[str]) -> bool:  # noqa: ARG002 - the port's
        """See the port."""
        return self.name in flags


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two texts, which are equal or not; only numbers are smaller or greater than each other."""

    left: Operand
    sign: str
    right: Operand

    def holds(self, values: Mapping[str, str], flags: frozenset[str]) -> bool:  # noqa: ARG002 - the port's
        """See the port."""
        left, right = _text(self.left, values), _text(self.right, values)
        if self.sign in EQUALITIES:
            return (left == right) is (self.sign == "==")
        are_numbers = _NUMBER.fullmatch(left) and _NUMBER.fullmatch(right)
        return bool(are_numbers) and _MAGNITUDES[self.sign](float(left), float(right))


@dataclass(frozen=True, slots=True)
class OneOf:
    """Whether a text is one of several."""

    one: Operand
    of: tuple[Operand, ...]

    def holds(self, values: Mapping[str, str], flags: frozenset[str]) -> bool:  # noqa: ARG002 - the port's
        """See the port."""
        return _text(self.one, values) in {_text(each, values) for each in self.of}


@dataclass(frozen=True, slots=True)
class Within:
    """Whether a text that is not empty is part of another."""

    part: Operand
    whole: Operand

    def holds(self, values: Mapping[str, str], flags: frozenset[str]) -> bool:  # noqa: ARG002 - the port's
        """See the port."""
        part = _text(self.part, values)
        return bool(part) and part in _text(self.whole, values)


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary."""

    of: Proposition

    def holds(self, values: Mapping[str, str], flags: frozenset[str]) -> bool:
        """See the port."""
        return not self.of.holds(values, flags)


@dataclass(frozen=True, slots=True)
class Every:
    """All of them."""

    of: tuple[Proposition, ...]

    def holds(self, values: Mapping[str, str], flags: frozenset[str]) -> bool:
        """See the port."""
        return all(each.holds(values, flags) for each in self.of)


@dataclass(frozen=True, slots=True)
class Some:
    """One of them, or more."""

    of: tuple[Proposition, ...]

    def holds(self, values: Mapping[str, str], flags: frozenset[str]) -> bool:
        """See the port."""
        return any(each.holds(values, flags) for each in self.of)


def _text(operand: Operand, values: Mapping[str, str]) -> str:
    text = values.get(operand.name, "") if isinstance(operand, Variable) else operand
    return text.strip().casefold()
