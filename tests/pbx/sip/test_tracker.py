from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bubbled.model import CallId, CallState, ChangeKind, Device, Direction
from bubbled.pbx.sip.dialog_info import parse
from bubbled.pbx.sip.tracker import Tracker
from tests.pbx.sip.notifier import CONFIRMED, IDLE, bare, document, early
from tests.pbx.sip.wish import CLICK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bubbled.model import CallChange

HELD = (
    '<dialog id="101"><local><target uri="sip:101@h"><param pname="+sip.rendering" pval="no"/></target>'
    "</local><state>confirmed</state></dialog>"
)
OTHER = early("+31687654321", "Piet")


def rich(
    state: str, *, call: str = "c1", way: str = "recipient", more: str = "", who: str = "0612345678"
) -> str:
    """What a PBX tells that names each dialog."""
    return (
        f'<dialog id="{call}" call-id="{call}" local-tag="l" remote-tag="r" direction="{way}">'
        f"<state {more}>{state}</state><remote><identity>sip:{who}@h</identity></remote></dialog>"
    )


def told(changes: Sequence[CallChange]) -> list[str]:
    words = []
    for change in changes:
        call = change.call
        facts = (change.kind, call.direction, call.state, call.number, call.outcome)
        words.append(" ".join("-" if fact is None else str(fact) for fact in facts))
    return words


def story(*documents: Sequence[str], tracker: Tracker | None = None, begun: bool = True) -> list[str]:
    """What is told of full documents that follow each other; the first finds the phone idle."""
    tracker = tracker or Tracker(Device("PJSIP/101"), "NL")
    all_documents = [(IDLE,), *documents] if begun else documents
    return told(
        [change for dialogs in all_documents for change in tracker.apply(parse(document(0, *dialogs)))]
    )


RINGS = "started inbound ringing +31612345678 -"


def test_an_answered_call() -> None:
    assert story([early()], [early()], [CONFIRMED], [CONFIRMED], [IDLE], [IDLE]) == [
        RINGS,
        "answered inbound talking +31612345678 -",
        "ended inbound ended +31612345678 answered",
    ]


def test_a_call_that_nobody_answers_is_missed() -> None:
    assert story([early()], [IDLE])[1:] == ["ended inbound ended +31612345678 missed"]


def test_a_withheld_number_is_none() -> None:
    assert story([early("anonymous", "Anonymous")]) == ["started inbound ringing - -"]


def test_a_colleague_is_internal_and_a_number_has_its_international_notation() -> None:
    tracker = Tracker(Device("PJSIP/101"), "NL")
    story([early("102", "Bob")], tracker=tracker)
    (bob,) = tracker.calls
    assert (bob.internal, bob.number, bob.e164, bob.name, bob.device) == (
        True,
        "102",
        None,
        "Bob",
        "PJSIP/101",
    )
    story([IDLE], [early("0612345678", "Jan")], tracker=tracker)
    (jan,) = tracker.calls
    assert (jan.internal, jan.e164, jan.id == bob.id) == (False, "+31612345678", False)


def test_a_call_while_it_rings_when_bubbled_begins_pops_up() -> None:
    assert story([early()], begun=False) == [RINGS]


def test_a_call_that_went_on_when_bubbled_began_is_not_known() -> None:
    assert story([CONFIRMED], [CONFIRMED], [IDLE], [early()], begun=False) == [RINGS]


def test_an_own_call_is_outbound_and_nothing_more_is_known() -> None:
    assert story([CONFIRMED], [HELD], [IDLE]) == ["started outbound dialling - -", "ended outbound ended - -"]


def test_holding_is_told() -> None:
    assert story([early()], [CONFIRMED], [HELD], [CONFIRMED])[2:] == [
        "updated inbound held +31612345678 -",
        "updated inbound talking +31612345678 -",
    ]


def test_a_second_caller_has_a_call_of_his_own_and_counts_as_missed() -> None:
    assert story([early()], [CONFIRMED], [OTHER], [CONFIRMED], [IDLE])[2:] == [
        "started inbound ringing +31687654321 -",
        "ended inbound ended +31687654321 missed",
        "ended inbound ended +31612345678 answered",
    ]


def test_another_caller_in_the_place_of_the_first() -> None:
    assert story([early()], [OTHER])[1:] == [
        "ended inbound ended +31612345678 missed",
        "started inbound ringing +31687654321 -",
    ]


def test_a_document_without_the_caller_takes_no_caller_away() -> None:
    assert story([early()], [bare("early")]) == [RINGS]


def test_the_name_may_come_later() -> None:
    tracker = Tracker(Device("PJSIP/101"), "NL")
    assert story([early(name="")], [early(name="Jan")], tracker=tracker)[1].startswith("updated")
    assert tracker.calls[0].name == "Jan"


@pytest.mark.parametrize(
    ("more", "outcome"),
    [
        ("", "missed"),
        ('event="cancelled"', "missed"),
        ('event="rejected" code="486"', "rejected"),
        ('event="replaced"', "answered_elsewhere"),
        ('code="603"', "rejected"),
    ],
)
def test_how_it_ended_where_the_pbx_tells(more: str, outcome: str) -> None:
    assert story([rich("early")], [rich("terminated", more=more)])[-1].endswith(outcome)


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (["trying", "early", "confirmed"], ["started dialling", "answered talking", "ended answered"]),
        (["early"], ["started dialling", "ended no_answer"]),
    ],
)
def test_own_calls_where_the_pbx_tells_them(states: list[str], expected: list[str]) -> None:
    lines = story(
        *([rich(state, way="initiator")] for state in states), [rich("terminated", way="initiator")]
    )
    assert [f"{line.split()[0]} {line.split()[-1 if 'ended' in line else 2]}" for line in lines] == expected


