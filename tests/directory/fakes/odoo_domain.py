"""Evaluates Odoo's search conditions: lists in Polish notation, `["|", ["id", "=", 1], ["city", "=", "x"]]`.

`&` (which may be left out), `|` and `!` stand before what they join.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Record = dict[str, Any]
    Condition = Callable[[Record], bool]

SHORTEST = 3

_STRIPPED = re.compile(r"[\s\\./()\-]")
_OPERATORS = frozenset({"=", "!=", "like", "ilike", "=like", "=ilike", "in", "not in"})


class DomainError(Exception):
    """A condition that Odoo does not take; `name` is the Python name of what it raises."""

    def __init__(self, text: str, name: str = "builtins.ValueError") -> None:
        super().__init__(text)
        self.name = name

    @property
    def is_users_fault(self) -> bool:
        """Whether Odoo tells it to its user rather than being at a loss."""
        return self.name == "odoo.exceptions.UserError"


def search(records: Iterable[Record], domain: list[Any], names: Iterable[str]) -> list[Record]:
    """The records that fit a domain whose fields are among `names`."""
    condition = _read(domain, frozenset(names))
    return [record for record in records if condition(record)]


def _read(domain: list[Any], names: frozenset[str]) -> Condition:
    stack: list[Condition] = []
    for term in reversed(domain):
        match term:
            case "!":
                stack.append(_negated(_pop(stack)))
            case "&" | "|":
                stack.append(_joined(term, _pop(stack), _pop(stack)))
            case [str(field), str(operator), value]:
                stack.append(_leaf(field, operator, value, names))
            case _:
                raise DomainError(f"Domain() invalid item in domain: {term!r}")
    rest = tuple(stack)
    return lambda record: all(condition(record) for condition in rest)


def _pop(stack: list[Condition]) -> Condition:
    if not stack:
        raise DomainError("Domain() missing argument of an operator")
    return stack.pop()


def _negated(condition: Condition) -> Condition:
    return lambda record: not condition(record)


def _joined(operator: str, left: Condition, right: Condition) -> Condition:
    if operator == "|":
        return lambda record: left(record) or right(record)
    return lambda record: left(record) and right(record)


def _leaf(field: str, operator: str, value: Any, names: frozenset[str]) -> Condition:
    if field not in names:
        raise DomainError(f"Invalid field res.partner.{field} in condition ({field!r}, {operator!r}, ...)")
    if operator not in _OPERATORS:
        raise DomainError(f"Invalid operator in {(field, operator, value)!r}")
    if field == "phone_mobile_search":
        return _number(operator, value)
    return lambda record: _compared(record.get(field), operator, value)


def _compared(stored: Any, operator: str, value: Any) -> bool:
    if isinstance(stored, list):
        stored = stored[0] if isinstance(value, int) else stored[1]
    match operator:
        case "=":
            return bool(stored == value)
        case "!=":
            return bool(stored != value)
        case "in":
            return stored in value
        case "not in":
            return stored not in value
    return isinstance(stored, str) and _like(stored, operator, str(value))


def _like(stored: str, operator: str, value: str) -> bool:
    """SQL's LIKE; without the equals sign the value may stand anywhere in the text."""
    pattern = value if operator.startswith("=") else f"%{value}%"
    expression = "".join({"%": ".*", "_": "."}.get(c, re.escape(c)) for c in pattern)
    flags = re.DOTALL | (re.IGNORECASE if "ilike" in operator else re.NOFLAG)
    return re.fullmatch(expression, stored, flags) is not None


def _number(operator: str, value: Any) -> Condition:
    """All numbers of a partner, without what separates digits; + and 00 before a country code are alike."""
    if not isinstance(value, str) or not value.strip():
        raise DomainError("the fake knows no search for a number that is set or not")
    value = value.strip()
    if len(value) < SHORTEST:
        text = "Please enter at least 3 characters when searching a Phone/Mobile number."
        raise DomainError(text, "odoo.exceptions.UserError")
    is_international = value.startswith(("+", "00"))
    bare = _STRIPPED.sub("", value)
    digits = bare.removeprefix("+") if bare.startswith("+") else bare.removeprefix("00")
    wanted = [f"00{digits}", f"+{digits}"] if is_international else [bare]
    if operator not in ("=", "!="):
        operator = f"={operator.removeprefix('=')}"
        wanted = [f"{term}%" if is_international else f"%{term}%" for term in wanted]

    def fits(record: Record) -> bool:
        stored = (record.get(field) for field in ("phone", "mobile"))
        numbers = [_STRIPPED.sub("", number) for number in stored if number]
        return any(_compared(number, operator, term) for number in numbers for term in wanted)

    return fits
