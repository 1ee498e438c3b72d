from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone

from bubbled.history.note import Note
from bubbled.history.past_call import continued, seen
from bubbled.model import (
    CallChange,
    CallState,
    ChangeKind,
    Outcome,
    Owner,
)
from tests.history.sample import JAN, NINE, NUMBER, answered, ended, minutes, ringing, started, told

BOB = Owner("102")


def test_a_call_gathers_its_moments_in_utc() -> None:
    call = ringing()
    amsterdam = timezone(timedelta(hours=1))
    past = seen(started(call), NINE.astimezone(amsterdam))
    assert past.started_at == NINE
    assert past.started_at.utcoffset() == timedelta(0)

    whole = told((started(call), 0), (answered(call), 1), (ended(call), 3))
    assert (whole.started_at, whole.answered_at, whole.ended_at) == (NINE, minutes(1), minutes(3))
    assert whole.call.outcome is Outcome.ANSWERED


def test_the_same_change_twice_changes_nothing() -> None:
    call = ringing()
    once = told((started(call), 0), (answered(call), 1), (ended(call), 3))
    assert told((started(call), 0), (started(call), 0), (answered(call), 1), (ended(call), 3)) == once
    assert continued(once, seen(ended(call), minutes(9))) == once
    assert continued(once, once) == once


def test_an_outcome_is_final() -> None:
    call = ringing()
    whole = told((started(call), 0), (ended(call, Outcome.MISSED), 1))
    assert continued(whole, seen(CallChange(ChangeKind.UPDATED, call), minutes(2))) == whole


def test_a_presumed_end_is_taken_back_by_a_sign_of_life() -> None:
    call = ringing()
    dangling = replace(
        told((started(call), 0)), call=replace(call, state=CallState.ENDED), ended_at=minutes(5)
    )
    alive = continued(dangling, seen(answered(call), minutes(6)))
    assert (alive.ended_at, alive.answered_at, alive.call.state) == (None, minutes(6), CallState.TALKING)


def test_what_the_directories_the_popup_and_the_user_said_stays() -> None:
    call = ringing()
    noted = Note("Wants 20", NINE)
    known = replace(told((started(call), 0)), contact=JAN, popup="shown", note=noted)
    whole = continued(known, seen(ended(call), minutes(3)))
    assert (whole.contact, whole.popup, whole.note) == (JAN, "shown", noted)


def test_a_colleagues_call_that_goes_on_inside_keeps_its_party_outside() -> None:
    outside = ringing(owner=BOB)
    inside = replace(outside, number="101", e164=None, internal=True)
    whole = told((started(outside), 0), (ended(inside, Outcome.TRANSFERRED, transferred_to="101"), 2))
    assert (whole.call.e164, whole.call.outcome, whole.call.transferred_to) == (
        NUMBER,
        Outcome.TRANSFERRED,
        "101",
    )
    assert whole.ended_at == minutes(2)


def test_the_users_own_call_follows_its_party_inside() -> None:
    inside = replace(ringing(), number="102", e164=None, internal=True)
    assert told((started(ringing()), 0), (CallChange(ChangeKind.UPDATED, inside), 1)).call == inside


def test_as_json_a_call_has_its_contact_moments_and_popup() -> None:
    past = replace(told((started(ringing()), 0), (answered(ringing()), 1)), contact=JAN, popup="shown")
    shape = past.to_json()
    assert shape["id"] == "1"
    assert shape["contact"]["name"] == "Jan Jansen"
    assert shape["started_at"] == "2026-11-20T09:00:00+00:00"
    assert (shape["answered_at"], shape["ended_at"]) == ("2026-11-20T09:01:00+00:00", None)
    assert shape["popup"] == "shown"
    bare = told((started(ringing()), 0)).to_json()
    assert (bare["contact"], bare["note"]) == (None, None)


def test_as_json_a_call_has_its_note() -> None:
    past = replace(told((started(ringing()), 0)), note=Note("One\ntwo", NINE))
    assert past.to_json()["note"] == "One\ntwo"
