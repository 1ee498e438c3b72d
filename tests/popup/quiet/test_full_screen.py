"""With a real X server, a real window manager and windows that fill the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bubbled.popup.quiet.full_screen import FullScreen
from tests.dialing.x11_server import running_x_server
from tests.popup.quiet import windows
from tests.popup.quiet.told import following

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

    from bubbled.popup.quiet.port import OnChanged
    from tests.dialing.x11_server import XServer

pytestmark = pytest.mark.desktop


def full_screen(on_changed: OnChanged) -> FullScreen:
    return FullScreen(on_changed, retry_s=0.05)


@pytest.fixture
def desktop(monkeypatch: pytest.MonkeyPatch) -> Iterator[XServer]:
    for name in ("WAYLAND_DISPLAY", "XAUTHORITY"):
        monkeypatch.delenv(name, raising=False)
    with running_x_server() as server:
        monkeypatch.setenv("DISPLAY", server.name)
        yield server


class Windows:
    """A desktop with a window manager."""

    def __init__(self, server: XServer) -> None:
        self.server = server
        self._programs: list[subprocess.Popen[bytes]] = []

    def manage(self) -> None:
        self._programs.append(windows.manage(self.server.environment))

    def open(self, title: str) -> subprocess.Popen[bytes]:
        self._programs.append(windows.a_window(self.server.environment, title))
        return self._programs[-1]

    def fill(self, title: str, how: str = "add") -> None:
        windows.fill(self.server.environment, title, how)

    def close(self) -> None:
        windows.end(*self._programs)


@pytest.fixture
def managed(desktop: XServer) -> Iterator[Windows]:
    managed = Windows(desktop)
    managed.manage()
    yield managed
    managed.close()


async def test_a_window_fills_the_screen_and_does_so_no_longer(managed: Windows) -> None:
    async with following(full_screen) as told:
        managed.open("slides")
        managed.fill("slides")
        await told.says(is_quiet=True)
        managed.fill("slides", "remove")
        await told.says(is_quiet=False)


async def test_only_the_window_counts_with_which_the_user_works(managed: Windows) -> None:
    async with following(full_screen) as told:
        managed.open("slides")
        managed.fill("slides")
        await told.says(is_quiet=True)
        mail = managed.open("mail")
        await told.says(is_quiet=False)
        mail.kill()
        managed.server.run("wmctrl", "-a", "slides")
        await told.says(is_quiet=True)


async def test_a_window_that_is_closed_fills_nothing(managed: Windows) -> None:
    async with following(full_screen) as told:
        slides = managed.open("slides")
        managed.fill("slides")
        await told.says(is_quiet=True)
        slides.kill()
        await told.says(is_quiet=False)


async def test_why_it_is_not_known_is_told(desktop: XServer, monkeypatch: pytest.MonkeyPatch) -> None:
    unmanaged = Windows(desktop)
    async with following(full_screen) as told:
        await told.has_trouble("No window manager")
        unmanaged.manage()
        await told.has_trouble(None)
        desktop.kill()
        await told.has_trouble("display")
        desktop.start()
        monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
        await told.has_trouble("X11 programs alone")
    unmanaged.close()


async def test_it_is_known_from_the_beginning(managed: Windows) -> None:
    managed.open("slides")
    managed.fill("slides")
    async with following(full_screen) as told:
        await told.says(is_quiet=True)


async def test_a_display_that_goes_away_and_comes_back(managed: Windows) -> None:
    managed.open("slides")
    managed.fill("slides")
    async with following(full_screen) as told:
        await told.says(is_quiet=True)
        managed.server.kill()
        await told.says(is_quiet=False)
        managed.server.start()
        managed.manage()
        managed.open("film")
        managed.fill("film")
        await told.says(is_quiet=True)
