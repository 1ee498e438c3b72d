from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bubbled.directory.call_log.record import (
    CallRecord,
    Conversation,
    Result,
    obstacle,
    record_of,
)
from bubbled.model import E164, Call, CallId, CallState, Contact, Device, Direction, Outcome, Owner
from tests.directory.call_log.office import BEGAN, ENDED, UUID

JAN = Contact(directory="CRM", name="Jan Jansen", id="1")
NUMBER = E164("+31612345678")


def a_call(**changes: Any) -> Call:
    facts: dict[str, Any] = {
        "id": CallId("1730453400.17"),
        "device": Device("PJSIP/101"),
        "direction": Direction.INBOUND,
        "state": CallState.ENDED,
        "number": NUMBER,
        "e164": NUMBER,
        "outcome": Outcome.ANSWERED,
    }
    return Call(**(facts | changes))


def a_conversation(call: Call | None = None, **changes: Any) -> Conversation:
    conversation = Conversation(
        call=call or a_call(),
        started_at=BEGAN,
        answered_at=BEGAN + timedelta(seconds=8),
        ended_at=ENDED,
        contact=JAN,
        about=NUMBER,
    )
    return replace(conversation, **changes)


def written(conversation: Conversation) -> CallRecord | None:
    return record_of(
        conversation, mark=UUID, account="acme", kind="contact", colleague="Alice", handed_to=None
    )


def test_a_call_is_written_with_who_when_how_long_and_what_was_noted() -> None:
    record = written(a_conversation(note="Wants 20 more"))
    assert record == CallRecord(
        mark=UUID,
        call_id=CallId("1730453400.17"),
        directory="CRM",
        account="acme",
        contact_id="1",
        kind="contact",
        contact_name="Jan Jansen",
        direction=Direction.INBOUND,
        result=Result.ANSWERED,
        started_at=BEGAN,
        duration_s=62,
        number="+31612345678",
        colleague="Alice",
        note="Wants 20 more",
    )


@pytest.mark.parametrize(
    ("direction", "outcome", "result"),
    [
        (Direction.INBOUND, Outcome.MISSED, Result.MISSED),
        (Direction.INBOUND, Outcome.REJECTED, Result.MISSED),
        (Direction.INBOUND, Outcome.TRANSFERRED, Result.ANSWERED),
        (Direction.OUTBOUND, Outcome.ANSWERED, Result.ANSWERED),
        (Direction.OUTBOUND, Outcome.NO_ANSWER, Result.NO_ANSWER),
        (Direction.OUTBOUND, Outcome.BUSY, Result.NO_ANSWER),
    ],
)
def test_calls_that_reached_somebody_are_written(
    direction: Direction, outcome: Outcome, result: Result
) -> None:
    record = written(a_conversation(a_call(direction=direction, outcome=outcome)))
    assert record is not None
    assert (record.direction, record.result) == (direction, result)
    assert record.duration_s == (62 if result is Result.ANSWERED else 0)


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome.ANSWERED_ELSEWHERE,
        Outcome.FAILED,
        Outcome.OWN_PHONE_NO_ANSWER,
        Outcome.OWN_PHONE_REJECTED,
        None,
    ],
)
def test_what_a_colleague_took_or_rang_nowhere_is_not(outcome: Outcome | None) -> None:
    assert written(a_conversation(a_call(outcome=outcome))) is None


@pytest.mark.parametrize(
    ("conversation", "reason"),
    [
        (a_conversation(a_call(internal=True)), "among colleagues"),
        (a_conversation(a_call(owner=Owner("102"))), "among colleagues"),
        (a_conversation(a_call(outcome=Outcome.ANSWERED_ELSEWHERE)), "nobody here"),
        (a_conversation(a_call(number=None, e164=None), about=None), "withheld"),
        (a_conversation(contact=None), "nobody with a record"),
        (a_conversation(contact=replace(JAN, id=None)), "nobody with a record"),
        (a_conversation(contact=replace(JAN, transient=True)), "nobody with a record"),
        (a_conversation(contact=replace(JAN, probable=True)), "only a guess"),
        (a_conversation(about="+31687654321"), "nobody with a record"),
    ],
)
def test_the_user_can_be_told_why_a_call_is_not_written(conversation: Conversation, reason: str) -> None:
    assert reason in (obstacle(conversation) or "")
    assert written(conversation) is None


def test_a_guess_that_the_user_chose_is_none_any_more() -> None:
    assert written(a_conversation(contact=replace(JAN, probable=True), is_chosen=True)) is not None


def test_a_call_that_goes_on_is_not_written_yet() -> None:
    talking = a_call(state=CallState.TALKING, outcome=None)
    assert obstacle(a_conversation(talking, ended_at=None)) is None
    assert written(a_conversation(talking, ended_at=None)) is None
