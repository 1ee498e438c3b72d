"""Calls, moments and an open history for the tests of this room."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bubbled.history.past_call import PastCall, continued, seen
from bubbled.model import (
    E164,
    Call,
    CallChange,
    CallId,
    CallState,
    ChangeKind,
    Contact,
    Device,
    Direction,
    Outcome,
)

if TYPE_CHECKING:
    from pathlib import Path

    from bubbled.history.store import History

NINE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
NUMBER = E164("+31612345678")
JAN = Contact(directory="Customers", name="Jan Jansen", company="Acme", fields=(("city", "Utrecht"),))


def minutes(count: float) -> datetime:
    return NINE + timedelta(minutes=count)


def ringing(call_id: str = "1", **fields: Any) -> Call:
    call = Call(
        id=CallId(call_id),
        device=Device("PJSIP/101"),
        direction=Direction.INBOUND,
        state=CallState.RINGING,
        number="0612345678",
        e164=NUMBER,
        dialled="+31201000101",
    )
    return replace(call, **fields)


def started(call: Call) -> CallChange:
    return CallChange(ChangeKind.STARTED, call)


def answered(call: Call) -> CallChange:
    return CallChange(ChangeKind.ANSWERED, replace(call, state=CallState.TALKING))


def ended(call: Call, outcome: Outcome = Outcome.ANSWERED, **fields: Any) -> CallChange:
    return CallChange(ChangeKind.ENDED, replace(call, state=CallState.ENDED, outcome=outcome, **fields))


def told(*changes: tuple[CallChange, float]) -> PastCall:
    """What is known after changes at so many minutes past nine."""
    whole, *others = (seen(change, minutes(at)) for change, at in changes)
    for other in others:
        whole = continued(whole, other)
    return whole


def files_in(folder: Path) -> dict[str, bytes]:
    """Read all files of a folder; no folders in it."""
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


def record_whole(history: History, call: Call, at: datetime, outcome: Outcome = Outcome.ANSWERED) -> None:
    """Record a call that lasts three minutes, the first of them ringing."""
    history.record(started(call), at)
    if outcome is Outcome.ANSWERED:
        history.record(answered(call), at + timedelta(minutes=1))
    history.record(ended(call, outcome), at + timedelta(minutes=3))
