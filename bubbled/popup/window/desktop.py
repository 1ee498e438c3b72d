"""The monitors as Qt knows them, and how the desktop looks."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor, QGuiApplication, QPalette

from bubbled.popup.window.geometry import from_qt
from bubbled.popup.window.placement import Monitor

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QScreen

_DARK: int = 128
"""Of 255: the lightness below which a desktop is dark that does not say what it is."""


def monitors() -> list[Monitor]:
    """Give the monitors; none while the last one is switched off."""
    primary = QGuiApplication.primaryScreen()
    return [
        Monitor(each.name(), from_qt(each.geometry()), from_qt(each.availableGeometry()), each == primary)
        for each in QGuiApplication.screens()
        if each.geometry().width() > 0
    ]


def watch(on_monitors_changed: Callable[[], None], on_colours_changed: Callable[[], None]) -> None:
    """Have somebody told when monitors come, go or change, and when the desktop becomes dark or light."""
    app = QGuiApplication.instance()
    assert isinstance(app, QGuiApplication)  # noqa: S101 - windows are made within one

    def added(screen: QScreen) -> None:
        for signal in (
            screen.geometryChanged,
            screen.availableGeometryChanged,
            screen.logicalDotsPerInchChanged,
        ):
            signal.connect(lambda _new: on_monitors_changed())
        on_monitors_changed()

    app.screenAdded.connect(added)
    app.screenRemoved.connect(lambda _gone: on_monitors_changed())
    app.primaryScreenChanged.connect(lambda _new: on_monitors_changed())
    for screen in app.screens():
        added(screen)
    app.styleHints().colorSchemeChanged.connect(lambda _new: on_colours_changed())


def pointer() -> tuple[int, int]:
    """Tell where the mouse is."""
    where = QCursor.pos()
    return where.x(), where.y()


def is_dark() -> bool:
    """Whether the desktop is dark."""
    scheme = QGuiApplication.styleHints().colorScheme()
    if scheme is Qt.ColorScheme.Unknown:
        return QGuiApplication.palette().color(QPalette.ColorRole.Window).lightness() < _DARK
    return scheme is Qt.ColorScheme.Dark


def is_wayland() -> bool:
    """Whether the X server is one on a Wayland desktop."""
    return bool(os.environ.get("WAYLAND_DISPLAY"))


def described() -> str:
    """Tell the user about it: "monitors: HDMI-1 1920x1080 (primary), …; X11; 57 MB"."""
    primary = QGuiApplication.primaryScreen()
    each = ", ".join(
        f"{screen.name()} {screen.geometry().width()}x{screen.geometry().height()}"
        + (f" scaled by {screen.devicePixelRatio():g}" if screen.devicePixelRatio() != 1 else "")
        + (" (primary)" if screen == primary else "")
        for screen in QGuiApplication.screens()
    )
    way = "Wayland through XWayland" if is_wayland() else "X11"
    return f"monitors: {each}; {way}; {_memory_mb()} MB"


def _memory_mb() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000)
