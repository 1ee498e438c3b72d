"""The icon on the bus: the interface org.kde.StatusNotifierItem.

https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem, and what KDE adds in knotifications.
"""

# Without "from __future__ import annotations", since dbus-fast reads the types when the class is made.
import html
from dataclasses import dataclass
from typing import Annotated, Final

from dbus_fast import PropertyAccess
from dbus_fast.annotations import (
    DBusBool,
    DBusInt32,
    DBusObjectPath,
    DBusSignature,
    DBusStr,
    DBusUInt32,
)
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property, dbus_signal

from bubbled.tray.icon import Icon
from bubbled.tray.pixmap import ICONS, Pixmap, pixmaps
from bubbled.tray.port import Listener
from bubbled.tray.state import Wish

INTERFACE: Final = "org.kde.StatusNotifierItem"
PATH: Final = "/StatusNotifierItem"
MENU_PATH: Final = "/MenuBar"

_TITLE: Final = "bubbled"
_READ: Final = PropertyAccess.READ

Pixmaps = Annotated[list[Pixmap], DBusSignature("a(iiay)")]
ToolTip = Annotated[tuple[str, list[Pixmap], str, str], DBusSignature("(sa(iiay)ss)")]


@dataclass(frozen=True, slots=True)
class Face:
    """What is seen of the tray without its menu.

    Attributes:
        lines: what is told where the pointer rests, plain text.
    """

    icon: Icon = Icon.DISCONNECTED
    lines: tuple[str, ...] = ()


class Item(ServiceInterface):
    """The icon, for one connection with the bus.

    Args:
        face: how it looks at first.
        listener: told what the user wants; its methods must not raise.
    """

    def __init__(self, face: Face, listener: Listener) -> None:
        super().__init__(INTERFACE)
        self._face = face
        self._listener = listener

    def look(self, face: Face) -> None:
        """Look so from now on, and tell the desktop."""
        old, self._face = self._face, face
        if face.icon is not old.icon:
            self.new_icon()
        if face.lines != old.lines:
            self.new_tool_tip()

    # What a click does.

    @dbus_method("Activate")
    def activate(self, x: DBusInt32, y: DBusInt32) -> None:  # noqa: ARG002 - the interface wants them
        """A click: the latest popup again."""
        self._listener.wished(Wish.SHOW_LATEST)

    @dbus_method("SecondaryActivate")
    def secondary_activate(self, x: DBusInt32, y: DBusInt32) -> None:  # noqa: ARG002 - as above
        """A click with the middle button: mute, or unmute."""
        self._listener.mute_toggled()

    @dbus_method("XAyatanaSecondaryActivate")
    def ayatana_secondary_activate(self, time: DBusUInt32) -> None:  # noqa: ARG002 - as above
        """The same from the AppIndicator extension of GNOME."""
        self._listener.mute_toggled()

    @dbus_method("ContextMenu")
    def context_menu(self, x: DBusInt32, y: DBusInt32) -> None:
        """A desktop shows the menu itself."""

    @dbus_method("Scroll")
    def scroll(self, delta: DBusInt32, orientation: DBusStr) -> None:
        """Nothing can be turned up or down."""

    # How it looks.

    @dbus_property(_READ, "Category")
    def category(self) -> DBusStr:
        """Among which icons it belongs."""
        return "Communications"

    @dbus_property(_READ, "Id")
    def id(self) -> DBusStr:
        """By which a desktop remembers where the user wants the icon."""
        return _TITLE

    @dbus_property(_READ, "Title")
    def title(self) -> DBusStr:
        """What it is called."""
        return _TITLE

    @dbus_property(_READ, "Status")
    def status(self) -> DBusStr:
        """Always shown. With `NeedsAttention` Plasma would show an icon of its own choice instead."""
        return "Active"

    @dbus_property(_READ, "WindowId")
    def window_id(self) -> DBusInt32:
        """It has no window."""
        return 0

    @dbus_property(_READ, "IconThemePath")
    def icon_theme_path(self) -> DBusStr:
        """Where the icons are."""
        return str(ICONS)

    @dbus_property(_READ, "IconName")
    def icon_name(self) -> DBusStr:
        """Which of them it is."""
        return self._face.icon.value

    @dbus_property(_READ, "IconPixmap")
    def icon_pixmap(self) -> Pixmaps:
        """The same, for a desktop that cannot see the folder."""
        return list(pixmaps(self._face.icon))

    @dbus_property(_READ, "IconAccessibleDesc")
    def icon_accessible_desc(self) -> DBusStr:
        """What a screen reader says."""
        return ", ".join((_TITLE, *self._face.lines))

    @dbus_property(_READ, "OverlayIconName")
    def overlay_icon_name(self) -> DBusStr:
        """Nothing lies above the icon."""
        return ""

    @dbus_property(_READ, "OverlayIconPixmap")
    def overlay_icon_pixmap(self) -> Pixmaps:
        """The same as pixels."""
        return []

    @dbus_property(_READ, "AttentionIconName")
    def attention_icon_name(self) -> DBusStr:
        """It never asks for attention; a desktop that thinks so shows the same icon."""
        return self._face.icon.value

    @dbus_property(_READ, "AttentionIconPixmap")
    def attention_icon_pixmap(self) -> Pixmaps:
        """The same as pixels."""
        return list(pixmaps(self._face.icon))

    @dbus_property(_READ, "AttentionMovieName")
    def attention_movie_name(self) -> DBusStr:
        """There is no film."""
        return ""

    @dbus_property(_READ, "ToolTip")
    def tool_tip(self) -> ToolTip:
        """What is told where the pointer rests; its text is markup (StatusNotifierItem, "Markup").

        In one line: Xfce knows no `<br/>` and then tells nothing, Qt takes a line break for a blank.
        """
        return "", [], _TITLE, " · ".join(html.escape(line, quote=False) for line in self._face.lines)

    @dbus_property(_READ, "ItemIsMenu")
    def item_is_menu(self) -> DBusBool:
        """A click is more than opening the menu."""
        return False

    @dbus_property(_READ, "Menu")
    def menu(self) -> DBusObjectPath:
        """Where the menu is."""
        return MENU_PATH

    # What changes.

    @dbus_signal("NewIcon")
    def new_icon(self) -> None:
        """The icon changed."""

    @dbus_signal("NewToolTip")
    def new_tool_tip(self) -> None:
        """What is told changed."""

    @dbus_signal("NewTitle")
    def new_title(self) -> None:
        """It is called otherwise: never."""

    @dbus_signal("NewAttentionIcon")
    def new_attention_icon(self) -> None:
        """The icon that asks for attention changed."""

    @dbus_signal("NewOverlayIcon")
    def new_overlay_icon(self) -> None:
        """What lies above the icon changed: never."""

    @dbus_signal("NewStatus")
    def new_status(self) -> DBusStr:
        """It is shown, or hidden: never."""
        return "Active"
