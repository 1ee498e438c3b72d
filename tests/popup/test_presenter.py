"""Playbooks: what happens goes in, what the screen has to do comes out, in short notation.

`+1 Jan` shows popup 1 with the headline Jan, `~1` updates it, `-1` closes it, `@4` asks to be woken 4 s after
NOW; what stands after `|` is the card's status.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any, assert_never

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.model import (
    E164,
    Call,
    CallChange,
    CallId,
    CallState,
    Card,
    ChangeKind,
    Contact,
    Dealings,
    Device,
    Direction,
    Failure,
    LastContact,
    Mute,
    Outcome,
    Owner,
    PopupId,
    Via,
    ViaKind,
)
from bubbled.popup.button import ButtonRule
from bubbled.popup.command import (
    Choose,
    ClosePopup,
    Command,
    CopyText,
    Dial,
    MuteFor,
    OpenUri,
    RunProgram,
    ShowPopup,
    TakeNote,
    UpdatePopup,
    WakeAt,
)
from bubbled.popup.ending import MOST_FAREWELLS, MOST_MISSED
from bubbled.popup.layout import Layout
from bubbled.popup.presenter import PopupRules, Presenter
from bubbled.popup.purpose import Call as Number
from bubbled.popup.purpose import Hush, Note
from bubbled.popup.rule import Rule, objection
from bubbled.popup.subject import NOTHING, Finding, Subject
from bubbled.popup.verdict import UNKNOWN
from bubbled.popup.wording import Wording
from bubbled.template import parse

NOW = datetime(2026, 11, 22, 14, 3, tzinfo=timezone(timedelta(hours=1)))
MIDNIGHT = datetime(2026, 11, 23, tzinfo=NOW.tzinfo)
RULES = PopupRules(layout=Layout(region="NL", wording=Wording(colleagues={"102": "Bob"})))
JAN = Contact(directory="Customers", name="Jan")
JANS = Finding(contact=JAN)


def ruled(**more: Any) -> PopupRules:
    return replace(RULES, rule=Rule(region="NL", **more))


TO_MIDNIGHT = f"@{(MIDNIGHT - NOW).total_seconds():g}"


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def call(name: str = "1", number: str = "+31612345678", **more: Any) -> Call:
    ringing = Call(
        id=CallId(name),
        device=Device("PJSIP/101"),
        direction=Direction.INBOUND,
        state=CallState.RINGING,
        number=number,
        e164=E164(number),
    )
    return replace(ringing, **more)


def started(of: Call) -> CallChange:
    return CallChange(ChangeKind.STARTED, of)


def updated(of: Call, **more: Any) -> CallChange:
    return CallChange(ChangeKind.UPDATED, replace(of, **more))


def answered(of: Call) -> CallChange:
    return CallChange(ChangeKind.ANSWERED, replace(of, state=CallState.TALKING))


def ended(of: Call, outcome: Outcome | None = None, **more: Any) -> CallChange:
    return CallChange(ChangeKind.ENDED, replace(of, state=CallState.ENDED, outcome=outcome, **more))


def told(commands: Iterable[Command]) -> list[str]:
    return [brief(command) for command in commands]


def brief(command: Command) -> str:  # noqa: PLR0911 - one for each command
    match command:
        case ShowPopup(popup_id, card):
            return f"+{popup_id} {card.headline} | {card.status}"
        case UpdatePopup(popup_id, card):
            return f"~{popup_id} {card.headline} | {card.status}"
        case ClosePopup(popup_id):
            return f"-{popup_id}"
        case WakeAt(at):
            return f"@{(at - NOW).total_seconds():g}"
        case Dial(number):
            return f"dial {number}"
        case Choose(call_id, contact):
            return f"choose {contact.name} for {call_id}"
        case OpenUri() | CopyText() | RunProgram() | MuteFor() | TakeNote():
            return str(command)
        case unreachable:
            assert_never(unreachable)


@pytest.fixture
def presenter() -> Presenter:
    return Presenter(RULES)


CALL = call()
OUTBOUND = call(direction=Direction.OUTBOUND, state=CallState.DIALLING)


def test_a_call_is_shown_at_once_named_in_place_and_closed_with_its_end(presenter: Presenter) -> None:
    assert told(presenter.call_changed(started(CALL), NOW)) == ["+1 06 12345678 | Calling you"]
    assert told(presenter.contact_found(CALL.id, JANS, NOW)) == ["~1 Jan | Calling you"]
    assert told(presenter.call_changed(answered(CALL), NOW)) == ["~1 Jan | Talking"]
    held = updated(CALL, state=CallState.HELD)
    assert told(presenter.call_changed(held, NOW)) == ["~1 Jan | On hold"]
    assert told(presenter.call_changed(ended(CALL, Outcome.ANSWERED), NOW)) == ["-1"]
    assert presenter.verdict(CALL.id) == "shown"


def test_what_changes_nothing_on_the_card_is_not_told(presenter: Presenter) -> None:
    presenter.call_changed(started(CALL), NOW)
    assert presenter.contact_found(CALL.id, NOTHING, NOW) == []
    assert presenter.dealings_found(CALL.id, None, NOW) == []
    assert presenter.call_changed(updated(CALL), NOW) == []
    assert presenter.call_changed(started(CALL), NOW) == []


CLICK = call(direction=Direction.OUTBOUND)


def test_a_click_is_one_popup_from_the_own_phone_to_the_end(presenter: Presenter) -> None:
    assert told(presenter.call_changed(started(CLICK), NOW)) == [
        "+1 06 12345678 | Pick up your phone to call"
    ]
    assert presenter.call_changed(updated(CLICK), NOW) == []
    dialling = updated(CLICK, state=CallState.DIALLING)
    assert told(presenter.call_changed(dialling, NOW)) == ["~1 06 12345678 | Calling"]
    assert told(presenter.call_changed(answered(CLICK), NOW)) == ["~1 06 12345678 | Talking"]
    assert told(presenter.call_changed(ended(CLICK, Outcome.ANSWERED), NOW)) == ["-1"]


@pytest.mark.parametrize(
    "silence",
    [
        lambda presenter: presenter.mute_changed(Mute(), NOW),
        lambda presenter: presenter.rules_changed(ruled(outbound=False), NOW),
        lambda presenter: presenter.dismissed(PopupId("1"), NOW),
    ],
    ids=["muted", "no outbound popups", "dismissed"],
)
def test_why_nothing_came_of_a_click_is_told_also_where_its_popup_is_unwanted(
    presenter: Presenter, silence: Callable[[Presenter], object]
) -> None:
    presenter.call_changed(started(CLICK), NOW)
    silence(presenter)
    failed = ended(CLICK, Outcome.FAILED, failure=Failure.NOT_CONNECTED)
    assert told(presenter.call_changed(failed, NOW)) == [
        "+1 06 12345678 | Not called: no connection to the PBX",
        "@12",
    ]
    assert told(presenter.woke(later(12))) == ["-1"]


def test_a_click_that_was_given_up_for_lost_pops_up_again_when_it_goes_on(presenter: Presenter) -> None:
    presenter.call_changed(started(CLICK), NOW)
    lost = ended(CLICK, Outcome.FAILED, failure=Failure.UNKNOWN)
    assert "Perhaps called" in told(presenter.call_changed(lost, NOW))[0]
    again = told(presenter.call_changed(started(CLICK), later(1)))
    assert again == ["~1 06 12345678 | Pick up your phone to call"]
    assert told(presenter.call_changed(answered(CLICK), later(2))) == ["~1 06 12345678 | Talking"]
    assert presenter.woke(later(12)) == []
    assert told(presenter.call_changed(ended(CLICK, Outcome.ANSWERED), later(20))) == ["-1"]


def test_popups_of_many_calls_that_came_to_nothing_do_not_fill_the_screen(presenter: Presenter) -> None:
    up: dict[PopupId, str] = {}
    for number in range(MOST_FAREWELLS + 3):
        click = call(f"c{number}", direction=Direction.OUTBOUND)
        follow(presenter.call_changed(started(click), NOW), up)
        follow(presenter.call_changed(ended(click, Outcome.BUSY), NOW), up)
    assert list(up) == [f"c{number}" for number in range(3, MOST_FAREWELLS + 3)]


def test_a_button_calls_back_who_was_missed_and_the_popup_has_served(presenter: Presenter) -> None:
    presenter.call_changed(started(CALL), NOW)
    presenter.call_changed(ended(CALL, Outcome.MISSED), NOW)
    assert told(presenter.pressed(PopupId("1"), "call", later(1))) == ["-1", "dial +31612345678"]
    assert presenter.pressed(PopupId("1"), "call", later(1)) == []


def test_nobody_is_called_by_a_press_that_was_meant_for_the_button_before(presenter: Presenter) -> None:
    presenter.call_changed(started(CALL), NOW)
    presenter.call_changed(ended(CALL, Outcome.MISSED), NOW)
    pressed = presenter.pressed(PopupId("1"), "call", later(0.3))
    assert told(pressed) == ["-1", "+1 06 12345678 | Missed call 14:03"]
    named = presenter.pressed(PopupId("1"), "call", later(0.3), is_aimed=True)
    assert told(named) == ["-1", "dial +31612345678"]


def test_a_press_on_a_button_that_has_gone_brings_back_the_popup_that_the_desktop_closed_with_it(
    presenter: Presenter,
) -> None:
    presenter.call_changed(started(CALL), NOW)
    presenter.call_changed(ended(CALL, Outcome.MISSED), NOW)
    assert told(presenter.pressed(PopupId("1"), "fly", NOW)) == [
        "-1",
        "+1 06 12345678 | Missed call 14:03",
    ]
    assert presenter.pressed(PopupId("2"), "call", NOW) == []


def test_what_was_still_being_typed_when_the_popup_had_to_go_is_a_note(presenter: Presenter) -> None:
    presenter.call_changed(started(CALL), NOW)
    presenter.call_changed(ended(CALL, Outcome.ANSWERED), NOW)
    assert presenter.pressed(PopupId("1"), "note", later(1), text=" Monday\n") == [
        TakeNote(CALL.id, "Monday")
    ]
    assert presenter.pressed(PopupId("1"), "note", later(1), text=" ") == []


BAS, CEES, DIRK = (Contact(directory="Customers", name=name) for name in ("Bas", "Cees", "Dirk"))
FAMILY = Finding(contact=JAN, matches=(JAN, BAS, CEES))


def up(commands: Iterable[Command]) -> Card:
    """The card that is up after the commands."""
    return [command.card for command in commands if isinstance(command, ShowPopup | UpdatePopup)][-1]


def button(card: Card, label: str) -> str:
    (found,) = (each.id for each in card.buttons if each.label == label)
    return found


class TestPressing:
    """Buttons do something, and most desktops close a popup with the press."""

    def own(self, *purposes: Any) -> Presenter:
        rules = tuple(ButtonRule.of(str(each), "Do", each, None) for each in purposes)
        return Presenter(replace(RULES, layout=replace(RULES.layout, buttons=rules)))

    def test_the_popup_stays_for_as_long_as_the_call_lasts(self) -> None:
        presenter = self.own(Hush(5))
        card = up(presenter.call_changed(started(CALL), NOW))
        for begin, status in ((updated(CALL), "Calling you"), (answered(CALL), "Talking")):
            presenter.call_changed(begin, NOW)
            assert told(presenter.pressed(PopupId("1"), card.buttons[0].id, NOW)) == [
                "-1",
                f"+1 06 12345678 | {status}",
                "MuteFor(minutes=5)",
            ]
        assert told(presenter.call_changed(ended(CALL, Outcome.ANSWERED), NOW)) == ["-1"]

    def test_a_text_that_was_typed_goes_along(self) -> None:
        presenter = self.own(Note())
        card = up(presenter.call_changed(started(CALL), NOW))
        pressed = presenter.pressed(PopupId("1"), card.buttons[0].id, NOW, text="Call on Monday")
        assert pressed[-1] == TakeNote(CALL.id, "Call on Monday")

    def test_whoever_is_called_during_a_call_does_not_take_its_popup_away(self) -> None:
        presenter = self.own(Number(parse("+31201234567")))
        card = up(presenter.call_changed(started(CALL), NOW))
        press = presenter.pressed(PopupId("1"), card.buttons[0].id, NOW)
        assert told(press) == ["-1", "+1 06 12345678 | Calling you", "dial +31201234567"]

    def test_other_buttons_in_the_settings_are_on_the_popups_that_are_up(self) -> None:
        presenter = self.own(Hush(5))
        before = up(presenter.call_changed(started(CALL), NOW))
        after = up(presenter.rules_changed(RULES, NOW))
        assert after.buttons[0].label == "Search web"
        late = presenter.pressed(PopupId("1"), before.buttons[0].id, NOW)
        assert told(late) == ["-1", "+1 06 12345678 | Calling you"]

    def test_a_popup_that_was_brought_back_from_another_day_has_buttons_that_work(self) -> None:
        presenter = Presenter(RULES)
        old = ended(CALL, Outcome.ANSWERED).call
        crm = replace(JAN, url="https://crm.example.com/7")
        subject = Subject(call=old, finding=Finding(contact=crm), ended_at=NOW - timedelta(days=40))
        card = up(presenter.show(subject, NOW))
        assert [each.label for each in card.buttons][:2] == ["Call back", "Open in CRM"]
        assert str(OpenUri(crm.url or "")) in told(presenter.pressed(PopupId("1"), "page", NOW))
        assert str(TakeNote(CALL.id, "")) in told(presenter.pressed(PopupId("1"), "note", NOW))
        assert told(presenter.pressed(PopupId("1"), "call", NOW)) == ["-1", "dial +31612345678"]


class TestChoosing:
    @pytest.fixture
    def known(self, presenter: Presenter) -> Card:
        presenter.call_changed(started(CALL), NOW)
        return up(presenter.contact_found(CALL.id, FAMILY, NOW))

    def opened(self, presenter: Presenter, card: Card) -> Card:
        return up(presenter.pressed(PopupId("1"), button(card, "Choose…"), NOW))

    def test_a_button_turns_the_popup_into_the_list_and_a_button_there_names_the_caller(
        self, presenter: Presenter, known: Card
    ) -> None:
        opened = presenter.pressed(PopupId("1"), button(known, "Choose…"), NOW)
        assert told(opened) == ["-1", "+1 Who is it? | Calling you"]
        assert up(opened).lines == ("1. Jan ✓", "2. Bas", "3. Cees")
        assert told(presenter.pressed(PopupId("1"), button(up(opened), "2. Bas"), NOW)) == [
            "-1",
            "+1 Bas | Calling you",
            "choose Bas for 1",
        ]

    def test_the_list_follows_the_call_and_can_be_opened_again(
        self, presenter: Presenter, known: Card
    ) -> None:
        listed = self.opened(presenter, known)
        assert told(presenter.call_changed(answered(CALL), NOW)) == ["~1 Who is it? | Talking"]
        bas = up(presenter.pressed(PopupId("1"), button(listed, "2. Bas"), NOW))
        assert self.opened(presenter, bas).lines == ("1. Jan", "2. Bas ✓", "3. Cees")

    def test_more_than_a_screen_can_show_are_listed_page_by_page(self, presenter: Presenter) -> None:
        presenter.call_changed(started(CALL), NOW)
        known = up(presenter.contact_found(CALL.id, replace(FAMILY, matches=(JAN, BAS, CEES, DIRK)), NOW))
        first = self.opened(presenter, known)
        assert [each.label for each in first.buttons] == ["1. Jan", "2. Bas", "More…"]
        second = up(presenter.pressed(PopupId("1"), button(first, "More…"), NOW))
        assert [each.label for each in second.buttons] == ["3. Cees", "4. Dirk", "More…"]
        assert up(presenter.pressed(PopupId("1"), button(second, "More…"), NOW)) == first
        assert "choose Dirk for 1" in told(presenter.pressed(PopupId("1"), button(second, "4. Dirk"), NOW))

    def test_with_another_caller_the_list_is_dropped(self, presenter: Presenter, known: Card) -> None:
        self.opened(presenter, known)
        other = updated(CALL, number="+31201234567", e164=E164("+31201234567"))
        assert told(presenter.call_changed(other, NOW)) == ["~1 020 123 4567 | Calling you"]

    def test_a_press_on_a_list_that_is_gone_chooses_nobody(self, presenter: Presenter, known: Card) -> None:
        before = self.opened(presenter, known)
        presenter.contact_found(CALL.id, replace(FAMILY, contact=CEES, matches=(CEES, DIRK)), NOW)
        late = presenter.pressed(PopupId("1"), button(before, "2. Bas"), NOW)
        assert told(late) == ["-1", "+1 Cees | Calling you"]
        now = self.opened(presenter, up(late))
        assert told(presenter.pressed(PopupId("1"), button(before, "2. Bas"), NOW)) == [
            "-1",
            "+1 Who is it? | Calling you",
        ]
        assert "choose Dirk for 1" in told(presenter.pressed(PopupId("1"), button(now, "2. Dirk"), NOW))

    def test_a_missed_caller_can_be_named_too(self, presenter: Presenter, known: Card) -> None:
        listed = self.opened(presenter, known)
        missed = up(presenter.call_changed(ended(CALL, Outcome.MISSED), NOW))
        assert [each.label for each in missed.buttons][:2] == ["Call back", "Choose…"]
        assert listed.buttons != missed.buttons
        again = self.opened(presenter, missed)
        assert told(presenter.pressed(PopupId("1"), button(again, "3. Cees"), NOW))[1:] == [
            "+1 Cees | Missed call 14:03",
            "choose Cees for 1",
        ]

    def test_who_was_chosen_elsewhere_takes_the_place(self, presenter: Presenter, known: Card) -> None:
        self.opened(presenter, known)
        assert told(presenter.chosen(CALL.id, BAS, NOW)) == ["~1 Bas | Calling you"]
        assert presenter.chosen(CALL.id, DIRK, NOW) == []
        assert presenter.chosen(CallId("2"), BAS, NOW) == []

    def test_the_popup_is_not_hidden_while_the_user_reads_the_list(self, presenter: Presenter) -> None:
        presenter.rules_changed(replace(RULES, hide_after_s=10), NOW)
        presenter.call_changed(started(CALL), NOW)
        known = up(presenter.contact_found(CALL.id, FAMILY, NOW))
        presenter.pressed(PopupId("1"), button(known, "Choose…"), later(8))
        assert told(presenter.woke(later(10))) == ["@18"]
        assert told(presenter.woke(later(18))) == ["-1"]

    def test_a_choice_outlives_showing_the_popup_again(self, presenter: Presenter, known: Card) -> None:
        listed = self.opened(presenter, known)
        presenter.pressed(PopupId("1"), button(listed, "2. Bas"), NOW)
        assert told(presenter.show(Subject(call=CALL, finding=Finding(contact=JAN)), NOW)) == [
            "-1",
            "+1 Bas | Calling you",
        ]


def test_what_a_directory_further_down_knows_is_replaced_by_what_comes_first(presenter: Presenter) -> None:
    presenter.call_changed(started(CALL), NOW)
    so_far = Finding(contact=BAS, is_provisional=True)
    assert up(presenter.contact_found(CALL.id, so_far, NOW)).footnote == "Customers …"
    assert told(presenter.contact_found(CALL.id, JANS, NOW)) == ["~1 Jan | Calling you"]


def test_the_last_contact_is_added(presenter: Presenter) -> None:
    presenter.call_changed(started(CALL), NOW)
    last = LastContact(NOW - timedelta(days=1), Direction.INBOUND, Outcome.ANSWERED)
    match presenter.dealings_found(CALL.id, Dealings(last=last), NOW):
        case [UpdatePopup(_, card)]:
            assert card.lines == ("Last contact: yesterday 14:03, answered",)
        case commands:
            pytest.fail(str(commands))


def test_a_second_call_has_a_popup_of_its_own(presenter: Presenter) -> None:
    second = call("2", "+31201234567")
    presenter.call_changed(started(CALL), NOW)
    assert told(presenter.call_changed(started(second), NOW)) == ["+2 020 123 4567 | Calling you"]
    assert told(presenter.call_changed(ended(second, Outcome.REJECTED), NOW)) == ["-2"]
    assert told(presenter.call_changed(answered(CALL), NOW)) == ["~1 06 12345678 | Talking"]


def test_the_same_caller_twice_is_two_popups(presenter: Presenter) -> None:
    presenter.call_changed(started(CALL), NOW)
    assert told(presenter.call_changed(started(call("2")), NOW)) == ["+2 06 12345678 | Calling you"]


def test_answered_elsewhere_says_by_whom_then_goes(presenter: Presenter) -> None:
    presenter.call_changed(started(CALL), NOW)
    elsewhere = ended(CALL, Outcome.ANSWERED_ELSEWHERE, answered_by="102")
    assert told(presenter.call_changed(elsewhere, NOW)) == [
        "~1 06 12345678 | Answered by 102 (Bob)",
        "@4",
    ]
    assert presenter.contact_found(CALL.id, JANS, NOW) == []
    assert told(presenter.woke(later(3))) == ["@4"]
    assert told(presenter.woke(later(4))) == ["-1"]


@pytest.mark.parametrize(
    ("of", "outcome", "status"),
    [
        (OUTBOUND, Outcome.NO_ANSWER, "No answer"),
        (OUTBOUND, Outcome.BUSY, "Busy"),
        (OUTBOUND, Outcome.REJECTED, "Declined"),
        (OUTBOUND, Outcome.FAILED, "Call failed"),
        (OUTBOUND, Outcome.OWN_PHONE_NO_ANSWER, "Your phone was not picked up"),
        (CALL, Outcome.PARKED, "Parked"),
        (CALL, Outcome.TRANSFERRED, "Transferred"),
    ],
)
def test_news_stays_for_a_moment(presenter: Presenter, of: Call, outcome: Outcome, status: str) -> None:
    presenter.call_changed(started(of), NOW)
    moment = "@12" if of is OUTBOUND else "@4"  # the user may want to call again
    assert told(presenter.call_changed(ended(of, outcome), NOW)) == [f"~1 06 12345678 | {status}", moment]


@pytest.mark.parametrize(
    ("of", "outcome"), [(CALL, Outcome.REJECTED), (OUTBOUND, Outcome.ANSWERED), (CALL, None)]
)
def test_no_news_goes_at_once(presenter: Presenter, of: Call, outcome: Outcome | None) -> None:
    presenter.call_changed(started(of), NOW)
    assert told(presenter.call_changed(ended(of, outcome), NOW)) == ["-1"]


def test_click_to_call_rings_the_own_phone_first(presenter: Presenter) -> None:
    own_phone = replace(OUTBOUND, state=CallState.RINGING)
    assert told(presenter.call_changed(started(own_phone), NOW)) == [
        "+1 06 12345678 | Pick up your phone to call"
    ]
    assert told(presenter.call_changed(updated(OUTBOUND), NOW)) == ["~1 06 12345678 | Calling"]
    assert told(presenter.call_changed(answered(OUTBOUND), NOW)) == ["~1 06 12345678 | Talking"]


class TestMissed:
    def test_the_card_stays_until_the_user_closes_it(self, presenter: Presenter) -> None:
        presenter.call_changed(started(CALL), NOW)
        assert told(presenter.call_changed(ended(CALL, Outcome.MISSED), NOW)) == [
            "~1 06 12345678 | Missed call 14:03",
            TO_MIDNIGHT,
        ]
        assert told(presenter.contact_found(CALL.id, JANS, NOW)) == ["~1 Jan | Missed call 14:03"]
        assert told(presenter.woke(later(3600))) == [TO_MIDNIGHT]
        assert presenter.dismissed(PopupId("1"), NOW) == []
        assert presenter.contact_found(CALL.id, JANS, NOW) == []

    def test_the_card_tells_the_day_when_it_is_over(self, presenter: Presenter) -> None:
        presenter.call_changed(started(CALL), NOW)
        presenter.call_changed(ended(CALL, Outcome.MISSED), NOW)
        assert told(presenter.woke(MIDNIGHT))[0] == "~1 06 12345678 | Missed call yesterday 14:03"

    def test_the_next_of_the_same_caller_counts(self, presenter: Presenter) -> None:
        for name in ("1", "2", "3"):
            presenter.call_changed(started(call(name)), NOW)
            commands = told(presenter.call_changed(ended(call(name), Outcome.MISSED), NOW))
        assert commands == ["-2", "~3 06 12345678 | 3 missed calls, the last 14:03"]

    def test_one_of_somebody_else_does_not(self, presenter: Presenter) -> None:
        presenter.call_changed(started(CALL), NOW)
        presenter.call_changed(ended(CALL, Outcome.MISSED), NOW)
        other = call("2", "+31201234567")
        presenter.call_changed(started(other), NOW)
        assert told(presenter.call_changed(ended(other, Outcome.MISSED), NOW)) == [
            "~2 020 123 4567 | Missed call 14:03"
        ]

    def test_there_are_not_more_than_fit(self, presenter: Presenter) -> None:
        for number in range(MOST_MISSED + 1):
            one = call(f"{number}", f"+3161234{number:04}")
            presenter.call_changed(started(one), later(number))
            commands = told(presenter.call_changed(ended(one, Outcome.MISSED), later(number)))
        assert commands == ["-0", f"~{MOST_MISSED} 06 12340020 | Missed call 14:03"]

    def test_it_comes_after_the_popup_was_hidden(self, presenter: Presenter) -> None:
        presenter.rules_changed(replace(RULES, hide_after_s=10), NOW)
        assert told(presenter.call_changed(started(CALL), NOW)) == ["+1 06 12345678 | Calling you", "@10"]
        assert told(presenter.woke(later(10))) == ["-1"]
        assert presenter.contact_found(CALL.id, JANS, later(11)) == []
        missed = presenter.call_changed(ended(CALL, Outcome.MISSED), later(12))
        assert told(missed)[0] == "+1 Jan | Missed call 14:03"

    def test_it_comes_after_the_user_closed_the_popup(self, presenter: Presenter) -> None:
        presenter.call_changed(started(CALL), NOW)
        presenter.dismissed(PopupId("1"), NOW)
        missed = presenter.call_changed(ended(CALL, Outcome.MISSED), NOW)
        assert told(missed)[0] == "+1 06 12345678 | Missed call 14:03"


def test_a_call_that_has_ended_changes_no_more(presenter: Presenter) -> None:
    presenter.call_changed(started(CALL), NOW)
    presenter.call_changed(ended(CALL, Outcome.MISSED), NOW)
    assert presenter.call_changed(answered(CALL), NOW) == []
    assert presenter.call_changed(ended(CALL, Outcome.ANSWERED), NOW) == []


def test_a_closed_popup_does_not_come_back_by_updates(presenter: Presenter) -> None:
    presenter.call_changed(started(CALL), NOW)
    assert presenter.dismissed(PopupId("1"), NOW) == []
    assert presenter.contact_found(CALL.id, JANS, NOW) == []
    assert presenter.call_changed(answered(CALL), NOW) == []
    assert presenter.call_changed(ended(CALL, Outcome.ANSWERED_ELSEWHERE), NOW) == []


def test_a_popup_is_hidden_after_its_time(presenter: Presenter) -> None:
    presenter.rules_changed(replace(RULES, hide_after_s=2.5), NOW)
    presenter.call_changed(started(CALL), NOW)
    assert told(presenter.woke(later(2.5))) == ["-1"]
    assert presenter.call_changed(answered(CALL), later(3)) == []
    assert presenter.call_changed(ended(CALL, Outcome.ANSWERED), later(4)) == []


def test_after_a_transfer_the_first_caller_is_forgotten(presenter: Presenter) -> None:
    presenter.call_changed(started(CALL), NOW)
    presenter.contact_found(CALL.id, JANS, NOW)
    other = updated(CALL, number="+31201234567", e164=E164("+31201234567"))
    assert told(presenter.call_changed(other, NOW)) == ["~1 020 123 4567 | Calling you"]
    assert presenter.contact_found(CALL.id, JANS, NOW, about=CALL.e164) == []
    assert told(presenter.contact_found(CALL.id, JANS, NOW, about=E164("+31201234567"))) == [
        "~1 Jan | Calling you"
    ]


def test_the_same_number_written_otherwise_is_the_same_caller(presenter: Presenter) -> None:
    presenter.call_changed(started(CALL), NOW)
    presenter.contact_found(CALL.id, JANS, NOW)
    assert presenter.call_changed(updated(CALL, number="0612345678"), NOW) == []


class TestMuting:
    def test_a_muted_call_has_no_popup_and_no_missed_card(self, presenter: Presenter) -> None:
        muted = presenter.mute_changed(Mute(later(3420)), NOW)
        assert told(muted) == ["@3420"]
        assert presenter.call_changed(started(CALL), NOW) == []
        assert presenter.contact_found(CALL.id, JANS, NOW) == []
        assert presenter.call_changed(ended(CALL, Outcome.MISSED), NOW) == []
        assert presenter.verdict(CALL.id) == "muted until 15:00"
        assert presenter.woke(later(3420)) == []

    def test_muting_clears_the_screen(self, presenter: Presenter) -> None:
        presenter.call_changed(started(CALL), NOW)
        missed = call("2", "+31201234567")
        presenter.call_changed(started(missed), NOW)
        presenter.call_changed(ended(missed, Outcome.MISSED), NOW)
        assert told(presenter.mute_changed(Mute(), NOW)) == ["-1", "-2"]
        assert presenter.call_changed(answered(CALL), NOW) == []
        assert presenter.verdict(CALL.id) == "shown"

    def test_a_call_that_outlives_it_is_shown_with_what_was_learnt(self, presenter: Presenter) -> None:
        presenter.mute_changed(Mute(), NOW)
        presenter.call_changed(started(CALL), NOW)
        assert presenter.verdict(CALL.id) == "muted"
        presenter.contact_found(CALL.id, JANS, NOW)
        assert told(presenter.mute_changed(None, NOW)) == ["+1 Jan | Calling you"]
        assert presenter.verdict(CALL.id) == "shown"

    def test_it_ends_by_itself(self, presenter: Presenter) -> None:
        presenter.mute_changed(Mute(later(10)), NOW)
        presenter.call_changed(started(CALL), NOW)
        assert told(presenter.woke(later(10))) == ["+1 06 12345678 | Calling you"]

    def test_a_call_missed_after_it_has_its_card(self, presenter: Presenter) -> None:
        presenter.mute_changed(Mute(later(10)), NOW)
        presenter.call_changed(started(CALL), NOW)
        missed = presenter.call_changed(ended(CALL, Outcome.MISSED), later(11))
        assert told(missed)[0] == "+1 06 12345678 | Missed call 14:03"


class TestRules:
    @pytest.mark.parametrize(
        ("of", "rules", "verdict"),
        [
            (OUTBOUND, ruled(outbound=False), "outbound popups are switched off"),
            (CALL, ruled(inbound=False), "inbound popups are switched off"),
        ],
    )
    def test_one_direction_can_be_switched_off(self, of: Call, rules: PopupRules, verdict: str) -> None:
        presenter = Presenter(rules)
        assert presenter.call_changed(started(of), NOW) == []
        assert presenter.verdict(of.id) == verdict
        assert presenter.call_changed(ended(of, Outcome.MISSED), NOW) == []

    def test_changed_rules_hold_at_once(self, presenter: Presenter) -> None:
        presenter.call_changed(started(CALL), NOW)
        assert told(presenter.rules_changed(ruled(inbound=False), NOW)) == ["-1"]
        dutch = replace(RULES, layout=replace(RULES.layout, headline="Beller: $number"))
        assert told(presenter.rules_changed(dutch, NOW)) == ["+1 Beller: +31612345678 | Calling you"]
        assert told(presenter.rules_changed(RULES, NOW)) == ["~1 06 12345678 | Calling you"]


JANS_NUMBER = "06 12345678"


class TestWhenItComes:
    @pytest.fixture
    def patient(self) -> Presenter:
        return Presenter(ruled(waits_for_answer=True))

    def test_it_can_wait_for_the_answer(self, patient: Presenter) -> None:
        assert patient.call_changed(started(CALL), NOW) == []
        assert patient.contact_found(CALL.id, JANS, NOW) == []
        assert patient.verdict(CALL.id) == "popups come when a call is answered"
        assert told(patient.call_changed(answered(CALL), NOW)) == ["+1 Jan | Talking"]
        assert patient.verdict(CALL.id) == "shown"
        assert told(patient.call_changed(ended(CALL, Outcome.ANSWERED), NOW)) == ["-1"]

    def test_of_an_own_call_it_waits_until_the_other_answers(self, patient: Presenter) -> None:
        assert patient.call_changed(started(CLICK), NOW) == []
        assert patient.call_changed(updated(CLICK, state=CallState.DIALLING), NOW) == []
        assert told(patient.call_changed(answered(CLICK), NOW)) == [f"+1 {JANS_NUMBER} | Talking"]

    def test_who_was_missed_meanwhile_is_told(self, patient: Presenter) -> None:
        patient.call_changed(started(CALL), NOW)
        missed = patient.call_changed(ended(CALL, Outcome.MISSED), NOW)
        assert told(missed)[0] == f"+1 {JANS_NUMBER} | Missed call 14:03"

    def test_an_own_call_that_nobody_answered_stays_unseen(self, patient: Presenter) -> None:
        patient.call_changed(started(OUTBOUND), NOW)
        assert patient.call_changed(ended(OUTBOUND, Outcome.BUSY), NOW) == []

    def test_it_comes_when_the_hours_begin_and_stays_when_they_end(self) -> None:
        presenter = Presenter(ruled(hours=("14:04-14:05",)))
        assert told(presenter.call_changed(started(CALL), NOW)) == ["@60"]
        assert presenter.verdict(CALL.id) == "outside the hours 14:04-14:05"
        assert told(presenter.woke(later(60))) == [f"+1 {JANS_NUMBER} | Calling you"]
        assert presenter.woke(later(150)) == []
        assert told(presenter.call_changed(answered(CALL), later(150))) == [f"~1 {JANS_NUMBER} | Talking"]

    def test_who_is_missed_outside_the_hours_leaves_no_card(self) -> None:
        presenter = Presenter(ruled(hours=("15:00-16:00",)))
        presenter.call_changed(started(CALL), NOW)
        assert presenter.call_changed(ended(CALL, Outcome.MISSED), later(5)) == []

    def test_a_missed_call_need_not_leave_a_card(self) -> None:
        presenter = Presenter(ruled(missed=False))
        presenter.call_changed(started(CALL), NOW)
        assert told(presenter.call_changed(ended(CALL, Outcome.MISSED), NOW)) == ["-1"]
        assert presenter.verdict(CALL.id) == "shown"


class TestKeeping:
    @pytest.fixture
    def keeping(self) -> Presenter:
        presenter = Presenter(replace(RULES, keep_after_s=20))
        presenter.call_changed(started(CALL), NOW)
        return presenter

    def test_the_popup_stays_for_a_note_when_the_call_has_ended(self, keeping: Presenter) -> None:
        keeping.call_changed(answered(CALL), NOW)
        end = keeping.call_changed(ended(CALL, Outcome.ANSWERED), later(60))
        assert told(end) == [f"~1 {JANS_NUMBER} | Call ended", "@80"]
        assert told(keeping.contact_found(CALL.id, JANS, later(61))) == ["~1 Jan | Call ended"]
        assert told(keeping.woke(later(80))) == ["-1"]

    def test_a_press_gives_it_its_time_again(self, keeping: Presenter) -> None:
        keeping.call_changed(ended(CALL, Outcome.ANSWERED), NOW)
        assert told(keeping.pressed(PopupId("1"), "fly", later(15))) == [
            "-1",
            f"+1 {JANS_NUMBER} | Call ended",
            "@35",
        ]
        assert told(keeping.woke(later(20))) == ["@35"]
        assert told(keeping.woke(later(35))) == ["-1"]

    def test_news_stays_as_long(self, keeping: Presenter) -> None:
        news = keeping.call_changed(ended(CALL, Outcome.ANSWERED_ELSEWHERE, answered_by="102"), NOW)
        assert told(news) == [f"~1 {JANS_NUMBER} | Answered by 102 (Bob)", "@20"]

    def test_what_the_user_has_closed_stays_closed(self, keeping: Presenter) -> None:
        keeping.dismissed(PopupId("1"), NOW)
        assert keeping.call_changed(ended(CALL, Outcome.ANSWERED), NOW) == []

    def test_it_can_be_closed_muted_and_shown_again(self, keeping: Presenter) -> None:
        keeping.call_changed(ended(CALL, Outcome.ANSWERED), NOW)
        assert told(keeping.mute_changed(Mute(), later(1))) == ["-1"]
        past = ended(CALL, Outcome.ANSWERED).call
        assert told(keeping.show(Subject(call=past), later(2))) == [f"+1 {JANS_NUMBER} | Call ended", "@32"]
        assert keeping.dismissed(PopupId("1"), later(3)) == []
        assert keeping.woke(later(32)) == []

    def test_by_other_settings_it_goes_at_once(self, keeping: Presenter) -> None:
        keeping.call_changed(ended(CALL, Outcome.ANSWERED), NOW)
        assert told(keeping.rules_changed(RULES, later(1))) == ["@0"]
        assert told(keeping.woke(later(1))) == ["-1"]

    def test_many_that_are_over_do_not_fill_the_screen(self) -> None:
        presenter, up = Presenter(replace(RULES, keep_after_s=600)), dict[PopupId, str]()
        for number in range(MOST_FAREWELLS + 3):
            one = call(f"k{number}")
            follow(presenter.call_changed(started(one), NOW), up)
            follow(presenter.call_changed(ended(one, Outcome.ANSWERED), NOW), up)
        assert list(up) == [f"k{number}" for number in range(3, MOST_FAREWELLS + 3)]

    def test_a_press_also_puts_off_that_a_running_call_is_hidden(self, presenter: Presenter) -> None:
        presenter.rules_changed(replace(RULES, hide_after_s=10), NOW)
        presenter.call_changed(started(CALL), NOW)
        assert told(presenter.pressed(PopupId("1"), "fly", later(8)))[-1] == "@18"


QUIET = ("full screen on this display",)


class TestQuiet:
    def test_no_popup_comes_until_it_is_over(self, presenter: Presenter) -> None:
        assert presenter.quiet_changed(QUIET, NOW) == []
        assert presenter.call_changed(started(CALL), NOW) == []
        assert presenter.verdict(CALL.id) == "full screen on this display"
        presenter.contact_found(CALL.id, JANS, NOW)
        assert told(presenter.quiet_changed((), later(5))) == ["+1 Jan | Calling you"]
        assert presenter.verdict(CALL.id) == "shown"

    def test_what_is_up_goes_and_comes_back(self, presenter: Presenter) -> None:
        presenter.call_changed(started(CALL), NOW)
        assert told(presenter.quiet_changed(QUIET, NOW)) == ["-1"]
        assert presenter.quiet_changed((*QUIET, "do not disturb is on"), NOW) == []
        assert told(presenter.quiet_changed((), NOW)) == [f"+1 {JANS_NUMBER} | Calling you"]

    def test_who_was_missed_is_told_afterwards_together(self, presenter: Presenter) -> None:
        presenter.quiet_changed(QUIET, NOW)
        for name in ("1", "2"):
            presenter.call_changed(started(call(name)), NOW)
            assert presenter.call_changed(ended(call(name), Outcome.MISSED), NOW) == []
        assert told(presenter.quiet_changed((), later(60)))[0] == (
            f"+2 {JANS_NUMBER} | 2 missed calls, the last 14:03"
        )

    def test_a_missed_call_is_out_of_sight_as_long(self, presenter: Presenter) -> None:
        presenter.call_changed(started(CALL), NOW)
        presenter.call_changed(ended(CALL, Outcome.MISSED), NOW)
        assert told(presenter.quiet_changed(QUIET, NOW)) == ["-1"]
        assert told(presenter.quiet_changed((), NOW))[0] == f"+1 {JANS_NUMBER} | Missed call 14:03"

    def test_muting_lets_nothing_be_told_afterwards(self, presenter: Presenter) -> None:
        presenter.quiet_changed(QUIET, NOW)
        presenter.call_changed(started(CALL), NOW)
        presenter.call_changed(ended(CALL, Outcome.MISSED), NOW)
        presenter.mute_changed(Mute(), NOW)
        presenter.mute_changed(None, NOW)
        assert presenter.quiet_changed((), NOW) == []

    def test_what_the_user_asks_for_comes_all_the_same(self, presenter: Presenter) -> None:
        presenter.quiet_changed(QUIET, NOW)
        past = ended(CALL, Outcome.ANSWERED).call
        assert told(presenter.show(Subject(call=past), NOW))[0] == f"+1 {JANS_NUMBER} | Call ended"
        presenter.call_changed(started(call("2", direction=Direction.OUTBOUND)), NOW)
        failed = ended(call("2", direction=Direction.OUTBOUND), Outcome.FAILED, failure=Failure.NOT_CONNECTED)
        assert "Not called" in told(presenter.call_changed(failed, NOW))[0]


def test_a_duration_on_the_card_is_kept_up_to_date_by_the_minute() -> None:
    presenter = Presenter(replace(RULES, layout=replace(RULES.layout, lines=("for ${duration}",))))
    assert told(presenter.call_changed(started(CALL), NOW)) == [f"+1 {JANS_NUMBER} | Calling you"]
    assert told(presenter.call_changed(answered(CALL), later(7)))[-1] == "@67"
    assert told(presenter.woke(later(67)))[-1] == "@127"
    assert told(presenter.woke(later(127)))[-1] == "@187"
    assert told(presenter.call_changed(ended(CALL, Outcome.ANSWERED), later(150))) == ["-1"]
    assert presenter.woke(later(187)) == []


class TestShowAgain:
    def test_an_ended_call_comes_back_for_a_while(self, presenter: Presenter) -> None:
        past = ended(CALL, Outcome.MISSED).call
        assert told(
            presenter.show(Subject(call=past, finding=Finding(contact=JAN), ended_at=later(-120)), NOW)
        ) == [
            "+1 Jan | Missed call 14:01",
            "@30",
        ]
        assert told(presenter.woke(later(30))) == ["-1"]

    def test_a_running_call_comes_back_for_its_rest(self, presenter: Presenter) -> None:
        presenter.call_changed(started(CALL), NOW)
        presenter.contact_found(CALL.id, JANS, NOW)
        presenter.dismissed(PopupId("1"), NOW)
        assert told(presenter.show(Subject(call=CALL), NOW)) == ["+1 Jan | Calling you"]
        assert told(presenter.call_changed(answered(CALL), NOW)) == ["~1 Jan | Talking"]
        assert told(presenter.call_changed(ended(CALL, Outcome.ANSWERED), NOW)) == ["-1"]

    def test_a_popup_that_is_up_comes_to_the_front(self, presenter: Presenter) -> None:
        presenter.call_changed(started(CALL), NOW)
        assert told(presenter.show(Subject(call=CALL), NOW)) == ["-1", "+1 06 12345678 | Calling you"]

    def test_it_does_so_while_muted(self, presenter: Presenter) -> None:
        presenter.mute_changed(Mute(), NOW)
        presenter.call_changed(started(CALL), NOW)
        assert told(presenter.show(Subject(call=CALL), NOW)) == ["+1 06 12345678 | Calling you"]


def test_calls_of_colleagues_pop_up_nowhere(presenter: Presenter) -> None:
    theirs = call(owner=Owner("102"))
    assert presenter.call_changed(started(theirs), NOW) == []
    assert presenter.verdict(theirs.id) == UNKNOWN


def test_a_call_that_never_started_does_nothing(presenter: Presenter) -> None:
    assert presenter.call_changed(answered(CALL), NOW) == []
    assert presenter.call_changed(ended(CALL, Outcome.MISSED), NOW) == []
    assert presenter.contact_found(CALL.id, JANS, NOW) == []
    assert presenter.dismissed(PopupId("1"), NOW) == []


# What can come from outside, in any order and at any time.
names = st.sampled_from(["1", "2", "3"])
numbers = st.sampled_from(["+31612345678", "+31201234567"])
calls = st.builds(
    lambda name, number, direction, state, outcome, failure, way: call(
        name, number, direction=direction, state=state, outcome=outcome, failure=failure, **way
    ),
    names,
    numbers,
    st.sampled_from(Direction),
    st.sampled_from(CallState),
    st.sampled_from([None, *Outcome]),
    st.sampled_from([None, Failure.UNKNOWN]),
    st.sampled_from(
        [{}, {"internal": True}, {"via": Via(ViaKind.QUEUE, "support")}, {"transferred_from": "102"}]
    ),
)
changes = st.builds(CallChange, st.sampled_from(ChangeKind), calls)
mutes = st.sampled_from([None, Mute(), Mute(later(20)), Mute(later(60))])
rules = st.builds(
    lambda rule, hide_after_s, keep_after_s: replace(
        RULES, rule=rule, hide_after_s=hide_after_s, keep_after_s=keep_after_s
    ),
    st.builds(
        Rule,
        region=st.just("NL"),
        inbound=st.booleans(),
        outbound=st.booleans(),
        internal=st.booleans(),
        missed=st.booleans(),
        queues=st.sampled_from([(), ("support",)]),
        waits_for_answer=st.booleans(),
        hours=st.sampled_from([(), ("14:04-15:00",)]),
    ),
    st.sampled_from([0, 5]),
    st.sampled_from([0, 7]),
)
quiets = st.sampled_from([(), ("full screen on this display",)])
INPUTS: dict[str, tuple[st.SearchStrategy[Any], Callable[[Presenter, Any, datetime], list[Command]]]] = {
    "change": (changes, Presenter.call_changed),
    "contact": (names, lambda presenter, name, now: presenter.contact_found(name, JANS, now)),
    "dismiss": (names, Presenter.dismissed),
    "mute": (mutes, Presenter.mute_changed),
    "choose": (names, lambda presenter, name, now: presenter.chosen(name, BAS, now)),
    "family": (names, lambda presenter, name, now: presenter.contact_found(name, FAMILY, now)),
    "press": (
        st.tuples(names, st.sampled_from(["call", "choose", "more", "pick_1_1", "pick_2_0"])),
        lambda presenter, press, now: presenter.pressed(press[0], press[1], now),
    ),
    "quiet": (quiets, Presenter.quiet_changed),
    "rules": (rules, Presenter.rules_changed),
    "show": (
        calls,
        lambda presenter, again, now: presenter.show(Subject(call=again, finding=Finding(contact=JAN)), now),
    ),
    "wake": (st.none(), lambda presenter, _, now: presenter.woke(now)),
}
inputs = st.one_of(*(st.tuples(st.just(kind), what) for kind, (what, _) in INPUTS.items()))


@given(st.lists(st.tuples(st.integers(min_value=0, max_value=12), inputs), max_size=40))
def test_no_order_of_inputs_leaves_a_popup_behind(story: list[tuple[int, tuple[str, Any]]]) -> None:
    presenter, now, up = Presenter(RULES), NOW, dict[PopupId, str]()
    for seconds, (kind, what) in story:
        now += timedelta(seconds=seconds)
        if kind == "dismiss":
            up.pop(PopupId(what), None)
        before, commands = set(up), INPUTS[kind][1](presenter, what, now)
        follow(commands, up)
        if kind not in {"show", "press"}:  # the user asked for those
            assert not set(forbidden(presenter, commands, now)) - before

    for name in ("1", "2", "3"):
        follow(presenter.call_changed(ended(call(name), Outcome.ANSWERED), now), up)
    follow(presenter.woke(now + timedelta(seconds=31)), up)
    follow(presenter.quiet_changed((), now + timedelta(seconds=32)), up)
    assert all("issed call" in status for status in up.values())
    for popup_id in list(up):
        assert presenter.dismissed(popup_id, now) == []
    assert presenter._popups == {}


def forbidden(presenter: Presenter, commands: Iterable[Command], now: datetime) -> list[PopupId]:
    """What is shown against the rule; why a call of the user failed is told in any case."""
    shown = [command.id for command in commands if isinstance(command, ShowPopup)]
    subjects = [presenter._popups[popup_id].subject for popup_id in shown]
    rule, around = presenter._rules.rule, presenter._around
    return [
        PopupId(subject.call.id)
        for subject in subjects
        if subject.call.failure is None and objection(subject, rule, around, now) is not None
    ]


def follow(commands: Iterable[Command], up: dict[PopupId, str]) -> None:
    for command in commands:
        match command:
            case ShowPopup(popup_id, card):
                assert popup_id not in up
                up[popup_id] = card.status
            case UpdatePopup(popup_id, card):
                assert popup_id in up
                up[popup_id] = card.status
            case ClosePopup(popup_id):
                del up[popup_id]
            case WakeAt(_) | Dial(_) | Choose(_, _):
                pass
