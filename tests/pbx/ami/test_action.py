from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.pbx.ami.action import LONGEST_LINE, Answer, encode
from bubbled.pbx.ami.error import UnsafeActionError
from bubbled.pbx.ami.framing import Framer, Message


def test_an_action_is_written_with_its_id_and_repeated_headers() -> None:
    packet = encode({"Action": "Originate", "Variable": ["A=1", "B=2"]}, "x-1")
    assert packet == b"Action: Originate\r\nVariable: A=1\r\nVariable: B=2\r\nActionID: x-1\r\n\r\n"


@pytest.mark.parametrize("text", ["1\r\nAction: Command", "1\n", "1\r", "1\0", "1\r\n\r\nAction: Logoff"])
def test_text_that_could_be_read_as_another_action_is_refused(text: str) -> None:
    with pytest.raises(UnsafeActionError, match="nothing was sent"):
        encode({"Action": "Originate", "Exten": text}, "x-1")
    with pytest.raises(UnsafeActionError, match="nothing was sent"):
        encode({"Action": "Originate", text: "1"}, "x-1")


def test_a_header_name_with_a_colon_is_refused() -> None:
    with pytest.raises(UnsafeActionError):
        encode({"Action": "Ping", "Variable: A=1": "x"}, "x-1")


def test_a_line_that_asterisk_would_break_is_refused() -> None:
    encode({"Exten": "é" * ((LONGEST_LINE - len("Exten: ")) // 2)}, "x-1")
    with pytest.raises(UnsafeActionError, match="Shorten"):
        encode({"Exten": "é" * (LONGEST_LINE // 2)}, "x-1")


@given(value=st.text(max_size=60))
def test_whatever_is_written_is_read_back_as_one_message(value: str) -> None:
    try:
        packet = encode({"Action": "Originate", "Exten": value}, "x-1")
    except UnsafeActionError:
        return
    readable = value.encode("utf-8", "replace").decode()
    assert Framer().feed(packet) == [{"Action": "Originate", "Exten": readable, "ActionID": "x-1"}]


def fed(answer: Answer, *packets: dict[str, str]) -> list[bool]:
    progress = []
    for packet in packets:
        answer.feed(Message(packet))
        progress.append(answer.complete)
    return progress


def test_a_simple_answer_is_its_response() -> None:
    answer = Answer(is_list=False)
    assert fed(answer, {"Response": "Success", "Ping": "Pong"}) == [True]
    assert not answer.refused


@pytest.mark.parametrize(
    "end",
    [
        {"Event": "StatusComplete", "EventList": "Complete", "ListItems": "2"},
        {"Event": "StatusComplete", "Items": "2"},
        {"Event": "Whatever", "EventList": "cancelled"},
    ],
)
def test_a_list_is_complete_at_its_end(end: dict[str, str]) -> None:
    answer = Answer(is_list=True)
    one, two = {"Event": "Status", "Channel": "PJSIP/101-1"}, {"Event": "Status", "Channel": "PJSIP/102-1"}
    start = {"Response": "Success", "EventList": "start"}
    assert fed(answer, start, one, two, end) == [False, False, False, True]
    assert answer.items == [one, two]


def test_a_refused_list_is_complete_at_once() -> None:
    answer = Answer(is_list=True)
    assert fed(answer, {"Response": "Error", "Message": "Permission denied"}) == [True]
    assert answer.refused


def test_an_end_that_a_forgery_made_of_an_item_is_an_item() -> None:
    answer = Answer(is_list=True)
    start = {"Response": "Success", "EventList": "start"}
    forged = {"Event": "StatusComplete", "EventList": "Complete", "Uniqueid": "1.1", "ActionID": "7"}
    end = {"Event": "StatusComplete", "ActionID": "7", "EventList": "Complete", "ListItems": "1"}

    assert fed(answer, start, forged, end) == [False, False, True]
    assert answer.items == [forged]
