"""What a preset can write of a call, each fact as text in the ways in which CRM packages want it. Pure."""

from __future__ import annotations

from datetime import UTC, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from bubbled.directory.call_log.record import Result
from bubbled.model import Direction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bubbled.directory.call_log.record import CallRecord

MARK_DIGITS: Final = 16
"""Of the UUID that stand in a `mark`; enough for one CRM, and short enough for a line that people read."""


_LONGEST_NAME = 120
"""In a subject, for which packages have room for some 200 characters."""


class Fact(StrEnum):
    """The names in presets; the examples are of one call of 62 seconds."""

    MARK = "mark"
    """`bubbled-5f0c6a1e9b7d4c32`: text by which the record can be found again."""
    MARK_UUID = "mark_uuid"
    """The same as a UUID, for packages in which a client may choose the id of a new record."""
    CONTACT_ID = "contact_id"
    CONTACT_NAME = "contact_name"
    NUMBER = "number"
    """`+31612345678`"""
    COLLEAGUE = "colleague"
    """Whose call it was."""
    DIRECTION = "direction"
    """`inbound`, `missed` or `outbound`, or the preset's word for it."""
    RESULT = "result"
    """`answered`, `missed` or `no_answer`, or the preset's word for it."""
    NOTE = "note"
    SUBJECT = "subject"
    """`Call from Jan Jansen`"""
    SUMMARY = "summary"
    """What can be said of the call in a few lines, the note, and the mark in the last of them."""
    STARTED_AT = "started_at"
    """`2026-11-01T10:30:00+01:00`"""
    STARTED_UTC = "started_utc"
    """`2026-11-01T09:30:00Z`"""
    STARTED_PLAIN = "started_plain"
    """`2026-11-01 09:30:00`, in UTC"""
    STARTED_DATE = "started_date"
    """`2026-11-01`, in UTC"""
    STARTED_TIME = "started_time"
    """`09:30`, in UTC"""
    STARTED_MS = "started_ms"
    """`1793525400000`, milliseconds since 1970"""
    ENDED_UTC = "ended_utc"
    ENDED_PLAIN = "ended_plain"
    DURATION_S = "duration_s"
    """`62`; 0 when they did not talk"""
    DURATION_MS = "duration_ms"
    DURATION_MINUTES = "duration_minutes"
    """`2`, rounded up"""
    DURATION_CLOCK = "duration_clock"
    """`1:02`, minutes and seconds"""
    DURATION_HHMM = "duration_hhmm"
    """`00:02`, hours and minutes, rounded up"""
    DURATION_HOURS = "duration_hours"
    """`0`, full hours; the rest is in `duration_rest`"""
    DURATION_REST = "duration_rest"
    """`2`, the minutes above full hours, rounded up"""


def facts_of(
    record: CallRecord, directions: Mapping[str, str] | None = None, results: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Every fact of a call.

    Args:
        record: what is written.
        directions: the preset's words for `inbound`, `missed` and `outbound`; without one for `missed` such a
            call is inbound.
        results: the preset's words for `answered`, `missed` and `no_answer`.
    """
    return {
        Fact.MARK: mark_of(record.mark),
        Fact.MARK_UUID: record.mark,
        Fact.CONTACT_ID: record.contact_id,
        Fact.CONTACT_NAME: record.contact_name,
        Fact.NUMBER: record.number,
        Fact.COLLEAGUE: record.colleague,
        Fact.DIRECTION: _direction(record, directions or {}),
        Fact.RESULT: (results or {}).get(record.result, record.result.value),
        Fact.NOTE: record.note,
        Fact.SUBJECT: subject(record),
        Fact.SUMMARY: summary(record),
        **_moments(record),
        **_durations(record.duration_s),
    }


def mark_of(uuid: str) -> str:
    """The UUID of a record as text that stands in a line."""
    return f"bubbled-{uuid.replace('-', '')[:MARK_DIGITS]}"


def subject(record: CallRecord) -> str:
    """In a line: `Missed call from Jan Jansen`."""
    who = record.contact_name[:_LONGEST_NAME] or record.number
    match record.result:
        case Result.MISSED:
            return f"Missed call from {who}"
        case Result.NO_ANSWER:
            return f"Call to {who}, not answered"
        case Result.ANSWERED:
            return f"Call {'to' if record.direction is Direction.OUTBOUND else 'from'} {who}"


def summary(record: CallRecord) -> str:
    """In a few lines."""
    talked = [f"Talked for {_clock(record.duration_s)} min"] if record.result is Result.ANSWERED else []
    handed_on = [f"Transferred to {record.handed_to}"] if record.handed_to else []
    note = [record.note] if record.note else []
    lines = (
        *note,
        f"{subject(record)} ({record.number})",
        *talked,
        f"{'Called' if record.direction is Direction.OUTBOUND else 'Taken'} by {record.colleague}"
        if record.result is not Result.MISSED
        else f"It rang at {record.colleague}",
        *handed_on,
        mark_of(record.mark),
    )
    return "\n".join(lines)


def _direction(record: CallRecord, words: Mapping[str, str]) -> str:
    if record.result is Result.MISSED and "missed" in words:
        return words["missed"]
    return words.get(record.direction, record.direction.value)


def _moments(record: CallRecord) -> dict[str, str]:
    started = record.started_at.astimezone(UTC)
    ended = started + timedelta(seconds=record.duration_s)
    return {
        Fact.STARTED_AT: record.started_at.isoformat(timespec="seconds"),
        Fact.STARTED_UTC: f"{started:%Y-%m-%dT%H:%M:%SZ}",
        Fact.STARTED_PLAIN: f"{started:%Y-%m-%d %H:%M:%S}",
        Fact.STARTED_DATE: f"{started:%Y-%m-%d}",
        Fact.STARTED_TIME: f"{started:%H:%M}",
        Fact.STARTED_MS: str(int(started.timestamp()) * 1000),
        Fact.ENDED_UTC: f"{ended:%Y-%m-%dT%H:%M:%SZ}",
        Fact.ENDED_PLAIN: f"{ended:%Y-%m-%d %H:%M:%S}",
    }


def _durations(seconds: int) -> dict[str, str]:
    minutes = -(-seconds // 60)
    hours, rest = divmod(minutes, 60)
    return {
        Fact.DURATION_S: str(seconds),
        Fact.DURATION_MS: str(seconds * 1000),
        Fact.DURATION_MINUTES: str(minutes),
        Fact.DURATION_CLOCK: _clock(seconds),
        Fact.DURATION_HHMM: f"{hours:02}:{rest:02}",
        Fact.DURATION_HOURS: str(hours),
        Fact.DURATION_REST: str(rest),
    }


def _clock(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02}"
