"""Invented calls, of which much is known: for trying a layout, and for the legend. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bubbled.model import (
    E164,
    Call,
    CallId,
    CallState,
    Contact,
    Dealings,
    Device,
    Direction,
    LastContact,
    Outcome,
    Via,
    ViaKind,
)
from bubbled.popup.subject import Finding, Subject, Unanswered

if TYPE_CHECKING:
    from datetime import datetime

    from bubbled.popup.layout import Layout

CALL_ID: Final = CallId("example")
"""Names no call on any PBX."""

_NUMBER: Final = E164("+31612345678")
_ABROAD: Final = E164("+32470123456")
_DIALLED: Final = "+31201000101"
_COLLEAGUE: Final = "102"

_JAN: Final = Contact(
    directory="Customers",
    name="Jan Jansen",
    company="Bakkerij De Vries",
    fields=(("city", "Utrecht"), ("postal code", "3511 AB"), ("category", "gold"), ("since", "2019-05-01")),
    url="https://crm.example.com/contacts/1042",
    id="1042",
)
_ANNA: Final = replace(_JAN, name="Anna de Vries", id="1043")


def ringing(layout: Layout, now: datetime) -> Subject:
    """A call that comes in by a queue, of a customer with whom a colleague talked some days ago."""
    colleague = next(iter(layout.wording.colleagues), _COLLEAGUE)
    last = LastContact(now - timedelta(days=10, hours=2), Direction.INBOUND, Outcome.ANSWERED, colleague)
    return Subject(
        call=Call(
            id=CALL_ID,
            device=next(iter(layout.wording.phones), Device(f"PJSIP/{layout.extension or '101'}")),
            direction=Direction.INBOUND,
            state=CallState.RINGING,
            number=_NUMBER,
            e164=_NUMBER,
            name="JAN JANSEN",
            dialled=next(iter(layout.numbers), _DIALLED),
            via=Via(ViaKind.QUEUE, "Support"),
        ),
        finding=Finding(contact=_JAN),
        dealings=Dealings(
            last=last, calls=7, note="Wants an offer for a second oven", noted_by=last.colleague
        ),
        started_at=now - timedelta(seconds=4),
    )


def talking(layout: Layout, now: datetime) -> Subject:
    """The same some minutes later."""
    subject = ringing(layout, now)
    call = replace(subject.call, state=CallState.TALKING)
    began = now - timedelta(minutes=2, seconds=5)
    return replace(subject, call=call, started_at=began - timedelta(seconds=6), answered_at=began)


def missed(layout: Layout, now: datetime) -> Subject:
    """The same where nobody answered."""
    subject = ringing(layout, now)
    call = replace(subject.call, state=CallState.ENDED, outcome=Outcome.MISSED)
    return replace(subject, call=call, started_at=now - timedelta(seconds=31), ended_at=now)


def outbound(layout: Layout, now: datetime) -> Subject:
    """The user calls the customer."""
    subject = ringing(layout, now)
    call = replace(
        subject.call,
        direction=Direction.OUTBOUND,
        state=CallState.DIALLING,
        via=None,
        name=None,
        dialled=None,
    )
    return replace(subject, call=call)


def several(layout: Layout, now: datetime) -> Subject:
    """Two customers have the number."""
    return replace(ringing(layout, now), finding=Finding(contact=_JAN, matches=(_JAN, _ANNA)))


def unknown(layout: Layout, now: datetime) -> Subject:
    """Somebody calls from abroad whom no address book knows."""
    subject = ringing(layout, now)
    call = replace(subject.call, number=_ABROAD, e164=_ABROAD, name=None)
    return replace(subject, call=call, finding=Finding(), dealings=None)


SCENES: Final = {
    "ringing": ringing,
    "talking": talking,
    "missed": missed,
    "outbound": outbound,
    "several": several,
    "unknown": unknown,
}
"""The calls that `bubbled layout example` can show."""


def again(subject: Subject, now: datetime) -> Subject:
    """A call of the past as if it rang now."""
    call = subject.call
    state = CallState.RINGING if call.direction is Direction.INBOUND else CallState.DIALLING
    rings = replace(call, state=state, transferred_to=None, answered_by=None, outcome=None, failure=None)
    began = now - timedelta(seconds=4)
    return replace(subject, call=rings, started_at=began, answered_at=None, ended_at=None)


def everything(layout: Layout, now: datetime) -> tuple[Subject, Layout]:
    """A call that gives each variable a value, and the layout with which it does."""
    subject = talking(layout, now)
    number = _ABROAD if layout.region != "BE" else _NUMBER
    call = replace(subject.call, number=number, e164=number, transferred_from=_COLLEAGUE)
    finding = Finding(
        contact=replace(_JAN, probable=True),
        matches=(_JAN, _ANNA),
        unanswered=(Unanswered("CRM", is_slow=True),),
    )
    known = replace(
        layout, numbers=layout.numbers or {_DIALLED: "Sales"}, extension=layout.extension or "101"
    )
    return replace(subject, call=call, finding=finding), known
