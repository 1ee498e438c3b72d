from __future__ import annotations

from typing import Any

import pytest

from bubbled.dialing.shortcut.hyprland_config import LUA, OWN_LANGUAGE, is_on
from bubbled.keystroke import parse

COMMAND = "'/my programs/bubbled' dial --selection"


@pytest.mark.parametrize(
    ("key", "own", "lua"),
    [
        ("F7", f"bind = , F7, exec, {COMMAND}", f'hl.bind("F7", hl.dsp.exec_cmd("{COMMAND}"))'),
        (
            "Super+Ctrl+D",
            f"bind = CTRL SUPER, d, exec, {COMMAND}",
            f'hl.bind("CTRL + SUPER + d", hl.dsp.exec_cmd("{COMMAND}"))',
        ),
    ],
)
def test_a_key_is_bound_in_both_languages(key: str, own: str, lua: str) -> None:
    assert OWN_LANGUAGE.line(parse(key), COMMAND) == own
    assert LUA.line(parse(key), COMMAND) == lua


@pytest.mark.parametrize("dialect", [OWN_LANGUAGE, LUA])
def test_a_line_of_ours_is_read_again(dialect: Any) -> None:
    assert dialect.read(dialect.line(parse("F7"), COMMAND)) == ("F7", COMMAND)
    assert dialect.read(dialect.line(parse("Ctrl+Alt+D"), COMMAND)) == ("CTRL + ALT + d", COMMAND)
    assert dialect.read("$mod = SUPER") is None


@pytest.mark.parametrize(
    ("bind", "taken"),
    [
        ({"modmask": 0, "key": "F7", "submap": ""}, True),
        ({"modmask": 0, "key": "f7"}, True),
        ({"modmask": 1, "key": "F7", "submap": ""}, False),
        ({"modmask": 0, "key": "F7", "submap": "resize"}, False),
        ({"modmask": 0, "key": "F8", "submap": ""}, False),
        ({}, False),
    ],
)
def test_only_the_exact_key_is_taken(bind: dict[str, Any], taken: bool) -> None:  # noqa: FBT001 - a row of the table
    assert is_on(bind, parse("F7")) is taken


def test_modifiers_are_bits() -> None:
    assert is_on({"modmask": 64 + 8 + 4 + 1, "key": "D"}, parse("Super+Ctrl+Alt+Shift+D"))
