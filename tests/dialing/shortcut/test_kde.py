"""KDE's own shortcut, with the real service of Plasma 5.27 on a real X server.

On Wayland the same service is a part of the compositor. That of Plasma 6.3 is newer than what runs here; it
was tried by hand.
"""

from __future__ import annotations

import asyncio
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from bubbled.dialing.shortcut.kde import COMPONENT, KdeShortcut
from bubbled.dialing.shortcut.kde_bus import GlobalShortcuts
from bubbled.dialing.shortcut.kde_key import key_code
from bubbled.dialing.shortcut.port import Binding, KeyTakenError, ShortcutError
from bubbled.keystroke import parse
from tests.dialing.hotkey.portal_desktop import program, served
from tests.dialing.shortcut.phone import Phone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.dialing.x11_server import XServer
    from tests.popup.screens.conftest import SessionBus

pytestmark = pytest.mark.desktop

F7 = parse("F7")


@pytest.fixture
def environment(session_bus: SessionBus, x_server: XServer, tmp_path: Path) -> dict[str, str]:
    return x_server.environment | {
        "DBUS_SESSION_BUS_ADDRESS": session_bus.address,
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_CURRENT_DESKTOP": "KDE",
    }


@contextmanager
def shortcut_service(environment: dict[str, str]) -> Iterator[None]:
    with subprocess.Popen(  # noqa: S603 - nothing in it comes from outside
        [program("kglobalaccel5")], env=environment, stderr=subprocess.DEVNULL
    ) as service:
        try:
            asyncio.run(served("org.kde.kglobalaccel"))
            yield
        finally:
            service.kill()


@pytest.fixture
def plasma(environment: dict[str, str]) -> Iterator[dict[str, str]]:
    with shortcut_service(environment):
        yield environment


@pytest.fixture
def phone(tmp_path: Path) -> Iterator[Phone]:
    with Phone(tmp_path) as it:
        yield it


def owner(environment: dict[str, str], key: str) -> tuple[str, ...]:
    return GlobalShortcuts(environment).owner(key_code(parse(key)))


def test_the_key_dials_as_soon_as_it_is_installed_until_it_is_removed(
    plasma: dict[str, str], x_server: XServer, phone: Phone, tmp_path: Path
) -> None:
    shortcut, file = KdeShortcut(plasma), tmp_path / "data" / "kglobalaccel" / COMPONENT
    assert shortcut.state() is None
    change = shortcut.install(F7, phone.command)
    assert change.lines[0] == f"{file}: put in:"
    assert f'    Exec="{tmp_path}/my programs/bubbled" dial --selection' in change.lines
    assert change.lines[-1] == "KDE's global shortcuts: F7 runs it"
    assert not file.exists()
    change.make()
    x_server.press("F7")
    assert phone.rings() == "dial --selection\n"
    command = f'"{tmp_path}/my programs/bubbled" dial --selection'
    assert shortcut.state() == Binding("F7", command, ours=True)
    assert shortcut.install(F7, phone.command).lines == ()
    shortcut.remove().make()
    assert not file.exists()
    assert shortcut.state() is None
    assert owner(plasma, "F7") == ()
    assert shortcut.remove().lines == ()


def test_another_key_takes_the_place_of_the_first(
    plasma: dict[str, str], x_server: XServer, phone: Phone
) -> None:
    shortcut = KdeShortcut(plasma)
    shortcut.install(F7, phone.command).make()
    shortcut.install(parse("Ctrl+Alt+D"), phone.command).make()
    assert owner(plasma, "F7") == ()
    x_server.press("ctrl+alt+d")
    assert phone.rings() == "dial --selection\n"


def test_the_key_is_there_after_logging_in_again(
    environment: dict[str, str], x_server: XServer, phone: Phone, tmp_path: Path
) -> None:
    kept = tmp_path / "config" / "kglobalshortcutsrc"
    with shortcut_service(environment):
        KdeShortcut(environment).install(F7, phone.command).make()
        patience = time.monotonic() + 10
        while not kept.exists() or "_launch=F7" not in kept.read_text():  # it takes its time to write
            assert time.monotonic() < patience
    with shortcut_service(environment):
        assert owner(environment, "F7")  # it answers when it has read its settings, and grabbed their keys
        x_server.press("F7")
        assert phone.rings() == "dial --selection\n"


def test_a_key_that_does_something_else_is_left_to_it(plasma: dict[str, str], phone: Phone) -> None:
    GlobalShortcuts(plasma).set(("kwin", "Expose", "KWin", "Show all windows"), key_code(F7))
    with pytest.raises(
        KeyTakenError, match='F7 is taken by "Show all windows" of KWin, so nothing was changed'
    ):
        KdeShortcut(plasma).install(F7, phone.command)
    assert owner(plasma, "F7")[0] == "kwin"


def test_outside_plasma_nothing_is_changed(environment: dict[str, str], phone: Phone, tmp_path: Path) -> None:
    with pytest.raises(ShortcutError, match="KDE's shortcuts cannot be reached"):
        KdeShortcut(environment).install(F7, phone.command)
    assert not (tmp_path / "data").exists()


def test_without_a_session_bus_nothing_is_changed(phone: Phone, tmp_path: Path) -> None:
    with pytest.raises(ShortcutError, match="KDE's shortcuts cannot be reached"):
        KdeShortcut({"HOME": str(tmp_path)}).install(F7, phone.command)
    assert not (tmp_path / ".local").exists()


def test_a_service_that_dies_after_the_question_leaves_no_file(
    environment: dict[str, str], phone: Phone, tmp_path: Path
) -> None:
    with shortcut_service(environment):
        change = KdeShortcut(environment).install(F7, phone.command)
    with pytest.raises(ShortcutError, match="KDE's shortcuts cannot be reached"):
        change.make()
    assert list((tmp_path / "data" / "kglobalaccel").iterdir()) == []


def test_a_service_that_dies_before_the_key_is_forgotten_leaves_it_whole(
    environment: dict[str, str], phone: Phone, tmp_path: Path
) -> None:
    with shortcut_service(environment):
        shortcut = KdeShortcut(environment)
        shortcut.install(F7, phone.command).make()
        change = shortcut.remove()
    with pytest.raises(ShortcutError, match="KDE's shortcuts cannot be reached"):
        change.make()
    assert [file.name for file in (tmp_path / "data" / "kglobalaccel").iterdir()] == [COMPONENT]


def test_an_address_that_is_none_changes_nothing(environment: dict[str, str], phone: Phone) -> None:
    nowhere = environment | {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere/bus"}
    with pytest.raises(ShortcutError, match="KDE's shortcuts cannot be reached"):
        KdeShortcut(nowhere).install(F7, phone.command)
