from __future__ import annotations

import pytest

from bubbled.dialing.shortcut.desktop import Desktop, Session, Way, desktop_in, session_in, way


@pytest.mark.parametrize(
    ("environment", "desktop"),
    [
        ({"XDG_CURRENT_DESKTOP": "GNOME"}, Desktop.GNOME),
        ({"XDG_CURRENT_DESKTOP": "ubuntu:GNOME"}, Desktop.GNOME),
        ({"XDG_CURRENT_DESKTOP": "GNOME-Classic:GNOME"}, Desktop.GNOME),
        ({"XDG_CURRENT_DESKTOP": "KDE"}, Desktop.KDE),
        ({"XDG_CURRENT_DESKTOP": "sway"}, Desktop.SWAY),
        ({"XDG_CURRENT_DESKTOP": "Hyprland"}, Desktop.HYPRLAND),
        ({"XDG_CURRENT_DESKTOP": "XFCE"}, Desktop.OTHER),
        ({"XDG_CURRENT_DESKTOP": ""}, Desktop.OTHER),
        ({}, Desktop.OTHER),
        ({"SWAYSOCK": "/run/user/1000/sway.sock"}, Desktop.SWAY),
        ({"HYPRLAND_INSTANCE_SIGNATURE": "abc"}, Desktop.HYPRLAND),
        ({"XDG_CURRENT_DESKTOP": "GNOME", "SWAYSOCK": "/of/a/sway/in/a/window"}, Desktop.GNOME),
    ],
)
def test_the_desktop_is_known_by_its_variables(environment: dict[str, str], desktop: Desktop) -> None:
    assert desktop_in(environment) is desktop


@pytest.mark.parametrize(
    ("environment", "session"),
    [
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, Session.WAYLAND),
        ({"DISPLAY": ":0"}, Session.X11),
        ({"DISPLAY": "", "WAYLAND_DISPLAY": ""}, Session.NONE),
        ({"SSH_CONNECTION": "somewhere"}, Session.NONE),
    ],
)
def test_what_shows_windows_is_known_by_its_variables(environment: dict[str, str], session: Session) -> None:
    assert session_in(environment) is session


@pytest.mark.parametrize("desktop", Desktop)
@pytest.mark.parametrize("portal", [True, False])
def test_on_x11_bubbled_takes_the_key_whatever_the_desktop(desktop: Desktop, portal: bool) -> None:  # noqa: FBT001 - as above
    assert way(Session.X11, desktop, portal=portal) is Way.GRAB
    assert way(Session.NONE, desktop, portal=portal) is Way.NOWHERE


@pytest.mark.parametrize(
    ("desktop", "without_portal", "with_portal"),
    [
        (Desktop.GNOME, Way.SHORTCUT, Way.SHORTCUT),
        (Desktop.KDE, Way.SHORTCUT, Way.PORTAL),
        (Desktop.SWAY, Way.SHORTCUT, Way.SHORTCUT),
        (Desktop.HYPRLAND, Way.SHORTCUT, Way.SHORTCUT),
        (Desktop.OTHER, Way.BY_HAND, Way.PORTAL),
    ],
)
def test_on_wayland_it_depends_on_the_desktop(
    desktop: Desktop, without_portal: Way, with_portal: Way
) -> None:
    assert way(Session.WAYLAND, desktop, portal=False) is without_portal
    assert way(Session.WAYLAND, desktop, portal=True) is with_portal
