from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.model import Call, CallId, CallState, Device, Direction, Mute, Outcome, Via, ViaKind
from bubbled.popup.rule import Circumstances, Objection, Rule, objection
from bubbled.popup.subject import Subject
from bubbled.settings.popup import Popup

NOW = datetime(2026, 11, 27, 14, 3, tzinfo=timezone(timedelta(hours=1)))  # a Friday
SUPPORT = Via(ViaKind.QUEUE, "support")


def call(**more: Any) -> Call:
    facts: dict[str, Any] = {
        "id": CallId("1"),
        "device": Device("PJSIP/101"),
        "direction": Direction.INBOUND,
        "state": CallState.RINGING,
        "number": "+31612345678",
        "dialled": "+31201000101",
    }
    return Call(**(facts | more))


def why_not(of: Call, rule: Rule, around: Circumstances | None = None, now: datetime = NOW) -> str | None:
    found = objection(Subject(call=of, started_at=NOW), rule, around or Circumstances(), now)
    return found.reason if found else None


CALL = call()
OUTBOUND = call(direction=Direction.OUTBOUND, state=CallState.DIALLING)
COLLEAGUE = call(internal=True, number="102", dialled="101")
MISSED = call(state=CallState.ENDED, outcome=Outcome.MISSED)
TALKING = call(state=CallState.TALKING)


@pytest.mark.parametrize("of", [CALL, OUTBOUND, COLLEAGUE, MISSED, TALKING])
def test_as_it_is_delivered_every_call_pops_up(of: Call) -> None:
    assert why_not(of, Rule()) is None


def test_an_own_call_of_which_nothing_is_known_pops_up_as_soon_as_something_is() -> None:
    unknown = call(direction=Direction.OUTBOUND, number=None, dialled=None)
    assert why_not(unknown, Rule()) == "it is not known whom you call"
    assert why_not(replace(unknown, number="+31301234567"), Rule()) is None
    assert why_not(replace(unknown, name="Bob"), Rule()) is None
    assert why_not(call(number=None), Rule()) is None, "a withheld number pops up"


@pytest.mark.parametrize(
    ("of", "settings", "words"),
    [
        (CALL, {"inbound": False}, "inbound popups are switched off"),
        (COLLEAGUE, {"inbound": False}, "inbound popups are switched off"),
        (OUTBOUND, {"inbound": False}, None),
        (OUTBOUND, {"outbound": False}, "outbound popups are switched off"),
        (CALL, {"outbound": False}, None),
        (COLLEAGUE, {"internal": False}, "calls of colleagues are switched off"),
        (
            call(direction=Direction.OUTBOUND, internal=True),
            {"internal": False},
            "calls of colleagues are switched off",
        ),
        (CALL, {"internal": False}, None),
        (MISSED, {"missed": False}, "popups of missed calls are switched off"),
        (CALL, {"missed": False}, None),
        (CALL, {"waits_for_answer": True}, "popups come when a call is answered"),
        (OUTBOUND, {"waits_for_answer": True}, "popups come when a call is answered"),
        (TALKING, {"waits_for_answer": True}, None),
        (call(state=CallState.HELD), {"waits_for_answer": True}, None),
        (MISSED, {"waits_for_answer": True}, None),
    ],
)
def test_a_switch_concerns_its_calls_alone(of: Call, settings: dict[str, Any], words: str | None) -> None:
    assert why_not(of, Rule(**settings)) == words


def test_a_stranger_whose_trunk_says_that_he_is_an_extension_is_no_colleague() -> None:
    pretender = call(internal=True, number="102", dialled="+31201000101")
    assert why_not(pretender, Rule(region="NL", internal=False)) is None
    assert why_not(pretender, Rule(region="NL", queues=("support",))) == NOT_BY_QUEUE
    assert why_not(COLLEAGUE, Rule(region="NL", queues=("support",))) is None


NOT_BY_QUEUE = "not by one of the queues support"


@pytest.mark.parametrize(
    ("of", "words"),
    [
        (call(via=SUPPORT), None),
        (call(via=Via(ViaKind.QUEUE, "Support")), None),
        (call(via=Via(ViaKind.RING_GROUP, "support")), None),
        (CALL, NOT_BY_QUEUE),
        (call(via=Via(ViaKind.QUEUE, "sales")), NOT_BY_QUEUE),
        (call(via=Via(ViaKind.QUEUE)), NOT_BY_QUEUE),
        (call(via=Via(ViaKind.FORWARD, "support")), NOT_BY_QUEUE),
        (call(via=Via(ViaKind.TRANSFER, "102"), transferred_from="102"), None),
        (call(via=Via(ViaKind.QUEUE, "sales"), transferred_from="102"), None),
        (call(via=Via(ViaKind.PICKUP, "102")), None),
        (call(via=Via(ViaKind.PARK, "701")), None),
        (COLLEAGUE, None),
        (OUTBOUND, None),
    ],
    ids=lambda value: str(value.via) if isinstance(value, Call) else "",
)
def test_queues_choose_among_strangers_who_come_in_by_themselves(of: Call, words: str | None) -> None:
    assert why_not(of, Rule(queues=("support",))) == words


