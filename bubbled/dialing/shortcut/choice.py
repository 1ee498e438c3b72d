"""Which desktop's shortcut bubbled knows how to set: the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bubbled.dialing.shortcut.desktop import Desktop
from bubbled.dialing.shortcut.gnome import GnomeShortcut
from bubbled.dialing.shortcut.hyprland import HyprlandShortcut
from bubbled.dialing.shortcut.kde import KdeShortcut
from bubbled.dialing.shortcut.sway import SwayShortcut

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bubbled.dialing.shortcut.port import Shortcut

_SHORTCUTS: Final[Mapping[Desktop, Callable[[Mapping[str, str]], Shortcut]]] = {
    Desktop.GNOME: GnomeShortcut,
    Desktop.KDE: KdeShortcut,
    Desktop.SWAY: SwayShortcut,
    Desktop.HYPRLAND: HyprlandShortcut,
}


def shortcut_on(desktop: Desktop, environment: Mapping[str, str]) -> Shortcut | None:
    """Make what sets the shortcut of a desktop; None for one that bubbled does not know."""
    make = _SHORTCUTS.get(desktop)
    return make(environment) if make else None
