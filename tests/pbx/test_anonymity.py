from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.model import ME, CallChange
from bubbled.number import is_withheld
from bubbled.pbx.ami import wording
from bubbled.pbx.ami.framing import Framer
from bubbled.pbx.ami.tracker import Tracker
from bubbled.pbx.anonymity import Anonymiser

RECORDINGS = sorted((Path(__file__).parents[1] / "recordings").glob("*/*.ami"))
KEY = b"the same stand-ins in each run"
EPOCH = b"1795340692.3"


def blanked(header: bytes, value: bytes) -> bytes:
    line = header + b": " + value + b"\r\n"
    return Anonymiser(KEY).feed(line).removeprefix(header + b": ").removesuffix(b"\r\n")


def people(data: bytes) -> set[bytes]:
    """The numbers of six digits and more, and the names."""
    told = set()
    for message in Framer().feed(data):
        for header in message:
            for value in message.all(header):
                if re.search("(Num|Exten|Extension|DialString)$", header):
                    told |= set(re.findall(r"\d{6,}", value))
                elif re.search("(CallerID|ConnectedLine)Name$", header) and not is_withheld(value):
                    told |= {value} if re.search("[^0-9]", value) else set(re.findall(r"\d{6,}", value))
    return {each.encode() for each in told}


def changes(data: bytes) -> list[CallChange]:
    tracker = Tracker(lambda device: ME if device.endswith(("/101", "/102")) else None, "NL")
    told = [change for message in Framer().feed(data) for change in tracker.apply(message)]
    return [*told, *tracker.flush()]


def without_people(change: CallChange) -> tuple[object, ...]:
    call = change.call
    known = [value is None for value in (call.number, call.e164, call.name, call.dialled)]
    return (
        change.kind,
        call.id,
        call.device,
        call.direction,
        call.state,
        call.internal,
        call.outcome,
        *known,
    )


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_recording_tells_nobody_and_replays_the_same(recording: Path) -> None:
    data = recording.read_bytes()
    out = Anonymiser(KEY).feed(data)
    assert len(out) == len(data)
    assert [person for person in people(data) if person in out] == []
    assert [*map(without_people, changes(out))] == [*map(without_people, changes(data))]


@pytest.mark.parametrize(
    ("header", "value"),
    [
        (b"CallerIDNum", b"101"),
        (b"CallerIDNum", b"<unknown>"),
        (b"CallerIDNum", b"anonymous"),
        (b"CallerIDName", b"<unknown>"),
        (b"ConnectedLineName", b"Anonymous"),
        (b"CallerIDName", b""),
        (b"Uniqueid", EPOCH),
        (b"DestUniqueid", b"pbx-7-1795340692.33"),
        (b"BridgeUniqueid", b"12345678-1234-1234-1234-123456789012"),
        (b"Channel", b"PJSIP/101-00000003"),
        (b"Channel", b"Local/102@from-queue-00000001;2"),
        (b"Channel", b"SIP/101-00000003<ZOMBIE>"),
        (b"Exten", b"*8"),
        (b"ParkingSpace", b"701"),
    ],
)
def test_what_names_nobody_stays(header: bytes, value: bytes) -> None:
    assert blanked(header, value) == value


