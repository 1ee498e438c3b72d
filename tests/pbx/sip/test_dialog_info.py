from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bubbled.model import Direction
from bubbled.pbx.sip.dialog_info import LARGEST_BYTES, Dialog, DialogState, UnreadableError, parse
from tests.pbx.sip.notifier import bare, document, early


def only(*dialogs: str) -> Dialog:
    (dialog,) = parse(document(0, *dialogs)).dialogs
    return dialog


def test_what_asterisk_tells_while_the_phone_rings() -> None:
    dialog = only(early("+31612345678", "Café Müller"))
    assert (dialog.id, dialog.state, dialog.direction) == ("101", DialogState.EARLY, Direction.INBOUND)
    assert (dialog.number, dialog.name, dialog.call_id) == ("+31612345678", "Café Müller", "")


def test_what_asterisk_tells_afterwards_is_the_state_alone() -> None:
    dialog = only(bare("confirmed"))
    assert (dialog.state, dialog.direction, dialog.number, dialog.name) == (
        DialogState.CONFIRMED,
        None,
        None,
        None,
    )


def test_what_richer_pbxs_tell_is_taken() -> None:
    dialog = only(
        '<dialog id="x1" call-id="c1" local-tag="l1" remote-tag="r1" direction="initiator">'
        '<state event="rejected" code="486">terminated</state>'
        "<remote><identity>sip:%2B31201234567@example.org;user=phone</identity></remote></dialog>"
    )
    assert (dialog.call_id, dialog.direction) == ("c1 l1 r1", Direction.OUTBOUND)
    assert (dialog.ending, dialog.code, dialog.number) == ("rejected", 486, "+31201234567")


def test_a_held_call_is_seen_by_what_the_own_phone_renders() -> None:
    held = '<local><target uri="sip:101@h"><param pname="+sip.rendering" pval="no"/></target></local>'
    assert only(f'<dialog id="1"><state>confirmed</state>{held}</dialog>').is_held
    assert not only(f'<dialog id="1"><state>confirmed</state>{held.replace("no", "yes")}</dialog>').is_held


@pytest.mark.parametrize(
    ("identity", "number"),
    [
        ("sip:+31612345678@127.0.0.1", "+31612345678"),
        ("sips:102@pbx.example.com:5061", "102"),
        ("tel:+31-6-12345678;phone-context=x", "+31-6-12345678"),
        ("sip:pbx.example.com", None),
        ("sip:+31612345678;phone-context=x:secret@pbx", "+31612345678"),
        ("SIP:anonymous@anonymous.invalid", "anonymous"),
        ("not an address", None),
        ("", None),
    ],
)
def test_the_number_is_the_user_part_of_the_address(identity: str, number: str | None) -> None:
    told = f"<remote><identity>{identity}</identity></remote>"
    assert only(f'<dialog id="1"><state>early</state>{told}</dialog>').number == number


@pytest.mark.parametrize("number", ["+316%0d%0a12", "+316\r\nEvent: x", "+316\u202812", "1" * 300])
def test_a_number_with_a_line_break_is_none(number: str) -> None:
    dialog = only(early(number, "Jan"))
    assert (dialog.state, dialog.number, dialog.name) == (DialogState.EARLY, None, "Jan")


@pytest.mark.parametrize(
    "number",
    [
        "<b>1</b>",
        "1&2",
        "1</identity></remote><state>terminated",
        "]]>",
        "<remote>",
        "\x01",
        "<!-- ",
        "</remote><remote>",
    ],
)
def test_a_caller_who_breaks_the_document_rings_all_the_same(number: str) -> None:
    """Asterisk writes the number unescaped."""
    info = parse(document(0, early(number)))
    assert info.dialogs[0].state is DialogState.EARLY
    assert info.dialogs[0].id == "101"


@pytest.mark.parametrize("sign", ["\x1b", "\0", "\x7f", "\uffff"])
def test_a_sign_that_no_document_may_hold_costs_its_own_place_alone(sign: str) -> None:
    (dialog,) = parse(document(0, early(name=f"Jan{sign}sen"))).dialogs
    assert (dialog.number, dialog.name) == ("+31612345678", "Jan sen")
    assert parse(document(0, early(f"06{sign}12"))).dialogs[0].number is None


def test_what_was_broken_is_told() -> None:
    assert parse(document(0, early("<x"))).is_mended
    assert not parse(document(0, early())).is_mended


BOMB = (
    '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="0" state="full" entity="&b;"/>'
)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no xml",
        b"<html/>",
        b"<dialog-info/>",
        BOMB.encode(),
        BOMB.encode("utf-16"),
        b'<?xml version="1.0" encoding="utf-16"?>' + BOMB.encode(),
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>',
        document(0, *["<dialog/>"] * 200),
        document(0, bare("early")) + b" " * LARGEST_BYTES,
        b"<a>" * 20_000,
        b"\xff\xfe\x00",
    ],
    ids=range(12),
)
def test_what_is_no_document_or_a_dangerous_one_is_refused(body: bytes) -> None:
    with pytest.raises(UnreadableError):
        parse(body)


def test_an_address_without_end_is_no_number() -> None:
    assert parse(document(0, early("1" * 30_000).replace("@pbx", ""))).dialogs[0].number is None


def test_a_caller_who_opens_his_part_many_times_is_left_out_with_all_of_them() -> None:
    info = parse(document(0, early("<remote>" * 3500)))
    assert info.is_mended
    assert info.dialogs[0].state is DialogState.EARLY


def test_ten_megabytes_are_refused_before_they_are_looked_at() -> None:
    with pytest.raises(UnreadableError, match="too large"):
        parse(b"<" * 10_000_000)


def test_states_and_directions_that_nobody_knows_are_passed_over() -> None:
    assert parse(document(0, bare("levitating"))).dialogs == ()
    assert only('<dialog id="1" direction="sideways"><state>early</state></dialog>').direction is None


def test_whether_it_is_all_or_a_part() -> None:
    assert parse(document(3)).is_full
    assert not parse(document(3, state="partial")).is_full
    assert (parse(document(3)).version, parse(document(3)).entity) == (3, "sip:101@pbx")


@settings(max_examples=300)
@given(st.binary(max_size=300))
def test_no_bytes_do_harm(body: bytes) -> None:
    with suppress(UnreadableError):
        parse(body)


@settings(max_examples=300)
@given(st.data())
def test_no_change_of_a_document_does_harm(data: st.DataObject) -> None:
    body = bytearray(document(0, early(), bare("confirmed", key='id="2"')))
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    with suppress(UnreadableError):
        parse(bytes(body))


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_a_caller_calls_himself_one_dialog_rings_and_nothing_has_a_line_break(
    number: str, name: str
) -> None:
    escaped = name.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    try:
        info = parse(document(0, early(number, escaped)))
    except UnreadableError:
        assert "<!" in number
        return
    for dialog in info.dialogs:
        assert not any(sign in (dialog.number or "") + (dialog.name or "") for sign in "\r\n\0\x1b\u2028")
