import json
from datetime import UTC, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.model import Button, Card, Direction, PopupId, Tone
from bubbled.popup.window.message import (
    Close,
    Describe,
    Described,
    Dismissed,
    Done,
    Focus,
    Look,
    Order,
    Ping,
    Pressed,
    Report,
    Show,
    Update,
    order_line,
    read_order,
    read_report,
    report_line,
)

ids = st.text().map(PopupId)
zones = st.sampled_from([UTC, timezone(timedelta(hours=1)), timezone(timedelta(hours=-9, minutes=-30))])
cards = st.builds(
    Card,
    headline=st.text(),
    lines=st.lists(st.text(), max_size=5).map(tuple),
    status=st.text(),
    tone=st.sampled_from(Tone),
    footnote=st.text(),
    buttons=st.lists(st.builds(Button, st.text(), st.text(), st.text()), max_size=6).map(tuple),
    instead=st.text(),
    picture=st.text(),
    since=st.none() | st.datetimes(timezones=zones),
    direction=st.none() | st.sampled_from(Direction),
    is_vip=st.booleans(),
)
looks = st.builds(
    Look,
    monitor=st.text(),
    corner=st.text(),
    offset=st.tuples(st.integers(), st.integers()),
    width=st.integers(),
    theme=st.text(),
    place_file=st.text(),
)
orders = st.one_of(
    looks,
    st.builds(Show, ids, cards),
    st.builds(Update, ids, cards),
    st.builds(Close, ids),
    st.sampled_from([Focus(), Describe(), Ping()]),
)
reports = st.one_of(
    st.builds(Done, st.integers(), st.booleans()),
    st.builds(Described, st.text()),
    st.builds(Pressed, ids, st.text(), st.text()),
    st.builds(Dismissed, ids),
)


@given(orders, st.integers(0))
def test_an_order_arrives_as_it_was_sent_in_one_line(order: Order, n: int) -> None:
    line = order_line(order, n)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert line.isascii()
    assert read_order(line) == (order, n)


@given(reports)
def test_a_report_arrives_as_it_was_sent_in_one_line(report: Report) -> None:
    line = report_line(report)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert read_report(line) == report


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
keys = [
    "do",
    "said",
    "n",
    "popup",
    "card",
    "offset",
    "width",
    "buttons",
    "lines",
    "tone",
    "since",
    "headline",
]


@given(
    st.binary()
    | anything.map(lambda value: json.dumps(value).encode())
    | st.dictionaries(
        st.sampled_from(keys), anything | st.sampled_from(["show", "look", "done", "ringing"])
    ).map(lambda value: json.dumps(value).encode())
)
def test_whatever_else_comes_is_refused_in_one_way(line: bytes) -> None:
    for read in (read_order, read_report):
        try:
            read(line)
        except ValueError:
            continue


@pytest.mark.parametrize(
    "line", [b"", b"[]", b"{}", b'{"do": "dance", "n": 1}', b'{"do": "ping"}', b"[" * 100_000]
)
def test_what_is_no_order_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_order(line)


def test_keys_of_a_later_version_are_passed_over() -> None:
    assert read_order(b'{"do": "close", "n": 3, "popup": "1", "gently": true}') == (Close(PopupId("1")), 3)


def test_a_card_may_leave_out_what_it_has_not() -> None:
    line = b'{"do": "show", "n": 1, "popup": "1", "card": {"headline": "Jan", "status": "", "tone": "ended"}}'
    assert read_order(line) == (Show(PopupId("1"), Card("Jan", (), "", Tone.ENDED)), 1)
