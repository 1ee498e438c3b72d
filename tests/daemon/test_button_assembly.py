from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bubbled.daemon.button_assembly import buttons
from bubbled.model import E164, Call, CallId, CallState, Contact, Device, Direction
from bubbled.popup.button import USUAL, act, shown
from bubbled.popup.command import CopyText, Dial, MuteFor, OpenUri, RunProgram, TakeNote
from bubbled.popup.layout import Layout
from bubbled.popup.purpose import OpenList
from bubbled.popup.subject import Finding, Subject
from bubbled.popup.variable import Values
from bubbled.settings.schema import Settings

BASE: dict[str, Any] = {
    "me": {"extension": "101", "region": "NL"},
    "pbx": {"host": "127.0.0.1", "username": "bubbled", "secret": "s3cret"},
}
CALL = Call(
    id=CallId("1"),
    device=Device("PJSIP/101"),
    direction=Direction.INBOUND,
    state=CallState.RINGING,
    number="0612345678",
    e164=E164("+31612345678"),
)
JAN = Contact(directory="Customers", name="-w Jan & Zn")
VALUES = Values(
    Subject(call=CALL, finding=Finding(contact=JAN, matches=(JAN, Contact(directory="Customers")))),
    Layout(region="NL"),
    datetime(2026, 11, 22, tzinfo=UTC),
)


def settings(*button: dict[str, Any]) -> Settings:
    return Settings.model_validate(BASE | {"button": [{"label": "Do", **each} for each in button]})


@pytest.mark.parametrize(
    ("does", "action"),
    [
        ({"open": "https://crm/?q=$number_national"}, OpenUri("https://crm/?q=0612345678")),
        (
            {"mail": {"recipient": "sales@example.com", "subject": "$name", "body": "$number_formatted"}},
            OpenUri("mailto:sales@example.com?subject=-w%20Jan%20%26%20Zn&body=06%2012345678"),
        ),
        ({"copy": "$name: $number_e164"}, CopyText("-w Jan & Zn: +31612345678")),
        ({"dial": "$number_e164"}, Dial("+31612345678")),
        (
            {"run": ["shop", "$name", "--name", "$name", "--name=$name", "-x", "$city"]},
            RunProgram(("shop", "w Jan & Zn", "--name", "w Jan & Zn", "--name=-w Jan & Zn", "-x", "")),
        ),
        ({"mute_min": 30}, MuteFor(30)),
        ({"note": True}, TakeNote(CallId("1"), "typed")),
        ({"choose": True}, OpenList()),
    ],
)
def test_a_button_does_what_its_settings_say(does: dict[str, Any], action: object) -> None:
    rules = buttons(settings(does))
    (button,) = shown(rules, VALUES)
    assert act(rules, VALUES, button.id, "typed") == action


def test_without_any_in_the_settings_there_are_the_usual_ones_and_an_empty_list_is_none() -> None:
    assert buttons(Settings.model_validate(BASE)) == USUAL
    assert buttons(settings()) == ()


def test_they_keep_their_ids_and_their_order_through_a_reload() -> None:
    note, quiet, late = {"note": True}, {"mute_min": 30}, {"note": True, "when": "ended"}
    before = {rule.id: rule for rule in buttons(settings(note, quiet))}
    after = buttons(settings(late, quiet, note))
    assert [rule.id in before for rule in after] == [False, True, True]
    assert all(rule == before[rule.id] for rule in after[1:])
