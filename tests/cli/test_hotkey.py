"""`bubbled hotkey` on real desktops, as far as they run here: sway, the settings of GNOME, a portal."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from bubbled.dialing.shortcut.block import with_block
from tests.cli.programs import OnTerminal
from tests.dialing.hotkey.portal_desktop import FakeBackend, frontend
from tests.dialing.wayland_sway import Sway, running_sway
from tests.popup.screens.conftest import services, session_bus

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from tests.cli.shell import Bubbled
    from tests.popup.screens.conftest import SessionBus

__all__ = ["services", "session_bus"]

NO_DESKTOP = {"WAYLAND_DISPLAY": "", "DISPLAY": "", "XDG_CURRENT_DESKTOP": "", "SWAYSOCK": ""}


@pytest.fixture(scope="module")
def desktop() -> Iterator[Sway]:
    with running_sway() as it:
        yield it


@pytest.fixture
def sway(desktop: Sway) -> dict[str, str]:
    """Give the environment of a sway whose configuration says `# mine`."""
    config(desktop).write_text("# mine\n")
    desktop.ask("reload")
    return desktop.environment


def config(desktop: Sway) -> Path:
    return desktop.home / "config" / "sway" / "config"


# -- with consent


@pytest.mark.desktop
async def test_it_tells_installs_tells_and_removes(
    bubbled: Bubbled, desktop: Sway, sway: dict[str, str]
) -> None:
    assert "`bubbled hotkey install` sets it up" in (await bubbled("hotkey", **sway)).out
    installed = await bubbled("hotkey", "install", "--yes", **sway)
    assert (installed.status, installed.err) == (0, "")
    assert f"{config(desktop)}: put in:\n    bindsym --no-repeat F7 exec " in installed.out
    assert "F7 dials what is selected, by sway's own shortcut" in installed.out
    assert " dial --selection\n" in config(desktop).read_text()
    again = await bubbled("hotkey", "install", "--yes", **sway)
    assert (again.status, again.out.count("\n")) == (0, 1)
    removed = await bubbled("hotkey", "remove", "--yes", **sway)
    assert (removed.status, removed.err) == (0, "")
    assert config(desktop).read_text() == "# mine\n"
    nothing = await bubbled("hotkey", "remove", **sway)
    assert (nothing.status, nothing.err) == (0, "")


@pytest.mark.desktop
async def test_a_program_gets_json(bubbled: Bubbled, sway: dict[str, str]) -> None:
    told = json.loads((await bubbled("hotkey", "--json", **sway)).out)
    assert (told["key"], told["session"], told["desktop"], told["way"], told["shortcut"]) == (
        "F7",
        "wayland",
        "sway",
        "shortcut",
        None,
    )
    assert told["command"][-2:] == ["dial", "--selection"]
    installed = await bubbled("hotkey", "install", "--yes", "--json", "--key", "ctrl+alt+d", **sway)
    assert json.loads(installed.out)["shortcut"]["key"] == "Ctrl+Mod1+d"
    assert "put in" in installed.err
    await bubbled("hotkey", "remove", "--yes", **sway)


@pytest.mark.desktop
async def test_nobody_to_ask_changes_nothing(bubbled: Bubbled, desktop: Sway, sway: dict[str, str]) -> None:
    ended = await bubbled("hotkey", "install", **sway)
    assert ended.status == 1
    assert "put in" in ended.out
    assert ended.err == "bubbled: Nothing was changed, because nobody could be asked; agree with --yes.\n"
    assert config(desktop).read_text() == "# mine\n"


@pytest.mark.desktop
@pytest.mark.parametrize(("answer", "status"), [("y", 0), ("n", 1), ("", 1)])
async def test_on_a_terminal_the_user_is_asked(
    environment: dict[str, str], desktop: Sway, sway: dict[str, str], answer: str, status: int
) -> None:
    screen = await OnTerminal.start(environment | sway, "hotkey", "install")
    try:
        shown = await screen.shows("Change this? [y/N]:")
        assert "bindsym --no-repeat F7 exec" in shown
        assert config(desktop).read_text() == "# mine\n"
        os.write(screen._ours, f"{answer}\n".encode())
        assert await screen.ended() == status
    finally:
        await screen.dispose()
    assert ("bindsym" in config(desktop).read_text()) is (status == 0)


@pytest.mark.desktop
async def test_a_key_that_is_taken_is_told_in_one_line(
    bubbled: Bubbled, desktop: Sway, sway: dict[str, str]
) -> None:
    config(desktop).write_text("bindsym F7 exec true\n")
    ended = await bubbled("hotkey", "install", "--yes", **sway)
    assert ended.status == 1
    assert ended.err.startswith("bubbled: F7 is taken by `exec true` in ")
    assert ended.err.count("\n") == 1


@pytest.mark.desktop
async def test_a_program_that_has_gone_is_told(bubbled: Bubbled, desktop: Sway, sway: dict[str, str]) -> None:
    line = "bindsym --no-repeat F7 exec /gone/bubbled dial --selection"
    config(desktop).write_text(with_block("# mine\n", [line]))
    assert "runs a program that is gone" in (await bubbled("hotkey", **sway)).out
    await bubbled("hotkey", "install", "--yes", **sway)
    assert "/gone/" not in config(desktop).read_text()


@pytest.mark.desktop
async def test_gnomes_settings_are_changed_and_put_back(bubbled: Bubbled, tmp_path: Path) -> None:
    gnome = NO_DESKTOP | {
        "XDG_CURRENT_DESKTOP": "GNOME",
        "WAYLAND_DISPLAY": "wayland-0",
        "GSETTINGS_BACKEND": "keyfile",
    }
    installed = await bubbled("hotkey", "install", "--yes", **gnome)
    assert (installed.status, installed.err) == (0, "")
    assert "F7 dials what is selected, by GNOME's own shortcut" in installed.out
    kept = tmp_path / "config" / "glib-2.0" / "settings" / "keyfile"
    assert "binding='F7'\n" in kept.read_text()
    assert (await bubbled("hotkey", "remove", "--yes", **gnome)).status == 0
    assert "=" not in kept.read_text()


# -- where nothing is to be done, or can be


@pytest.fixture
async def portal(session_bus: SessionBus, tmp_path: Path) -> AsyncIterator[str]:
    """Give the address of a session bus on which there is a portal for shortcuts."""
    backend = FakeBackend()
    await backend.start()
    async with frontend(tmp_path):
        yield session_bus.address
    await backend.stop()


@pytest.mark.desktop
@pytest.mark.parametrize("name", ["KDE", "COSMIC"])
async def test_where_there_is_a_portal_nothing_is_to_be_set_up(
    bubbled: Bubbled, portal: str, name: str
) -> None:
    there = NO_DESKTOP | {
        "XDG_CURRENT_DESKTOP": name,
        "WAYLAND_DISPLAY": "wayland-0",
        "DBUS_SESSION_BUS_ADDRESS": portal,
    }
    for action in ("status", "install"):
        ended = await bubbled("hotkey", action, **there)
        assert (ended.status, ended.err) == (0, "")
        assert "While bubbled runs, it asks the desktop for F7" in ended.out


async def test_on_x11_nothing_is_to_be_set_up(bubbled: Bubbled) -> None:
    for action in ("status", "install", "remove"):
        ended = await bubbled("hotkey", action, **NO_DESKTOP | {"DISPLAY": ":0"})
        assert (ended.status, ended.err) == (0, "")
        assert "On X11 bubbled takes F7 by itself while it runs" in ended.out


async def test_on_other_desktops_it_says_what_to_bind_by_hand(bubbled: Bubbled) -> None:
    other = NO_DESKTOP | {"WAYLAND_DISPLAY": "wayland-0", "XDG_CURRENT_DESKTOP": "COSMIC"}
    told = await bubbled("hotkey", **other)
    assert told.status == 0
    assert told.out.rstrip().endswith(" dial --selection")
    refused = await bubbled("hotkey", "install", "--yes", **other)
    assert (refused.status, refused.out) == (1, "")
    assert refused.err.startswith("bubbled: bubbled cannot have F7 on this desktop")


async def test_without_a_desktop_nothing_can_be_set_up(bubbled: Bubbled) -> None:
    assert (await bubbled("hotkey", **NO_DESKTOP)).status == 0
    ended = await bubbled("hotkey", "install", "--yes", **NO_DESKTOP)
    assert ended.status == 1
    assert "run this within your desktop session" in ended.err


# -- which key


def settings(tmp_path: Path, key: str) -> None:
    path = tmp_path / "config" / "bubbled" / "config.toml"
    path.parent.mkdir(parents=True)
    pbx = 'host = "127.0.0.1"\nusername = "cti"\nsecret = { env = "AMI" }'
    path.write_text(f'[me]\nextension = "101"\nregion = "NL"\n[pbx]\n{pbx}\n[dial]\nhotkey = "{key}"\n')


async def test_the_settings_name_the_key_and_the_command_line_another(
    bubbled: Bubbled, tmp_path: Path
) -> None:
    settings(tmp_path, "Pause")
    x11 = NO_DESKTOP | {"DISPLAY": ":0"}
    assert "takes Pause by itself" in (await bubbled("hotkey", **x11)).out
    assert "takes Ctrl+F8 by itself" in (await bubbled("hotkey", "--key", "ctrl+f8", **x11)).out


async def test_settings_without_a_key_are_told(bubbled: Bubbled, tmp_path: Path) -> None:
    settings(tmp_path, "none")
    ended = await bubbled("hotkey", **NO_DESKTOP)
    assert ended.status == 1
    assert "The settings want no key" in ended.err
    assert (await bubbled("hotkey", "remove", **NO_DESKTOP)).status == 0


async def test_a_key_that_is_none_is_wrong_usage(bubbled: Bubbled) -> None:
    ended = await bubbled("hotkey", "--key", "Hyper+7")
    assert ended.status == 2
    assert "'Hyper+7' may hold the modifiers" in ended.err


async def test_settings_with_mistakes_are_told(bubbled: Bubbled, tmp_path: Path) -> None:
    settings(tmp_path, "Nonsense")
    ended = await bubbled("hotkey", **NO_DESKTOP)
    assert ended.status == 1
    assert "dial.hotkey" in ended.err
    assert (await bubbled("hotkey", "remove", **NO_DESKTOP)).status == 0
