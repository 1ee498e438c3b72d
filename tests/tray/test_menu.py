from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from gettext import NullTranslations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.model import CallId, CallState, Device, Direction, Mute, Outcome
from bubbled.tray.menu import ROOT, Entry, Mark, Numbering, menu
from bubbled.tray.state import LetRing, Line, Pause, ShowCall, TrayCall, TrayPhone, TrayState, Wish
from bubbled.tray.wording import Sentences
from tests.tray.sample import AT_REST, DESK, JAN, NOW, RINGING, SOFT, TALKING

SENTENCES = Sentences()


def of(state: TrayState) -> Entry:
    return menu(state, SENTENCES, NOW)


def lines(entry: Entry, indent: str = "") -> list[str]:
    """The menu as one sees it, opened everywhere."""
    found = []
    for each in entry.entries:
        mark = {None: "", False: "[ ] ", True: "[x] "}[each.is_marked if each.mark else None]
        grey = "" if each.is_enabled else "~"
        found.append(f"{indent}{grey}{mark}{each.label}" if each.label else "---")
        found += lines(each, indent + "  ")
    return found


def entry(root: Entry, label: str) -> Entry:
    return next(each for each in root.all() if each.label.startswith(label))


def test_the_menu_of_a_quiet_day() -> None:
    assert lines(of(AT_REST)) == [
        "~Connected with pbx.example.com",
        "---",
        "Show the last popup",
        "Last calls",
        "  yesterday 16:03  ↗  Piet Pietersen · no answer",
        "  13:03  ↙  +32 470 12 34 56 · missed",
        "  13:58  ↙  Jan Jansen, Bakker & Zn · answered",
        "---",
        "[ ] Mute popups",
        "Pause",
        "  15 minutes",
        "  30 minutes",
        "  1 hour",
        "  2 hours",
        "  Until tomorrow",
        "Phone that rings",
        "  [x] Desk phone (PJSIP/101)",
        "  [ ] Softphone (PJSIP/201), not there",
        "---",
        "Calls and history…",
        "Settings…",
        "Quit",
    ]


def test_the_menu_before_the_first_call() -> None:
    shown = lines(of(replace(AT_REST, last_calls=(), phones=(), line=Line.CONNECTING)))
    assert shown[0] == "~Connecting with pbx.example.com"
    assert "  ~There were no calls yet" in shown
    assert "Phone that rings" not in shown


def test_calls_that_go_on_stand_at_the_top() -> None:
    shown = lines(of(replace(AT_REST, calls=(TALKING, RINGING))))
    assert shown[:4] == ["~Connected with pbx.example.com", "Talking: Kim", "Calling you: Eva", "---"]


def test_whoever_picks_up_the_own_phone_first_is_told_so() -> None:
    calling = replace(RINGING, direction=Direction.OUTBOUND)
    assert "Pick up your phone to call: Eva" in lines(of(replace(AT_REST, calls=(calling,))))


def test_trouble_is_told() -> None:
    shown = lines(of(replace(AT_REST, line=Line.DISCONNECTED, trouble="no server")))
    assert shown[:2] == ["~No connection with pbx.example.com", "~No popups: no server"]


@pytest.mark.parametrize(
    ("mute", "label"),
    [
        (Mute(), "Mute popups"),
        (Mute(NOW + timedelta(hours=1)), "Mute popups (until 15:03)"),
        (Mute(NOW + timedelta(hours=20)), "Mute popups (until tomorrow 10:03)"),
        (Mute(NOW + timedelta(days=4)), "Mute popups (until 1 Dec 14:03)"),
    ],
)
def test_mute_has_a_check_mark_and_says_until_when(mute: Mute, label: str) -> None:
    muted = entry(of(replace(AT_REST, mute=mute)), "Mute popups")
    assert (muted.label, muted.is_marked, muted.mark) == (label, True, Mark.CHECK)
    assert muted.action is Wish.UNMUTE


def test_each_entry_asks_for_what_it_says() -> None:
    root = of(replace(AT_REST, calls=(TALKING,)))
    wanted = {
        "Talking": ShowCall(TALKING.id),
        "Show": Wish.SHOW_LATEST,
        "13:58": ShowCall(JAN.id),
        "Mute popups": Wish.MUTE,
        "30 minutes": Pause(30),
        "Until": Wish.MUTE_UNTIL_TOMORROW,
        "Softphone": LetRing(SOFT),
        "Calls and history": Wish.OPEN_HISTORY,
        "Settings": Wish.OPEN_SETTINGS,
        "Quit": Wish.QUIT,
    }
    assert {label: entry(root, label).action for label in wanted} == wanted


