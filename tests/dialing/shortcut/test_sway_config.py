from __future__ import annotations

from pathlib import Path

import pytest

from bubbled.dialing.shortcut.sway_config import Bound, bindings, keys
from bubbled.keystroke import parse

DEBIANS = Path("/etc/sway/config")


def read(text: str, **files: str) -> list[tuple[str, str]]:
    included = lambda pattern: [text for name, text in files.items() if name == pattern]  # noqa: E731 - one line
    return [(bound.keys, bound.command) for bound in bindings(text, included)]


@pytest.mark.parametrize(
    ("written", "is_f7"),
    [
        ("F7", True),
        ("f7", True),
        ("Group1+F7", True),
        ("Shift+F7", False),
        ("Mod2+F7", False),
        ("F8", False),
    ],
)
def test_only_the_exact_key_is_taken(written: str, is_f7: bool) -> None:  # noqa: FBT001 - a row of the table
    assert Bound(written, "").is_on(parse("F7")) is is_f7


@pytest.mark.parametrize("written", ["Mod4+Ctrl+d", "Control+Mod4+D", "ctrl+super+d"])
def test_modifiers_are_known_by_all_their_names_in_any_order(written: str) -> None:
    assert Bound(written, "").is_on(parse("Super+Ctrl+D"))


def test_keys_are_written_as_sway_reads_them() -> None:
    assert keys(parse("Super+Shift+Alt+Ctrl+PageUp")) == "Ctrl+Mod1+Shift+Mod4+Prior"


def test_options_comments_and_continued_lines_are_read() -> None:
    text = "# bindsym F1 exec a\nbindsym --locked --no-repeat F2 \\\n  exec b\n  bindsym F3   exec c # d\n"
    assert read(text) == [("F2", "exec b"), ("F3", "exec c # d")]


def test_variables_are_resolved_also_in_each_other() -> None:
    text = "set $mod Mod4\nset $keys $mod+Shift\nset $run exec foo\nbindsym $keys+e $run $unknown\n"
    assert read(text) == [("Mod4+Shift+e", "exec foo $unknown")]


def test_a_block_of_bindings_is_read() -> None:
    assert read("bindsym {\n  F1 exec a\n  --locked F2 exec b\n}\nbindsym F3 exec c") == [
        ("F1", "exec a"),
        ("F2", "exec b"),
        ("F3", "exec c"),
    ]


def test_what_other_modes_and_bars_bind_takes_no_key() -> None:
    text = (
        'mode "resize" {\n bindsym F7 exec a\n bindsym {\n F7 exec b\n }\n}\nbar {\n bindsym button1 nop\n}\n'
    )
    assert read(text) == []


def test_included_files_are_read_with_the_same_variables() -> None:
    assert read("set $k F7\ninclude more\nbindsym F8 exec b", more="bindsym $k exec a") == [
        ("F7", "exec a"),
        ("F8", "exec b"),
    ]


@pytest.mark.desktop
def test_the_configuration_that_sway_comes_with_is_understood() -> None:
    bound = dict(read(DEBIANS.read_text()))
    assert bound["Mod4+Shift+c"] == "reload"
    assert bound["Mod4+Return"] == "exec foot"
    assert "Left" not in bound
