from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bubbled.model import CallState, Direction, Failure, Outcome
from bubbled.popup.condition import flags_of
from bubbled.popup.example import SCENES, again
from bubbled.popup.layout import Layout
from tests.popup.test_layout import NOW

LAYOUT = Layout(region="NL")


@pytest.mark.parametrize("scene", SCENES)
def test_a_call_of_the_past_is_as_if_it_rang_now(scene: str) -> None:
    subject = SCENES[scene](LAYOUT, NOW - timedelta(days=3))
    over = replace(
        subject,
        call=replace(
            subject.call,
            state=CallState.ENDED,
            outcome=Outcome.TRANSFERRED,
            failure=Failure.UNKNOWN,
            transferred_to="102",
            answered_by="103",
        ),
        answered_at=NOW - timedelta(days=2),
        ended_at=NOW - timedelta(days=1),
    )
    found = again(over, NOW)
    rings = "dialling" if subject.call.direction is Direction.OUTBOUND else "ringing"
    flags = flags_of(found)
    assert rings in flags
    assert not flags & {"ended", "answered", "missed", "failed", "transferred"}
    assert found.started_at is not None
    assert timedelta() < NOW - found.started_at < timedelta(minutes=1)
    assert (found.call.number, found.finding, found.dealings) == (
        subject.call.number,
        subject.finding,
        subject.dealings,
    )
