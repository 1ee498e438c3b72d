from __future__ import annotations

import json
import os
import stat
from itertools import count
from pathlib import Path

import pytest

from bubbled.error import PbxError
from bubbled.pbx.ami.framing import Framer
from bubbled.pbx.recording import Recorder, read_recording, timing_path

RECORDINGS = sorted((Path(__file__).parents[1] / "recordings").glob("*/call.ami"))
BANNER = b"Asterisk Call Manager/11.0.0\r\n"


def names(path: Path) -> list[tuple[float | None, str]]:
    return [(t, message["Event"]) for t, message in read_recording(path)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "call.ami"


def test_a_message_has_the_time_of_the_piece_in_which_it_ends(path: Path) -> None:
    path.write_bytes(BANNER + b"Event: A\r\n\r\nEvent: B\r\n\r\nEvent: C\r\n\r\n")
    offsets = [(0, 0.5), (30, 0.6), (45, 2.0), (60, 3)]
    timing_path(path).write_text("".join(json.dumps({"offset": o, "t": t}) + "\n" for o, t in offsets))
    assert names(path) == [(0.6, "A"), (2.0, "B"), (3.0, "C")]


def test_without_times_messages_have_none(path: Path) -> None:
    path.write_bytes(BANNER + b"Event: A\r\n\r\n")
    assert names(path) == [(None, "A")]


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "{}",
        '{"offset": "x", "t": 1}',
        '{"offset": 1e999, "t": 1}',
        '{"offset": 0, "t": 9}',
        "\ufffd",
    ],
)
def test_a_line_of_times_without_sense_is_passed_over(path: Path, line: str) -> None:
    path.write_bytes(BANNER + b"Event: A\r\n\r\n")
    timing_path(path).write_text('{"offset": 0, "t": 0.25}\n' + line)
    assert names(path) == [(0.25, "A")]


def test_times_beyond_the_end_do_no_harm(path: Path) -> None:
    path.write_bytes(b"Event: A\r\n\r\n")
    timing_path(path).write_text('{"offset": 5, "t": 1}\n{"offset": 500, "t": 2}\n{"offset": 900, "t": 3}\n')
    assert names(path) == [(1.0, "A")]


def test_only_wanted_events_are_read(path: Path) -> None:
    path.write_bytes(b"Event: A\r\n\r\nEvent: B\r\n\r\n")
    assert [message["Event"] for _, message in read_recording(path, {"B"})] == ["B"]


def test_an_unfinished_message_is_left_out(path: Path) -> None:
    path.write_bytes(b"Event: A\r\n\r\nEvent: Hangup\r\nCause: 1")
    assert names(path) == [(None, "A")]


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: path.parent.name)
def test_real_recordings_have_all_their_messages_in_time(recording: Path) -> None:
    moments = list(read_recording(recording))
    assert [moment.message for moment in moments] == Framer().feed(recording.read_bytes())
    times = [moment.t for moment in moments if moment.t is not None]
    assert times == sorted(times)
    assert len(times) == len(moments)


def test_a_missing_recording_is_a_clear_error(path: Path) -> None:
    with pytest.raises(PbxError, match=r"call\.ami cannot be read \(No such file"):
        list(read_recording(path))


def test_what_is_recorded_is_read_back(path: Path) -> None:
    ticks = count()
    with Recorder(path, clock=lambda: next(ticks)) as recorder:
        recorder.write(BANNER)
        recorder.write(b"Event: A\r\n\r\nEvent: B")
        recorder.write(b"\r\n\r\n")
    assert names(path) == [(2, "A"), (3, "B")]


def test_a_recording_is_whole_before_it_is_closed_and_private(path: Path) -> None:
    with Recorder(path) as recorder:
        recorder.write(BANNER + b"Event: A\r\n\r\n")
        assert [name for _, name in names(path)] == ["A"]
        for file in (path, timing_path(path)):
            assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_lost_connection_does_not_swallow_the_next_one(path: Path) -> None:
    with Recorder(path) as recorder:
        recorder.end_connection()
        recorder.write(b"Event: A\r\n\r\n")
        recorder.end_connection()
        recorder.write(BANNER + b"Event: B\r\nCause")
        recorder.end_connection()
        recorder.write(BANNER + b"Response: Success\r\n\r\nEvent: C\r\n\r\n")
    assert path.read_bytes() == (
        b"Event: A\r\n\r\n" + BANNER + b"Event: B\r\nCause\r\n\r\n" + BANNER
        + b"Response: Success\r\n\r\nEvent: C\r\n\r\n"
    )  # fmt: skip
    assert [message.get("Event") for _, message in read_recording(path)] == ["A", "B", None, "C"]


@pytest.mark.parametrize("taken", ["call.ami", "call.timing.jsonl"])
def test_nothing_is_overwritten(path: Path, taken: str) -> None:
    (path.parent / taken).write_text("precious")
    with pytest.raises(PbxError, match="nothing is recorded"):
        Recorder(path)
    assert {file.name: file.read_text() for file in path.parent.iterdir()} == {taken: "precious"}


def test_a_full_disk_stops_the_recording_and_nothing_else(path: Path) -> None:
    told: list[PbxError] = []
    recorder = Recorder(path, on_failure=told.append)
    recorder.write(BANNER + b"Event: A\r\n\r\n")
    recorder._text.close()
    recorder._text = os.fdopen(os.open("/dev/full", os.O_WRONLY), "wb")
    recorder.write(b"Event: B\r\n\r\n")
    recorder.write(b"Event: C\r\n\r\n")
    recorder.close()
    assert "No space left" in str(told[0])
    assert told == [recorder.failure]
    assert [name for _, name in names(path)] == ["A"]
