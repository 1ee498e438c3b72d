from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bubbled.model import (
    Call,
    CallId,
    CallState,
    Device,
    Direction,
    Failure,
    LastContact,
    Outcome,
    Via,
    ViaKind,
)
from bubbled.popup.language import catalogue
from bubbled.popup.subject import Subject, Unanswered
from bubbled.popup.wording import Wording

CET = timezone(timedelta(hours=1))
NOW = datetime(2026, 11, 22, 14, 3, tzinfo=CET)
ENGLISH = Wording(colleagues={"102": "Bob"})
DUTCH = Wording(catalogue({"LANG": "nl_NL.UTF-8"}), {"102": "Bob"})


def call(
    state: CallState = CallState.ENDED,
    outcome: Outcome | None = None,
    direction: Direction = Direction.INBOUND,
    failure: Failure | None = None,
    **more: str,
) -> Call:
    return Call(
        id=CallId("1"),
        device=Device("PJSIP/101"),
        direction=direction,
        state=state,
        outcome=outcome,
        failure=failure,
        transferred_to=more.get("transferred_to"),
        transferred_from=more.get("transferred_from"),
        answered_by=more.get("answered_by"),
    )


@pytest.mark.parametrize(
    ("subject", "english", "dutch"),
    [
        (call(CallState.RINGING), "Calling you", "Inkomende oproep"),
        (
            call(CallState.RINGING, direction=Direction.OUTBOUND),
            "Pick up your phone to call",
            "Neem je telefoon op om te bellen",
        ),
        (call(CallState.DIALLING, direction=Direction.OUTBOUND), "Calling", "Wordt gebeld"),
        (call(CallState.TALKING), "Talking", "In gesprek"),
        (call(CallState.HELD), "On hold", "In de wacht"),
        (call(outcome=Outcome.ANSWERED), "Call ended", "Gesprek beëindigd"),
        (call(), "Call ended", "Gesprek beëindigd"),
        (
            call(outcome=Outcome.ANSWERED_ELSEWHERE, answered_by="102"),
            "Answered by 102 (Bob)",
            "Beantwoord door 102 (Bob)",
        ),
        (call(outcome=Outcome.ANSWERED_ELSEWHERE), "Answered elsewhere", "Elders beantwoord"),
        (
            call(outcome=Outcome.TRANSFERRED, transferred_to="104"),
            "Transferred to 104",
            "Doorverbonden naar 104",
        ),
        (call(outcome=Outcome.TRANSFERRED), "Transferred", "Doorverbonden"),
        (call(outcome=Outcome.BUSY), "Busy", "In gesprek"),
        (call(outcome=Outcome.NO_ANSWER), "No answer", "Geen gehoor"),
        (call(outcome=Outcome.MISSED), "Missed call", "Gemiste oproep"),
    ],
)
def test_the_status_says_where_the_call_is(subject: Call, english: str, dutch: str) -> None:
    assert ENGLISH.status(Subject(call=subject), NOW) == english
    assert DUTCH.status(Subject(call=subject), NOW) == dutch


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_words(outcome: Outcome) -> None:
    assert ENGLISH.status(Subject(call=call(outcome=outcome)), NOW)


@pytest.mark.parametrize(
    ("ended_at", "count", "text"),
    [
        (NOW, 1, "Missed call 14:03"),
        (NOW.astimezone(UTC), 1, "Missed call 14:03"),
        (NOW, 3, "3 missed calls, the last 14:03"),
        (NOW - timedelta(days=1), 1, "Missed call yesterday 14:03"),
        (NOW - timedelta(days=2), 1, "Missed call 20 Nov 14:03"),
        (NOW - timedelta(days=365), 1, "Missed call 22 Nov 2025"),
    ],
)
def test_a_missed_call_says_when_and_how_often(ended_at: datetime, count: int, text: str) -> None:
    subject = Subject(call=call(outcome=Outcome.MISSED), ended_at=ended_at, missed=count)
    assert ENGLISH.status(subject, NOW) == text


@pytest.mark.parametrize(
    ("via", "text"),
    [
        (Via(ViaKind.QUEUE, "support"), "Queue support"),
        (Via(ViaKind.QUEUE), "From a queue"),
        (Via(ViaKind.RING_GROUP, "600"), "Group 600"),
        (Via(ViaKind.RING_GROUP), "Call to a group"),
        (Via(ViaKind.FORWARD, "102"), "Forwarded from 102 (Bob)"),
        (Via(ViaKind.FORWARD), "Forwarded"),
        (Via(ViaKind.TRANSFER, "102"), "Transferred by 102 (Bob)"),
        (Via(ViaKind.TRANSFER), "Transferred"),
        (Via(ViaKind.PICKUP, "102"), "Picked up from 102 (Bob)"),
        (Via(ViaKind.PICKUP), "Picked up"),
        (Via(ViaKind.PARK, "701"), "Was parked at 701"),
        (Via(ViaKind.PARK), "Was parked"),
        (Via(ViaKind.CLICK_TO_CALL), ""),
        (None, ""),
    ],
)
def test_via_says_by_which_way_the_call_came(via: Via | None, text: str) -> None:
    came = Call(
        id=CallId("1"),
        device=Device("PJSIP/101"),
        direction=Direction.INBOUND,
        state=CallState.RINGING,
        via=via,
    )
    assert ENGLISH.via(came) == text


