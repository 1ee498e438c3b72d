"""sway's own shortcut on a real sway, whose keys a virtual keyboard presses."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

import pytest

from bubbled.dialing.shortcut.block import with_block
from bubbled.dialing.shortcut.port import Binding, KeyTakenError, ShortcutError
from bubbled.dialing.shortcut.sway import SYSTEMS_OWN, SwayShortcut
from bubbled.keystroke import parse
from tests.dialing.shortcut.phone import Phone
from tests.dialing.wayland_sway import Sway, running_sway

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.desktop

F7 = parse("F7")


@pytest.fixture(scope="module")
def sway() -> Iterator[Sway]:
    with running_sway() as desktop:
        yield desktop


@pytest.fixture
def phone(sway: Sway) -> Iterator[Phone]:
    with Phone(sway.home) as it:
        yield it


def config(sway: Sway, text: str) -> Path:
    path = sway.home / "config" / "sway" / "config"
    path.write_text(text)
    sway.ask("reload")
    return path


def test_the_key_dials_as_soon_as_it_is_installed_until_it_is_removed(sway: Sway, phone: Phone) -> None:
    path = config(sway, "# mine\n")
    shortcut = SwayShortcut(sway.environment)
    assert shortcut.state() is None
    change = shortcut.install(F7, phone.command)
    assert change.lines == (
        f"{path}: put in:",
        f"    bindsym --no-repeat F7 exec '{sway.home}/my programs/bubbled' dial --selection",
        "sway reads its configuration again (swaymsg reload)",
    )
    assert path.read_text() == "# mine\n"
    change.make()
    sway.press("-k", "F7")
    assert phone.rings() == "dial --selection\n"
    assert shortcut.state() == Binding("F7", f"'{sway.home}/my programs/bubbled' dial --selection", ours=True)
    assert shortcut.install(F7, phone.command).lines == ()
    shortcut.remove().make()
    assert path.read_text() == "# mine\n"
    assert shortcut.remove().lines == ()
    assert shortcut.state() is None


def test_another_key_takes_the_place_of_the_first(sway: Sway, phone: Phone) -> None:
    path = config(sway, "# mine")
    shortcut = SwayShortcut(sway.environment)
    shortcut.install(F7, phone.command).make()
    shortcut.install(parse("Ctrl+Alt+D"), phone.command).make()
    assert path.read_text().count("bindsym") == 1
    sway.press("-M", "ctrl", "-M", "alt", "-k", "d", "-m", "alt", "-m", "ctrl")
    assert phone.rings() == "dial --selection\n"
    shortcut.remove().make()
    assert path.read_text() == "# mine"


@pytest.mark.parametrize(
    "theirs", ["bindsym F7 exec true\n", "set $k F7\nbindsym --release $k exec true", "include *.conf\n"]
)
def test_a_key_that_does_something_else_is_left_to_it(sway: Sway, phone: Phone, theirs: str) -> None:
    path = config(sway, theirs)
    more = path.with_name("more.conf")
    more.write_text("bindsym F7 exec true\n")
    with pytest.raises(
        KeyTakenError, match=r"F7 is taken by `exec true` in .*config, so nothing was changed"
    ):
        SwayShortcut(sway.environment).install(F7, phone.command)
    assert path.read_text() == theirs
    more.unlink()


def test_what_the_user_bound_to_bubbled_is_enough(sway: Sway, phone: Phone) -> None:
    config(sway, "bindsym F7 exec bubbled dial --selection\n")
    shortcut = SwayShortcut(sway.environment)
    assert shortcut.state() == Binding("F7", "bubbled dial --selection", ours=False)
    assert shortcut.install(F7, phone.command).lines == ()
    assert shortcut.remove().lines == ()


def test_marks_that_somebody_changed_keep_us_away(sway: Sway, phone: Phone) -> None:
    text = with_block("# mine\n", ["bindsym F7 exec true"]) * 2
    path = config(sway, text)
    shortcut = SwayShortcut(sway.environment)
    for look in (partial(shortcut.install, F7, phone.command), shortcut.remove, shortcut.state):
        with pytest.raises(
            ShortcutError, match="stays as it is, because its lines of bubbled have been changed"
        ):
            look()
    assert path.read_text() == text


def test_a_file_that_was_changed_after_the_question_stays(sway: Sway, phone: Phone) -> None:
    path = config(sway, "# mine\n")
    change = SwayShortcut(sway.environment).install(F7, phone.command)
    path.write_text("# other\n")
    with pytest.raises(ShortcutError, match="changed meanwhile"):
        change.make()
    assert path.read_text() == "# other\n"


def test_a_file_that_sway_does_not_read_is_put_back(phone: Phone) -> None:
    with running_sway("# mine\n", "--config", str(SYSTEMS_OWN)) as stubborn:
        path = stubborn.home / "config" / "sway" / "config"
        with pytest.raises(ShortcutError, match="sway does not read the configuration that was changed"):
            SwayShortcut(stubborn.environment).install(F7, phone.command).make()
        assert path.read_text() == "# mine\n"


def test_a_configuration_in_another_place_is_changed_there(sway: Sway, phone: Phone) -> None:
    other = sway.home / "other"
    other.write_text("# mine\n")
    with running_sway("# unused\n", "--config", str(other)) as desktop:
        SwayShortcut(desktop.environment).install(F7, phone.command).make()
    assert "bindsym --no-repeat F7" in other.read_text()


def test_without_a_configuration_of_ones_own_the_systems_goes_on(phone: Phone) -> None:
    with running_sway(None) as bare:
        own = bare.home / "config" / "sway" / "config"
        shortcut = SwayShortcut(bare.environment)
        shortcut.install(F7, phone.command).make()
        assert f"include {SYSTEMS_OWN}\n" in own.read_text()
        assert bare.ask("-t", "get_version")["loaded_config_file_name"] == str(own)
        shortcut.install(parse("F8"), phone.command).make()
        with pytest.raises(KeyTakenError, match="reload"):
            shortcut.install(parse("Super+Shift+C"), phone.command)
        shortcut.remove().make()
        assert not own.exists()
        assert bare.ask("-t", "get_version")["loaded_config_file_name"].endswith(str(SYSTEMS_OWN))


def test_where_sway_does_not_run_the_file_is_found_and_changed(tmp_path: Path) -> None:
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    path = tmp_path / ".sway" / "config"
    path.parent.mkdir()
    path.write_text("include ~/.sway/more\n")
    (tmp_path / ".sway" / "more").write_text("bindsym F8 exec true\n")
    shortcut = SwayShortcut(environment)
    with pytest.raises(KeyTakenError):
        shortcut.install(parse("F8"), ("/usr/bin/bubbled", "dial", "--selection"))
    change = shortcut.install(F7, ("/usr/bin/bubbled", "dial", "--selection"))
    assert "reload" not in "".join(change.lines)
    change.make()
    assert "bindsym --no-repeat F7 exec /usr/bin/bubbled dial --selection" in path.read_text()
