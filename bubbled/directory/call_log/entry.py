"""A record on its way, and how it is kept as a row. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from bubbled.directory.call_log.delivery import Delivery, Stage
from bubbled.directory.call_log.record import CallRecord, Result
from bubbled.model import CallId, Direction

if TYPE_CHECKING:
    from collections.abc import Sequence

COLUMNS: Final = (
    "call_id",
    "directory",
    "stage",
    "since",
    "due_at",
    "left_at",
    "failures",
    "reason",
    "record",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A record, and how far it is."""

    record: CallRecord
    delivery: Delivery

    def without_details(self) -> Entry:
        """What is kept of a record that is written: that it is, and no number, name or note."""
        return replace(self, record=replace(self.record, contact_name="", number="", note="", handed_to=None))


def to_row(entry: Entry) -> tuple[object, ...]:
    """The values of `COLUMNS`."""
    record, delivery = entry.record, entry.delivery
    rest = {
        "mark": record.mark,
        "account": record.account,
        "contact_id": record.contact_id,
        "kind": record.kind,
        "contact_name": record.contact_name,
        "direction": record.direction.value,
        "result": record.result.value,
        "started_at": record.started_at.isoformat(),
        "duration_s": record.duration_s,
        "number": record.number,
        "colleague": record.colleague,
        "handed_to": record.handed_to,
        "note": record.note,
    }
    return (
        record.call_id,
        record.directory,
        delivery.stage.value,
        delivery.since.isoformat(),
        delivery.due_at.isoformat(),
        None if delivery.left_at is None else delivery.left_at.isoformat(),
        delivery.failures,
        delivery.reason,
        json.dumps(rest),
    )


def from_row(row: Sequence[Any]) -> Entry:
    """The entry in a row.

    Raises:
        ValueError, KeyError, TypeError: bubbled did not write this.
    """
    values = dict(zip(COLUMNS, row, strict=True))
    rest = json.loads(values["record"])
    record = CallRecord(
        **rest
        | {
            "call_id": CallId(values["call_id"]),
            "directory": values["directory"],
            "direction": Direction(rest["direction"]),
            "result": Result(rest["result"]),
            "started_at": _moment(rest["started_at"]),
        }
    )
    delivery = Delivery(
        stage=Stage(values["stage"]),
        since=_moment(values["since"]),
        due_at=_moment(values["due_at"]),
        failures=values["failures"],
        left_at=None if values["left_at"] is None else _moment(values["left_at"]),
        reason=values["reason"],
    )
    return Entry(record, delivery)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.utcoffset() is None:
        raise ValueError("a moment has no zone")
    return moment
