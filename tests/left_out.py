"""What this machine cannot run is left out, and said so at the end of the run. CI must leave out nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

from tests.lab.installation import OLDEST, Installation

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

_DESKTOP = (
    *("dbus-daemon", "Xvfb", "import", "tesseract", "xdotool"),
    *("dunst", "dmenu", "xfce4-notifyd", "mate-notification-daemon", "lxqt-notificationd", "mako"),
    *("plasmashell", "kactivitymanagerd", "gnome-shell", "gjs"),
    *("xfwm4", "xrandr", "xsetroot", "Xwayland", "/usr/libexec/at-spi-bus-launcher"),
    *("xterm", "chromium", "mousepad", "xclip", "xset", "xmodmap"),
    *("sway", "wl-paste", "wtype", "gsettings", "kglobalaccel5"),
    *("xdg-open", "xdg-mime", "gio", "desktop-file-validate", "update-desktop-database"),
    *("wl-copy", "zenity"),
    *("openbox", "wmctrl", "xprop", "xfconf-query", "mate-notification-daemon", "dconf-service", "makoctl"),
    *("pipewire", "pw-dump"),
    "tmux",
    *("xfce4-panel", "lxqt-panel", "waybar", "grim", "kded5"),
)
_SERVERS = ("slapd", "slapadd", "mariadbd", "mariadb-install-db", "initdb", "postgres", "sipp")
_SYSTEMD = ("systemd", "systemctl", "systemd-analyze", "unshare", "nsenter")

# Where Debian keeps programs that nobody starts by hand.
_ASIDE = (
    *("/usr/sbin", "/usr/lib/systemd", "/usr/lib/x86_64-linux-gnu/xfce4/notifyd"),
    *("/usr/lib/mate-notification-daemon", "/usr/lib/x86_64-linux-gnu/libexec"),
    *("/usr/lib/mate-notification-daemon", "/usr/libexec"),
    *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"))),
)

_LEFT_OUT = pytest.StashKey[dict[str, int]]()


def _lacks(programs: Iterable[str]) -> str | None:
    path = os.pathsep.join((os.environ["PATH"], *_ASIDE))
    gone = [program for program in programs if not shutil.which(program, path=path)]
    return f"{', '.join(gone)} not installed; scripts/setup installs it (as root on Debian)" if gone else None


def _lacks_servers() -> str | None:
    if find_spec("bonsai") is None:
        return "bonsai is not installed; scripts/setup installs it (where its C libraries are)"
    return _lacks(_SERVERS)


def _may_not_mount() -> str | None:
    """Say why nothing can be mounted here; None when it can, in a namespace of its own as here."""
    if os.geteuid() != 0:
        return "only root may mount"
    # Root of a container, too, is often refused.
    tried = subprocess.run(["unshare", "--mount", "true"], capture_output=True, text=True, check=False)  # noqa: S607 (a program of the system)
    return f"this root may not mount ({tried.stderr.strip()})" if tried.returncode else None


def _is_not_root() -> str | None:
    return None if os.geteuid() == 0 else "only root may become another user"


def _reaches_no_index() -> str | None:
    with TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--dest",
            folder,
            "hatchling",
        ]
        asked = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 (fixed words)
    return "no Python package index can be reached" if asked.returncode else None


NEEDS: dict[str, Callable[[], str | None]] = {
    "desktop": lambda: _lacks(_DESKTOP),
    "mount": _may_not_mount,
    "package": _reaches_no_index,
    "pbx": Installation.default().missing,
    "pbx16": Installation.default(OLDEST).missing,
    "root": _is_not_root,
    "server": _lacks_servers,
    "systemd": lambda: _lacks(_SYSTEMD) or _may_not_mount(),
}
"""For each marker: why tests that carry it cannot run here; None when they can."""

PROGRAMS = "program"
"""Marks tests that play calls through whole programs. They run everywhere, but not in a hurry."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run do without all of that."""
    parser.addoption("--quick", action="store_true", help=f"leave out: {', '.join((*NEEDS, PROGRAMS))}")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what cannot run. It comes last: what nobody asked for is not left out.

    Raises:
        pytest.UsageError: this is CI.
    """
    wanted = {marker: [item for item in items if item.get_closest_marker(marker)] for marker in NEEDS}
    if config.getoption("--quick"):
        programs = [item for item in items if item.get_closest_marker(PROGRAMS)]
        _drop(config, items, (*wanted.values(), programs))
        return
    missing = {marker: reason for marker, marked in wanted.items() if marked and (reason := NEEDS[marker]())}
    left_out = {f"{marker}: {reason}": len(wanted[marker]) for marker, reason in missing.items()}
    if left_out and _is_ci():
        raise pytest.UsageError("CI must leave out nothing: " + "; ".join(left_out))
    config.stash[_LEFT_OUT] = left_out
    _drop(config, items, (wanted[marker] for marker in missing))


def _drop(config: pytest.Config, items: list[pytest.Item], groups: Iterable[list[pytest.Item]]) -> None:
    gone = {item for group in groups for item in group}
    if gone:
        config.hook.pytest_deselected(items=list(gone))
        items[:] = [item for item in items if item not in gone]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let a test that skips itself fail in CI, where nobody would see it."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and _is_ci():
        report.outcome = "failed"
        report.longrepr = f"CI must leave out nothing, but this was skipped: {report.longreprtext}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was left out and why."""
    for reason, count in config.stash.get(_LEFT_OUT, {}).items():
        terminalreporter.write_line(f"LEFT OUT: {count} tests, {reason}", yellow=True, bold=True)


def _is_ci() -> bool:
    return os.environ.get("CI") == "true"
