from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bubbled.model import (
    Call,
    CallChange,
    CallId,
    CallState,
    ChangeKind,
    Device,
    Direction,
    Outcome,
    Owner,
    Via,
    ViaKind,
)
from bubbled.pbx.confluence import LAG_S, Confluence, Origin

AMI, SIP = Origin.AMI, Origin.SIP
STARTED, UPDATED, ANSWERED, ENDED = ChangeKind
KINDS = {
    CallState.RINGING: STARTED,
    CallState.DIALLING: STARTED,
    CallState.TALKING: ANSWERED,
    CallState.ENDED: ENDED,
}
NUMBER = "+31612345678"


def call(origin: Origin, state: CallState = CallState.RINGING, **facts: object) -> Call:
    base = Call(
        id=CallId(f"{origin.name}-1"),
        device=Device("PJSIP/101"),
        direction=Direction.INBOUND,
        state=state,
        number=NUMBER,
        dialled="+31201000101" if origin is AMI else None,
    )
    return replace(base, **facts)  # type: ignore[arg-type]


class Both:
    """What two sources tell, and what comes of it."""

    def __init__(self) -> None:
        self.confluence = Confluence()
        self.now = 100.0

    def hears(self, origin: Origin, state: CallState = CallState.RINGING, **facts: object) -> list[str]:
        told = call(origin, state, **facts)
        changes = self.confluence.feed(origin, [CallChange(KINDS[state], told)], self.now)
        return [
            f"{change.kind} {change.call.id} {change.call.outcome or change.call.state}" for change in changes
        ]


def test_a_call_that_both_tell_is_one_and_ami_is_believed() -> None:
    both = Both()
    assert both.hears(SIP) == ["started SIP-1 ringing"]
    assert both.hears(AMI) == ["updated SIP-1 ringing"]
    assert both.hears(SIP, CallState.TALKING) == []
    assert both.hears(AMI, CallState.TALKING) == ["answered SIP-1 talking"]
    assert both.hears(SIP, CallState.ENDED, outcome=Outcome.MISSED) == []
    assert both.hears(AMI, CallState.ENDED, outcome=Outcome.ANSWERED) == ["ended SIP-1 answered"]


def test_ami_may_be_first() -> None:
    both = Both()
    assert both.hears(AMI) == ["started AMI-1 ringing"]
    assert both.hears(SIP) == []
    assert both.hears(AMI, CallState.ENDED, outcome=Outcome.ANSWERED_ELSEWHERE) == [
        "ended AMI-1 answered_elsewhere"
    ]
    assert both.hears(SIP, CallState.ENDED, outcome=Outcome.MISSED) == []


def test_the_dialled_number_of_ami_is_added() -> None:
    both = Both()
    both.hears(SIP)
    (change,) = both.confluence.feed(AMI, [CallChange(STARTED, call(AMI))], 100.0)
    assert (change.call.id, change.call.dialled) == ("SIP-1", "+31201000101")


def test_while_ami_is_away_sip_is_heard() -> None:
    both = Both()
    both.hears(AMI)
    both.hears(SIP)
    both.confluence.reached(AMI, is_up=False)
    assert both.hears(SIP, CallState.TALKING) == ["answered AMI-1 talking"]
    assert both.hears(SIP, CallState.ENDED, outcome=Outcome.ANSWERED) == ["ended AMI-1 answered"]
    both.confluence.reached(AMI, is_up=True)
    assert both.hears(AMI, CallState.ENDED, outcome=Outcome.MISSED) == []


def test_a_call_that_only_sip_knows_is_told() -> None:
    both = Both()
    both.hears(AMI)
    assert both.hears(SIP, number="+31687654321") == ["started SIP-1 ringing"]


def test_another_notation_is_the_same_number() -> None:
    both = Both()
    both.hears(AMI, number="0612345678")
    assert both.hears(SIP, number="+31612345678") == []


def test_withheld_numbers_are_matched_by_direction() -> None:
    both = Both()
    both.hears(AMI, number=None)
    assert both.hears(SIP, number=None) == []
    assert Both().hears(SIP, number=None) == ["started SIP-1 ringing"]


