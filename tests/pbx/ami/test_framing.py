from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.pbx.ami.framing import Framer, Message

RECORDINGS = Path(__file__).parents[2] / "recordings"
BANNER = b"Asterisk Call Manager/11.0.0\r\n"


def framed(data: bytes, **options: object) -> list[Message]:
    return Framer(**options).feed(BANNER + data)  # type: ignore[arg-type]  # options are passed on as they are


def shape(messages: list[Message]) -> list[dict[str, list[str]]]:
    return [{header: message.all(header) for header in message} for message in messages]


def test_headers_keep_their_order_and_values() -> None:
    [message] = framed(b"Event: Hangup\r\nCallerIDName: a: b\r\nAccountCode: \r\n\r\n")
    assert list(message.items()) == [("Event", "Hangup"), ("CallerIDName", "a: b"), ("AccountCode", "")]


def test_the_first_of_repeated_headers_counts_and_all_are_kept() -> None:
    [message] = framed(b"Event: Newchannel\r\nCallerIDNum: 1\r\nEvent: Hangup\r\n\r\n")
    assert message["Event"] == "Newchannel"
    assert message.all("Event") == ["Newchannel", "Hangup"]
    assert message.all("CallerIDNum") == ["1"]
    assert message.all("Cause") == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"Exten:101", {"Exten": "101"}),
        (b"Exten:", {"Exten": ""}),
        (b"Exten:  101", {"Exten": " 101"}),
        (b"no header at all", {}),
        (b": nameless", {"": "nameless"}),
    ],
)
def test_odd_lines_are_tolerated(line: bytes, expected: dict[str, str]) -> None:
    [message] = framed(b"Event: X\r\n" + line + b"\r\n\r\n")
    assert message == {"Event": "X"} | expected


@pytest.mark.parametrize("repeated", [b"", b"CallerIDName: again\r\n"])
def test_an_endless_value_is_cut_and_the_packet_counts(repeated: bytes) -> None:
    [message] = framed(b"Event: X\r\nCallerIDName: " + b"x" * 100_000 + b"\r\n" + repeated + b"Y: 1\r\n\r\n")
    assert message == {"Event": "X", "CallerIDName": "x" * 1000, "Y": "1"}


def test_a_recording_whose_lines_an_editor_made_end_in_lf_reads_the_same() -> None:
    framer = Framer()
    assert framer.feed(b"Asterisk Call Manager/11.0.0\nEvent: A\nX: 1\n\nEvent: B\n\n") == [
        {"Event": "A", "X": "1"},
        {"Event": "B"},
    ]
    assert framer.banner == "Asterisk Call Manager/11.0.0"


def test_a_lone_line_feed_ends_nothing() -> None:
    """Asterisk writes CR LF; a caller who sends LF alone forges no header."""
    assert framed(b"Event: A\r\nCallerIDNum: 1\nEvent: Hangup\n\nX: y\r\n\r\n") == [
        {"Event": "A", "CallerIDNum": "1\nEvent: Hangup\n\nX: y"}
    ]


def test_each_message_is_decoded_alone() -> None:
    messages = framed(
        "CallerIDName: J\xfcrgen\r\n\r\n".encode("latin-1") + "CallerIDName: Jürgen\r\n\r\n".encode()
    )
    assert messages == [{"CallerIDName": "J\ufffdrgen"}, {"CallerIDName": "Jürgen"}]


def test_a_packet_cut_by_a_forgery_counts_for_what_it_holds() -> None:
    messages = framed(
        b"Event: Newstate\r\nCallerIDNum: 1\r\n\r\nEvent: Hangup\r\nX: \r\nUniqueid: 1.2\r\n\r\n"
    )
    assert messages == [
        {"Event": "Newstate", "CallerIDNum": "1"},
        {"Event": "Hangup", "X": "", "Uniqueid": "1.2"},
    ]


def test_a_part_without_an_event_header_is_delivered_too() -> None:
    assert framed(b"CallerIDName: x\r\nUniqueid: 1.2\r\n\r\n", wanted=["Hangup"]) == [
        {"CallerIDName": "x", "Uniqueid": "1.2"}
    ]