@pytest.mark.parametrize("pattern", ["+31201000101", "0201000101", "+3120*", "020100010?", "*"])
@pytest.mark.parametrize("dialled", ["+31201000101", "0201000101", "0031201000101"])
def test_a_dialled_number_is_known_in_any_notation(pattern: str, dialled: str) -> None:
    assert why_not(call(dialled=dialled), Rule(region="NL", numbers=(pattern,))) is None


@pytest.mark.parametrize("dialled", ["+31201000199", "101", "", None])
def test_another_number_does_not_pop_up(dialled: str | None) -> None:
    words = "not by one of the numbers +31201000101, 0203*"
    assert why_not(call(dialled=dialled), Rule(region="NL", numbers=("+31201000101", "0203*"))) == words


def test_a_queue_or_a_number_is_enough() -> None:
    rule = Rule(region="NL", queues=("support",), numbers=("+31201000199",))
    assert why_not(call(via=SUPPORT), rule) is None
    assert why_not(call(dialled="+31201000199"), rule) is None
    assert why_not(CALL, rule) == "not by one of the queues support or the numbers +31201000199"


HOURS = Rule(hours=("Mon-Fri 08:30-12:00", "Fri 14:30-17:30"))
OUTSIDE = "outside the hours Mon-Fri 08:30-12:00, Fri 14:30-17:30"


@pytest.mark.parametrize("of", [CALL, OUTBOUND, COLLEAGUE, MISSED, TALKING])
def test_outside_the_hours_nothing_pops_up(of: Call) -> None:
    assert why_not(of, HOURS) == OUTSIDE


def test_a_call_has_the_hours_in_which_it_began_and_those_that_it_lives_to_see() -> None:
    assert why_not(CALL, HOURS, now=NOW + timedelta(minutes=27)) is None
    began = Subject(call=MISSED, started_at=NOW - timedelta(hours=2, minutes=4))
    assert objection(began, HOURS, Circumstances(), NOW) is None
    assert HOURS.next_begin(NOW) == NOW + timedelta(minutes=27)
    assert Rule().next_begin(NOW) is None


FULL_SCREEN = "full screen on this display"


def test_quiet_passes_and_muting_does_not() -> None:
    quiet = Circumstances(quiet=(FULL_SCREEN, "do not disturb is on"))
    subject = Subject(call=CALL)
    assert objection(subject, Rule(), quiet, NOW) == Objection(
        "full screen on this display and do not disturb is on", is_passing=True, setting="popup.quiet"
    )
    mute = Circumstances(mute=Mute(NOW + timedelta(hours=1)), quiet=(FULL_SCREEN,))
    assert objection(subject, Rule(), mute, NOW) == Objection("muted until 15:03")
    over = Circumstances(mute=Mute(NOW))
    assert objection(subject, Rule(), over, NOW) is None


@pytest.mark.parametrize(
    ("of", "rule", "setting"),
    [
        (CALL, Rule(inbound=False), "popup.inbound"),
        (OUTBOUND, Rule(outbound=False), "popup.outbound"),
        (COLLEAGUE, Rule(internal=False), "popup.internal"),
        (MISSED, Rule(missed=False), "popup.missed"),
        (CALL, Rule(queues=("sales",)), "popup.queues"),
        (CALL, Rule(queues=("sales",), numbers=("0900*",)), "popup.queues, popup.numbers"),
        (CALL, Rule(hours=("Sat 08:00-12:00",)), "popup.hours"),
        (CALL, Rule(waits_for_answer=True), "popup.opens"),
    ],
)
def test_the_setting_that_is_to_blame_is_named_as_the_file_has_it(of: Call, rule: Rule, setting: str) -> None:
    found = objection(Subject(call=of, started_at=NOW), rule, Circumstances(), NOW)
    assert found is not None
    assert found.setting == setting
    (section, *names) = setting.replace(", popup.", ".").split(".")
    assert (section, set(names) <= set(Popup.model_fields)) == ("popup", True)


def test_what_lasts_is_told_before_what_passes() -> None:
    around = Circumstances(mute=Mute(), quiet=(FULL_SCREEN,))
    rule = Rule(internal=False, hours=("Sat 08:00-12:00",), waits_for_answer=True)
    assert why_not(COLLEAGUE, rule, around) == "calls of colleagues are switched off"
    assert why_not(CALL, rule, around) == "outside the hours Sat 08:00-12:00"
    assert why_not(CALL, Rule(waits_for_answer=True), around) == "muted"
    assert why_not(CALL, Rule(waits_for_answer=True), Circumstances(quiet=(FULL_SCREEN,))) == FULL_SCREEN


anything = st.none() | st.text(max_size=12)


@given(
    st.builds(
        call,
        dialled=anything,
        number=anything,
        via=st.none() | st.builds(Via, st.sampled_from(ViaKind), anything),
        transferred_from=anything,
        direction=st.sampled_from(Direction),
        state=st.sampled_from(CallState),
        outcome=st.none() | st.sampled_from(Outcome),
        internal=st.booleans(),
    )
)
def test_whatever_the_pbx_says_there_is_an_answer_in_one_line(of: Call) -> None:
    rule = Rule(region="NL", internal=False, queues=("support",), numbers=("020*",), waits_for_answer=True)
    reason = why_not(of, rule)
    assert reason is None or reason.isprintable()
