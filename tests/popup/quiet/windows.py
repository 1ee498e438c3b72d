"""A window manager that can fill the screen, and windows for it, on the X display of an environment."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from tests.dialing.x11_server import program

if TYPE_CHECKING:
    from collections.abc import Mapping


def manage(environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Run the window manager, and wait until it is ready."""
    manager = _begin(environment, "openbox")
    # Only when it is ready it tells its list of windows; one that comes before waits for seconds.
    while "_NET_CLIENT_LIST(WINDOW)" not in said(environment, "xprop", "-root", "_NET_CLIENT_LIST"):
        assert manager.poll() is None
    return manager


def a_window(environment: Mapping[str, str], title: str) -> subprocess.Popen[bytes]:
    """Open one, and wait until the user works with it."""
    window = _begin(environment, "xterm", "-T", title, "-geometry", "20x5", "-e", "cat")
    while title not in said(environment, "xdotool", "getactivewindow", "getwindowname"):
        assert window.poll() is None
    return window


def fill(environment: Mapping[str, str], title: str, how: str) -> None:
    """Have a window fill the screen (`add`), or not (`remove`)."""
    said(environment, "wmctrl", "-r", title, "-b", f"{how},fullscreen")


def said(environment: Mapping[str, str], name: str, *arguments: str) -> str:
    """What a program says; nothing while it fails, since there is nothing to ask yet."""
    done = subprocess.run(  # noqa: S603 - nothing in it comes from outside
        [program(name), *arguments], env=environment, capture_output=True, text=True, check=False
    )
    return "" if done.returncode else done.stdout


def end(*processes: subprocess.Popen[bytes]) -> None:
    """End them, also those that have ended."""
    for process in processes:
        process.kill()
        process.wait()


def _begin(environment: Mapping[str, str], name: str, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([program(name), *arguments], env=environment, stderr=subprocess.DEVNULL)  # noqa: S603 - the same
