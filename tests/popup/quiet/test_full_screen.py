"""With a real X server, a real window manager and windows that fill the screen."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from bubbled.popup.quiet.full_screen import FullScreen
from tests.dialing.x11_server import program, running_x_server
from tests.popup.quiet.told import following

if TYPE_CHECKING:
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


@pytest.fixture
def windows(desktop: XServer) -> XServer:
    """A desktop with a window manager that can fill the screen."""
    manage(desktop)
    return desktop


def manage(desktop: XServer) -> None:
    desktop.begin(program("openbox"))
    # Only when it is ready it tells its list of windows; one that comes before waits for seconds.
    while "_NET_CLIENT_LIST(WINDOW)" not in said(desktop, "xprop", "-root", "_NET_CLIENT_LIST"):
        pass


def a_window(desktop: XServer, title: str) -> subprocess.Popen[bytes]:
    """Open one, and wait until the user works with it."""
    window = desktop.begin(program("xterm"), "-T", title, "-geometry", "20x5")
    while title not in said(desktop, "xdotool", "getactivewindow", "getwindowname"):
        pass
    return window


def said(desktop: XServer, name: str, *arguments: str) -> str:
    """What a program says; nothing while it fails, since there is nothing to ask yet."""
    done = subprocess.run(  # noqa: S603 - nothing in it comes from outside
        [program(name), *arguments], env=desktop.environment, capture_output=True, text=True, check=False
    )
    return "" if done.returncode else done.stdout


def fill(desktop: XServer, title: str, how: str) -> None:
    desktop.run("wmctrl", "-r", title, "-b", f"{how},fullscreen")


async def test_a_window_fills_the_screen_and_does_so_no_longer(windows: XServer) -> None:
    async with following(full_screen) as told:
        a_window(windows, "slides")
        fill(windows, "slides", "add")
        await told.says(is_quiet=True)
        fill(windows, "slides", "remove")
        await told.says(is_quiet=False)


async def test_only_the_window_counts_with_which_the_user_works(windows: XServer) -> None:
    async with following(full_screen) as told:
        a_window(windows, "slides")
        fill(windows, "slides", "add")
        await told.says(is_quiet=True)
        mail = a_window(windows, "mail")
        await told.says(is_quiet=False)
        mail.kill()
        windows.run("wmctrl", "-a", "slides")
        await told.says(is_quiet=True)


async def test_a_window_that_is_closed_fills_nothing(windows: XServer) -> None:
    async with following(full_screen) as told:
        slides = a_window(windows, "slides")
        fill(windows, "slides", "add")
        await told.says(is_quiet=True)
        slides.kill()
        await told.says(is_quiet=False)


async def test_why_it_is_not_known_is_told(desktop: XServer, monkeypatch: pytest.MonkeyPatch) -> None:
    async with following(full_screen) as told:
        await told.has_trouble("No window manager")
        manage(desktop)
        await told.has_trouble(None)
        desktop.kill()
        await told.has_trouble("display")
        desktop.start()
        monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
        await told.has_trouble("X11 programs alone")


async def test_it_is_known_from_the_beginning(windows: XServer) -> None:
    a_window(windows, "slides")
    fill(windows, "slides", "add")
    async with following(full_screen) as told:
        await told.says(is_quiet=True)


async def test_a_display_that_goes_away_and_comes_back(windows: XServer) -> None:
    a_window(windows, "slides")
    fill(windows, "slides", "add")
    async with following(full_screen) as told:
        await told.says(is_quiet=True)
        windows.kill()
        await told.says(is_quiet=False)
        windows.start()
        manage(windows)
        a_window(windows, "film")
        fill(windows, "film", "add")
        await told.says(is_quiet=True)
