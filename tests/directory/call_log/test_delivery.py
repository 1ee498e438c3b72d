from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bubbled.directory.call_log.delivery import (
    GIVE_UP_AFTER,
    TRANSITIONS,
    Event,
    News,
    Stage,
    Step,
    after,
    begin,
    next_step,
    pause_after,
    wake_at,
)
from tests.directory.call_log.office import ENDED

LOOK_AFTER_S = 120.0
SEARCH_DELAY_S = 100.0
FATES = (
    (True, Event.WRITTEN),
    (True, Event.UNANSWERED),
    (True, None),
    (False, Event.UNANSWERED),
    (False, None),
    (False, Event.UNSENT),
    (False, Event.BUSY),
    (False, Event.DENIED),
    (False, Event.REFUSED),
)
"""Whether a request arrives, and what is told of it; None: bubbled ends before anything is."""


def test_a_call_waits_for_its_note_before_it_is_sent() -> None:
    delivery = begin(ENDED, 60)
    assert wake_at(delivery, ENDED, can_look=True) == ENDED + timedelta(seconds=60)
    assert next_step(delivery, ENDED + timedelta(seconds=60)) is Step.SEND


def test_only_what_waits_is_ever_sent() -> None:
    assert [stage for (stage, event) in TRANSITIONS if event is Event.BEGUN] == [Stage.WAITING]


def test_back_to_waiting_leads_only_what_surely_is_not_there() -> None:
    ways = {event for (_, event), to in TRANSITIONS.items() if to is Stage.WAITING}
    assert ways == {Event.UNSENT, Event.BUSY, Event.DENIED, Event.ABSENT}
    assert TRANSITIONS[Stage.SENDING, Event.UNANSWERED] is Stage.DOUBTFUL
    assert TRANSITIONS[Stage.SENDING, Event.INTERRUPTED] is Stage.DOUBTFUL


@pytest.mark.parametrize(
    ("stage", "event"), [pair for pair in product(Stage, Event) if pair not in TRANSITIONS]
)
def test_what_cannot_happen_is_a_defect(stage: Stage, event: Event) -> None:
    delivery = begin(ENDED, 0)
    with pytest.raises(KeyError):
        after(type(delivery)(stage=stage, since=ENDED, due_at=ENDED), News(event), ENDED)


def test_pauses_double_up_to_an_hour_unless_the_crm_wants_more() -> None:
    assert [pause_after(n, None).total_seconds() for n in (1, 2, 3, 20)] == [30, 60, 120, 3600]
    assert pause_after(1, 7200.0).total_seconds() == 7200
    assert pause_after(1, 5.0).total_seconds() == 30
    assert pause_after(1, 1e9).total_seconds() == 24 * 3600


def test_what_could_not_be_sent_for_a_week_is_given_up() -> None:
    late = ENDED + GIVE_UP_AFTER + timedelta(seconds=1)
    assert next_step(begin(ENDED, 0), late) is Step.GIVE_UP
    assert after(begin(ENDED, 0), News(Event.EXPIRED), late).stage is Stage.GIVEN_UP


def test_what_is_doubtful_is_looked_for_only_where_that_can_be_done() -> None:
    sending = after(begin(ENDED, 0), News(Event.BEGUN), ENDED)
    doubtful = after(sending, News(Event.UNANSWERED), ENDED, LOOK_AFTER_S)
    assert wake_at(doubtful, ENDED, can_look=False) is None
    assert wake_at(doubtful, ENDED, can_look=True) == ENDED + timedelta(seconds=LOOK_AFTER_S)


def test_what_is_due_years_ahead_is_due_now_because_the_clock_was_set_back() -> None:
    ahead = begin(ENDED + timedelta(days=3650), 60)
    assert wake_at(ahead, ENDED, can_look=True) == ENDED
    assert wake_at(begin(ENDED, 23 * 3600), ENDED, can_look=True) == ENDED + timedelta(hours=23)


@settings(max_examples=1000, deadline=None)
@given(st.data())
def test_whatever_comes_between_no_call_stands_in_the_crm_twice(data: st.DataObject) -> None:
    """A world in which requests arrive or not whatever is answered, and bubbled ends at any moment.

    What is written to disk survives; the search of the CRM finds what is there a while after it came.
    """
    can_look = data.draw(st.booleans(), label="can look")
    now, on_disk = ENDED, begin(ENDED, 0)
    arrivals = []
    for _ in range(data.draw(st.integers(2, 12), label="steps")):
        now += timedelta(seconds=data.draw(st.sampled_from((0, 31, 125)), label="time passes"))
        if on_disk.stage is Stage.SENDING:  # bubbled starts anew
            on_disk = after(on_disk, News(Event.INTERRUPTED), now, LOOK_AFTER_S)
        due = wake_at(on_disk, now, can_look=can_look)
        if due is None or due > now:
            continue
        if next_step(on_disk, now) is Step.SEND:
            on_disk = after(on_disk, News(Event.BEGUN), now, LOOK_AFTER_S)
            arrives, event = data.draw(st.sampled_from(FATES), label="fate")
            arrivals += [now] if arrives else []
        else:
            is_there = any((now - at).total_seconds() >= SEARCH_DELAY_S for at in arrivals)
            found = Event.FOUND if is_there else Event.ABSENT
            event = data.draw(st.sampled_from((found, Event.UNCERTAIN)), label="found")
        if event is not None:
            on_disk = after(on_disk, News(event), now, LOOK_AFTER_S)
    assert len(arrivals) <= 1
