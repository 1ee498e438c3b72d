"""What a database gives as a value, as text. Pure."""

from __future__ import annotations

import json
from datetime import date, time
from decimal import Decimal
from typing import Any

from bubbled.directory.entry import LONGEST_VALUE


def as_text(value: object) -> str:  # noqa: PLR0911 - one for each type
    """The value as a person would write it, not endlessly long; nothing for NULL, pictures and the like.

    Phone numbers that are kept as numbers, `612345678` or `612345678.0`, become digits.
    """
    match value:
        case None:
            return ""
        case str():
            return value[:LONGEST_VALUE]
        case bool():
            return "yes" if value else "no"
        case int():
            # Python refuses to write numbers of thousands of digits.
            return str(value) if abs(value) < 10**LONGEST_VALUE else ""
        case float() | Decimal():
            return _number(value)
        case date() | time():
            return value.isoformat()
        case bytes() | bytearray() | memoryview():
            return _bytes(bytes(value[: 4 * LONGEST_VALUE]))
        case list() | tuple() | set() | frozenset():
            return "; ".join(filter(None, map(as_text, list(value)[:LONGEST_VALUE])))[:LONGEST_VALUE]
        case dict():
            return _json(value)[:LONGEST_VALUE]
        case _:
            return str(value)[:LONGEST_VALUE]


def _number(value: float | Decimal) -> str:
    number = Decimal(str(value))
    if not number.is_finite() or abs(number.adjusted()) > LONGEST_VALUE:
        return ""
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text)[:LONGEST_VALUE]


def _bytes(value: bytes) -> str:
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return ""
    return text[:LONGEST_VALUE] if text.isprintable() else ""


def _json(value: dict[Any, Any]) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, default=as_text)
    except (TypeError, ValueError, RecursionError):
        return ""
