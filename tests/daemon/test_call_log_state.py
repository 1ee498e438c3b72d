from __future__ import annotations

from dataclasses import replace

import pytest

from bubbled.control.check import Verdict
from bubbled.control.status import CallLogState
from bubbled.daemon import check
from bubbled.daemon.call_log_state import states
from bubbled.directory.call_log.delivery import Stage, begin
from bubbled.directory.call_log.entry import Entry
from tests.directory.call_log.office import BEGAN, ENDED, MemoryWriter, a_record


def entry(serial: int, stage: Stage, reason: str | None = None) -> Entry:
    return Entry(a_record(serial), replace(begin(ENDED, 0), stage=stage, reason=reason))


def nobody(_directory: str) -> None:
    return None


def state_of(*entries: Entry, writer: MemoryWriter | None = None) -> CallLogState:
    (state,) = states(["CRM"], entries, {"CRM": writer or MemoryWriter()}.get)
    return state


def test_what_is_on_its_way_is_counted_with_why() -> None:
    state = state_of(
        entry(1, Stage.WRITTEN),
        entry(2, Stage.WAITING),
        entry(3, Stage.SENDING),
        entry(4, Stage.DOUBTFUL, "it did not say"),
    )
    assert state == CallLogState(directory="CRM", waiting=3, reason="it did not say")


def test_what_only_a_person_can_find_out_is_told_with_its_moment() -> None:
    cannot_look = MemoryWriter(look_after_s=None)
    state = state_of(entry(1, Stage.DOUBTFUL), entry(2, Stage.UNKNOWN), writer=cannot_look)
    assert (state.waiting, state.unsure) == (0, (BEGAN, BEGAN))
    assert state_of(entry(1, Stage.DOUBTFUL)).unsure == ()


def test_what_failed_is_told_with_its_moment_and_why() -> None:
    state = state_of(entry(1, Stage.REFUSED, "no such contact"), entry(2, Stage.GIVEN_UP))
    assert (state.failed, state.reason) == ((BEGAN, BEGAN), "no such contact")


def test_a_directory_that_is_gone_is_told_while_calls_wait_for_it() -> None:
    (state,) = states([], [entry(1, Stage.WAITING)], nobody)
    assert (state.directory, state.waiting) == ("CRM", 1)
    assert list(states([], [entry(1, Stage.WRITTEN)], nobody)) == []


def test_calls_of_another_account_that_had_the_name_are_told() -> None:
    state = state_of(entry(1, Stage.WAITING), writer=MemoryWriter(account="other.example.com"))
    assert "not written into another" in (state.reason or "")


@pytest.mark.parametrize(
    ("state", "verdict"),
    [
        (CallLogState(directory="CRM"), Verdict.OK),
        (CallLogState(directory="CRM", waiting=2), Verdict.OK),
        (CallLogState(directory="CRM", waiting=2, reason="it is away"), Verdict.WARNING),
        (CallLogState(directory="CRM", unsure=(BEGAN,)), Verdict.WARNING),
        (CallLogState(directory="CRM", failed=(BEGAN,)), Verdict.WARNING),
    ],
)
def test_the_doctor_warns_of_calls_that_do_not_come_through(state: CallLogState, verdict: Verdict) -> None:
    assert [each.verdict for each in check.call_log((state,), None)] == [verdict]
    assert [each.text for each in check.call_log((), "the disk is full")] == ["the disk is full"]
