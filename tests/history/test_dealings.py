from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from bubbled.history.dealings import HANDED_ON, conversations, dealings, last_contact, last_note, span
from bubbled.history.note import Note, ToldNote
from bubbled.history.row import to_microseconds
from bubbled.model import (
    E164,
    ME,
    CallId,
    CallState,
    Dealings,
    Direction,
    Extension,
    LastContact,
    Outcome,
    Owner,
)
from tests.history.sample import NINE, NUMBER, answered, ended, minutes, ringing, started, told

if TYPE_CHECKING:
    from bubbled.history.past_call import PastCall

BOB, EVE = Owner("102"), Owner("103")
NAMES = {"102": "Bob"}


def over(call_id: str, owner: Owner, outcome: Outcome, *, ended_at: float, **fields: str) -> PastCall:
    call = ringing(call_id, owner=owner)
    return told((started(call), 0), (ended(call, outcome, **fields), ended_at))


def within(began: float, ended_at: float) -> tuple[int, int]:
    return to_microseconds(minutes(began)), to_microseconds(minutes(ended_at))


def asking_at(began: float) -> PastCall:
    return told((started(ringing("asking")), began))


def noted(call_id: str, text: str, at: float) -> PastCall:
    return replace(over(call_id, ME, Outcome.ANSWERED, ended_at=1), note=Note(text, minutes(at), NUMBER))


def bobs(text: str, at: float) -> ToldNote:
    return ToldNote(NUMBER, Extension("102"), text, minutes(at))


def contact_of(*calls: PastCall, began: float | None = None) -> LastContact | None:
    return last_contact(calls, None if began is None else asking_at(began), NAMES)


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


def test_running_calls_later_calls_and_the_asking_call_do_not_count() -> None:
    running = told((started(ringing("1")), 0))
    later = over("2", ME, Outcome.ANSWERED, ended_at=9)
    asking = replace(later, call=replace(later.call, id=CallId("asking")))
    assert contact_of(running) is None
    assert contact_of(later, began=8) is None
    assert contact_of(asking, began=20) is None
    assert contact_of() is None


def test_a_call_that_a_crash_cut_off_counts_if_it_was_answered() -> None:
    call = ringing()
    rang, spoke = told((started(call), 0)), told((started(call), 0), (answered(call), 1))
    gone = replace(call, state=CallState.ENDED)
    assert contact_of(replace(rang, call=gone, ended_at=minutes(5))) is None
    assert contact_of(replace(spoke, call=gone, ended_at=minutes(5))) == LastContact(
        NINE, Direction.INBOUND, Outcome.ANSWERED
    )


def test_a_call_that_was_handed_on_to_this_one_is_no_earlier_contact() -> None:
    handed = over("1", BOB, Outcome.TRANSFERRED, ended_at=5)
    assert contact_of(handed, began=5.01) is None
    called_back = contact_of(handed, began=5.1)
    assert called_back is not None
    assert called_back.colleague == "Bob"


def test_a_call_that_the_user_dials_was_handed_on_by_nobody() -> None:
    dialled = told((started(ringing("asking", direction=Direction.OUTBOUND)), 5.01))
    last = last_contact([over("1", BOB, Outcome.ANSWERED, ended_at=5)], dialled, NAMES)
    assert last is not None
    assert last.colleague == "Bob"


def test_phones_that_ring_together_or_one_after_the_other_are_one_call() -> None:
    group = [within(0, 0.5), within(0, 9)]
    hunted = [within(20, 20.5), within(20.5 + HANDED_ON / timedelta(minutes=1), 21)]
    again = [within(30, 31)]
    assert conversations(group) == 1
    assert conversations([*hunted, *again, *group]) == 3
    assert conversations([]) == 0


moments = st.integers(0, 10**9)
spans = st.lists(st.tuples(moments, moments).map(lambda two: (min(two), max(two))))


@given(spans)
def test_no_call_is_counted_twice_and_none_is_lost(them: list[tuple[int, int]]) -> None:
    count = conversations(them)
    assert (count > 0) == bool(them)
    assert count <= len(them)
    assert conversations([*them, *them]) == count
    apart = 10**12
    assert conversations([*them, *((began + apart, end + apart) for began, end in them)]) == 2 * count


def test_what_was_noted_last_counts_whoever_did() -> None:
    assert last_note(NUMBER, [noted("1", "old", 1), noted("2", "new", 3)], [bobs("between", 2)], None) == (
        "new",
        None,
    )
    assert last_note(NUMBER, [noted("1", "old", 1)], [bobs("newer", 2)], asking_at(5)) == ("newer", "102")
    assert last_note(NUMBER, [], [], None) == ("", None)


def test_of_a_call_that_is_over_later_notes_are_not_told_unless_they_are_its_own() -> None:
    asking = replace(asking_at(5), ended_at=minutes(8))
    assert last_note(
        NUMBER, [noted("1", "before", 4), noted("2", "after", 9)], [bobs("too", 10)], asking
    ) == (
        "before",
        None,
    )
    own = replace(asking, note=Note("afterwards", minutes(20)))
    assert last_note(NUMBER, [noted("1", "before", 4), own], [], own) == ("afterwards", None)


def test_a_note_about_somebody_else_is_not_told_but_on_its_own_call() -> None:
    others = replace(noted("1", "of Piet", 1), note=Note("of Piet", minutes(1), E164("+31201000101")))
    assert last_note(NUMBER, [others], [], asking_at(5)) == ("", None)
    assert last_note(NUMBER, [others], [], others) == ("of Piet", None)


def test_all_together() -> None:
    before = over("1", BOB, Outcome.ANSWERED, ended_at=3)
    assert span(before) == within(0, 3)
    assert dealings(
        NUMBER, [before], [bobs("Hi", 2)], [span(before)], asking=asking_at(5), names=NAMES
    ) == Dealings(
        last=LastContact(NINE, Direction.INBOUND, Outcome.ANSWERED, "Bob"), calls=1, note="Hi", noted_by="Bob"
    )
    stranger = dealings(NUMBER, [], [bobs("Hi", 2)], [], asking=None, names={})
    assert stranger == Dealings(note="Hi", noted_by="102")
