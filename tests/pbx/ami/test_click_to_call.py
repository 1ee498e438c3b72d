from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bubbled.model import E164, CallId, CallState, ChangeKind, Device, Direction, Failure, Outcome, ViaKind
from bubbled.pbx.ami.action import encode
from bubbled.pbx.ami.click_to_call import (
    Click,
    Clicks,
    failure_of_device,
    failure_of_refusal,
    originate,
)
from bubbled.pbx.ami.framing import Message

if TYPE_CHECKING:
    from bubbled.model import CallChange

ID = CallId("bubbled-1a2b3c-1795341808.1")


def a_click(device: str = "PJSIP/101", **more: object) -> Click:
    facts: dict[str, object] = {
        "id": ID,
        "device": Device(device),
        "exten": "00301234567",
        "number": "0301234567",
        "e164": E164("+31301234567"),
        "context": "from-internal",
        "ring_s": 20.5,
        "extension": "101",
    }
    return Click(**(facts | more))  # type: ignore[arg-type]  # the facts are a click's own


def response(answer: str, reason: str, **more: str) -> Message:
    return Message(
        {"Event": "OriginateResponse", "Response": answer, "Reason": reason, "Uniqueid": ID} | more
    )


def outcome_of(changes: list[CallChange]) -> tuple[Outcome | None, Failure | None]:
    (change,) = changes
    assert change.kind is ChangeKind.ENDED
    assert change.call.state is CallState.ENDED
    return change.call.outcome, change.call.failure


def test_the_own_phone_rings_first_and_shows_the_destination() -> None:
    assert encode(originate(a_click()), "x").decode().split("\r\n") == [
        "Action: Originate",
        "Channel: PJSIP/101",
        "Context: from-internal",
        "Exten: 00301234567",
        "Priority: 1",
        "Timeout: 20500",
        "Async: true",
        f"ChannelId: {ID}",
        "Variable: CONNECTEDLINE(num,i)=0301234567",
        "Variable: CONNECTEDLINE(num-pres)=allowed",
        "ActionID: x",
        "",
        "",
    ]


def test_a_mobile_is_rung_through_a_pipe_that_stays_and_calls_for_its_user() -> None:
    action = originate(a_click("Local/0612345678@from-internal"))
    assert action["Channel"] == "Local/0612345678@from-internal/n"
    assert "CALLERID(num)=101" in action["Variable"]
    assert originate(a_click("Local/0612345678@from-internal/nj"))["Channel"].endswith("/nj")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("device", "variable"),
    [
        ("PJSIP/101", "PJSIP_HEADER(add,Alert-Info)=info=alert-autoanswer"),
        ("SIP/101", "SIPADDHEADER01=Alert-Info: info=alert-autoanswer"),
        ("IAX2/101", None),
    ],
)
def test_a_phone_is_told_to_lift_by_itself_where_that_can_be_said(device: str, variable: str | None) -> None:
    variables = originate(a_click(device, auto_answer="Alert-Info: info=alert-autoanswer"))["Variable"]
    assert [said for said in variables if "HEADER" in said] == ([variable] if variable else [])


def test_a_click_is_an_outbound_call_before_the_pbx_says_anything() -> None:
    change = Clicks().begin(a_click())
    call = change.call
    assert change.kind is ChangeKind.STARTED
    assert (call.id, call.direction, call.state) == (ID, Direction.OUTBOUND, CallState.RINGING)
    assert (call.number, call.e164, call.dialled) == ("0301234567", "+31301234567", "0301234567")
    assert call.via is not None
    assert call.via.kind is ViaKind.CLICK_TO_CALL


@pytest.mark.parametrize(
    ("cause", "outcome"),
    [
        ("17", Outcome.OWN_PHONE_REJECTED),
        ("21", Outcome.OWN_PHONE_REJECTED),
        ("19", Outcome.OWN_PHONE_NO_ANSWER),
        ("0", Outcome.OWN_PHONE_NO_ANSWER),
        (None, Outcome.OWN_PHONE_NO_ANSWER),
    ],
)
def test_a_phone_that_never_rang_tells_why_when_its_channel_is_hung_up(
    cause: str | None, outcome: Outcome
) -> None:
    clicks = Clicks()
    clicks.begin(a_click())
    clicks.follow(Message({"Event": "Newchannel", "Uniqueid": ID}))
    assert clicks.follow(response("Failure", "0")) == ([], None)
    hangup = Message({"Event": "Hangup", "Uniqueid": ID} | ({"Cause": cause} if cause else {}))
    ended, unreached = clicks.follow(hangup)
    assert outcome_of(ended) == (outcome, None)
    assert unreached is None


def test_a_phone_that_cannot_ring_is_asked_about() -> None:
    clicks = Clicks()
    click = a_click()
    clicks.begin(click)
    assert clicks.follow(response("Failure", "0")) == ([], click)
    assert outcome_of(clicks.fail(click, Failure.PHONE_UNREGISTERED)) == (
        Outcome.FAILED,
        Failure.PHONE_UNREGISTERED,
    )
    assert clicks.fail(click, Failure.UNKNOWN) == []


def test_a_call_whose_phone_rings_belongs_to_the_tracker() -> None:
    clicks = Clicks()
    click = a_click()
    clicks.take_over([clicks.begin(click)])
    assert clicks.follow(response("Failure", "3")) == ([], None)
    assert clicks.fail_all(Failure.UNKNOWN) == []


@pytest.mark.parametrize(
    "message",
    [
        response("Success", "4"),
        response("Failure", "0", Uniqueid="1795341808.7"),
        Message({"Event": "OriginateResponse"}),
        Message({"Event": "Hangup", "Uniqueid": "1795341808.7"}),
        Message({"Response": "Error"}),
    ],
    ids=["lifted", "another's", "empty", "another channel", "no event"],
)
def test_what_does_not_concern_a_click_ends_none(message: Message) -> None:
    clicks = Clicks()
    clicks.begin(a_click())
    assert clicks.follow(message) == ([], None)
    assert len(clicks.fail_all(Failure.UNKNOWN)) == 1


@pytest.mark.parametrize(
    ("text", "failure"),
    [
        ("Permission denied", Failure.NOT_PERMITTED),
        ("Originate Access Forbidden: Application", Failure.NOT_PERMITTED),
        ("Extension does not exist.", Failure.NUMBER_REFUSED),
        ("Originate failed", Failure.PBX_REFUSED),
        ("", Failure.PBX_REFUSED),
    ],
)
def test_why_the_pbx_refused(text: str, failure: Failure) -> None:
    assert failure_of_refusal(text) is failure


@pytest.mark.parametrize(
    ("state", "failure"),
    [
        ("UNAVAILABLE", Failure.PHONE_UNREGISTERED),
        ("INVALID", Failure.PHONE_UNKNOWN),
        ("NOT_INUSE", Failure.PBX_REFUSED),
        (None, Failure.PBX_REFUSED),
    ],
)
def test_why_a_phone_does_not_ring(state: str | None, failure: Failure) -> None:
    assert failure_of_device(state) is failure
