"""Which buttons there are at the desk, in which order, and what they do."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from gettext import NullTranslations

import pytest

from bubbled.condition import parse as condition
from bubbled.model import (
    E164,
    Button,
    Call,
    CallId,
    CallState,
    Contact,
    Device,
    Direction,
    Failure,
    Outcome,
)
from bubbled.popup.button import ButtonRule, act, shown
from bubbled.popup.command import CopyText, Dial, MuteFor, OpenUri, TakeNote
from bubbled.popup.layout import Layout, lay_out
from bubbled.popup.purpose import Call as CallNumber
from bubbled.popup.purpose import Copy, Hush, Note, Open, OpenList
from bubbled.popup.subject import Finding, Subject
from bubbled.popup.variable import Values
from bubbled.popup.wording import Wording
from bubbled.template import parse

NOW = datetime(2026, 11, 22, 14, 3, tzinfo=timezone(timedelta(hours=1)))
DESK = Layout(region="NL")
RINGING = Call(
    id=CallId("1"),
    device=Device("PJSIP/101"),
    direction=Direction.INBOUND,
    state=CallState.RINGING,
    number="0612345678",
    e164=E164("+31612345678"),
)
DIALLING = replace(RINGING, direction=Direction.OUTBOUND, state=CallState.DIALLING)
TALKING = replace(RINGING, state=CallState.TALKING)
MISSED = replace(RINGING, state=CallState.ENDED, outcome=Outcome.MISSED)
BUSY = replace(DIALLING, state=CallState.ENDED, outcome=Outcome.BUSY)
COLLEAGUE = replace(RINGING, number="102", e164=None, internal=True)
WITHHELD = replace(RINGING, number=None, e164=None)
JAN = Contact(directory="Customers", name="Jan", url="https://crm.example.com/7")
BAS = Contact(directory="Customers", name="Bas")
PAGE = OpenUri("https://crm.example.com/7")


def about(call: Call, *matches: Contact) -> Subject:
    several = matches if len(matches) > 1 else ()
    return Subject(call=call, finding=Finding(contact=matches[0] if matches else None, matches=several))


def labels(call: Call, *matches: Contact, layout: Layout = DESK) -> list[str]:
    return [button.label for button in lay_out(about(call, *matches), layout, NOW).buttons]


class TestUsualButtons:
    @pytest.mark.parametrize(
        ("call", "matches", "buttons"),
        [
            (RINGING, (), ["Search web", "Note", "Copy number", "Callback mail"]),
            (RINGING, (JAN,), ["Open in CRM", "Note", "Copy number", "Callback mail"]),
            (RINGING, (BAS,), ["Note", "Copy number", "Callback mail"]),
            (TALKING, (JAN,), ["Open in CRM", "Note", "Copy number", "Callback mail"]),
            (
                RINGING,
                (JAN, BAS),
                ["Choose…", "Open in CRM", "Note", "Copy number", "Callback mail"],
            ),
            (
                MISSED,
                (JAN, BAS),
                ["Call back", "Choose…", "Open in CRM", "Note", "Copy number", "Callback mail"],
            ),
            (
                MISSED,
                (),
                ["Call back", "Search web", "Note", "Copy number", "Callback mail"],
            ),
            (DIALLING, (JAN,), ["Open in CRM", "Note", "Copy number"]),
            (BUSY, (), ["Call again", "Search web", "Note", "Copy number"]),
            (COLLEAGUE, (), ["Note"]),
            (replace(COLLEAGUE, state=CallState.ENDED), (), ["Call back", "Note"]),
            (WITHHELD, (), ["Note"]),
            (replace(MISSED, number="anonymous", e164=None), (), ["Note"]),
            (replace(MISSED, number="sip:jan", e164=None), (), ["Note"]),
            (
                replace(BUSY, failure=Failure.NUMBER_REFUSED),
                (),
                ["Call again", "Search web", "Copy number"],
            ),
        ],
    )
    def test_what_one_most_likely_wants_comes_first(
        self, call: Call, matches: tuple[Contact, ...], buttons: list[str]
    ) -> None:
        assert labels(call, *matches) == buttons

    def test_a_colleague_whom_the_settings_do_not_let_call_is_not_called_back(self) -> None:
        layout = replace(DESK, may_dial=lambda extension: extension == "102")
        over = replace(COLLEAGUE, state=CallState.ENDED)
        assert "Call back" in labels(over, layout=layout)
        assert "Call back" not in labels(replace(over, number="105"), layout=layout)

    def test_where_nobody_can_be_called_no_button_calls(self) -> None:
        own = ButtonRule.of("dial", "Assistant", CallNumber(parse("$number_e164")), None)
        layout = replace(DESK, can_dial=False, buttons=(*DESK.buttons, own))
        for call in (MISSED, BUSY, replace(COLLEAGUE, state=CallState.ENDED)):
            assert not {"Call back", "Call again", "Assistant"} & set(labels(call, layout=layout))
            for button in ("call", own.id):
                assert act(layout.buttons, Values(about(call), layout, NOW), button, "") is None
        assert "Assistant" in labels(MISSED, layout=replace(layout, can_dial=True))

    def test_what_may_have_been_called_already_is_not_offered_again(self) -> None:
        assert "Call again" in labels(replace(BUSY, failure=Failure.PHONE_UNREGISTERED))
        assert "Call again" not in labels(replace(BUSY, failure=Failure.UNKNOWN))

    @pytest.mark.parametrize(
        ("call", "button", "action"),
        [
            (MISSED, "call", Dial("+31612345678")),
            (MISSED, "choose", OpenList()),
            (MISSED, "page", PAGE),
            (MISSED, "copy", CopyText("+31612345678")),
            (MISSED, "note", TakeNote(CallId("1"), "")),
            (RINGING, "call", None),
            (RINGING, "search", None),
            (RINGING, "fly", None),
            (COLLEAGUE, "copy", None),
        ],
    )
    def test_each_does_what_it_says_and_nothing_where_it_is_not_shown(
        self, call: Call, button: str, action: object
    ) -> None:
        assert act(DESK.buttons, Values(about(call, JAN, BAS), DESK, NOW), button, "") == action

    def test_a_stranger_is_searched_for_by_the_number_as_people_write_it(self) -> None:
        assert act(DESK.buttons, Values(about(RINGING), DESK, NOW), "search", "") == OpenUri(
            "https://duckduckgo.com/?q=%2206%2012345678%22"
        )

    def test_a_callback_request_is_a_whole_mail_without_empty_lines_for_what_nobody_knows(self) -> None:
        known = Values(replace(about(MISSED, replace(JAN, company="B & V")), started_at=NOW), DESK, NOW)
        assert act(DESK.buttons, known, "mail", "") == OpenUri(
            "mailto:?subject=Please%20call%20back%20Jan&body=Please%20call%20back%3A%0D%0A%0D%0AJan%0D%0A"
            "B%20%26%20V%0D%0A06%2012345678%0D%0A%0D%0ACalled%20on%2022%20Nov%20at%2014%3A03."
        )
        stranger = act(DESK.buttons, Values(about(MISSED), DESK, NOW), "mail", "")
        assert stranger == OpenUri(
            "mailto:?subject=Please%20call%20back%2006%2012345678&body=Please%20call%20back%3A%0D%0A%0D%0A"
            "06%2012345678%0D%0A"
        )


def rule(label: str, purpose: object, when: str | None = None) -> ButtonRule:
    return ButtonRule.of(f"{label} {purpose} {when}", label, purpose, when and condition(when))  # type: ignore[arg-type]  # cases name all kinds


def buttons(*rules: ButtonRule, call: Call = RINGING, contact: Contact | None = JAN) -> tuple[Button, ...]:
    return shown(rules, Values(Subject(call=call, finding=Finding(contact=contact)), DESK, NOW))


class Backwards(NullTranslations):
    """A language in which words are written from their end."""

    def gettext(self, message: str) -> str:
        return message if "$" in message else message[::-1]


def test_bubbled_s_own_buttons_speak_the_language_of_the_user() -> None:
    layout = replace(DESK, wording=Wording(catalogue=Backwards()))
    subject = about(RINGING, JAN)
    note = lay_out(subject, layout, NOW).buttons[1]
    assert (note.label, note.asks) == ("etoN", "llac siht no etoN")
    own = replace(layout, buttons=(rule("Quiet", Hush(30)),))
    assert [each.label for each in lay_out(subject, own, NOW).buttons] == ["Quiet"]


class TestOwnButtons:
    def test_they_take_the_place_of_the_usual_ones_in_their_order(self) -> None:
        layout = replace(DESK, buttons=(rule("Quiet", Hush(30)), rule("Write", Note())))
        assert labels(MISSED, JAN, layout=layout) == ["Quiet", "Write"]

    def test_one_is_shown_under_its_condition(self) -> None:
        gold = rule("Gold", Hush(0), "inbound and 'gold' in category")
        rich = replace(JAN, fields=(("category", "Gold, Retail"),))
        assert [each.label for each in buttons(gold, contact=rich)] == ["Gold"]
        assert buttons(gold) == buttons(gold, call=DIALLING, contact=rich) == ()

    def test_a_label_may_name_the_caller_in_one_short_line(self) -> None:
        mail = rule("Mail $name ($department)", Note())
        assert [each.label for each in buttons(mail)] == ["Mail Jan"]
        (long,) = buttons(mail, contact=replace(JAN, name="J\n" * 99))
        assert long.label == f"Mail{' J' * 17}…"

    def test_one_that_would_say_or_do_nothing_is_not_shown(self) -> None:
        assert buttons(rule("$department", Note())) == ()
        assert buttons(rule("Copy", Copy(parse("$department")))) == ()
        assert buttons(rule("Open", Open(parse("https://crm/?q=$department")))) == ()
        assert buttons(rule("Dial", CallNumber(parse("$assistant")))) == ()

    def test_one_that_needs_no_variable_is_always_there(self) -> None:
        assert len(buttons(rule("Open", Open(parse("https://crm/"))), call=WITHHELD, contact=None)) == 1

    def test_the_one_for_a_note_says_what_to_type_and_takes_it(self) -> None:
        (button,) = buttons(rule("Note", Note()))
        assert button.asks == "Note on this call"
        values = Values(about(RINGING), DESK, NOW)
        assert act((rule("Note", Note()),), values, button.id, " Will\ncome ") == TakeNote(
            CallId("1"), "Will\ncome"
        )

    def test_a_press_meant_for_one_never_does_another_after_a_reload(self) -> None:
        quiet, longer = rule("Quiet", Hush(30)), rule("Quiet", Hush(60))
        values = Values(about(RINGING), DESK, NOW)
        (pressed,) = buttons(quiet)
        assert act((longer, quiet), values, pressed.id, "") == MuteFor(30)
        assert act((longer,), values, pressed.id, "") is None

    def test_the_same_twice_is_one(self) -> None:
        assert len(buttons(rule("Quiet", Hush(30)), rule("Quiet", Hush(30)))) == 1

    def test_their_ids_are_fit_for_every_screen(self) -> None:
        (button,) = buttons(rule('<b>"é', Hush(30)))
        assert button.id.isascii()
        assert button.id.replace("_", "").isalnum()


def test_where_no_button_can_be_pressed_the_card_says_what_to_type() -> None:
    assert lay_out(about(COLLEAGUE), DESK, NOW).instead == "bubbled press 1: Note"
    assert lay_out(about(RINGING, JAN), DESK, NOW).instead == (
        "bubbled press 1: Open in CRM · 2: Note · 3: Copy number"
    )
    assert lay_out(about(COLLEAGUE), replace(DESK, buttons=()), NOW).instead == ""
