from __future__ import annotations

from typing import Final

import pytest
from Xlib import XK, X

from bubbled.dialing.hotkey.keyboard import Grab, Keyboard
from bubbled.keystroke import Modifier, parse

NUM_LOCK, ALT, SUPER, ALT_GR = X.Mod2Mask, X.Mod1Mask, X.Mod4Mask, X.Mod5Mask


def keysyms(*names: str) -> list[int]:
    return [XK.string_to_keysym(name) for name in names]


# What an X server tells of a plain PC keyboard with the layouts "us" and "ru", as far as it matters here.
KEYSYMS: Final = {
    8: keysyms(),
    10: keysyms("1", "exclam", "1", "exclam"),
    37: keysyms("Control_L"),
    40: [*keysyms("d", "D"), 0x6D7, 0x6F7],
    50: keysyms("Shift_L"),
    64: keysyms("Alt_L", "Meta_L"),
    66: keysyms("Caps_Lock"),
    73: [*keysyms("F7", "F7"), 0x1008FE07],
    77: keysyms("Num_Lock"),
    92: [0xFE03],
    127: keysyms("Pause", "Break"),
    133: keysyms("Super_L"),
    206: [0, *keysyms("Super_L")],
}
MODIFIERS: Final = [[50, 0], [66, 0], [37, 0], [64, 0], [77, 0], [0, 0], [133, 206], [92, 0]]
KEYBOARD = Keyboard(KEYSYMS, MODIFIERS)


def grabs(keyboard: Keyboard, key: str) -> set[tuple[int, int]]:
    return {(grab.keycode, grab.modifiers) for grab in keyboard.grabs(parse(key))}


def test_a_key_alone_is_grabbed_whichever_locks_are_on_and_with_nothing_else() -> None:
    assert KEYBOARD.grabs(parse("F7")) == {
        Grab(73, 0),
        Grab(73, X.LockMask),
        Grab(73, NUM_LOCK),
        Grab(73, X.LockMask | NUM_LOCK),
    }


def test_modifiers_are_found_by_the_keys_that_hold_them() -> None:
    assert (40, X.ControlMask | ALT) in grabs(KEYBOARD, "Ctrl+Alt+D")
    assert (73, SUPER | X.ShiftMask) in grabs(KEYBOARD, "Super+Shift+F7")
    swapped = Keyboard(KEYSYMS, [[50], [66], [37], [133], [77], [], [64], [92]])
    assert (73, X.Mod4Mask) in grabs(swapped, "Alt+F7")
    assert (73, X.Mod1Mask) in grabs(swapped, "Super+F7")


def test_a_second_key_of_the_same_modifier_is_as_good() -> None:
    right = {**KEYSYMS, 108: keysyms("Alt_R")}
    assert (73, ALT) in grabs(Keyboard(right, [[50], [66], [37], [108], [77], [], [133], [92]]), "Alt+F7")


def test_locks_are_found_by_their_keys_too() -> None:
    moved = Keyboard(
        {**KEYSYMS, 78: keysyms("Scroll_Lock")}, [[50], [66], [37], [64], [92], [77], [133], [78]]
    )
    masks = {mask for _, mask in grabs(moved, "F7")}
    assert masks == {
        caps | number | scroll
        for caps in (0, X.LockMask)
        for number in (0, X.Mod3Mask)
        for scroll in (0, X.Mod5Mask)
    }


def test_a_keyboard_without_num_lock_has_fewer_to_grab() -> None:
    assert grabs(Keyboard(KEYSYMS, [[50], [66], [37], [64], [], [], [133], []]), "F7") == {(73, 0), (73, 2)}


def test_a_lock_that_shares_its_modifier_is_no_lock_while_that_is_held() -> None:
    shared = Keyboard(KEYSYMS, [[50], [66], [37], [64, 77], [], [], [133], []])
    assert grabs(shared, "Alt+F7") == {(73, ALT), (73, ALT | X.LockMask)}


def test_every_key_that_has_the_meaning_is_grabbed() -> None:
    two = Keyboard({**KEYSYMS, 200: keysyms("F7")}, MODIFIERS)
    assert {keycode for keycode, _ in grabs(two, "F7")} == {73, 200}


def test_a_digit_above_shift_is_pressed_without_it() -> None:
    french = Keyboard({**KEYSYMS, 10: keysyms("ampersand", "1")}, MODIFIERS)
    assert (10, X.ControlMask | ALT) in grabs(french, "Ctrl+Alt+1")


def test_a_letter_of_the_second_layout_is_found_where_the_first_has_none() -> None:
    russian_first = Keyboard({**KEYSYMS, 40: [0x6D7, 0x6F7, *keysyms("d", "D")]}, MODIFIERS)
    assert (40, X.ControlMask | ALT) in grabs(russian_first, "Ctrl+Alt+D")


@pytest.mark.parametrize("key", ["F24", "Ctrl+Alt+Z"])
def test_a_key_that_no_keyboard_has_is_nothing_to_grab(key: str) -> None:
    assert not KEYBOARD.grabs(parse(key))


def test_a_modifier_that_no_keyboard_has_is_nothing_to_grab() -> None:
    assert not Keyboard(KEYSYMS, [[50], [66], [37], [], [], [], [], []]).grabs(parse("Alt+F7"))


@pytest.mark.parametrize(
    "key",
    [
        *(f"F{number}" for number in range(1, 25)),
        *("Pause", "Print", "Insert", "Menu", "Home", "End", "PageUp", "PageDown", "Scroll_Lock"),
    ],
)
def test_every_key_that_may_stand_alone_has_a_number(key: str) -> None:
    keystroke = parse(key)
    number = XK.string_to_keysym(keystroke.key)
    assert number
    assert Keyboard({9: [number]}, []).grabs(keystroke)


@pytest.mark.parametrize("modifier", Modifier)
def test_every_modifier_is_known(modifier: Modifier) -> None:
    assert KEYBOARD.grabs(parse(f"{modifier}+F7"))
