from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lab.sip.message import Message, identity_of, tag_of, uri_of

INVITE = (
    b"INVITE sip:101@127.0.0.3 SIP/2.0\r\n"
    b"Via: SIP/2.0/UDP 127.0.0.1:5060;rport;branch=z9hG4bKabc\r\n"
    b'f: "Jan\r\n Jansen" <sip:+31612345678@127.0.0.1>;tag=t1\r\n'
    b"To: <sip:101@127.0.0.3>\r\nCall-ID: c1\r\nCSeq: 7 INVITE\r\n\r\nv=0"
)


def test_reads_compact_and_folded_headers() -> None:
    invite = Message.parse(INVITE)
    assert (invite.method, invite.target, invite.branch) == ("INVITE", "sip:101@127.0.0.3", "z9hG4bKabc")
    assert identity_of(invite.get("from")) == ("+31612345678", "Jan Jansen")
    assert invite.body == b"v=0"


def test_a_reply_repeats_what_names_the_transaction() -> None:
    invite = Message.parse(INVITE)
    reply = Message.parse(invite.reply(180, "Ringing", to="<sip:101@127.0.0.3>;tag=t2").encode())
    assert (reply.status, reply.method, reply.branch) == (180, "INVITE", invite.branch)
    assert (tag_of(reply.get("from")), tag_of(reply.get("to"))) == ("t1", "t2")


def test_cancel_and_ack_belong_to_the_transaction_of_the_invite() -> None:
    invite = Message.parse(INVITE)
    refusal = invite.reply(486, "Busy Here", to="<sip:101@127.0.0.3>;tag=t2")
    assert (invite.cancel().branch, invite.cancel().get("cseq")) == (invite.branch, "7 CANCEL")
    assert tag_of(invite.acknowledge(refusal).get("to")) == "t2"


def test_sends_bytes_that_are_no_utf8() -> None:
    assert b'"Jos\xe9"' in Message("X y SIP/2.0", (("from", '"Jos\udce9" <sip:1@h>'),)).encode()


@pytest.mark.parametrize(
    ("address", "number", "name"),
    [
        ("<sip:101@h>;tag=x", "101", None),
        ('"O\\"Neil" <sip:1@h>', "1", 'O"Neil'),
        ('"A <sip:evil@x>" <sip:1@h>', "1", "A <sip:evil@x>"),
        ("Bob <sips:102@h;user=phone>", "102", "Bob"),
        ("nothing", None, None),
    ],
)
def test_identity(address: str, number: str | None, name: str | None) -> None:
    assert identity_of(address) == (number, name)


def test_uri_without_brackets() -> None:
    assert uri_of("sip:1@h;tag=x") == "sip:1@h"


@given(st.binary(max_size=300))
def test_any_datagram_is_read(data: bytes) -> None:
    assert isinstance(Message.parse(data), Message)
