"""Recordings of a real Asterisk, held against what people wrote down of them by hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bubbled.error import PbxError
from bubbled.model import ME, CallChange, ChangeKind
from bubbled.pbx.ami.framing import Framer
from bubbled.pbx.ami.tracker import Tracker
from bubbled.pbx.recording import read_recording
from bubbled.pbx.replay import replay
from bubbled.wire import change_json
from tests.lab.judge import Timeline, faults, timelines

if TYPE_CHECKING:
    from collections.abc import Collection

    from bubbled.pbx.ami.framing import Message

TESTS = Path(__file__).parents[1]
RECORDINGS = TESTS / "recordings"
"""Some thirty calls, on which every question is tried."""
BY_VERSION = sorted((TESTS / "recordings-by-version").iterdir())
"""Every scenario of tests/lab on each Asterisk, on which the truth is tried."""
STREAMS = sorted(RECORDINGS.glob("*/call.ami"))


def changes_in(stream: Path, *devices: str) -> list[CallChange]:
    return [change for _, change in replay(stream, lambda device: ME if device in devices else None, "NL")]


@pytest.mark.parametrize(
    "timeline",
    [
        pytest.param(timeline, id=f"{folder.name} {timeline}")
        for folder in (RECORDINGS, *BY_VERSION)
        for timeline in timelines(folder)
    ],
)
def test_replay_tells_the_truth(timeline: Timeline) -> None:
    mine = frozenset(timeline.devices)
    told = replay(timeline.stream, lambda device: ME if device in mine else None, "NL")

    assert faults(timeline.popups, [change_json(change, at) for at, change in told]) == []


@pytest.mark.parametrize("stream", STREAMS, ids=lambda path: path.parent.name)
def test_bytes_that_come_one_at_a_time_tell_the_same(stream: Path) -> None:
    framer, tracker = Framer(), Tracker(lambda device: ME if device == "PJSIP/101" else None, "NL")
    told = [
        change
        for byte in stream.read_bytes()
        for message in framer.feed(bytes([byte]))
        for change in tracker.apply(message)
    ]

    assert told == changes_in(stream, "PJSIP/101")


@pytest.mark.parametrize("devices", [("PJSIP/101",), ("PJSIP/101", "PJSIP/102"), ("PJSIP/103",)], ids=str)
@pytest.mark.parametrize("stream", STREAMS, ids=lambda path: path.parent.name)
def test_an_event_that_is_lost_leaves_nothing_open(stream: Path, devices: Collection[str]) -> None:
    messages = [moment.message for moment in read_recording(stream)]
    for lost, message in enumerate(messages):
        tracker = Tracker(lambda device: ME if device in devices else None, "NL")
        told = [
            change for each in (*messages[:lost], *messages[lost + 1 :]) for change in tracker.apply(each)
        ]
        if _is_hangup_of(message, devices):
            told += tracker.resync([])

        assert tracker.calls == [], f"open after the loss of message {lost}: {dict(message)}"
        _check_lives(told)


def _is_hangup_of(message: Message, devices: Collection[str]) -> bool:
    return message.get("Event") == "Hangup" and message.get("Channel", "").rpartition("-")[0] in devices


def _check_lives(told: list[CallChange]) -> None:
    """Each call starts once and first, ends once and last, and is answered at most once."""
    lives: dict[str, list[ChangeKind]] = {}
    for change in told:
        lives.setdefault(change.call.id, []).append(change.kind)
    for life in lives.values():
        assert (life[0], life.count(ChangeKind.STARTED)) == (ChangeKind.STARTED, 1)
        assert (life[-1], life.count(ChangeKind.ENDED)) == (ChangeKind.ENDED, 1)
        assert life.count(ChangeKind.ANSWERED) <= 1


def test_a_login_in_the_middle_ends_what_the_pbx_no_longer_lists(tmp_path: Path) -> None:
    ringing = (RECORDINGS / "in-cancelled" / "call.ami").read_bytes().partition(b"Event: HangupRequest")[0]
    login = (
        b"Response: Success\r\nMessage: Authentication accepted\r\n\r\n"
        b"Response: Success\r\nActionID: 1\r\nEventList: start\r\n\r\n"
        b"Event: StatusComplete\r\nActionID: 1\r\nEventList: Complete\r\nItems: 0\r\n\r\n"
    )
    stream = tmp_path / "cut.ami"
    stream.write_bytes(ringing + login)

    assert [change.kind for change in changes_in(stream, "PJSIP/101")] == [
        ChangeKind.STARTED,
        ChangeKind.ENDED,
    ]


def test_an_answer_that_nobody_asked_for_ends_nothing(tmp_path: Path) -> None:
    ringing = (RECORDINGS / "in-cancelled" / "call.ami").read_bytes().partition(b"Event: HangupRequest")[0]
    stream = tmp_path / "forged.ami"
    stream.write_bytes(ringing + b"Event: StatusComplete\r\nEventList: Complete\r\n\r\n")

    assert [change.kind for change in changes_in(stream, "PJSIP/101")] == [ChangeKind.STARTED]


def test_a_recording_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(PbxError, match="cannot be read"):
        changes_in(tmp_path / "none.ami", "PJSIP/101")