def test_an_own_call_keeps_the_number_that_ami_knows() -> None:
    both, own = Both(), {"direction": Direction.OUTBOUND}
    both.hears(SIP, CallState.DIALLING, number=None, **own)
    both.hears(AMI, CallState.DIALLING, **own)
    both.confluence.reached(AMI, is_up=False)
    (change,) = both.confluence.feed(
        SIP, [CallChange(ENDED, call(SIP, CallState.ENDED, number=None, **own))], 100.0
    )
    assert (change.kind, change.call.number, change.call.state) == (ENDED, NUMBER, CallState.ENDED)


def test_the_own_phone_that_rings_for_a_click_is_no_second_call() -> None:
    both = Both()
    click = {"direction": Direction.OUTBOUND, "via": Via(ViaKind.CLICK_TO_CALL)}
    both.hears(AMI, CallState.RINGING, **click)
    assert both.hears(SIP) == []
    assert both.hears(AMI, CallState.TALKING, **click) == ["answered AMI-1 talking"]


def test_a_late_word_of_sip_opens_nothing_again_but_the_next_call_does() -> None:
    both = Both()
    both.hears(AMI)
    both.hears(AMI, CallState.ENDED, outcome=Outcome.MISSED)
    both.now += LAG_S / 2
    assert both.hears(SIP) == []
    assert both.hears(SIP, CallState.ENDED, outcome=Outcome.MISSED) == []
    both.now += LAG_S
    assert both.hears(SIP, id=CallId("SIP-2")) == ["started SIP-2 ringing"]
    assert both.hears(AMI, id=CallId("AMI-2")) == ["updated SIP-2 ringing"]


def test_the_same_caller_twice_is_two_calls() -> None:
    both = Both()
    for number in "12":
        both.hears(AMI, id=CallId(f"AMI-{number}"))
        assert both.hears(SIP, id=CallId(f"SIP-{number}")) == []
    assert both.hears(SIP, id=CallId("SIP-3")) == ["started SIP-3 ringing"]


def test_colleagues_are_told_as_they_come() -> None:
    both = Both()
    both.hears(AMI)
    assert both.hears(SIP, owner=Owner("102")) == ["started SIP-1 ringing"]


def test_what_is_over_is_forgotten() -> None:
    both = Both()
    for number in range(100):
        for origin in Origin:
            for state in (CallState.RINGING, CallState.ENDED):
                both.hears(origin, state, id=CallId(f"{origin.name}-{number}"))
        both.now += 10
    assert len(both.confluence._calls) <= 2


@pytest.mark.parametrize("first", Origin)
def test_joining_a_call_that_goes_on(first: Origin) -> None:
    both = Both()
    assert [*both.hears(first), *both.hears(first, CallState.TALKING)] == [
        f"started {first.name}-1 ringing",
        f"answered {first.name}-1 talking",
    ]
    other = next(origin for origin in Origin if origin is not first)
    talking = call(other, CallState.TALKING)
    changes = both.confluence.feed(
        other, [CallChange(STARTED, talking), CallChange(ANSWERED, talking)], 100.0
    )
    assert all(change.kind is UPDATED for change in changes)


@settings(max_examples=300)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(Origin), st.integers(0, 2), st.sampled_from([NUMBER, "102", None]), st.booleans()
        ),
        max_size=30,
    )
)
def test_whatever_comes_each_call_begins_once_and_ends_once(
    steps: list[tuple[Origin, int, str | None, bool]],
) -> None:
    confluence, going, told = Confluence(), dict[tuple[Origin, int], Call](), list[CallChange]()
    after = {CallState.RINGING: CallState.TALKING, CallState.TALKING: CallState.ENDED}
    for time, (origin, number, who, is_up) in enumerate(steps):
        confluence.reached(AMI, is_up=is_up)
        old = going.pop((origin, number), None)
        if old is None:
            new = call(origin, number=who, id=CallId(f"{origin.name}-{number}-{time}"))
        else:
            new = replace(old, state=after[old.state])
        if new.state is not CallState.ENDED:
            going[origin, number] = new
        told += confluence.feed(origin, [CallChange(KINDS[new.state], new)], float(time))
    confluence.reached(AMI, is_up=True)
    for (origin, _), left in sorted(going.items(), reverse=True):
        ended = replace(left, state=CallState.ENDED)
        told += confluence.feed(origin, [CallChange(ENDED, ended)], 1000.0)
    for call_id in {change.call.id for change in told}:
        kinds = [change.kind for change in told if change.call.id == call_id]
        assert (kinds[0], kinds[-1], kinds.count(STARTED), kinds.count(ENDED)) == (STARTED, ENDED, 1, 1)
        assert kinds.count(ANSWERED) <= 1
