from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.model import (
    ME,
    Call,
    CallChange,
    CallId,
    CallState,
    ChangeKind,
    Contact,
    Device,
    Direction,
    Via,
    ViaKind,
)
from bubbled.wire import call_from_json, call_json, change_json, contact_from_json, contact_json

CALL = Call(
    id=CallId("1"),
    device=Device("PJSIP/101"),
    direction=Direction.INBOUND,
    state=CallState.RINGING,
    via=Via(ViaKind.QUEUE, "support"),
)
CONTRACT_KEYS = [
    "id",
    "device",
    "direction",
    "internal",
    "number",
    "e164",
    "name",
    "dialled",
    "state",
    "via",
    "transferred_from",
    "transferred_to",
    "outcome",
]
calls = st.from_type(Call)
contacts = st.builds(
    Contact,
    directory=st.text(),
    name=st.none() | st.text(),
    company=st.none() | st.text(),
    fields=st.dictionaries(st.text(), st.text()).map(lambda fields: tuple(fields.items())),
    url=st.none() | st.text(),
    probable=st.booleans(),
    id=st.none() | st.text(),
    transient=st.booleans(),
)


def through_text(shape: dict[str, Any]) -> Any:
    return json.loads(json.dumps(shape))


def test_a_call_has_exactly_the_keys_of_the_contract() -> None:
    assert list(call_json(CALL)) == CONTRACT_KEYS
    assert call_json(CALL)["via"] == {"kind": "queue", "name": "support"}


def test_a_change_is_one_object_with_time_kind_and_call() -> None:
    assert change_json(CallChange(ChangeKind.STARTED, CALL), 1.23) == {
        "at": 1.23,
        "change": "started",
        "call": call_json(CALL),
    }


@given(calls)
def test_a_call_comes_back_without_what_the_contract_leaves_out(call: Call) -> None:
    assert call_from_json(through_text(call_json(call))) == replace(
        call, owner=ME, answered_by=None, failure=None
    )


@given(contacts)
def test_a_contact_comes_back_whole_and_in_order(contact: Contact) -> None:
    assert contact_from_json(through_text(contact_json(contact))) == contact


def test_a_contact_of_an_older_version_is_read() -> None:
    shape = contact_json(Contact(directory="Customers", name="Jan"))
    del shape["id"], shape["transient"]
    assert contact_from_json(shape) == Contact(directory="Customers", name="Jan")


def test_keys_of_a_later_version_are_passed_over() -> None:
    assert call_from_json(call_json(CALL) | {"mood": "sunny"}) == CALL


@pytest.mark.parametrize("key", ["id", "device", "direction", "internal", "state"])
def test_a_missing_key_is_named(key: str) -> None:
    shape = call_json(CALL)
    del shape[key]
    with pytest.raises(ValueError, match=key):
        call_from_json(shape)


@pytest.mark.parametrize("change", [{"state": "asleep"}, {"number": 7}, {"via": "queue"}, {"internal": "no"}])
def test_a_value_that_cannot_be_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        call_from_json(call_json(CALL) | change)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_what_is_no_object_is_no_call_and_no_contact(shape: object) -> None:
    with pytest.raises(ValueError, match="not an object"):
        call_from_json(shape)
    with pytest.raises(ValueError, match="not an object"):
        contact_from_json(shape)
