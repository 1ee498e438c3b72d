from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.model import (
    Call,
    CallState,
    Contact,
    Dealings,
    Direction,
    LastContact,
    Outcome,
    Via,
    ViaKind,
)
from bubbled.popup.example import everything
from bubbled.popup.layout import Layout
from bubbled.popup.subject import Finding, Subject
from bubbled.popup.variable import _TEXTS, Values
from bubbled.popup.wording import Wording
from bubbled.template import parse
from bubbled.vocabulary import VARIABLES
from tests.popup.test_layout import JAN, NOW, RINGING

DESK = Layout(
    region="NL",
    extension="101",
    numbers={"0201000101": "Sales", "+31201000101": "Sales", "150": "Reception"},
    wording=Wording(colleagues={"102": "Bob"}),
)


def values(subject: Subject | None = None, layout: Layout = DESK, **call: object) -> Values:
    subject = subject or Subject(call=RINGING)
    return Values(replace(subject, call=replace(subject.call, **call)), layout, NOW)  # type: ignore[arg-type]  # the values are a call's own


def known(
    *, note: str = "", calls: int = 0, by: str | None = None, last: LastContact | None = None
) -> Values:
    return values(Subject(call=RINGING, dealings=Dealings(last=last, calls=calls, note=note, noted_by=by)))


def test_every_variable_of_the_vocabulary_is_there() -> None:
    assert _TEXTS.keys() == VARIABLES.keys()


@pytest.mark.parametrize("name", VARIABLES)
def test_every_variable_has_a_value_where_all_is_known(name: str) -> None:
    subject, layout = everything(DESK, NOW)
    assert Values(subject, layout, NOW)[name]


@pytest.mark.parametrize("name", VARIABLES)
def test_moments_can_be_written_in_other_ways_and_nothing_else_can(name: str) -> None:
    subject, layout = everything(DESK, NOW)
    is_moment = name in {"date", "time", "last_contact_at", "last_contact_ago"}
    assert (Values(subject, layout, NOW).at(name) is not None) is is_moment


@pytest.mark.parametrize(
    ("dialled", "label", "to"),
    [
        ("+31201000101", "Sales", "To Sales"),
        ("020-1000101", "Sales", "To Sales"),
        ("150", "Reception", "To Reception"),
        ("+31201000199", "", "To 020 100 0199"),
        ("101", "", ""),
        (None, "", ""),
    ],
)
def test_the_number_that_was_dialled_has_its_label_in_any_notation(
    dialled: str | None, label: str, to: str
) -> None:
    found = values(dialled=dialled)
    assert (found["dialled_label"], found["to"]) == (label, to)


def test_what_the_user_dials_is_to_nobody_of_his() -> None:
    assert values(direction=Direction.OUTBOUND)["to"] == ""


def test_colleagues_are_told_by_what_they_did() -> None:
    assert values(answered_by="102")["colleague"] == "102 (Bob)"
    assert values(transferred_to="102")["colleague"] == "102 (Bob)"
    passed_on = values(transferred_from="102")
    assert (passed_on["colleague"], passed_on["transferred_from"]) == ("102 (Bob)", "102 (Bob)")


@pytest.mark.parametrize(
    ("via", "queue"),
    [
        (Via(ViaKind.QUEUE, "Support"), "Support"),
        (Via(ViaKind.RING_GROUP, "600"), "600"),
        (Via(ViaKind.TRANSFER, "102"), ""),
        (Via(ViaKind.QUEUE), ""),
        (None, ""),
    ],
)
def test_the_queue_is_told(via: Via | None, queue: str) -> None:
    assert values(via=via)["queue"] == queue


@pytest.mark.parametrize(
    ("direction", "colleague", "sentence", "whom"),
    [
        (Direction.INBOUND, "102", "Last contact: 12 Nov 14:03 with 102 (Bob), answered", "102 (Bob)"),
        (Direction.OUTBOUND, "102", "Last contact: 102 (Bob) called 12 Nov 14:03, answered", "102 (Bob)"),
        (Direction.OUTBOUND, None, "Last contact: you called 12 Nov 14:03, answered", "you"),
    ],
)
def test_the_last_contact_is_told_whole_and_in_parts(
    direction: Direction, colleague: str | None, sentence: str, whom: str
) -> None:
    found = known(last=LastContact(NOW - timedelta(days=10), direction, Outcome.ANSWERED, colleague))
    assert found["last_contact"] == sentence
    assert [found[f"last_contact_{part}"] for part in ("at", "ago", "with", "outcome")] == [
        "12 Nov 14:03",
        "10 days ago",
        whom,
        "answered",
    ]
    assert found.of(parse("${last_contact_at|date:YYYY-MM-DD}").placeholders[0]) == "2026-11-12"


