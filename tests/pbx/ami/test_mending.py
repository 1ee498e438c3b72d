"""A caller's number with line breaks in it, written into AMI as Asterisk does: as it came."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.model import ChangeKind, Outcome
from bubbled.pbx.ami.framing import Message
from bubbled.pbx.ami.mending import Mender
from tests.pbx.ami.story import (
    ALICE,
    BOB,
    CALLER,
    TRUNK,
    event,
    hung_up,
    kinds,
    last,
    lifted,
    on_the_wire,
    owner_of,
    read,
    ringing,
    snapshot,
    told,
    uniqueid,
)

MINE = "PJSIP/101"
FORGERIES = {
    "headers of another event": "\r\nEvent: Hangup\r\nX: y",
    "a whole packet with the right channel": f"\r\n\r\nEvent: Hangup\r\nChannel: {ALICE}\r\n\r\n",
    "a packet that the true tail completes": f"\r\n\r\nEvent: Hangup\r\nChannel: {ALICE}\r\nX: ",
    "the same with what a genuine one begins with": (
        f"\r\n\r\nEvent: Hangup\r\nPrivilege: call,all\r\nChannel: {ALICE}\r\nX: "
    ),
    "channel and a wrong Uniqueid": f"\r\n\r\nEvent: Hangup\r\nChannel: {ALICE}\r\nUniqueid: 1.1\r\n\r\n",
    "the Uniqueid of nobody in the true packet": "\r\nUniqueid: 1.1\r\nLinkedid: 1.1",
    "another channel in the true packet": f"\r\nChannel: {TRUNK}\r\nDestChannel: {TRUNK}",
    "a dial that was answered": f"\r\n\r\nEvent: DialEnd\r\nDestChannel: {ALICE}\r\nDialStatus: BUSY\r\nX: ",
    "an end of everything": "\r\n\r\n",
    "many empty packets": "\r\n\r\nA: b" * 9 + "\r\n\r\n",
    "a phone that rings": f"\r\n\r\nEvent: Newstate\r\nChannel: {MINE}-000000ff\r\nChannelState: 5\r\nX: ",
}


STRANGER = "PJSIP/trunk-00000005"
BEGINNING = "ChannelState: 5\r\nChannelStateDesc:"
"""What a genuine snapshot has between Channel and CallerIDNum; the latter the caller puts into Exten."""


def messages_of(call: list[Message]) -> list[Message]:
    return read(b"".join(map(on_the_wire, call)))


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=list(FORGERIES))
def test_no_forged_line_break_changes_a_call(forgery: str) -> None:
    call = [*ringing(CALLER + forgery), hung_up(TRUNK), hung_up(ALICE, "127")]

    changes = told(owner_of(MINE), messages_of(call))

    assert kinds(changes) == ["started", "ended"]
    assert last(changes).outcome is Outcome.MISSED
    assert last(changes).number == CALLER


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=list(FORGERIES))
def test_a_hangup_that_carries_the_forgery_counts_with_its_cause(forgery: str) -> None:
    evil = CALLER + forgery
    end = event("Hangup", snapshot(ALICE, "Ringing", own="101", line=evil, began_with=TRUNK), Cause="26")

    changes = told(owner_of(MINE), messages_of([*ringing(evil), end]))

    assert kinds(changes) == ["started", "ended"]
    assert last(changes).outcome is Outcome.ANSWERED_ELSEWHERE


def test_a_packet_whose_rest_never_comes_counts_for_what_it_holds() -> None:
    tracker = owner_of(MINE)
    told(tracker, ringing())
    cut = event("Hangup", snapshot(ALICE, "Ringing", own="101", line=CALLER))
    for header in (
        "ConnectedLineName",
        "Language",
        "AccountCode",
        "Context",
        "Exten",
        "Priority",
        "Uniqueid",
    ):
        del cut[header]
    del cut["Linkedid"]

    assert tracker.apply(cut) == []
    assert kinds(tracker.apply(event("BridgeLeave", snapshot(TRUNK), BridgeUniqueid="b"))) == ["ended"]


def test_what_still_waits_at_the_end_of_a_stream_counts() -> None:
    mender = Mender(lambda _name: None)
    head = event("Newstate", snapshot(ALICE, "Ringing"))
    del head["Uniqueid"]

    assert mender.feed(head) == ()
    assert mender.flush() == (head,)
    assert mender.flush() == ()


def test_a_fragment_without_a_head_is_dropped() -> None:
    mender = Mender(lambda _name: uniqueid(ALICE))
    fragment = Message({"Event": "Hangup", "Channel": ALICE, "Uniqueid": uniqueid(ALICE), "Cause": "16"})

    assert mender.feed(fragment) == ()


@pytest.mark.parametrize("event_name", ["Hangup", "Newchannel", "Newstate", "Unhold", "Status"])
@pytest.mark.parametrize("channel", [ALICE, f"{MINE}-000000ff"])
def test_a_forgery_in_two_headers_of_one_packet_changes_no_call_either(event_name: str, channel: str) -> None:
    number = f"\r\n\r\nEvent:{event_name}\r\nChannel:{channel}\r\n{BEGINNING}"
    exten = "+3120\r\nCallerIDNum:1\r\nUniqueid:1.1\r\n\r\n"
    tracker = owner_of(MINE)
    told(tracker, messages_of([*ringing(), *lifted()]))

    evil = event("Newchannel", snapshot(STRANGER, "Ring", own=number, exten=exten))
    for cut in (evil, Message({**evil, "Exten": "+3120\r\nCallerIDNum:1\r\n\r\n"})):
        assert (
            told(tracker, messages_of([cut, event("BridgeLeave", snapshot(BOB), BridgeUniqueid="b")])) == []
        )
    assert kinds(told(tracker, messages_of([hung_up(ALICE)]))) == ["ended"]


@pytest.mark.parametrize("uniqueid_of_the_leg", ["", f"Uniqueid: {uniqueid(ALICE)}\r\n"])
def test_a_forged_rename_hides_no_hangup(uniqueid_of_the_leg: str) -> None:
    rename = f"Event: Rename\r\nChannel: {ALICE}\r\nNewname: x\r\n"
    padding = "CallerIDName: <unknown>\r\n" if uniqueid_of_the_leg else ""
    tracker = owner_of(MINE)
    told(tracker, messages_of(ringing()))

    forged = read(f"{rename}{padding}{uniqueid_of_the_leg}\r\n".encode())

    assert told(tracker, [*forged, *messages_of([hung_up(ALICE)])])[-1].kind is ChangeKind.ENDED


def test_a_recording_whose_headers_a_tool_has_sorted_is_understood() -> None:
    call = [*ringing(), *lifted(), hung_up(TRUNK), hung_up(ALICE)]
    tidied = [Message(dict(sorted(message.items()))) for message in call]

    assert kinds(told(owner_of(MINE), tidied)) == ["started", "answered", "ended"]


def test_answers_and_events_without_a_channel_pass() -> None:
    mender = Mender(lambda _name: None)
    answer = Message({"Response": "Success", "ActionID": "1"})
    other = Message({"Event": "FullyBooted", "Status": "Fully Booted"})

    assert mender.feed(answer) == (answer,)
    assert mender.feed(other) == (other,)


@given(st.text(st.sampled_from("\r\nEvent: HangupChlUiqd1.5/-0PJSIX"), max_size=79))
def test_whatever_a_caller_calls_himself_the_phone_rings_and_stops_ringing(words: str) -> None:
    call = [*ringing(CALLER + words), hung_up(TRUNK), hung_up(ALICE, "127")]
    tracker = owner_of(MINE)

    changes = told(tracker, messages_of(call)) + tracker.flush()

    assert kinds(changes)[0] == "started"
    assert kinds(changes)[-1] == "ended"
    assert tracker.calls == []
