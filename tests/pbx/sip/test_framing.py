from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.pbx.sip.framing import Framer
from bubbled.pbx.sip.message import LARGEST_BODY, LARGEST_HEAD, MalformedError
from tests.pbx.sip.torture import LEAST, on_the_wire

BARE = on_the_wire(f"OPTIONS sip:u@example.com SIP/2.0\n{LEAST}")
WITH_BODY = BARE.replace(b"Content-Length: 0", b"l : 5") + b"\r\n\r\nx"
STREAM = b"\r\n\r\n" + BARE + b"\r\n" + WITH_BODY + BARE


@given(st.lists(st.integers(0, len(STREAM)), max_size=8))
def test_messages_are_whole_however_the_stream_is_cut(cuts: list[int]) -> None:
    framer, places = Framer(), [0, *sorted(cuts), len(STREAM)]
    found = [each for a, b in pairwise(places) for each in framer.feed(STREAM[a:b])]
    assert found == [BARE, WITH_BODY, BARE]


def test_byte_by_byte_too() -> None:
    framer = Framer()
    assert [each for sign in STREAM for each in framer.feed(bytes([sign]))] == [BARE, WITH_BODY, BARE]


@pytest.mark.parametrize(
    "data",
    [
        b"x" * (LARGEST_HEAD + 5),
        BARE.replace(b"Content-Length: 0", b"Content-Length: %d" % (LARGEST_BODY + 1)),
    ],
)
def test_a_stream_that_would_fill_the_memory_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedError):
        list(Framer().feed(data))


def test_keep_alives_leave_nothing_behind() -> None:
    framer = Framer()
    for _ in range(1000):
        assert list(framer.feed(b"\r\n\r\n")) == []
    assert list(framer.feed(BARE)) == [BARE]
