"""What strangers wrote, in texts for the clipboard and in the arguments of programs."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.model import Call, CallId, CallState, Contact, Device, Direction
from bubbled.popup.command import CopyText, RunProgram
from bubbled.popup.layout import Layout
from bubbled.popup.purpose import Copy, Run
from bubbled.popup.subject import Finding, Subject
from bubbled.popup.text import one_line
from bubbled.popup.variable import Values
from bubbled.template import parse

CALL = Call(
    id=CallId("1"),
    device=Device("PJSIP/101"),
    direction=Direction.INBOUND,
    state=CallState.RINGING,
    number="+31612345678",
)
SHOP = Run(tuple(map(parse, ("shop", "$name", "--name", "$name", "--name=$name", "$name $city", "-x"))))


def said(name: str, **fields: str) -> Values:
    contact = Contact(directory="Customers", name=name, fields=tuple(fields.items()))
    subject = Subject(call=CALL, finding=Finding(contact=contact))
    return Values(subject, Layout(region="NL"), datetime(2026, 11, 22, tzinfo=UTC))


names = st.text(max_size=200) | st.sampled_from(
    ["-rf", "--help", "- -x", "-", " -w", "'; rm -rf ~", "a\r\nb", "a\0b", "\u202ex", "$(reboot)"]
)


@given(names)
def test_a_value_is_part_of_one_argument_and_begins_none_as_an_option(name: str) -> None:
    match SHOP.action(said(name), ""):
        case RunProgram((program, alone, option, value, joined, first, own)):
            assert (program, option, own) == ("shop", "--name", "-x")
            assert joined == f"--name={one_line(name, 80)}"
            assert all(not each.startswith("-") for each in (alone, value, first))
            assert alone == value
            assert one_line(name, 80).endswith(alone)
            assert all(
                "\0" not in each and each.splitlines() in ([each], []) for each in (alone, joined, first)
            )
        case action:
            assert action is None
            assert one_line(name, 80) == ""


@pytest.mark.parametrize(
    ("name", "argument"),
    [
        ("+!reboot", "!reboot"),
        ("-+1|!reboot", "1|!reboot"),
        ("++cmd", "cmd"),
        ("+", ""),
        ("+31 6 12345678", "+31 6 12345678"),
        ("--+1 (201) 555-0123", "+1 (201) 555-0123"),
        ("C++", "C++"),
    ],
)
def test_a_plus_begins_a_number_but_no_command_of_an_editor(name: str, argument: str) -> None:
    assert Run(tuple(map(parse, ("vi", "$name")))).action(said(name), "") == RunProgram(("vi", argument))


@given(names, names)
def test_what_is_copied_is_one_line(name: str, city: str) -> None:
    action = Copy(parse("$name: $city")).action(said(name, city=city), "")
    if isinstance(action, CopyText):
        assert action.text == one_line(action.text, 4000)
        assert action.text.splitlines() == [action.text]
    else:
        assert not one_line(name, 80)
        assert not one_line(city)


@pytest.mark.parametrize(("street", "copied"), [("Dorpsstraat 1", "Dorpsstraat 1"), ("x" * 1500, "x" * 1500)])
def test_what_an_address_book_knows_is_copied_whole(street: str, copied: str) -> None:
    assert Copy(parse("$street")).action(said("Jan", street=street), "") == CopyText(copied)
