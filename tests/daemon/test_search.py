from __future__ import annotations

from dataclasses import replace

import pytest

from bubbled.daemon.search import MOST_SEARCHES, Search, Searches, finding_of, question_of
from bubbled.directory.order.answer import Answer, Asked, Question, Reply
from bubbled.model import E164, Call, CallId, Contact, Direction, Extension
from bubbled.popup.subject import NOTHING, Finding, Unanswered
from tests.daemon.stand_in import JAN, PIET, a_call

OUTSIDE = a_call()
BOB = replace(a_call(number=None), number="102", internal=True, dialled="101")


@pytest.mark.parametrize(
    ("call", "question"),
    [
        (OUTSIDE, Question(JAN)),
        (replace(OUTSIDE, internal=True), Question(JAN, is_internal=True)),
        (BOB, Question(Extension("102"), is_internal=True)),
        (replace(BOB, direction=Direction.OUTBOUND), Question(Extension("102"), is_internal=True)),
        (replace(BOB, number="*98"), Question(Extension("*98"), is_internal=True)),
        (replace(BOB, number="reception"), Question(Extension("reception"), is_internal=True)),
    ],
)
def test_whom_the_directories_are_asked_about(call: Call, question: Question) -> None:
    assert question_of(call, "NL") == question


@pytest.mark.parametrize(
    "call",
    [
        a_call(number=None),
        replace(a_call(number=None), number="anonymous"),
        replace(a_call(number=None), number="1234"),
        replace(a_call(number=None), number="sip:jan@elsewhere.example"),
        replace(BOB, number="anonymous"),
        replace(BOB, number=None),
        replace(BOB, number="1" * 21),
        replace(BOB, number="10 2\r\nAction: x"),
        replace(BOB, number="+102"),
    ],
)
def test_withheld_short_and_senseless_numbers_are_never_asked(call: Call) -> None:
    assert question_of(call, "NL") is None


def test_who_dialled_an_outside_number_is_no_colleague_whatever_extension_he_claims() -> None:
    assert question_of(replace(BOB, dialled="+31201000101"), "NL") is None
    assert question_of(replace(BOB, dialled="0201000101"), "NL") is None
    assert question_of(replace(BOB, dialled="0201000101", direction=Direction.OUTBOUND), "NL") is not None


def contact(name: str, directory: str = "CRM", *, probable: bool = False) -> Contact:
    return Contact(directory=directory, name=name, probable=probable)


def asked(directory: str, outcome: Reply, *matches: Contact) -> Asked:
    return Asked(directory, outcome, 1.0, matches=matches)


def answer(*trace: Asked, shown: Contact | None = None, provisional: bool = False) -> Answer:
    matches = next((each.matches for each in trace if shown in each.matches), ())
    return Answer(shown, matches, trace, provisional)


def found(of: Answer) -> Finding:
    return finding_of(of, of.matches)


ANN, BAS = contact("Ann"), contact("Bas")


def test_the_directories_before_the_winner_that_did_not_answer_are_told() -> None:
    trace = (
        asked("A", Reply.TIMEOUT),
        asked("B", Reply.ERROR),
        asked("C", Reply.MISS),
        asked("D", Reply.BREAKER),
        asked("CRM", Reply.HIT, ANN),
        asked("E", Reply.ERROR),
    )
    assert found(answer(*trace, shown=ANN)).unanswered == (
        Unanswered("A", is_slow=True),
        Unanswered("B"),
        Unanswered("D"),
    )


def test_when_nobody_knows_or_it_is_a_guess_all_that_did_not_answer_are_told() -> None:
    guess = contact("Acme", probable=True)
    down = asked("E", Reply.ERROR)
    assert found(answer(asked("CRM", Reply.MISS), down)).unanswered == (Unanswered("E"),)
    assert found(answer(asked("CRM", Reply.HIT, guess), down, shown=guess)).unanswered == (Unanswered("E"),)


