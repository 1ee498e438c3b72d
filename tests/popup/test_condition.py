from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bubbled.condition import FLAGS
from bubbled.model import (
    E164,
    Call,
    CallId,
    CallState,
    Contact,
    Device,
    Direction,
    Failure,
    Outcome,
    Via,
    ViaKind,
)
from bubbled.popup.condition import flags_of
from bubbled.popup.subject import Finding, Subject

CALL = Call(
    id=CallId("1"),
    device=Device("PJSIP/101"),
    direction=Direction.INBOUND,
    state=CallState.RINGING,
    number="0612345678",
    e164=E164("+31612345678"),
)
OVER = replace(CALL, state=CallState.ENDED)
JAN, BAS = Contact(directory="Customers", name="Jan"), Contact(directory="Customers", name="Bas")
ACME = Contact(directory="Customers", company="Acme", probable=True)
SUBJECTS = {
    "inbound ringing": Subject(call=CALL),
    "dialling outbound": Subject(call=replace(CALL, direction=Direction.OUTBOUND, state=CallState.DIALLING)),
    "inbound internal ringing": Subject(call=replace(CALL, internal=True)),
    "answered inbound talking": Subject(call=replace(CALL, state=CallState.TALKING)),
    "answered held inbound": Subject(call=replace(CALL, state=CallState.HELD)),
    "ended inbound missed": Subject(call=replace(OVER, outcome=Outcome.MISSED)),
    "answered ended inbound": Subject(call=replace(OVER, outcome=Outcome.ANSWERED)),
    "answered busy": Subject(call=OVER, answered_at=datetime(2026, 11, 22, tzinfo=UTC)),
    "ended failed inbound": Subject(call=replace(OVER, failure=Failure.NOT_CONNECTED)),
    "inbound ringing withheld": Subject(call=replace(CALL, number=None, e164=None)),
    "anonymous": Subject(call=replace(CALL, number="anonymous", e164=None)),
    "inbound matched ringing": Subject(call=CALL, finding=Finding(contact=JAN)),
    "inbound matched probable ringing": Subject(call=CALL, finding=Finding(contact=ACME)),
    "inbound matched ringing several": Subject(call=CALL, finding=Finding(contact=JAN, matches=(JAN, BAS))),
    "inbound queue ringing": Subject(call=replace(CALL, via=Via(ViaKind.QUEUE, "support"))),
    "group inbound ringing": Subject(call=replace(CALL, via=Via(ViaKind.RING_GROUP))),
    "forwarded inbound ringing": Subject(call=replace(CALL, via=Via(ViaKind.FORWARD))),
    "inbound ringing transferred": Subject(call=replace(CALL, transferred_from="102")),
    "inbound picked_up ringing": Subject(call=replace(CALL, via=Via(ViaKind.PICKUP))),
    "inbound parked ringing": Subject(call=replace(CALL, via=Via(ViaKind.PARK))),
}
EXPECTED = {"answered busy": "answered ended inbound", "anonymous": "inbound ringing withheld"}


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_call_has_the_flags_that_are_true_of_it(name: str) -> None:
    assert flags_of(SUBJECTS[name]) == set(EXPECTED.get(name, name).split())


def test_every_flag_that_can_be_written_is_true_of_some_call_and_no_other_is() -> None:
    assert frozenset().union(*map(flags_of, SUBJECTS.values())) == FLAGS.keys()
