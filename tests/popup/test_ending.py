from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bubbled.model import Call, CallId, CallState, Device, Direction, Failure, Outcome
from bubbled.popup.ending import MOST_FAREWELLS, MOST_MISSED, displaced, ending, times_missed
from bubbled.popup.phase import Phase, Trigger
from bubbled.popup.popup import Popup
from bubbled.popup.rule import Objection
from bubbled.popup.subject import Subject

NOW = datetime(2026, 11, 27, 14, 3, tzinfo=UTC)
THEIRS = Call(id=CallId("1"), device=Device("PJSIP/101"), direction=Direction.INBOUND, state=CallState.ENDED)
OWN = replace(THEIRS, direction=Direction.OUTBOUND)
UNWANTED, QUIET = Objection("missed calls are switched off"), Objection("full screen", is_passing=True)


@pytest.mark.parametrize(
    ("call", "objection", "trigger"),
    [
        (replace(THEIRS, outcome=Outcome.ANSWERED), None, Trigger.ENDED),
        (replace(THEIRS, outcome=Outcome.REJECTED), None, Trigger.ENDED),
        (replace(THEIRS, outcome=Outcome.ANSWERED_ELSEWHERE), None, Trigger.ENDED_NEWS),
        (replace(THEIRS, outcome=Outcome.MISSED), None, Trigger.ENDED_MISSED),
        (replace(THEIRS, outcome=Outcome.MISSED), QUIET, Trigger.ENDED_PUT_OFF),
        (replace(THEIRS, outcome=Outcome.MISSED), UNWANTED, Trigger.ENDED),
        (replace(OWN, outcome=Outcome.REJECTED), None, Trigger.ENDED_NEWS),
        (replace(OWN, outcome=Outcome.TRANSFERRED), None, Trigger.ENDED_NEWS),
        (replace(OWN, outcome=Outcome.TRANSFERRED, internal=True), None, Trigger.ENDED),
        (replace(OWN, outcome=Outcome.FAILED, failure=Failure.NOT_CONNECTED), None, Trigger.FAILED),
    ],
)
def test_what_the_user_does_not_know_yet_is_told(
    call: Call, objection: Objection | None, trigger: Trigger
) -> None:
    assert ending(call, objection, is_kept=False) is trigger


@pytest.mark.parametrize("outcome", [Outcome.ANSWERED, Outcome.REJECTED])
def test_what_the_user_knows_stays_only_for_his_notes(outcome: Outcome) -> None:
    assert ending(replace(THEIRS, outcome=outcome), None, is_kept=True) is Trigger.ENDED_KEPT


def popups(phase: Phase, count: int, number: str | None = None) -> list[Popup]:
    calls = (replace(THEIRS, id=CallId(str(i)), number=number or f"06{i:08}") for i in range(count))
    return [Popup(Subject(call=call), phase, NOW + timedelta(seconds=i)) for i, call in enumerate(calls)]


@pytest.mark.parametrize(
    ("phase", "most"),
    [
        (Phase.FAREWELL, MOST_FAREWELLS),
        (Phase.KEPT, MOST_FAREWELLS),
        (Phase.MISSED, MOST_MISSED),
        (Phase.PUT_OFF, MOST_MISSED),
    ],
)
def test_where_there_are_too_many_the_oldest_goes(phase: Phase, most: int) -> None:
    up = popups(phase, most + 1)
    assert displaced(up[-2], up[:-1]) == []
    assert displaced(up[-1], up) == up[:1]


def test_one_card_tells_of_all_missed_calls_of_a_caller() -> None:
    same, others = popups(Phase.MISSED, 3, "0612345678"), popups(Phase.MISSED, 5)
    gone = displaced(same[-1], [*others, *same])
    assert gone == same[:-1]
    assert times_missed(same[-1], gone) == 3


@pytest.mark.parametrize("phase", [Phase.GONE, Phase.UP, Phase.SILENT, Phase.RECALLED])
def test_what_comes_not_at_an_end_displaces_nothing(phase: Phase) -> None:
    up = popups(phase, MOST_MISSED + 5)
    assert displaced(up[-1], up) == []