def test_without_pages_there_is_no_entry_that_opens_one() -> None:
    actions = {each.action for each in of(replace(AT_REST, has_pages=False)).all()}
    assert Wish.OPEN_HISTORY not in actions
    assert Wish.OPEN_SETTINGS in actions


def test_only_the_phone_that_rings_is_marked() -> None:
    marks = {each.action: each.is_marked for each in of(AT_REST).all() if each.mark is Mark.RADIO}
    assert marks == {LetRing(DESK): True, LetRing(SOFT): False}


def test_it_is_told_in_the_language_of_the_user() -> None:
    class Shouting(NullTranslations):
        def gettext(self, message: str) -> str:
            return f"¡{message}!"

    assert menu(AT_REST, Sentences(Shouting()), NOW).entries[0].label == "¡Connected with pbx.example.com!"


# The numbers.

texts = st.text(max_size=20)
calls = st.builds(
    TrayCall,
    id=st.integers(0, 30).map(lambda n: CallId(str(n))),
    who=texts.map(lambda text: text or "?"),
    at=st.just(NOW),
    direction=st.sampled_from(Direction),
    state=st.sampled_from(CallState),
    outcome=st.none() | st.sampled_from(Outcome),
)
phones = st.builds(
    TrayPhone,
    device=st.integers(0, 9).map(lambda n: Device(f"PJSIP/{n}")),
    name=texts.map(lambda text: text or "?"),
    rings=st.booleans(),
)
states = st.builds(
    TrayState,
    line=st.sampled_from(Line),
    host=texts,
    mute=st.none() | st.just(Mute()) | st.just(Mute(NOW)),
    calls=st.lists(calls, max_size=4, unique_by=lambda call: call.id).map(tuple),
    last_calls=st.lists(calls, max_size=10, unique_by=lambda call: call.id).map(tuple),
    phones=st.lists(phones, max_size=4, unique_by=lambda phone: phone.device).map(tuple),
    missed=st.integers(0, 5),
    trouble=texts,
)


@given(st.lists(states, min_size=1, max_size=8))
def test_a_number_never_comes_to_mean_something_else(following: list[TrayState]) -> None:
    numbering = Numbering()
    meant: dict[int, tuple[str, object]] = {}
    for state in following:
        root = numbering.number(of(state))
        entries = list(root.all())
        assert root.number == ROOT
        assert len({each.number for each in entries}) == len(entries)
        for each in entries:
            assert meant.setdefault(each.number, (each.name, each.action)) == (each.name, each.action)
            assert numbering.action(each.number) == each.action


def test_a_click_on_a_call_that_left_the_menu_still_means_that_call() -> None:
    numbering = Numbering()
    before = numbering.number(of(AT_REST))
    numbering.number(of(replace(AT_REST, last_calls=())))
    assert numbering.action(entry(before, "13:58").number) == ShowCall(JAN.id)


def test_a_click_on_mute_never_unmutes() -> None:
    numbering = Numbering()
    before = entry(numbering.number(of(AT_REST)), "Mute popups")
    after = entry(numbering.number(of(replace(AT_REST, mute=Mute()))), "Mute popups")
    assert numbering.action(before.number) is Wish.MUTE
    assert numbering.action(after.number) is Wish.UNMUTE
    again = entry(numbering.number(of(AT_REST)), "Mute popups")
    assert again.number == before.number


def test_numbers_of_calls_of_long_ago_are_forgotten_and_never_given_again() -> None:
    numbering = Numbering()
    first = entry(numbering.number(of(AT_REST)), "13:58").number
    given = set()
    for at in range(6000):
        one = replace(JAN, id=CallId(f"call {at}"))
        given.add(entry(numbering.number(of(replace(AT_REST, last_calls=(one,)))), "13:58").number)
    assert numbering.action(first) is None
    assert first not in given
    assert len(given) == 6000


def test_an_unknown_number_means_nothing() -> None:
    assert Numbering().action(4711) is None
