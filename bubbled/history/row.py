"""Remembered calls as rows of the table `calls`, and notes of colleagues as those of `told_notes`. Pure."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from bubbled.history.note import Note, ToldNote
from bubbled.history.past_call import PastCall
from bubbled.model import (
    E164,
    Call,
    CallId,
    CallState,
    Device,
    Direction,
    Extension,
    Outcome,
    Owner,
    Via,
    ViaKind,
)
from bubbled.wire import contact_from_json, contact_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bubbled.model import Contact

Row: TypeAlias = "Sequence[Any]"

COLUMNS: Final = (
    "id",
    "owner",
    "device",
    "direction",
    "state",
    "internal",
    "number",
    "e164",
    "name",
    "dialled",
    "via_kind",
    "via_name",
    "transferred_from",
    "transferred_to",
    "answered_by",
    "outcome",
    "started_at",
    "answered_at",
    "ended_at",
    "contact",
    "popup",
    "note",
    "noted_at",
    "noted_e164",
)

TOLD_COLUMNS: Final = ("e164", "teller", "note", "noted_at")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

# Moments that every zone can tell: a day within those that Python knows.
_EARLIEST = datetime(1, 1, 2, tzinfo=UTC)
_LATEST = datetime(9999, 12, 30, tzinfo=UTC)
_FIRST_MICROSECOND = (_EARLIEST - _EPOCH) // _MICROSECOND
_LAST_MICROSECOND = (_LATEST - _EPOCH) // _MICROSECOND

BEGIN_OF_TIME: Final = -(2**62)
END_OF_TIME: Final = 2**62
"""Before and after all that may stand in a row, in microseconds."""


def to_row(past: PastCall) -> tuple[str | int | None, ...]:
    """Give the values of `COLUMNS`."""
    call = past.call
    return (
        storable(call.id),
        storable(call.owner),
        storable(call.device),
        call.direction.value,
        call.state.value,
        int(call.internal),
        _storable(call.number),
        _storable(call.e164),
        _storable(call.name),
        _storable(call.dialled),
        None if call.via is None else call.via.kind.value,
        None if call.via is None else _storable(call.via.name),
        _storable(call.transferred_from),
        _storable(call.transferred_to),
        _storable(call.answered_by),
        None if call.outcome is None else call.outcome.value,
        to_microseconds(past.started_at),
        None if past.answered_at is None else to_microseconds(past.answered_at),
        None if past.ended_at is None else to_microseconds(past.ended_at),
        None if past.contact is None else _json(past.contact),
        _storable(past.popup),
        None if past.note is None else storable(past.note.text),
        None if past.note is None else to_microseconds(past.note.at),
        None if past.note is None else _storable(past.note.about),
    )


def from_row(row: Row) -> PastCall:
    """Read the values of `COLUMNS`.

    Raises:
        ValueError: the row is not what `to_row` gave, so the file is damaged.
    """
    if any(isinstance(value, bytes) for value in row):
        raise ValueError("a row of the history holds bytes where nothing but text was written")
    values = dict(zip(COLUMNS, row, strict=True))
    try:
        return PastCall(
            call=_call(values),
            started_at=from_microseconds(values["started_at"]),
            answered_at=_moment(values["answered_at"]),
            ended_at=_moment(values["ended_at"]),
            contact=_contact(values["contact"]),
            popup=values["popup"],
            note=_note(values),
        )
    except (TypeError, RecursionError) as error:
        raise ValueError(f"a row of the history cannot be read: {error}") from error


def told_to_row(told: ToldNote) -> tuple[str | int, ...]:
    """Give the values of `TOLD_COLUMNS`."""
    return (
        storable(told.number),
        storable(told.teller),
        storable(told.text),
        to_microseconds(told.at),
    )


def told_from_row(row: Row) -> ToldNote:
    """Read the values of `TOLD_COLUMNS`.

    Raises:
        ValueError: as with `from_row`.
    """
    number, teller, text, at = row
    if not all(isinstance(value, str) for value in (number, teller, text)):
        raise ValueError("a note in the history holds something else where nothing but text was written")
    return ToldNote(E164(number), Extension(teller), text, from_microseconds(at))


def storable(text: str) -> str:
    """Replace what UTF-8 cannot hold: a stranger's name may have been bytes of anything."""
    return text.encode("utf-8", "replace").decode("utf-8")


def to_microseconds(moment: datetime) -> int:
    """Give an aware moment as microseconds since 1970 UTC: exact, and in order."""
    return (moment - _EPOCH) // _MICROSECOND


def from_microseconds(count: int) -> datetime:
    """Read what `to_microseconds` gave.

    Raises:
        ValueError: no moment of a call is so, so the file is damaged.
    """
    if not isinstance(count, int) or not _FIRST_MICROSECOND <= count <= _LAST_MICROSECOND:
        raise ValueError(f"{count!r:.40} is no moment")
    return _EPOCH + timedelta(microseconds=count)


def _call(values: dict[str, Any]) -> Call:
    return Call(
        id=CallId(values["id"]),
        owner=Owner(values["owner"]),
        device=Device(values["device"]),
        direction=Direction(values["direction"]),
        state=CallState(values["state"]),
        internal=bool(values["internal"]),
        number=values["number"],
        e164=None if values["e164"] is None else E164(values["e164"]),
        name=values["name"],
        dialled=values["dialled"],
        via=None if values["via_kind"] is None else Via(ViaKind(values["via_kind"]), values["via_name"]),
        transferred_from=values["transferred_from"],
        transferred_to=values["transferred_to"],
        answered_by=values["answered_by"],
        outcome=None if values["outcome"] is None else Outcome(values["outcome"]),
    )


def _json(contact: Contact) -> str:
    # Without escapes, so that what is erased can be found in it.
    return storable(json.dumps(contact_json(contact), ensure_ascii=False))


def _contact(text: str | None) -> Contact | None:
    return None if text is None else contact_from_json(json.loads(text))


def _note(values: dict[str, Any]) -> Note | None:
    if values["note"] is None:
        return None
    about = values["noted_e164"]
    return Note(values["note"], from_microseconds(values["noted_at"]), None if about is None else E164(about))


def _moment(count: int | None) -> datetime | None:
    return None if count is None else from_microseconds(count)


def _storable(text: str | None) -> str | None:
    return None if text is None else storable(text)
