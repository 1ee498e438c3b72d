"""Who may be on the line, for `bubbled choose`, and its JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bubbled.control.status import JsonObject
    from bubbled.model import CallId

MOST_MATCHES = 1000
"""More than a directory ever gives; a larger number is a slip of the keyboard."""


@dataclass(frozen=True, slots=True)
class Match:
    """One contact that has the number.

    Attributes:
        line: what tells it apart from the others, for a person.
        contact: as a JSON object (name, company, fields, url, directory).
        is_chosen: whether the popup shows this one.
    """

    line: str
    contact: JsonObject
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Matches:
    """All who may be on the line of a call, in the order in which they are numbered, from 1 on."""

    call_id: CallId
    matches: tuple[Match, ...] = ()


def matches_json(found: Matches) -> JsonObject:
    """Give the answer of `GET /v1/calls/{id}/matches`."""
    return {
        "call": found.call_id,
        "matches": [
            {"match": number, "line": each.line, "chosen": each.is_chosen, "contact": each.contact}
            for number, each in enumerate(found.matches, 1)
        ],
    }
