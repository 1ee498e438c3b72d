from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bubbled.pbx.sip.message import (
    LARGEST_HEAD,
    MalformedError,
    parse,
    response,
    routes_of,
    tag_of,
    uri,
    uri_of,
    write,
)
from tests.pbx.sip.notifier import CONFIRMED, IDLE, Notifier, early
from tests.pbx.sip.torture import INVALID, LEAST, VALID, on_the_wire
from tests.pbx.sip.watch import Watch

OPTIONS = on_the_wire(f"OPTIONS sip:u@example.com SIP/2.0\n{LEAST}")


@pytest.mark.parametrize("name", VALID)
def test_what_is_well_formed_is_read(name: str) -> None:
    assert parse(on_the_wire(VALID[name])).call_id


@pytest.mark.parametrize("name", INVALID)
def test_what_is_not_is_refused(name: str) -> None:
    with pytest.raises(MalformedError):
        parse(on_the_wire(INVALID[name]))


@pytest.mark.parametrize("name", [*VALID, *INVALID])
def test_torture_disturbs_no_subscription(name: str) -> None:
    watch = Watch(Notifier()).begin()
    watch.pbx_sends(on_the_wire((VALID | INVALID)[name]))
    watch.pbx_sends(watch.pbx.notify(early())).pbx_sends(watch.pbx.notify(CONFIRMED))
    assert [each.split()[0] for each in watch.told] == ["started", "answered"]


def test_the_short_tortuous_invite_is_read_as_the_rfc_has_it() -> None:
    message = parse(on_the_wire(VALID["wsinv"]))
    assert (message.method, message.sequence, message.status) == ("INVITE", 9, 0)
    assert (message.to_tag, message.from_tag, message.branch) == ("1918181833n", "98asjd8", "390skdjuw")
    assert (message.sender, message.body) == ("192.0.2.2", b"v=0\r\n")


def test_a_body_ends_where_the_message_says() -> None:
    assert parse(OPTIONS + b"more").body == b""
    assert parse(OPTIONS.replace(b"Content-Length: 0\r\n", b"") + b"all of it").body == b"all of it"


def test_a_name_in_another_encoding_is_no_obstacle() -> None:
    message = parse(OPTIONS.replace(b"From: ", b'From: "Jos\xe9" '))
    assert "José" in message.get("From")


@pytest.mark.parametrize(
    ("address", "tag", "uri"),
    [
        ('"A <sip:evil@x>;tag=evil" <sip:1@h>;tag=t', "t", "sip:1@h"),
        ("sip:1@h;tag=t", "t", "sip:1@h"),
        ("<sip:1@h;tag=not>", "", "sip:1@h;tag=not"),
        ('"\\"" <sip:1@my_host:5060>;x;TAG=t', "t", "sip:1@my_host:5060"),
        ("", "", ""),
    ],
)
def test_an_address_is_taken_apart(address: str, tag: str, uri: str) -> None:
    assert (tag_of(address), uri_of(address)) == (tag, uri)


@pytest.mark.parametrize(
    ("user", "host", "expected"),
    [
        ("101", "pbx.example.com", "sip:101@pbx.example.com"),
        ("101", "2001:db8::1", "sip:101@[2001:db8::1]"),
        ("101@pbx", "pbx", "sip:101%40pbx@pbx"),
        ("#31 <a>", "pbx", "sip:%2331%20%3Ca%3E@pbx"),
        ("+31*;x=y", "pbx", "sip:+31*;x=y@pbx"),
    ],
)
def test_an_account_is_one_address_whatever_its_name(user: str, host: str, expected: str) -> None:
    assert uri(user, host) == expected


def test_routes_are_taken_apart() -> None:
    assert routes_of(["<sip:a;lr>, <sip:b;lr>", "<sip:c>"]) == ("<sip:a;lr>", "<sip:b;lr>", "<sip:c>")


@pytest.mark.parametrize("value", ["a\r\nEvil: yes", "a\nb", "a\0"])
def test_a_value_with_a_line_break_is_never_written(value: str) -> None:
    with pytest.raises(MalformedError):
        write("X sip:x SIP/2.0", (("To", value),))