@pytest.mark.parametrize(
    ("header", "value", "shape"),
    [
        (b"CallerIDNum", b"+31612345678", rb"\+316\d{8}"),
        (b"CallerIDNum", b"+3726123456", rb"\+372\d{7}"),
        (b"Exten", b"0612345678", rb"06\d{8}"),
        (b"CallerIDNum", b"06-12 34 56 78", rb"06-\d\d \d\d \d\d \d\d"),
        (b"CallerIDNum", b"jan.jansen", rb"[a-z]{3}\.[a-z]{6}"),
        (b"CallerIDName", rb"O\'Neil \\ x", rb"[A-Z]\\'[A-Z][a-z]{3} \\\\ [a-z]"),
        (b"CallerIDName", "Café 東京".encode(), rb"[A-Z][a-z][a-z][\x80-\xff]{2} [\x80-\xff]{6}"),
        (b"CallerIDName", b"J\xfcrgen", rb"[A-Z][\xfe\xff][a-z]{4}"),
        (b"ParkeeConnectedLineName", b"Jan 0612345678", rb"[A-Z][a-z]{2} 06\d{8}"),
        (b"Channel", b"Local/0612345678@ctx-00000001;1", rb"Local/06\d{8}@ctx-00000001;1"),
        (b"DialString", b"+31612345678@trunk", rb"\+316\d{8}@trunk"),
        (b"Uniqueid", b"31612345678", rb"316\d{8}"),
        (b"Value", b"Jan", rb"[A-Z][a-z]{2}"),
    ],
)
def test_who_is_named_gets_a_stand_in_of_the_same_shape(header: bytes, value: bytes, shape: bytes) -> None:
    out = blanked(header, value)
    assert re.fullmatch(shape, out)
    assert value not in out


def test_a_number_forged_into_the_place_of_a_header_is_no_exception() -> None:
    assert re.fullmatch(rb"06(?!12345678)\d{8}: x\n", Anonymiser(KEY).feed(b"0612345678: x\n"))


def test_of_a_note_nothing_is_left() -> None:
    assert blanked(b"Note12", b"V2FudHMgMjA=") == b"xxxxxxxxxxxx"
    assert blanked(b"Number", b"+31612345678") != b"+31612345678"


def test_two_notations_of_one_number_stay_one_number() -> None:
    one = blanked(b"CallerIDNum", b"+31612345678")
    other = blanked(b"DestCallerIDNum", b"0612345678")
    assert wording.same_number(one.decode(), other.decode())
    assert blanked(b"DialString", b"SIP/0612345678") == b"SIP/" + other


@given(st.sets(st.from_regex(rb"0[1-9][0-9]{8}", fullmatch=True), min_size=2, max_size=2))
def test_different_numbers_have_different_stand_ins(numbers: set[bytes]) -> None:
    assert len({blanked(b"CallerIDNum", number) for number in numbers}) == 2


@given(name=st.text(min_size=1, max_size=20).filter(lambda name: not re.search(r"[\r\n]", name)))
def test_a_name_keeps_its_length_and_is_still_text(name: str) -> None:
    text = name.strip(" ").encode("utf-8", "replace")
    out = blanked(b"CallerIDName", text)
    assert len(out) == len(text)
    out.decode()


@given(data=st.binary(max_size=200), cuts=st.lists(st.integers(0, 200), max_size=6))
def test_no_split_changes_the_text(data: bytes, cuts: list[int]) -> None:
    data += b"\r\nCallerIDNum: +31612345678\r\n"
    parts = Anonymiser(KEY)
    borders = [0, *sorted(cuts), len(data)]
    out = b"".join(parts.feed(data[begin:end]) for begin, end in pairwise(borders))
    assert out.endswith(Anonymiser(KEY).feed(b"CallerIDNum: +31612345678\r\n"))
    assert out[: len(data)] == Anonymiser(KEY).feed(data)[: len(out)]


def test_a_line_without_end_is_crossed_out_and_not_hoarded() -> None:
    anonymiser = Anonymiser(KEY)
    out = b"".join(anonymiser.feed(b"Jan 0612345678 " * 4096) for _ in range(80))
    assert len(out) + len(anonymiser._line) == 80 * 4096 * 15
    assert set(out) == set(b"x")
    assert anonymiser.feed(b"Jan\r\nExten: 101\r\n").endswith(b"xxxx\nExten: 101\r\n")


def test_another_recording_gets_other_stand_ins() -> None:
    line = b"CallerIDNum: +31612345678\r\nCallerIDName: Jan Jansen\r\n"
    assert Anonymiser().feed(line) != Anonymiser().feed(line)