def test_what_a_directory_knew_before_it_went_down_is_told_to_be_that() -> None:
    stale = asked("CRM", Reply.ERROR, ANN)
    assert found(answer(stale, shown=ANN)).unanswered == (Unanswered("CRM"),)


@pytest.mark.parametrize("outcome", [Reply.REFUSED, Reply.NOT_ASKED, Reply.CANCELLED, Reply.MISS])
def test_what_is_no_trouble_of_this_call_is_not_told(outcome: Reply) -> None:
    assert found(answer(asked("A", outcome))).unanswered == ()


def test_several_matches_are_a_choice_and_one_is_none() -> None:
    assert found(answer(asked("CRM", Reply.HIT, ANN, BAS), shown=ANN)).matches == (ANN, BAS)
    assert found(answer(asked("CRM", Reply.HIT, ANN), shown=ANN)).matches == ()
    assert found(answer(asked("CRM", Reply.HIT, ANN, ANN), shown=ANN)).matches == ()


def test_while_somebody_may_know_better_there_is_nothing_to_choose_and_nobody_to_blame() -> None:
    so_far = answer(asked("A", Reply.ERROR), asked("CRM", Reply.HIT, ANN, BAS), shown=ANN, provisional=True)
    assert found(so_far) == Finding(contact=ANN, is_provisional=True)


def test_who_was_chosen_before_is_the_one_to_show() -> None:
    finding = finding_of(answer(asked("CRM", Reply.HIT, ANN, BAS), shown=ANN), (BAS, ANN))
    assert (finding.contact, finding.matches) == (BAS, (BAS, ANN))


FAMILY = Finding(contact=ANN, matches=(ANN, BAS))


def a_search(number: E164 = JAN) -> Search:
    return Search(Question(number))


def test_a_trace_is_kept_without_the_contacts() -> None:
    kept = Search.of(Question(JAN), answer(asked("CRM", Reply.HIT, ANN), shown=ANN))
    assert kept == Search(Question(JAN), (asked("CRM", Reply.HIT),), is_provisional=False)


def test_only_so_many_searches_are_kept() -> None:
    searches = Searches()
    for number in range(MOST_SEARCHES + 1):
        searches.note(CallId(f"{number}"), a_search(), FAMILY)
    assert searches[CallId("0")] is None
    assert searches.finding(CallId("0")) == NOTHING
    assert searches[CallId("1")] is not None


def test_of_calls_that_are_over_only_the_last_can_be_chosen_for() -> None:
    searches = Searches()
    for call_id in ("1", "2", "3"):
        searches.note(CallId(call_id), a_search(), FAMILY)
    searches.ended(CallId("1"))
    searches.ended(CallId("2"))
    assert [searches.finding(CallId(each)) for each in "123"] == [NOTHING, FAMILY, FAMILY]
    assert searches[CallId("1")] is not None
    searches.chosen(CallId("1"), BAS)
    searches.chosen(CallId("3"), BAS)
    assert (searches.finding(CallId("1")), searches.finding(CallId("3")).contact) == (NOTHING, BAS)


def test_the_call_to_choose_for_is_the_latest_that_leaves_a_choice() -> None:
    searches = Searches()
    assert searches.latest_with_choice() is None
    searches.note(CallId("1"), a_search(), Finding(contact=ANN))
    assert searches.latest_with_choice() == "1"
    searches.note(CallId("2"), a_search(), FAMILY)
    searches.note(CallId("3"), a_search(), NOTHING)
    assert searches.latest_with_choice() == "2"


def test_a_number_is_forgotten_and_the_others_are_not() -> None:
    searches = Searches()
    searches.note(CallId("1"), a_search(), FAMILY)
    searches.note(CallId("2"), a_search(PIET), FAMILY)
    searches.forget(JAN)
    assert (searches[CallId("1")], searches.finding(CallId("1"))) == (None, NOTHING)
    assert searches[CallId("2")] is not None
