"""Hyprland's own shortcut, with a stand-in for hyprctl: see there."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from bubbled.dialing.shortcut.hyprland import HyprlandShortcut
from bubbled.dialing.shortcut.port import Binding, KeyTakenError, ShortcutError
from bubbled.keystroke import parse

FAKE = Path(__file__).with_name("fake_hyprctl.py")
F7 = parse("F7")
COMMAND = ("/my programs/bubbled", "dial", "--selection")
WRITTEN = "'/my programs/bubbled' dial --selection"


class Hyprland:
    """A user's folder with a configuration that was read."""

    def __init__(self, home: Path, name: str) -> None:
        self.home = home
        self.config = home / name
        program = home / "bin" / "hyprctl"
        program.parent.mkdir()
        program.write_text(f"#!{sys.executable}\n{FAKE.read_text()}")
        program.chmod(0o755)
        self.environment = {
            "PATH": f"{program.parent}:{os.environ['PATH']}",
            "HOME": str(home),
            "HYPRLAND_CONFIG": str(self.config),
        }

    def has(self, text: str) -> None:
        self.config.write_text(text)
        shortcut = HyprlandShortcut(self.environment)
        shortcut._ask("reload")


@pytest.fixture(params=["hyprland.conf", "hyprland.lua"])
def hyprland(tmp_path: Path, request: pytest.FixtureRequest) -> Hyprland:
    it = Hyprland(tmp_path, request.param)
    it.has("mine = 1\n")
    return it


@pytest.fixture
def shortcut(hyprland: Hyprland) -> HyprlandShortcut:
    return HyprlandShortcut(hyprland.environment)


def binding(hyprland: Hyprland, command: str) -> str:
    """F7 as the user would write it."""
    lua = hyprland.config.suffix == ".lua"
    return f'hl.bind("F7", hl.dsp.exec_cmd("{command}"))\n' if lua else f"bind = , F7, exec, {command}\n"


def test_it_is_put_in_and_taken_out(hyprland: Hyprland, shortcut: HyprlandShortcut) -> None:
    assert shortcut.state() is None
    change = shortcut.install(F7, COMMAND)
    assert change.lines == (
        f"{hyprland.config}: put in:",
        f"    {binding(hyprland, WRITTEN).strip()}",
        "Hyprland reads its configuration again (hyprctl reload)",
    )
    assert hyprland.config.read_text() == "mine = 1\n"
    change.make()
    assert shortcut.state() == Binding("F7", WRITTEN, ours=True)
    assert shortcut.install(F7, COMMAND).lines == ()
    shortcut.remove().make()
    assert hyprland.config.read_text() == "mine = 1\n"
    assert shortcut.state() is None
    assert shortcut.remove().lines == ()


def test_another_key_or_program_takes_the_place_of_the_first(
    hyprland: Hyprland, shortcut: HyprlandShortcut
) -> None:
    shortcut.install(F7, COMMAND).make()
    shortcut.install(F7, ("/usr/bin/bubbled", "dial", "--selection")).make()
    shortcut.install(parse("Ctrl+Alt+D"), COMMAND).make()
    assert shortcut.state() == Binding("CTRL + ALT + d", WRITTEN, ours=True)
    assert "F7" not in hyprland.config.read_text()


def test_a_key_that_does_something_else_is_left_to_it(hyprland: Hyprland, shortcut: HyprlandShortcut) -> None:
    hyprland.has(binding(hyprland, "foot"))
    with pytest.raises(KeyTakenError, match="F7 is taken by `exec foot` of Hyprland, so nothing was changed"):
        shortcut.install(F7, COMMAND)


def test_what_the_user_bound_to_bubbled_is_enough(hyprland: Hyprland, shortcut: HyprlandShortcut) -> None:
    hyprland.has(binding(hyprland, "bubbled dial --selection"))
    assert shortcut.state() == Binding("F7", "bubbled dial --selection", ours=False)
    assert shortcut.install(F7, COMMAND).lines == ()
    assert shortcut.remove().lines == ()


def test_a_file_that_hyprland_does_not_read_is_put_back(
    hyprland: Hyprland, shortcut: HyprlandShortcut
) -> None:
    (hyprland.home / "deaf").touch()
    with pytest.raises(ShortcutError, match="Hyprland does not read the key from"):
        shortcut.install(F7, COMMAND).make()
    assert hyprland.config.read_text() == "mine = 1\n"


def test_where_hyprland_does_not_answer_nothing_is_changed(
    hyprland: Hyprland, shortcut: HyprlandShortcut
) -> None:
    change = shortcut.install(F7, COMMAND)
    (hyprland.home / "gone").touch()
    for attempt in (change.make, lambda: shortcut.install(F7, COMMAND)):
        with pytest.raises(ShortcutError, match="The desktop refused: hyprctl says \"Couldn't connect to"):
            attempt()
    assert hyprland.config.read_text() == "mine = 1\n"


def test_a_missing_configuration_is_told(hyprland: Hyprland, shortcut: HyprlandShortcut) -> None:
    hyprland.config.unlink()
    with pytest.raises(ShortcutError, match="is missing; start Hyprland once"):
        shortcut.state()


def test_lua_counts_where_both_are_there(tmp_path: Path) -> None:
    folder = tmp_path / ".config" / "hypr"
    folder.mkdir(parents=True)
    shortcut = HyprlandShortcut({"HOME": str(tmp_path)})
    (folder / "hyprland.conf").touch()
    assert shortcut._path() == folder / "hyprland.conf"
    (folder / "hyprland.lua").touch()
    assert shortcut._path() == folder / "hyprland.lua"
