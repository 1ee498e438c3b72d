"""What `bubbled lookup` tells: every directory's answer and time, and its JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bubbled.control.status import JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What one directory answered.

    Attributes:
        outcome: `hit`, `miss`, `error`, `timeout` or `cancelled`.
        ms: milliseconds until the answer.
        matches: the contacts found, best first, as JSON objects (name, company, fields, url, directory).
        error: why it could not answer, in one line.
    """

    directory: str
    outcome: str
    ms: float
    matches: tuple[JsonObject, ...] = ()
    error: str | None = None


@dataclass(frozen=True, slots=True)
class LookedUp:
    """A number and what each directory answered, in the configured order.

    Attributes:
        number: as the user gave it.
        e164: in international notation; None when no phone number looks like that, so nobody was asked.
    """

    number: str
    e164: str | None
    asked: tuple[Asked, ...] = ()


def looked_up_json(result: LookedUp) -> JsonObject:
    """Give the answer of `GET /v1/lookup`."""
    return {
        "number": result.number,
        "e164": result.e164,
        "asked": [
            {
                "directory": each.directory,
                "outcome": each.outcome,
                "ms": each.ms,
                "matches": list(each.matches),
                "error": each.error,
            }
            for each in result.asked
        ],
    }
