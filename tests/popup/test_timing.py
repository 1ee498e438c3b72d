from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.model import Call, CallId, CallState, Device, Direction, Outcome
from bubbled.popup.layout import Layout
from bubbled.popup.phase import ON_SCREEN, Phase
from bubbled.popup.popup import Popup
from bubbled.popup.presenter import PopupRules
from bubbled.popup.rule import Circumstances
from bubbled.popup.subject import Subject
from bubbled.popup.timing import EXPLANATION_S, FAREWELL_S, RECALL_S, next_time, until

NOW = datetime(2026, 11, 27, 14, 3, tzinfo=timezone(timedelta(hours=1)))
LAYOUT = Layout(region="NL")
TALKING = Call(
    id=CallId("1"), device=Device("PJSIP/101"), direction=Direction.INBOUND, state=CallState.TALKING
)
OWN = replace(TALKING, direction=Direction.OUTBOUND)


def popup(phase: Phase, call: Call = TALKING, *, answered_at: datetime | None = None) -> Popup:
    return Popup(Subject(call=call, answered_at=answered_at), phase, NOW)


@pytest.mark.parametrize(
    ("phase", "call", "keep_after_s", "stays_s"),
    [
        (Phase.FAREWELL, TALKING, 0, FAREWELL_S),
        (Phase.FAREWELL, TALKING, 60, 60),
        (Phase.FAREWELL, TALKING, 1, FAREWELL_S),
        (Phase.FAREWELL, replace(OWN, outcome=Outcome.BUSY), 0, EXPLANATION_S),
        (Phase.FAREWELL, replace(OWN, outcome=Outcome.TRANSFERRED), 0, FAREWELL_S),
        (Phase.KEPT, TALKING, 60, 60),
        (Phase.RECALLED, TALKING, 0, RECALL_S),
        (Phase.RECALLED, TALKING, 60, 60),
    ],
)
def test_what_goes_by_itself_stays_for_the_longest_of_its_times(
    phase: Phase, call: Call, keep_after_s: float, stays_s: float
) -> None:
    rules = PopupRules(layout=LAYOUT, keep_after_s=keep_after_s)
    assert until(popup(phase, call), rules) == NOW + timedelta(seconds=stays_s)


@pytest.mark.parametrize("phase", [Phase.UP, Phase.MISSED, Phase.SILENT, Phase.PUT_OFF, Phase.DISMISSED])
def test_the_others_stay_until_something_happens(phase: Phase) -> None:
    assert until(popup(phase), PopupRules(layout=LAYOUT, keep_after_s=60)) is None


COUNTING = PopupRules(layout=replace(LAYOUT, lines=("for $duration",)))


@given(st.integers(0, 10_000_000), st.integers(0, 500))
def test_a_duration_is_redrawn_at_the_next_whole_minute(elapsed_ms: int, days: int) -> None:
    answered_at = NOW - timedelta(milliseconds=elapsed_ms) + timedelta(days=days)
    now = answered_at + timedelta(milliseconds=elapsed_ms)
    wake = next_time([popup(Phase.UP, answered_at=answered_at)], COUNTING, Circumstances(), now)
    assert wake is not None
    assert timedelta() < wake - now <= timedelta(minutes=1)
    assert (wake - answered_at) % timedelta(minutes=1) == timedelta()


@pytest.mark.parametrize("phase", ON_SCREEN - {Phase.UP, Phase.MISSED})
def test_a_duration_that_is_over_is_not_redrawn(phase: Phase) -> None:
    over = popup(phase, answered_at=NOW)
    assert next_time([over], COUNTING, Circumstances(), NOW) == until(over, COUNTING)


def test_where_nothing_is_to_be_done_nobody_is_woken() -> None:
    rules = PopupRules(layout=LAYOUT)
    assert next_time([], rules, Circumstances(), NOW) is None
    assert next_time([popup(Phase.UP, answered_at=NOW)], rules, Circumstances(), NOW) is None
