from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bubbled.history.callback import last_talks, to_call_back
from bubbled.model import Direction, Outcome, Owner
from tests.history.sample import answered, ended, minutes, ringing, started, told

if TYPE_CHECKING:
    from bubbled.history.past_call import PastCall

BOB: dict[str, Any] = {"owner": Owner("102")}
ANNA: dict[str, Any] = {"number": "0687654321", "e164": "+31687654321"}
COLLEAGUE: dict[str, Any] = {"number": "103", "e164": None, "internal": True}


def missed(at: float, **fields: Any) -> PastCall:
    call = ringing(f"missed {at}", **fields)
    return told((started(call), at), (ended(call, Outcome.MISSED), at + 0.5))


def talked(at: float, *, length: float = 1, **fields: Any) -> PastCall:
    call = ringing(f"talked {at}", **fields)
    return told((started(call), at), (answered(call), at + 0.1), (ended(call), at + length))


def listed(*calls: PastCall) -> list[tuple[str, int]]:
    missed = [past for past in calls if past.call.outcome is Outcome.MISSED]
    return [(each.missed.call.id, each.times) for each in to_call_back(missed, last_talks([], calls))]


def test_whoever_was_missed_is_to_be_called_back_once_the_newest_first() -> None:
    assert listed(missed(1), missed(2), missed(5, **ANNA), missed(9)) == [("missed 9", 3), ("missed 5", 1)]


def test_nobody_with_whom_the_user_or_a_colleague_has_talked_since() -> None:
    assert listed(missed(1), talked(2)) == []
    assert listed(missed(1), talked(2, **BOB)) == []
    assert listed(missed(1), talked(2, direction=Direction.OUTBOUND)) == []
    assert listed(missed(1), talked(2, **ANNA)) == [("missed 1", 1)]


def test_what_was_missed_after_the_talk_counts_and_what_was_before_does_not() -> None:
    assert listed(missed(1), talked(2), missed(4), missed(5)) == [("missed 5", 2)]


def test_a_call_that_rang_while_a_colleague_talked_with_the_same_number_is_settled() -> None:
    assert listed(talked(1, length=10, **BOB), missed(2)) == []


def test_a_talk_that_goes_on_settles_what_was_missed_before() -> None:
    call = ringing("now")
    assert listed(missed(1), told((started(call), 2), (answered(call), 2.1))) == []


def test_a_call_that_somebody_else_took_settles_it() -> None:
    call = ringing("elsewhere")
    elsewhere = told((started(call), 2), (ended(call, Outcome.ANSWERED_ELSEWHERE), 3))
    assert listed(missed(1), elsewhere) == []


def test_a_call_back_that_nobody_answered_settles_nothing() -> None:
    call = ringing("tried", direction=Direction.OUTBOUND)
    tried = told((started(call), 2), (ended(call, Outcome.NO_ANSWER), 3))
    assert listed(missed(1), tried) == [("missed 1", 1)]


def test_a_withheld_number_cannot_be_called_back() -> None:
    assert listed(missed(1, number=None, e164=None), missed(2, number="anonymous", e164=None)) == []


def test_a_colleague_is_called_back_by_his_extension() -> None:
    assert listed(missed(1, **COLLEAGUE), missed(2, **COLLEAGUE)) == [("missed 2", 2)]
    assert listed(missed(1, **COLLEAGUE), talked(3, **COLLEAGUE)) == []


def test_one_number_in_two_notations_is_one() -> None:
    assert listed(missed(1), missed(2, number="+31612345678")) == [("missed 2", 2)]


def test_the_last_of_several_talks_counts() -> None:
    talks = last_talks([("+31612345678", minutes(5))], [talked(1), talked(2, **ANNA)])
    assert talks == {"+31612345678": minutes(5), "+31687654321": minutes(3)}
    assert last_talks([("+31612345678", minutes(5))], [talked(7)]) == {"+31612345678": minutes(8)}