def test_own_calls_that_come_to_nothing() -> None:
    busy = story([rich("early", way="initiator")], [rich("terminated", way="initiator", more='code="486"')])
    dead = story([rich("early", way="initiator")], [rich("terminated", way="initiator", more='code="404"')])
    assert (busy[-1].split()[-1], dead[-1].split()[-1]) == ("busy", "failed")


def test_calls_that_the_pbx_tells_apart_go_on_side_by_side() -> None:
    first, second = rich("confirmed"), rich("early", call="c2", who="0687654321")
    lines = story(
        [rich("early")], [first, second], [first, second.replace("early", "confirmed")], [first], []
    )
    assert [line.split()[0] for line in lines] == [
        "started",
        "answered",
        "started",
        "answered",
        "ended",
        "ended",
    ]
    assert lines[-2].endswith("0687654321 answered")


def test_a_call_that_lifts_by_itself() -> None:
    assert [line.split()[0] for line in story([rich("confirmed")])] == ["started", "answered"]


def test_a_call_goes_on_through_a_new_subscription_and_is_over_if_it_ended_meanwhile() -> None:
    tracker = Tracker(Device("PJSIP/101"), "NL")
    story([early()], [CONFIRMED], tracker=tracker)
    tracker.subscribed()
    assert story([CONFIRMED], tracker=tracker, begun=False) == []
    tracker.subscribed()
    assert story([IDLE], tracker=tracker, begun=False) == ["ended inbound ended +31612345678 answered"]


def test_a_part_says_nothing_of_the_others() -> None:
    tracker = Tracker(Device("PJSIP/101"), "NL")
    story([rich("early"), rich("early", call="c2", who="0687654321")], tracker=tracker)
    changes = tracker.apply(parse(document(1, rich("confirmed"), state="partial")))
    assert [change.kind for change in changes] == [ChangeKind.ANSWERED]
    assert len(tracker.calls) == 2


# A click, for which the phone itself is asked to call.


def clicked() -> tuple[Tracker, list[str]]:
    tracker = Tracker(Device("PJSIP/101"), "NL")
    tracker.apply(parse(document(0, IDLE)))
    return tracker, told(tracker.expect(replace(CLICK.call(), state=CallState.DIALLING)))


def test_the_next_own_call_is_that_of_the_click() -> None:
    tracker, began = clicked()
    lines = [*began, *story([CONFIRMED], tracker=tracker, begun=False)]
    lines += [*told(tracker.progressed(180)), *told(tracker.progressed(200))]
    lines += story([IDLE], tracker=tracker, begun=False)
    assert [(line.split()[0], line.split()[2]) for line in lines] == [
        ("started", "dialling"),
        ("updated", "dialling"),
        ("answered", "talking"),
        ("ended", "ended"),
    ]
    assert {line.split()[3] for line in lines} == {CLICK.number}
    assert lines[-1].endswith("answered")


def test_a_click_that_the_phone_could_not_do() -> None:
    tracker, _ = clicked()
    assert told(tracker.progressed(486))[-1].endswith("busy")
    assert tracker.progressed(486) == []


def test_a_click_that_came_to_nothing_is_given_up_once_and_only_if_it_did() -> None:
    tracker, _ = clicked()
    assert tracker.give_up(CallId("another")) == []
    assert [change.kind for change in tracker.give_up(CLICK.id)] == [ChangeKind.ENDED]
    tracker, _ = clicked()
    story([CONFIRMED], tracker=tracker, begun=False)
    assert tracker.give_up(CLICK.id) == []


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.lists(
                st.builds(
                    rich,
                    st.sampled_from(["trying", "proceeding", "early", "confirmed", "terminated"]),
                    call=st.sampled_from(["c1", "c2"]),
                    way=st.sampled_from(["recipient", "initiator", ""]),
                    who=st.sampled_from(["0612345678", "0687654321", "102", "anonymous", ""]),
                )
                | st.sampled_from([early(), OTHER, CONFIRMED, HELD, IDLE, bare("early")]),
                max_size=3,
            ),
            st.booleans(),
            st.booleans(),
        ),
        max_size=12,
    )
)
def test_whatever_comes_each_call_begins_once_and_ends_once(
    documents: list[tuple[list[str], bool, bool]],
) -> None:
    tracker = Tracker(Device("PJSIP/101"), "NL")
    changes: list[CallChange] = []
    for dialogs, is_full, is_new in documents:
        if is_new:
            tracker.subscribed()
        changes += tracker.apply(parse(document(0, *dialogs, state="full" if is_full else "partial")))
    changes += tracker.apply(parse(document(0)))
    assert tracker.calls == []
    for call_id in {change.call.id for change in changes}:
        kinds = [change.kind for change in changes if change.call.id == call_id]
        assert (kinds[0], kinds[-1]) == (ChangeKind.STARTED, ChangeKind.ENDED)
        assert (kinds.count(ChangeKind.STARTED), kinds.count(ChangeKind.ENDED)) == (1, 1)
        assert kinds.count(ChangeKind.ANSWERED) <= 1
    assert all(change.call.direction in Direction for change in changes)
