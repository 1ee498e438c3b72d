"""A note on a call, for `bubbled note`, and its JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bubbled.control.status import JsonObject
    from bubbled.model import CallId


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
