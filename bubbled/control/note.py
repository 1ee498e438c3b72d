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
        directory: the CRM into which the note is written with the call; None: none, as far as is known now.
        note: all notes of the call, one below the other.
        remark: what the user should know besides, a sentence.
        is_partial: whether that is why the note is not everywhere where the user wants it.
    """

    call_id: CallId
    directory: str | None
    note: str
    remark: str | None = None
    is_partial: bool = False


def noted_json(noted: Noted) -> JsonObject:
    """Give the answer of `POST /v1/calls/{id}/note`."""
    return {"call": noted.call_id, "directory": noted.directory, "note": noted.note, "remark": noted.remark}
