from __future__ import annotations

from dataclasses import replace

from bubbled.model import CallChange, CallState, ChangeKind, Outcome, Via, ViaKind
from bubbled.story.fact import Answered, Ended, Held, OtherParty, Resumed, Seen
from bubbled.story.progress import progress, seen
from tests.daemon.stand_in import a_call, answered, ended, updated

CALL = a_call()
TALKING = replace(CALL, state=CallState.TALKING)
HELD = replace(CALL, state=CallState.HELD)


def test_a_call_is_told_as_the_pbx_wrote_it() -> None:
    call = replace(CALL, number="06 12", name="JAN", via=Via(ViaKind.QUEUE, "support"))
    assert seen(call, "ami, sip") == Seen(
        device="PJSIP/101",
        direction="inbound",
        state="ringing",
        number="06 12",
        name="JAN",
        via="queue",
        via_name="support",
        pbx="ami, sip",
    )


def test_the_way_of_a_call() -> None:
    assert list(progress(answered(TALKING), CALL)) == [Answered("PJSIP/101")]
    assert list(progress(updated(HELD), TALKING)) == [Held()]
    assert list(progress(updated(TALKING), HELD)) == [Resumed()]
    assert list(progress(updated(CALL), CALL)) == []


def test_somebody_else_is_on_the_line() -> None:
    other = replace(TALKING, number="0687654321", name="PIET")
    assert list(progress(updated(other), TALKING)) == [OtherParty(number="0687654321", name="PIET")]
    transferred = replace(other, transferred_from="102")
    told = OtherParty(number="0687654321", name="PIET", by="102")
    assert list(progress(updated(transferred), TALKING)) == [told]
    answers = CallChange(ChangeKind.ANSWERED, replace(TALKING, number="1"))
    assert list(progress(answers, CALL)) == [OtherParty(number="1"), Answered("PJSIP/101")]


def test_how_it_ended() -> None:
    over = replace(CALL, state=CallState.ENDED, outcome=Outcome.ANSWERED_ELSEWHERE, answered_by="102")
    assert list(progress(ended(over), CALL)) == [Ended("answered_elsewhere", "102")]
    handed = replace(CALL, state=CallState.ENDED, outcome=Outcome.TRANSFERRED, transferred_to="103")
    assert list(progress(ended(handed), TALKING)) == [Ended("transferred", "103")]
    unseen = replace(CALL, state=CallState.ENDED)
    assert list(progress(ended(unseen), TALKING)) == [Ended(None)]
