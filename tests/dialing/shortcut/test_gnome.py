"""GNOME's own shortcut in real settings, kept in a file of the test's."""

from __future__ import annotations

import os
import subprocess
from configparser import ConfigParser
from typing import TYPE_CHECKING

import pytest

from bubbled.dialing.shortcut.gnome import CUSTOM, LIST, NAME, PATH, SCHEMA, GnomeShortcut
from bubbled.dialing.shortcut.port import Binding, KeyTakenError, ShortcutError
from bubbled.keystroke import parse
from tests.dialing.wayland_sway import program

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.desktop

F7 = parse("F7")
COMMAND = ("/home/jan/my programs/bubbled", "dial", "--selection")
WRITTEN = "'/home/jan/my programs/bubbled' dial --selection"
THEIRS = "/org/gnome/settings-daemon/plugins/media-keys/custom-keybindings/custom0/"


class Settings:
    """The settings of a user of GNOME, as another program sees them."""

    def __init__(self, folder: Path) -> None:
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder),
            "GSETTINGS_BACKEND": "keyfile",
        }
        self._file = folder / "glib-2.0" / "settings" / "keyfile"

    def __call__(self, *arguments: str) -> str:
        done = subprocess.run(  # noqa: S603 - nothing in it comes from outside
            [program("gsettings"), *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def bind(self, key: str, command: str) -> None:
        """Let the user have a shortcut of their own."""
        self("set", SCHEMA, LIST, f"['{THEIRS}']")
        for name, value in {"name": "Mine", "binding": key, "command": command}.items():
            self("set", f"{CUSTOM}:{THEIRS}", name, f'"{value}"')

    def kept(self) -> dict[str, dict[str, str]]:
        """What is kept in the file, but for empty groups, which mean nothing."""
        parser = ConfigParser(interpolation=None)
        parser.read(self._file)
        return {name: dict(group) for name, group in parser.items() if group}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path)


@pytest.fixture
def shortcut(settings: Settings) -> GnomeShortcut:
    return GnomeShortcut(settings.environment)


def test_ours_comes_beside_those_of_the_user_and_goes_alone(
    settings: Settings, shortcut: GnomeShortcut
) -> None:
    settings.bind("<Super>t", "xterm")
    before = settings.kept()
    assert shortcut.state() is None
    change = shortcut.install(F7, COMMAND)
    assert change.lines == (
        f"GNOME's custom shortcuts ({SCHEMA}): put in:",
        f"    name: {NAME}",
        f"    command: {WRITTEN}",
        "    binding: F7",
    )
    assert settings.kept() == before
    change.make()
    assert settings("get", SCHEMA, LIST) == f"['{THEIRS}', '{PATH}']"
    assert settings("get", f"{CUSTOM}:{PATH}", "command") == f'"{WRITTEN}"'
    assert shortcut.state() == Binding("F7", WRITTEN, ours=True)
    assert shortcut.install(F7, COMMAND).lines == ()
    shortcut.remove().make()
    assert settings.kept() == before
    assert shortcut.remove().lines == ()


def test_where_there_were_none_nothing_is_left(settings: Settings, shortcut: GnomeShortcut) -> None:
    shortcut.install(F7, COMMAND).make()
    shortcut.remove().make()
    assert settings("get", SCHEMA, LIST) == "@as []"
    assert settings.kept() == {}
    assert shortcut.state() is None


def test_another_key_takes_the_place_of_the_first(settings: Settings, shortcut: GnomeShortcut) -> None:
    shortcut.install(F7, COMMAND).make()
    settings("set", SCHEMA, LIST, f"['{PATH}', '{THEIRS}']")
    shortcut.install(parse("Ctrl+Alt+D"), COMMAND).make()
    assert settings("get", SCHEMA, LIST) == f"['{PATH}', '{THEIRS}']"
    assert shortcut.state() == Binding("<Control><Alt>d", WRITTEN, ours=True)


def test_a_key_of_the_users_own_is_left_to_them(settings: Settings, shortcut: GnomeShortcut) -> None:
    settings.bind("F7", "xterm")
    with pytest.raises(KeyTakenError, match=r'F7 is taken by "Mine" of your own shortcuts'):
        shortcut.install(F7, COMMAND)


def test_a_key_of_gnomes_own_is_left_to_it(settings: Settings, shortcut: GnomeShortcut) -> None:
    settings("set", SCHEMA, "www", "['<Primary><Alt>w', 'F7']")
    with pytest.raises(KeyTakenError, match=rf'F7 is taken by "www" of GNOME \({SCHEMA}\)'):
        shortcut.install(F7, COMMAND)
    with pytest.raises(KeyTakenError, match=r'Alt\+F4 is taken by "close" of GNOME'):
        shortcut.install(parse("Alt+F4"), COMMAND)


def test_what_the_user_bound_to_bubbled_is_enough(settings: Settings, shortcut: GnomeShortcut) -> None:
    settings.bind("F7", "bubbled dial --selection")
    assert shortcut.state() == Binding("F7", "bubbled dial --selection", ours=False)
    assert shortcut.install(F7, COMMAND).lines == ()
    assert shortcut.remove().lines == ()


def test_settings_that_are_not_kept_are_told(settings: Settings) -> None:
    # As outside the session: gsettings then uses a memory of its own, and succeeds.
    forgetful = GnomeShortcut(settings.environment | {"GSETTINGS_BACKEND": "memory"})
    with pytest.raises(ShortcutError, match="GNOME does not keep the shortcut"):
        forgetful.install(F7, COMMAND).make()


def test_a_machine_without_gnome_is_told(settings: Settings, tmp_path: Path) -> None:
    bare = GnomeShortcut(
        settings.environment | {"GSETTINGS_SCHEMA_DIR": str(tmp_path), "XDG_DATA_DIRS": "/none"}
    )
    with pytest.raises(ShortcutError, match="The desktop refused: gsettings says 'No schemas installed'"):
        bare.state()
    with pytest.raises(ShortcutError, match="The program gsettings is missing"):
        GnomeShortcut({"PATH": str(tmp_path)}).state()
