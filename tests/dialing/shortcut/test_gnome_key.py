from __future__ import annotations

import pytest

from bubbled.dialing.shortcut.gnome_key import accelerator, is_on
from bubbled.keystroke import parse

KEYS = ("F7", "Ctrl+Alt+D", "Super+Shift+PageUp", "Pause", "Alt+5")


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("F7", "F7"),
        ("Ctrl+Alt+D", "<Control><Alt>d"),
        ("Super+Shift+PageUp", "<Shift><Super>Prior"),
        ("Alt+5", "<Alt>5"),
    ],
)
def test_keys_are_written_as_gnome_reads_them(key: str, written: str) -> None:
    assert accelerator(parse(key)) == written


@pytest.mark.parametrize("key", KEYS)
def test_what_is_written_is_that_key_and_no_other(key: str) -> None:
    assert [each for each in KEYS if is_on(accelerator(parse(key)), parse(each))] == [key]


@pytest.mark.parametrize("written", ["<Primary><Mod1>d", "<Alt><Ctrl>D", "<alt><primary>d"])
def test_modifiers_have_several_names(written: str) -> None:
    assert is_on(written, parse("Ctrl+Alt+D"))


@pytest.mark.parametrize("written", ["", "<Shift>F7", "<Hyper>F7", "F17", "disabled", "<Super>"])
def test_other_keys_are_other_keys(written: str) -> None:
    assert not is_on(written, parse("F7"))


def test_a_key_with_two_names_is_one() -> None:
    assert is_on("<Super>Page_Up", parse("Super+PageUp"))
