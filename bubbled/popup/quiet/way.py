"""How each notification server tells that the user does not want to be disturbed. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SERVICE: Final = "org.freedesktop.Notifications"
PATH: Final = "/org/freedesktop/Notifications"

_PROPERTIES: Final = "org.freedesktop.DBus.Properties"
_XFCONF: Final = "org.xfce.Xfconf"
_SWAYNC: Final = "org.erikreider.swaync.cc"
_MAKO: Final = "fr.emersion.Mako"


@dataclass(frozen=True, slots=True)
class Question:
    """A call on the session bus."""

    service: str
    path: str
    interface: str
    member: str
    signature: str = ""
    body: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """A key of GSettings."""

    schema: str
    key: str


@dataclass(frozen=True, slots=True)
class Way:
    """How one server is asked, and heard.

    Attributes:
        asks: what tells.
        is_quiet: what the answer means: the value on the bus, or the text that GSettings prints.
        hears: the match rule of the signals after which it is asked again.
        is_silent: whether no signal tells of a change, so that it has to be asked from time to time.
    """

    asks: Question | Setting
    is_quiet: Callable[[Any], bool]
    hears: str
    is_silent: bool = False


def _is_true(value: Any) -> bool:
    return value is True


def _property(interface: str, name: str) -> Way:
    return Way(
        Question(SERVICE, PATH, _PROPERTIES, "Get", "ss", (interface, name)),
        _is_true,
        f"type='signal',interface='{_PROPERTIES}',member='PropertiesChanged',path='{PATH}'",
    )


def _setting(schema: str, key: str, *, folder: str, quiet: str) -> Way:
    """By a key of GSettings; dconf, which keeps them, tells of changes by the folder of the schema."""
    return Way(
        Setting(schema, key),
        lambda printed: printed == quiet,
        f"type='signal',interface='ca.desrt.dconf.Writer',member='Notify',arg0path='{folder}'",
    )


def _has_mode(modes: Any) -> bool:
    """Whether one of the modes of mako, which have any name, has the name that this one usually has."""
    return isinstance(modes, list) and not {"do-not-disturb", "dnd"}.isdisjoint(modes)


_WAYS: Final[Mapping[str, Way]] = {
    "plasma": _property(SERVICE, "Inhibited"),
    "dunst": _property("org.dunstproject.cmd0", "paused"),
    "xfce notify daemon": Way(
        Question(
            _XFCONF, "/org/xfce/Xfconf", _XFCONF, "GetProperty", "ss", ("xfce4-notifyd", "/do-not-disturb")
        ),
        _is_true,
        f"type='signal',interface='{_XFCONF}',arg0='xfce4-notifyd'",
    ),
    "gnome-shell": _setting(
        *("org.gnome.desktop.notifications", "show-banners"),
        folder="/org/gnome/desktop/notifications/",
        quiet="false",
    ),
    "notification daemon": _setting(
        *("org.mate.NotificationDaemon", "do-not-disturb"),
        folder="/org/mate/notification-daemon/",
        quiet="true",
    ),
    "cinnamon": _setting(
        *("org.cinnamon.desktop.notifications", "display-notifications"),
        folder="/org/cinnamon/desktop/notifications/",
        quiet="false",
    ),
    "mako": Way(
        Question(SERVICE, "/fr/emersion/Mako", _MAKO, "ListModes"),
        _has_mode,
        "type='signal',path='/fr/emersion/Mako'",
        is_silent=True,
    ),
    "swaynotificationcenter": Way(
        Question(_SWAYNC, "/org/erikreider/swaync/cc", _SWAYNC, "GetDnd"),
        _is_true,
        f"type='signal',interface='{_SWAYNC}'",
    ),
}


def way_of(server: str) -> Way | None:
    """Find it by the name by which a server introduces itself; None where no way is known."""
    return _WAYS.get(server.lower())
