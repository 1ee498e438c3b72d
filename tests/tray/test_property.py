from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bubbled.model import Mute
from bubbled.tray.menu import Entry, Mark, Numbering, menu
from bubbled.tray.property import Changed, difference, literal, properties
from bubbled.tray.state import TrayState, Wish
from bubbled.tray.wording import Sentences
from tests.tray.sample import AT_REST, JAN, NOW, PHONES
from tests.tray.test_menu import states


def numbered(state: TrayState, numbering: Numbering) -> Entry:
    return numbering.number(menu(state, Sentences(), NOW))


def test_an_entry_tells_only_what_is_not_as_usual() -> None:
    assert properties(Entry(name="x", label="Quit")) == {"label": "Quit"}
    assert properties(Entry(name="x")) == {"type": "separator"}
    assert properties(Entry(name="x", label="Off", is_enabled=False)) == {"label": "Off", "enabled": False}


def test_marks_are_told_on_and_off() -> None:
    mark = Entry(name="x", label="Mute", mark=Mark.CHECK, action=Wish.MUTE)
    assert properties(mark) == {"label": "Mute", "toggle-type": "checkmark", "toggle-state": 0}
    assert properties(replace(mark, is_marked=True))["toggle-state"] == 1


def test_a_menu_below_is_told() -> None:
    below = Entry(name="x", label="Last calls", entries=(Entry(name="y", label="z"),))
    assert properties(below) == {"label": "Last calls", "children-display": "submenu"}


def test_only_the_wanted_properties_are_given() -> None:
    off = Entry(name="x", label="Off", is_enabled=False)
    assert properties(off, ["enabled", "visible"]) == {"enabled": False}


@given(st.text())
def test_no_key_is_marked_in_a_label_and_nothing_is_lost(label: str) -> None:
    written = literal(label)
    assert written.replace("__", "") == label.replace("_", "")
    assert written.count("_") == 2 * label.count("_")


def test_a_changed_look_keeps_the_entries() -> None:
    numbering = Numbering()
    old = numbered(AT_REST, numbering)
    new = numbered(replace(AT_REST, host="other"), numbering)
    (line,) = (each.number for each in new.all() if each.name == "line")
    assert difference(old, new) == [Changed(line, {"label": "Connected with other"}, [])]


def test_what_is_usual_again_is_told_as_gone() -> None:
    grey, black = Entry(name="x", label="a", is_enabled=False), Entry(name="x", label="a")
    assert difference(grey, black) == [Changed(0, {}, ["enabled"])]


def test_another_phone_that_rings_is_a_changed_look() -> None:
    numbering = Numbering()
    old = numbered(AT_REST, numbering)
    other = tuple(replace(each, rings=not each.rings) for each in PHONES)
    changes = difference(old, numbered(replace(AT_REST, phones=other), numbering))
    assert changes is not None
    assert [change.values for change in changes] == [{"toggle-state": 0}, {"toggle-state": 1}]


def test_other_entries_are_another_layout() -> None:
    numbering = Numbering()
    old = numbered(AT_REST, numbering)
    assert difference(old, numbered(replace(AT_REST, last_calls=(JAN,)), numbering)) is None
    assert difference(old, numbered(replace(AT_REST, mute=Mute()), numbering)) is None


def test_a_later_end_of_the_mute_is_a_changed_look() -> None:
    numbering = Numbering()
    old = numbered(replace(AT_REST, mute=Mute()), numbering)
    new = numbered(replace(AT_REST, mute=Mute(NOW + timedelta(hours=1))), numbering)
    changes = difference(old, new)
    assert changes is not None
    assert [change.values for change in changes] == [{"label": "Mute popups (until 15:03)"}]


@given(states, states)
def test_whoever_follows_the_changes_has_the_new_menu(before: TrayState, after: TrayState) -> None:
    numbering = Numbering()
    old, new = numbered(before, numbering), numbered(after, numbering)
    changes = difference(old, new)
    if changes is None:
        return  # it is read anew
    seen = {each.number: properties(each) for each in old.all()}
    for change in changes:
        seen[change.number] |= change.values
        for name in change.gone:
            del seen[change.number][name]
    assert seen == {each.number: properties(each) for each in new.all()}