@pytest.mark.parametrize(
    ("calls", "number", "sentence"), [(0, "", ""), (1, "1", ""), (7, "7", "7 calls before")]
)
def test_earlier_calls_are_counted(calls: int, number: str, sentence: str) -> None:
    found = known(calls=calls)
    assert (found["earlier_calls"], found["earlier"]) == (number, sentence)


def test_a_note_is_told_on_one_line_with_who_wrote_it() -> None:
    mine = known(note="Wants an offer\n\n for an oven ")
    assert (mine["note"], mine["note_by"]) == ("Wants an offer · for an oven", "")
    assert mine["noted"] == "Note: Wants an offer · for an oven"
    assert known(note="{x} $name", by="102")["noted"] == "Note by 102 (Bob): {x} $name"
    assert known(by="102")["note_by"] == ""


def test_a_call_is_timed_from_its_answer_to_its_end() -> None:
    began = NOW - timedelta(minutes=3)
    ringing = Subject(call=RINGING, started_at=began)
    assert [values(ringing)[name] for name in ("date", "time", "duration")] == ["22 Nov", "14:00", ""]
    talking = replace(ringing, answered_at=NOW - timedelta(seconds=125))
    assert values(talking)["duration"] == "2:05"
    assert values(replace(talking, ended_at=NOW - timedelta(seconds=60)))["duration"] == "1:05"


def test_state_and_direction_are_the_same_in_every_language() -> None:
    found = values(state=CallState.HELD)
    assert (found["state"], found["direction"], found["status"]) == ("held", "inbound", "On hold")


def test_the_phone_has_the_users_name_for_it() -> None:
    named = replace(DESK, wording=Wording(phones={RINGING.device: "Desk phone"}))
    assert (values()["phone"], values(layout=named)["phone"]) == ("PJSIP/101", "Desk phone")
    assert values()["extension"] == "101"


def test_columns_are_variables_but_never_in_the_place_of_ours() -> None:
    found = Values(Subject(call=RINGING, finding=Finding(contact=JAN)), DESK, NOW)
    assert (found["city"], found["postal code"], found["name"]) == ("Utrecht", "3511 AB", "Jan Jansen")
    assert list(found) == [*VARIABLES, "city", "postal code"]
    assert len(found) == len(VARIABLES) + 2
    assert found.get("street", "none") == "none"


texts = st.none() | st.text(max_size=200)
contacts = st.builds(
    Contact,
    directory=st.text(max_size=50),
    name=texts,
    company=texts,
    url=texts,
    id=texts,
    fields=st.lists(st.tuples(st.text(max_size=20), st.text(max_size=200)), max_size=3).map(tuple),
    probable=st.booleans(),
)
calls = st.builds(
    replace,
    st.just(RINGING),
    number=texts,
    name=texts,
    dialled=texts,
    direction=st.sampled_from(Direction),
    state=st.sampled_from(CallState),
    outcome=st.none() | st.sampled_from(Outcome),
    via=st.none() | st.builds(Via, st.sampled_from(ViaKind), texts),
    transferred_from=texts,
    transferred_to=texts,
    answered_by=texts,
    internal=st.booleans(),
)


@given(call=calls, contact=contacts, note=st.text(max_size=200), by=texts)
def test_every_variable_of_anything_is_one_harmless_line(
    call: Call, contact: Contact, note: str, by: str | None
) -> None:
    last = LastContact(NOW, Direction.INBOUND, Outcome.ANSWERED, by)
    dealings = Dealings(last=last, calls=2, note=note, noted_by=by)
    subject = Subject(call=call, finding=Finding(contact=contact), dealings=dealings, started_at=NOW)
    for text in Values(subject, DESK, NOW).values():
        assert text.splitlines() in ([], [text])
        assert not set(text) & set("\0\x1b\x7f\u202e\u2028")


def test_a_summers_moment_is_told_in_summer_time_although_it_is_winter_now() -> None:
    amsterdam = ZoneInfo("Europe/Amsterdam")
    now = datetime(2026, 12, 1, 12, 0, tzinfo=timezone(timedelta(hours=1)))
    last = LastContact(datetime(2026, 7, 1, 12, 3, tzinfo=UTC), Direction.INBOUND, Outcome.ANSWERED)
    subject = Subject(call=RINGING, dealings=Dealings(last=last, calls=1))
    told = Values(subject, replace(DESK, zone=amsterdam), now)["last_contact_at"]
    assert told == "1 Jul 14:03"
