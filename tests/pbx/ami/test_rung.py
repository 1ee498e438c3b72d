"""Which phones rang, as the tracker sees it go by."""

from __future__ import annotations

from pathlib import Path

import pytest

from bubbled.model import ME, CallId, Device, Owner
from bubbled.pbx.ami.framing import Framer
from bubbled.pbx.ami.rung import MOST_DEVICES
from bubbled.pbx.ami.tracker import WANTED, Tracker
from bubbled.story.circumstance import Heard
from tests.pbx.ami.story import ALICE, BOB, CALLER, TRUNK, event, hung_up, snapshot

RECORDINGS = Path(__file__).parents[2] / "recordings"


def owner_of(device: Device) -> Owner | None:
    return ME if device in {"PJSIP/101", "PJSIP/201"} else None


@pytest.fixture
def tracker() -> Tracker:
    return Tracker(owner_of, "NL")


def ring(tracker: Tracker, phone: str, number: str = CALLER) -> None:
    caller = snapshot(TRUNK, "Ring", own=number, exten="+31201000101")
    tracker.apply(event("Newchannel", caller))
    tracker.apply(event("Newchannel", snapshot(phone, began_with=TRUNK)))
    tracker.apply(event("DialBegin", caller, snapshot(phone, prefix="Dest", began_with=TRUNK)))
    tracker.apply(event("Newstate", snapshot(phone, "Ringing", line=number, began_with=TRUNK)))


def test_a_phone_that_rings_is_named_whoevers_it_is_and_no_number_is(tracker: Tracker) -> None:
    ring(tracker, BOB)
    heard = tracker.take_rung()
    assert heard == Heard(rang=("PJSIP/102",), callers=1)
    assert tracker.take_rung() == Heard()


def test_it_is_named_once_however_often_the_pbx_repeats_it(tracker: Tracker) -> None:
    ring(tracker, ALICE)
    tracker.apply(event("Newstate", snapshot(ALICE, "Ringing", line=CALLER, began_with=TRUNK)))
    tracker.apply(event("Newstate", snapshot(ALICE, "Up", line=CALLER, began_with=TRUNK)))
    assert tracker.take_rung() == Heard(rang=("PJSIP/101",), callers=1)


@pytest.mark.parametrize("status", ["BUSY", "CHANUNAVAIL", "CONGESTION"])
def test_a_phone_that_was_to_ring_and_could_not_is_told(tracker: Tracker, status: str) -> None:
    caller = snapshot(TRUNK, "Ring", own=CALLER)
    phone = snapshot(ALICE, prefix="Dest", began_with=TRUNK)
    tracker.apply(event("Newchannel", caller))
    tracker.apply(event("Newchannel", snapshot(ALICE, began_with=TRUNK)))
    tracker.apply(event("DialBegin", caller, phone))
    tracker.apply(event("DialEnd", caller, phone, DialStatus=status))
    tracker.apply(hung_up(ALICE))
    assert tracker.take_rung() == Heard(unreached=("PJSIP/101",), callers=1)


def test_a_phone_that_rang_and_was_not_answered_was_reached(tracker: Tracker) -> None:
    ring(tracker, ALICE)
    caller = snapshot(TRUNK, "Ring", own=CALLER)
    rung = snapshot(ALICE, "Ringing", prefix="Dest", began_with=TRUNK)
    tracker.apply(event("DialEnd", caller, rung, DialStatus="BUSY"))
    assert tracker.take_rung().unreached == ()


@pytest.mark.parametrize("phone", ["SIP/0612345678-00000009", f"SIP/{'x' * 10_000}-00000009"])
def test_a_device_whose_name_tells_a_number_or_a_novel_is_counted(tracker: Tracker, phone: str) -> None:
    ring(tracker, phone)
    assert tracker.take_rung() == Heard(others=1, callers=1)


def test_ends_of_pipes_are_no_phones(tracker: Tracker) -> None:
    ring(tracker, "Local/102@internal-00000009;2")
    assert tracker.take_rung() == Heard(callers=1)


def test_of_many_phones_some_are_named_and_the_others_counted(tracker: Tracker) -> None:
    for number in range(MOST_DEVICES + 5):
        ring(tracker, f"PJSIP/{500 + number}-{number + 16:08x}")
    heard = tracker.take_rung()
    assert (len(heard.rang), heard.others) == (MOST_DEVICES, 5)


def test_the_phones_that_rang_for_a_call_of_the_user_are_known_also_after_its_end(tracker: Tracker) -> None:
    other = "PJSIP/201-00000007"
    ring(tracker, ALICE)
    (call,) = tracker.calls
    ring(tracker, other)
    assert tracker.rang(call.id) == ("PJSIP/101", "PJSIP/201")
    for channel in (ALICE, other, TRUNK):
        tracker.apply(hung_up(channel))
    assert tracker.calls == []
    assert tracker.rang(call.id) == ("PJSIP/101", "PJSIP/201")
    assert tracker.rang(CallId("nobody")) == ()


@pytest.mark.parametrize(
    ("recording", "heard"),
    [
        ("in-answered-remote-hangup", Heard(rang=("PJSIP/101",), callers=1)),
        ("in-busy-at-once", Heard(unreached=("PJSIP/101",), callers=1)),
        ("in-forward-local", Heard(rang=("PJSIP/102",), callers=1)),
        ("in-queue-local", Heard(rang=("PJSIP/101", "PJSIP/102"), callers=1)),
        ("in-unregistered", Heard(callers=1)),
        ("number-crlf", Heard(rang=("PJSIP/101",), callers=1)),
    ],
)
def test_so_a_real_pbx_tells_it(tracker: Tracker, recording: str, heard: Heard) -> None:
    banner, _, events = (RECORDINGS / recording / "call.ami").read_bytes().partition(b"\r\n")
    assert banner.startswith(b"Asterisk Call Manager")
    for message in Framer(WANTED).feed(events):
        tracker.apply(message)
    assert tracker.take_rung() == heard