def test_a_transfer_within_a_queue_call_is_told_once() -> None:
    came = Call(
        id=CallId("1"),
        device=Device("PJSIP/101"),
        direction=Direction.INBOUND,
        state=CallState.RINGING,
        via=Via(ViaKind.TRANSFER, "102"),
        transferred_from="102",
    )
    assert ENGLISH.via(came) == "Transferred by 102 (Bob)"


@pytest.mark.parametrize(
    ("last", "english", "dutch"),
    [
        (
            LastContact(
                datetime(2026, 11, 12, 14, 3, tzinfo=CET), Direction.INBOUND, Outcome.ANSWERED, "Bob"
            ),
            "Last contact: 12 Nov 14:03 with Bob, answered",
            "Laatste contact: 12 nov 14:03 met Bob, beantwoord",
        ),
        (
            LastContact(datetime(2026, 11, 22, 8, 3, tzinfo=UTC), Direction.INBOUND, Outcome.MISSED),
            "Last contact: today 09:03, missed",
            "Laatste contact: vandaag 09:03, gemist",
        ),
        (
            LastContact(datetime(2026, 11, 21, 8, 3, tzinfo=CET), Direction.OUTBOUND, Outcome.NO_ANSWER),
            "Last contact: you called yesterday 08:03, no answer",
            "Laatste contact: je belde gisteren 08:03, geen gehoor",
        ),
        (
            LastContact(datetime(2025, 3, 1, 8, 3, tzinfo=CET), Direction.OUTBOUND, Outcome.BUSY, "102"),
            "Last contact: 102 (Bob) called 1 Mar 2025, busy",
            "Laatste contact: 102 (Bob) belde 1 mrt 2025, in gesprek",
        ),
    ],
)
def test_the_last_contact_says_when_with_whom_and_how_it_ended(
    last: LastContact, english: str, dutch: str
) -> None:
    assert ENGLISH.last_contact(last, NOW) == english
    assert DUTCH.last_contact(last, NOW) == dutch


def test_braces_in_a_name_are_only_braces() -> None:
    came = Via(ViaKind.QUEUE, "{0.__class__}")
    subject = Call(
        id=CallId("1"),
        device=Device("PJSIP/101"),
        direction=Direction.INBOUND,
        state=CallState.RINGING,
        via=came,
    )
    assert ENGLISH.via(subject) == "Queue {0.__class__}"


PHONES = {Device("PJSIP/101"): "Desk phone"}


@pytest.mark.parametrize(
    ("failure", "english", "dutch"),
    [
        (
            Failure.PHONE_UNREGISTERED,
            "Not called: Desk phone (PJSIP/101) is not registered with the PBX; is it switched on?",
            "Niet gebeld: Desk phone (PJSIP/101) is niet aangemeld bij de telefooncentrale; staat hij aan?",
        ),
        (
            Failure.NUMBER_REFUSED,
            "Not called: the PBX does not take this number",
            "Niet gebeld: de telefooncentrale neemt dit nummer niet aan",
        ),
    ],
)
def test_why_nothing_came_of_a_click(failure: Failure, english: str, dutch: str) -> None:
    failed = call(outcome=Outcome.FAILED, direction=Direction.OUTBOUND, failure=failure)
    for language, words in ((ENGLISH, english), (DUTCH, dutch)):
        assert replace(language, phones=PHONES).status(Subject(call=failed), NOW) == words


@pytest.mark.parametrize("failure", Failure)
def test_every_failure_has_words(failure: Failure) -> None:
    failed = call(outcome=Outcome.FAILED, direction=Direction.OUTBOUND, failure=failure)
    assert "PJSIP/101" in (said := ENGLISH.status(Subject(call=failed), NOW)) or len(said) > 20


def test_the_phone_that_rings_is_named_as_its_user_does() -> None:
    ringing = Subject(call=call(CallState.RINGING, direction=Direction.OUTBOUND))
    assert replace(ENGLISH, phones=PHONES).status(ringing, NOW) == "Pick up to call: Desk phone"
    assert replace(DUTCH, phones=PHONES).status(ringing, NOW) == "Neem op om te bellen: Desk phone"


def test_who_else_has_the_number_and_who_did_not_answer_is_said_in_both_languages() -> None:
    directories = (Unanswered("Exchange", is_slow=True), Unanswered("CRM"), Unanswered("LDAP"))
    said = [(each.more(2), each.unanswered(directories)) for each in (ENGLISH, DUTCH)]
    assert said == [
        ("+2 more", "Exchange is slow · CRM is down · +1"),
        ("+2 andere", "Exchange is traag · CRM werkt niet · +1"),
    ]


def test_what_to_type_speaks_to_this_daemon() -> None:
    other = replace(ENGLISH, program="bubbled --socket /run/b.sock")
    assert other.how_to_choose() == "To choose: bubbled --socket /run/b.sock choose"
    assert replace(DUTCH, program="b").how_to_choose_one() == "Om er één te kiezen: b choose NUMMER"