def test_only_wanted_events_are_delivered() -> None:
    data = (
        b"Event: Hangup\r\nX: 1\r\n\r\nEvent: HangupRequest\r\nX: 2\r\n\r\n"
        b"Event: Bare\r\n\r\nResponse: Error\r\n\r\n"
    )
    assert framed(data, wanted=["Hangup"]) == [{"Event": "Hangup", "X": "1"}, {"Response": "Error"}]


def test_an_empty_line_too_many_hides_no_event() -> None:
    data = b"Event: TestEvent\r\n\r\n\r\nEvent: VarSet\r\n\r\n\r\nEvent: Hangup\r\n\r\n"
    assert framed(data, wanted=["Hangup"]) == [{"Event": "Hangup"}]


def test_an_expected_answer_is_delivered_though_its_event_is_not_wanted() -> None:
    framer = Framer(wanted=[])
    framer.keep_answers = True
    messages = framer.feed(BANNER + b"Event: Status\r\nActionID: 7\r\n\r\nEvent: Status\r\n\r\n")
    assert messages == [{"Event": "Status", "ActionID": "7"}]


def test_the_banner_is_known_before_the_first_packet() -> None:
    framer = Framer()
    assert framer.feed(BANNER) == []
    assert framer.banner == "Asterisk Call Manager/11.0.0"


def test_a_text_that_begins_with_a_header_has_no_banner() -> None:
    framer = Framer()
    assert framer.feed(b"Event: A\r\n\r\n") == [{"Event": "A"}]
    assert framer.banner is None


def test_bytes_without_a_separator_are_not_hoarded() -> None:
    framer = Framer()
    framer.feed(BANNER)
    for _ in range(5 * 16):
        framer.feed(b"x" * 65_536)
        assert len(framer._tail) <= (1 << 20) + 3
    assert framer.oversize == 1
    assert framer.feed(b"\r\n\r\nEvent: A\r\n\r\n") == [{"Event": "A"}]


def test_a_first_line_without_an_end_is_not_hoarded() -> None:
    framer = Framer(largest=100)
    for _ in range(20):
        framer.feed(b"x" * 20)
    assert framer.feed(b"\r\n\r\nEvent: A\r\n\r\n") == [{"Event": "A"}]
    assert framer.oversize == 1


PIECES = st.sampled_from(
    [b"Event: A", b"X:1", b"y", "ü".encode(), b": ", b"\r", b"\n", b"\r\n", b"\r\n\r\n", b"x" * 30]
)


@given(pieces=st.lists(PIECES, max_size=30), cuts=st.lists(st.integers(0, 200), max_size=8))
def test_no_split_changes_the_messages(pieces: list[bytes], cuts: list[int]) -> None:
    data = b"".join(pieces)
    whole, parts = Framer(largest=40), Framer(largest=40)
    expected = whole.feed(data)
    borders = [0, *sorted(cuts), len(data)]
    got = [message for begin, end in pairwise(borders) for message in parts.feed(data[begin:end])]
    assert (shape(got), parts.banner) == (shape(expected), whole.banner)


@given(data=st.binary(max_size=300))
def test_one_byte_at_a_time_gives_the_same_messages(data: bytes) -> None:
    whole, parts = Framer(largest=40), Framer(largest=40)
    expected = whole.feed(data)
    assert shape([message for byte in data for message in parts.feed(bytes([byte]))]) == shape(expected)


@pytest.mark.parametrize(
    "recording", sorted(RECORDINGS.glob("*/call.ami")), ids=lambda path: path.parent.name
)
def test_a_recording_gives_as_many_messages_as_it_has_packets(recording: Path) -> None:
    data = recording.read_bytes()
    messages = Framer().feed(data)
    assert len(messages) == data.count(b"\r\n\r\n")
    parts = Framer()
    assert shape([message for byte in data for message in parts.feed(bytes([byte]))]) == shape(messages)
