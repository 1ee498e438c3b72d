"""A note on a call, for `bubbled note`, and its JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bubbled.control.status import JsonObject
    from bubbled.model import CallId

LONGEST_TEXT: Final = 2000
"""Characters of one note."""


@dataclass(frozen=True, slots=True)
class Noted:
    """What is noted of a call now.

    Attributes:
        directory: where the call will be written; None while nobody there is known to be on the line.
        note: all notes of the call, one below the other.
    """

    call_id: CallId
    directory: str | None
    note: str


def noted_json(noted: Noted) -> JsonObject:
    """Give the answer of `POST /v1/calls/{id}/note`."""
    return {"call": noted.call_id, "directory": noted.directory, "note": noted.note}


def plain(text: str) -> str:
    """A note as it is kept: printable, in its lines."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join("".join(c if c.isprintable() else " " for c in line).rstrip() for line in lines).strip()
