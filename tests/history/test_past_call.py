from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone

from bubbled.history.past_call import PastCall, continued, last_contact, seen
from bubbled.model import (
    E164,
    ME,
    CallChange,
    CallId,
    CallState,
    ChangeKind,
    Direction,
    LastContact,
    Outcome,
    Owner,
)
from tests.history.sample import JAN, NINE, NUMBER, answered, ended, minutes, ringing, started

BOB, EVE = Owner("102"), Owner("103")
NAMES = {"102": "Bob"}
ASKING = CallId("asking")


def told(*changes: tuple[CallChange, float]) -> PastCall:
    """What is known after changes at so many minutes past nine."""
    whole, *others = (seen(change, minutes(at)) for change, at in changes)
    for other in others:
        whole = continued(whole, other)
    return whole


def over(call_id: str, owner: Owner, outcome: Outcome, *, ended_at: float, **fields: str) -> PastCall:
    call = ringing(call_id, owner=owner)
    return told((started(call), 0), (ended(call, outcome, **fields), ended_at))


def contact_of(*calls: PastCall, moment: float | None = None) -> LastContact | None:
    return last_contact(calls, NUMBER, ASKING, None if moment is None else minutes(moment), NAMES)


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


def test_what_the_directories_and_the_popup_said_stays() -> None:
    call = ringing()
    known = replace(told((started(call), 0)), contact=JAN, popup="shown")
    whole = continued(known, seen(ended(call), minutes(3)))
    assert (whole.contact, whole.popup) == (JAN, "shown")


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


def test_the_contact_that_ended_last_is_the_last_contact() -> None:
    early = over("1", ME, Outcome.MISSED, ended_at=1)
    late = over("2", ME, Outcome.ANSWERED, ended_at=9)
    assert contact_of(early, late) == LastContact(NINE, Direction.INBOUND, Outcome.ANSWERED)


def test_of_a_group_that_rang_the_colleague_who_answered_is_the_contact() -> None:
    mine = over("1", ME, Outcome.ANSWERED_ELSEWHERE, ended_at=0.2)
    bobs = over("2", BOB, Outcome.ANSWERED, ended_at=7)
    eves = over("3", EVE, Outcome.ANSWERED_ELSEWHERE, ended_at=0.2)
    assert contact_of(mine, eves, bobs) == LastContact(NINE, Direction.INBOUND, Outcome.ANSWERED, "Bob")


def test_who_answered_elsewhere_is_known_without_the_colleagues_own_call() -> None:
    mine = over("1", ME, Outcome.ANSWERED_ELSEWHERE, ended_at=0.2, answered_by="103")
    assert contact_of(mine) == LastContact(NINE, Direction.INBOUND, Outcome.ANSWERED, "103")


def test_when_all_missed_it_at_once_the_user_did() -> None:
    bobs, mine = (over(name, owner, Outcome.MISSED, ended_at=1) for name, owner in (("1", BOB), ("2", ME)))
    assert contact_of(bobs, mine) == LastContact(NINE, Direction.INBOUND, Outcome.MISSED)


def test_running_calls_later_calls_other_numbers_and_the_asking_call_do_not_count() -> None:
    running = told((started(ringing("1")), 0))
    later = over("2", ME, Outcome.ANSWERED, ended_at=9)
    other = replace(later, call=replace(later.call, e164=E164("+31201000101")))
    asking = replace(later, call=replace(later.call, id=ASKING))
    assert contact_of(running) is None
    assert contact_of(later, moment=8) is None
    assert contact_of(other) is None
    assert contact_of(asking) is None
    assert contact_of() is None


def test_a_call_that_a_crash_cut_off_counts_if_it_was_answered() -> None:
    call = ringing()
    rang, spoke = told((started(call), 0)), told((started(call), 0), (answered(call), 1))
    gone = replace(call, state=CallState.ENDED)
    assert contact_of(replace(rang, call=gone, ended_at=minutes(5))) is None
    assert contact_of(replace(spoke, call=gone, ended_at=minutes(5))) == LastContact(
        NINE, Direction.INBOUND, Outcome.ANSWERED
    )


def test_as_json_a_call_has_its_contact_moments_and_popup() -> None:
    past = replace(told((started(ringing()), 0), (answered(ringing()), 1)), contact=JAN, popup="shown")
    shape = past.to_json()
    assert shape["id"] == "1"
    assert shape["contact"]["name"] == "Jan Jansen"
    assert shape["started_at"] == "2026-11-20T09:00:00+00:00"
    assert (shape["answered_at"], shape["ended_at"]) == ("2026-11-20T09:01:00+00:00", None)
    assert shape["popup"] == "shown"
    assert told((started(ringing()), 0)).to_json()["contact"] is None