def test_an_answer_goes_back_the_way_that_the_request_came() -> None:
    answer = parse(response(parse(on_the_wire(VALID["transports"])), 200, "OK", tag="ours"))
    assert len(answer.headers.getlist("Via")) == 3
    assert (answer.status, answer.method, answer.to_tag, answer.sequence) == (200, "OPTIONS", "ours", 60)


def test_a_head_without_end_is_refused_whatever_its_size() -> None:
    for size in (LARGEST_HEAD, LARGEST_HEAD * 100):
        with pytest.raises(MalformedError):
            parse(b"OPTIONS sip:u@example.com SIP/2.0\r\nX: " + b"x" * size + b"\r\n\r\n")


@settings(max_examples=300)
@given(st.data())
def test_no_change_of_a_message_does_harm(data: st.DataObject) -> None:
    message = bytearray(on_the_wire(data.draw(st.sampled_from(list(VALID.values())))))
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(message) - 1))
        message[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=6))
    with suppress(MalformedError):
        read = parse(bytes(message))
        if not read.status:
            with suppress(MalformedError):
                parse(response(read, 481, "No", tag="x"))


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_change_of_what_the_pbx_sends_disturbs_a_subscription(data: st.DataObject) -> None:
    watch = Watch(Notifier()).begin()
    for sent in (watch.pbx.notify(early("666")), *watch.pbx._answered[next(iter(watch.pbx._answered))]):
        changed = bytearray(sent)
        for _ in range(data.draw(st.integers(1, 4))):
            at = data.draw(st.integers(0, len(changed) - 1))
            changed[at : at + data.draw(st.integers(0, 4))] = data.draw(
                st.binary(max_size=4) | st.sampled_from([b"\n", b"\r", b"\0", b";self=1", b"\r\n "])
            )
        watch.pbx_sends(bytes(changed))
    watch.pbx_sends(watch.pbx.notify(IDLE)).run(1)
    watch.pbx_sends(watch.pbx.notify(early()))
    if watch.is_active:
        assert "started ringing +31612345678 Jan -" in watch.told


@pytest.mark.parametrize("where", ["contact", "record-route"])
@pytest.mark.parametrize("evil", ["\n", "\r", "\0"])
def test_an_address_that_could_never_be_written_again_is_not_kept(where: str, evil: str) -> None:
    """It would stop the next refresh, and with it all that follows."""
    pbx = Notifier()
    pbx.notifies = False
    watch = Watch(pbx).begin()
    watch.pbx_sends(pbx.notify(IDLE, **{where: f"<sip:101@192.0.2.1{evil}X: y>"}))
    assert not watch.is_active
    pbx.notifies = True
    watch.pbx_sends(pbx.notify(IDLE)).run(200)
    assert watch.is_active
    assert len(pbx.asked) > 2


def test_quotes_without_end_are_read_to_the_end() -> None:
    assert tag_of('"' + '\\"' * 7000 + "<sip:1@h>;tag=x") == ""
    assert uri_of('"A\\') == ""


@pytest.mark.parametrize("evil", [b"x\ny", b"x\ry", b"x\0y"])
def test_what_cannot_be_answered_in_words_is_dropped(evil: bytes) -> None:
    watch = Watch(Notifier()).begin()
    watch.pbx_sends(watch.pbx.notify(early("666")).replace(b"z9hG4bK", evil))
    watch.pbx_sends(watch.pbx.notify(early()))
    assert watch.told[-1].split()[2] == "+31612345678"


def test_a_parameter_with_an_awkward_name_is_no_defect() -> None:
    with suppress(MalformedError):
        parse(OPTIONS.replace(b"sip:u@example.com", b"sip:u@example.com;self=1"))


@settings(max_examples=300)
@given(st.binary(max_size=400))
def test_no_bytes_do_harm(data: bytes) -> None:
    with suppress(MalformedError):
        parse(data)
