"""One fact of each kind, with a value in every field."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bubbled.story.step import KINDS

if TYPE_CHECKING:
    from bubbled.story.fact import Fact

NINE = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)

VALUES: dict[str, Any] = {
    "str": "a {word}",
    "str | None": "another <b>",
    "int": 3,
    "float": 1.5,
    "bool": True,
    "tuple[str, ...]": ("PJSIP/101", "PJSIP/102"),
    "datetime": NINE,
    "datetime | None": NINE,
}


def full(kind: str) -> Fact:
    shape = KINDS[kind]
    return shape(**{field.name: VALUES[str(field.type)] for field in fields(shape)})


def bare(kind: str) -> Fact:
    """The same with nothing in it that may be left out, and nothing in the rest."""
    shape = KINDS[kind]
    empty: dict[str, Any] = {
        "str": "",
        "str | None": None,
        "int": 0,
        "float": 0.0,
        "bool": False,
        "tuple[str, ...]": (),
    }
    empty |= {"datetime": NINE, "datetime | None": None}
    return shape(**{field.name: empty[str(field.type)] for field in fields(shape)})
