from __future__ import annotations

from dataclasses import replace

import pytest

from bubbled.daemon.outside import OutsideParties, OutsideParty
from bubbled.model import CallState, Contact, Outcome
from tests.daemon.stand_in import JAN, PIET, a_call, answered, ended, started, updated

CUSTOMER = a_call(state=CallState.TALKING)
CONSULTED = replace(CUSTOMER, number="102", e164=None, internal=True)
HANDED_OVER = replace(CONSULTED, state=CallState.ENDED, outcome=Outcome.TRANSFERRED, transferred_to="102")
JANSEN = Contact(directory="Customers", name="Jan Jansen")


@pytest.fixture
def parties() -> OutsideParties:
    return OutsideParties()


def test_a_call_that_ends_with_a_colleague_is_remembered_with_the_customer(parties: OutsideParties) -> None:
    for change in (started(a_call()), answered(CUSTOMER), updated(CONSULTED)):
        assert parties.after(change) is None
    party = parties.after(ended(HANDED_OVER))
    assert party == OutsideParty(CUSTOMER)
    remembered = party.ended_as(HANDED_OVER)
    assert (remembered.number, remembered.internal) == (JAN, False)
    assert (remembered.state, remembered.outcome) == (CallState.ENDED, Outcome.TRANSFERRED)
    assert remembered.transferred_to == "102"
    assert parties.after(ended(HANDED_OVER)) is None


def test_who_the_customer_was_is_remembered_and_not_who_the_colleague_is(parties: OutsideParties) -> None:
    parties.after(started(a_call()))
    parties.found(CUSTOMER.id, JAN, JANSEN)
    parties.after(answered(CUSTOMER))
    parties.after(updated(CONSULTED))
    parties.found(CUSTOMER.id, "102", Contact(directory="Colleagues", name="Bob"))
    parties.found(a_call("other").id, JAN, JANSEN)
    party = parties.after(ended(HANDED_OVER))
    assert party is not None
    assert party.contact == JANSEN


def test_another_customer_is_somebody_else(parties: OutsideParties) -> None:
    parties.after(started(a_call()))
    parties.found(CUSTOMER.id, JAN, JANSEN)
    parties.after(updated(a_call(number=PIET)))
    parties.found(CUSTOMER.id, JAN, JANSEN)
    party = parties.after(ended(HANDED_OVER))
    assert party is not None
    assert (party.call.number, party.contact) == (PIET, None)


@pytest.mark.parametrize("outcome", [Outcome.ANSWERED, Outcome.MISSED])
def test_calls_that_end_outside_or_never_were_there_stay_as_they_are(
    parties: OutsideParties, outcome: Outcome
) -> None:
    asked = replace(a_call("asked"), number="102", e164=None, internal=True)
    withheld = a_call("withheld", number=None)
    for call in (CUSTOMER, asked, withheld):
        parties.after(started(call))
        assert parties.after(ended(replace(call, state=CallState.ENDED, outcome=outcome))) is None
