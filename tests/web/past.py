"""Calls of the last days, for the pages that tell of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bubbled.model import (
    E164,
    Call,
    CallId,
    CallState,
    Contact,
    Device,
    Direction,
    Outcome,
    Owner,
    Via,
    ViaKind,
)
from tests.history.sample import record_whole

if TYPE_CHECKING:
    from bubbled.history.store import History

HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>\u202e'
JAN, JOSE, MISSED, FRAUD, BOBS = "jan", "jose", "missed", "fraud", "bobs"


def call(call_id: str, number: str | None, **fields: Any) -> Call:
    known: dict[str, Any] = {
        "device": Device("PJSIP/101"),
        "direction": Direction.INBOUND,
        "state": CallState.RINGING,
        "number": number,
        "e164": E164(number) if number and number.startswith("+") else None,
        "dialled": "+31201000101",
    }
    return Call(id=CallId(call_id), **(known | fields))


async def remember(history: History, now: datetime) -> None:
    """Remember six calls of three days; the user is Alice, 101, and her colleague is Bob, 102."""
    noon = now.replace(hour=12, minute=0)
    today, before, earlier = now - timedelta(minutes=4), noon - timedelta(days=1), noon - timedelta(days=9)
    support = Via(ViaKind.QUEUE, "support")
    record_whole(history, call(JAN, "+31612345678", via=support), earlier)
    history.contact(CallId(JAN), Contact(directory="Customers", name="Jan Jansen", company="Acme"))
    history.note(CallId(JAN), "Ordered 20 more\nof the blue ones", earlier, E164("+31612345678"))
    record_whole(history, call(JOSE, "+31207654321", name="José <b>García</b>"), before)
    record_whole(history, call(MISSED, "+31301112233", name="Piet"), earlier, Outcome.MISSED)
    record_whole(history, call("again", "+31301112233", name="Piet"), today, Outcome.MISSED)
    record_whole(history, call(FRAUD, "+31900123456", name=HOSTILE + "x" * 10_000), before)
    record_whole(history, call(BOBS, "+31612345678", owner=Owner("102"), device=Device("PJSIP/102")), before)
    record_whole(history, call("withheld", None), before, Outcome.MISSED)
    record_whole(history, call("inside", "102", internal=True, direction=Direction.OUTBOUND), before)
    assert await history.settled()


async def remember_many(
    history: History, now: datetime, count: int, outcome: Outcome = Outcome.ANSWERED
) -> None:
    """Remember calls, one each minute until now."""
    for index in range(count):
        at = now - timedelta(minutes=5 + index)
        record_whole(history, call(f"many-{index}", f"+316{20_000_000 + index}"), at, outcome)
    assert await history.settled()


def talk(history: History, number: str, now: datetime) -> None:
    """Let the user have talked with somebody just now."""
    record_whole(history, call(f"talk-{number}", number), now - timedelta(minutes=4))
