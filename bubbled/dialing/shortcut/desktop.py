"""Which desktop this is, and how its user comes to a key that dials. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


class Session(StrEnum):
    """What shows the windows."""

    WAYLAND = "wayland"
    X11 = "x11"
    NONE = "none"


class Desktop(StrEnum):
    """A desktop whose own shortcuts bubbled knows how to set."""

    GNOME = "gnome"
    KDE = "kde"
    SWAY = "sway"
    HYPRLAND = "hyprland"
    OTHER = "other"


class Way(StrEnum):
    """How the key comes to bubbled."""

    GRAB = "grab"
    """bubbled takes it by itself, while it runs."""
    PORTAL = "portal"
    """bubbled asks the desktop for it while it runs, and the desktop asks the user."""
    SHORTCUT = "shortcut"
    """The desktop's own shortcut runs a command."""
    BY_HAND = "by_hand"
    """The same, but only the user knows how to set it."""
    NOWHERE = "nowhere"
    """There is no desktop."""


_BY_NAME: Final[Mapping[str, Desktop]] = {
    "gnome": Desktop.GNOME,
    "kde": Desktop.KDE,
    "sway": Desktop.SWAY,
    "hyprland": Desktop.HYPRLAND,
}
"""As in `XDG_CURRENT_DESKTOP`, in lower case."""

_BY_VARIABLE: Final[Mapping[str, Desktop]] = {
    "SWAYSOCK": Desktop.SWAY,
    "HYPRLAND_INSTANCE_SIGNATURE": Desktop.HYPRLAND,
}
"""For those that do not always give their name."""

_ON_WAYLAND: Final[Mapping[tuple[Desktop, bool], Way]] = {
    # GNOME gives the key by its portal only to programs that are installed as an application.
    (Desktop.GNOME, False): Way.SHORTCUT,
    (Desktop.GNOME, True): Way.SHORTCUT,
    (Desktop.KDE, False): Way.SHORTCUT,
    (Desktop.KDE, True): Way.PORTAL,
    (Desktop.SWAY, False): Way.SHORTCUT,
    (Desktop.SWAY, True): Way.SHORTCUT,
    # Hyprland's portal gives no key before its configuration names one.
    (Desktop.HYPRLAND, False): Way.SHORTCUT,
    (Desktop.HYPRLAND, True): Way.SHORTCUT,
    (Desktop.OTHER, False): Way.BY_HAND,
    (Desktop.OTHER, True): Way.PORTAL,
}


def session_in(environment: Mapping[str, str]) -> Session:
    """Tell what shows the windows; on Wayland, X11 programs may run beside."""
    if environment.get("WAYLAND_DISPLAY"):
        return Session.WAYLAND
    return Session.X11 if environment.get("DISPLAY") else Session.NONE


def desktop_in(environment: Mapping[str, str]) -> Desktop:
    """Tell which desktop it is, from the variables that it gives its programs."""
    names = environment.get("XDG_CURRENT_DESKTOP", "").lower().split(":")
    known = [_BY_NAME[name] for name in names if name in _BY_NAME]
    told = [desktop for variable, desktop in _BY_VARIABLE.items() if environment.get(variable)]
    return next(iter((*known, *told)), Desktop.OTHER)


def way(session: Session, desktop: Desktop, *, portal: bool) -> Way:
    """Choose how the key comes to bubbled; `portal`: whether there is a portal for shortcuts."""
    match session:
        case Session.WAYLAND:
            return _ON_WAYLAND[desktop, portal]
        case Session.X11:
            return Way.GRAB
        case Session.NONE:
            return Way.NOWHERE
