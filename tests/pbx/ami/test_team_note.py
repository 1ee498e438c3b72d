from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.model import E164, Extension
from bubbled.note import LONGEST_NOTE, plain
from bubbled.pbx.ami.action import encode
from bubbled.pbx.ami.framing import Framer, Message
from bubbled.pbx.ami.team_note import TeamNote, heard, is_probe, probe, told

NUMBER, ALICE = E164("+31612345678"), Extension("101")
FORGEABLE_BYTES = 79
"""As much as Asterisk takes from a caller's number."""

notes = st.text(max_size=LONGEST_NOTE).map(plain).filter(bool)


def passed_on(note: TeamNote) -> bytes:
    """The event that Asterisk 22 makes of the action."""
    lines = encode(told(note), "1").decode().split("\r\n")
    kept = [line for line in lines if not line.startswith("Action:")]
    return "\r\n".join(["Event: UserEvent", "Privilege: user,all", *kept]).encode()


def read(data: bytes) -> Message:
    (message,) = Framer().feed(data)
    return message


def an_event(**changed: str | None) -> Message:
    values = read(passed_on(TeamNote(NUMBER, ALICE, "Wants 20"))) | changed
    return Message({header: value for header, value in values.items() if value is not None})


@given(notes)
def test_a_note_arrives_as_it_was_taken(text: str) -> None:
    note = TeamNote(NUMBER, ALICE, text)
    assert heard(read(passed_on(note))) == note


@pytest.mark.parametrize("text", ["One\ntwo", "\N{OX}" * LONGEST_NOTE, "Note1: x\r\n\r\nEvent: Hangup"])
def test_lines_signs_and_length_are_no_matter(text: str) -> None:
    arrived = heard(read(passed_on(TeamNote(NUMBER, ALICE, text))))
    assert arrived is not None
    assert arrived.text == plain(text)


def test_what_is_longer_than_a_note_is_cut() -> None:
    arrived = heard(read(passed_on(TeamNote(NUMBER, ALICE, "x" * (LONGEST_NOTE + 1)))))
    assert arrived is not None
    assert len(arrived.text) == LONGEST_NOTE


def test_what_the_pbx_adds_to_all_its_events_is_no_matter() -> None:
    assert heard(an_event(Timestamp="1795341808.123", SequenceNumber="7", SystemName="pbx")) is not None


@pytest.mark.parametrize(
    "changed",
    [
        {"Event": "Hangup"},
        {"UserEvent": "Door"},
        {"Privilege": "call,all"},
        {"Privilege": None},
        {"Number": None},
        {"Number": "0612345678"},
        {"Number": "+31612345678<b>"},
        {"Extension": "101\x1b[2J"},
        {"Extension": ""},
        {"Note1": None},
        {"Note1": ""},
        {"Note1": "%%%"},
        {"Note2": "V2FudHM="},
        {"CallerIDName": "Eve"},
        {"Channel": "PJSIP/101-00000001"},
    ],
)
def test_what_is_no_note_is_none(changed: dict[str, str | None]) -> None:
    assert heard(an_event(**changed)) is None


def test_a_header_that_comes_twice_is_somebody_elses() -> None:
    packet = passed_on(TeamNote(NUMBER, ALICE, "Wants 20"))
    assert heard(read(packet.replace(b"Extension: 101", b"Extension: 101\r\nExtension: 102"))) is None


def test_no_event_that_is_read_is_as_short_as_a_caller_could_forge() -> None:
    shortest = passed_on(TeamNote(E164("+31123"), Extension("1"), "x")).replace(b"\r\nActionID: 1", b"")
    assert heard(read(shortest)) is not None
    assert len(shortest) > FORGEABLE_BYTES


@given(st.dictionaries(st.text(), st.text()))
def test_any_headers_can_be_read(headers: dict[str, str]) -> None:
    heard(an_event(**headers))


def test_a_probe_is_known_by_its_mark_and_no_note() -> None:
    message = Message({"Event": "UserEvent", "Privilege": "user,all"} | probe("probe-1"))
    assert is_probe(message, "probe-1")
    assert not is_probe(message, "probe-2")
    assert heard(message) is None
