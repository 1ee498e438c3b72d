"""Calls of days before the demo, so that its popups can tell of a last contact. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bubbled.model import (
    E164,
    ME,
    Call,
    CallChange,
    CallId,
    CallState,
    ChangeKind,
    Device,
    Direction,
    Outcome,
    Owner,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_LENGTH = timedelta(minutes=4)


def earlier_calls(now: datetime) -> Iterator[tuple[datetime, CallChange]]:
    """Yield the changes of some earlier calls, each with its moment; `now` is in the user's zone."""
    bob, carol = Owner("102"), Owner("103")
    yield from _answered(_ago(now, 10, 14, 3), "+31612345678", bob, Direction.INBOUND)
    yield from _answered(_ago(now, 6, 9, 40), "+31105550132", carol, Direction.OUTBOUND)
    yield from _answered(_ago(now, 4, 16, 12), "+31405550154", carol, Direction.INBOUND)
    yield from _answered(_ago(now, 1, 11, 25), "+31301234567", ME, Direction.OUTBOUND)


def _ago(now: datetime, days: int, hour: int, minute: int) -> datetime:
    return (now - timedelta(days=days)).replace(hour=hour, minute=minute, second=0, microsecond=0)


def _answered(
    at: datetime, number: str, owner: Owner, direction: Direction
) -> Iterator[tuple[datetime, CallChange]]:
    ringing = CallState.RINGING if direction is Direction.INBOUND else CallState.DIALLING
    call = Call(
        id=CallId(f"demo-{number}"),
        device=Device(f"PJSIP/{'101' if owner == ME else owner}"),
        direction=direction,
        state=ringing,
        owner=owner,
        number=number,
        e164=E164(number),
    )
    talking = replace(call, state=CallState.TALKING)
    ended = replace(call, state=CallState.ENDED, outcome=Outcome.ANSWERED)
    yield at, CallChange(ChangeKind.STARTED, call)
    yield at, CallChange(ChangeKind.ANSWERED, talking)
    yield at + _LENGTH, CallChange(ChangeKind.ENDED, ended)
