"""Real panels on a virtual display, which take the icon.

They need the Debian packages xfce4-panel, xfconf, lxqt-panel, plasma-workspace, gnome-shell and
gnome-shell-extension-appindicator.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.popup.screens.desktop import output, program

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterator, Mapping

    from tests.popup.screens.desktop import Display

XFCE = """<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="length" type="uint" value="100"/>
      <property name="size" type="uint" value="30"/>
      <property name="plugin-ids" type="array"><value type="int" value="1"/></property>
    </property>
  </property>
  <property name="plugins" type="empty"><property name="plugin-1" type="string" value="systray"/></property>
</channel>
"""
XFCONFD = "/usr/lib/x86_64-linux-gnu/xfce4/xfconf/xfconfd"
LXQT = """panels=panel1
__userfile__=true
[panel1]
plugins=statusnotifier
position=Top
panelSize=32
iconSize=22
[statusnotifier]
type=statusnotifier
"""

BLUE, GREEN, AMBER, RED, GREY = (
    (0x2F, 0x7F, 0xE0),
    (0x1C, 0x9A, 0x58),
    (0xD9, 0x82, 0x00),
    (0xE0, 0x3B, 0x40),
    (0x80, 0x88, 0x91),
)
"""The colours of scripts/icons."""


_ACTIVITY = "11111111-2222-3333-4444-555555555555"
PLASMA = f"""[Containments][1]
activityId={_ACTIVITY}
plugin=org.kde.plasma.folder
lastScreen=0
wallpaperplugin=org.kde.color
[Containments][1][Wallpaper][org.kde.color][General]
Color=255,255,255
[Containments][2]
plugin=org.kde.panel
formfactor=2
location=3
lastScreen=0
[Containments][2][Applets][3]
plugin=org.kde.plasma.systemtray
"""
GNOME = """[org/gnome/shell]
enabled-extensions=['ubuntu-appindicators@ubuntu.com']
disable-extension-version-validation=true
[org/gnome/desktop/notifications]
show-banners=false
"""
_SOFTWARE = {"LIBGL_ALWAYS_SOFTWARE": "1", "QT_QUICK_BACKEND": "software"}


@dataclass(frozen=True)
class Kind:
    """How a panel is started.

    Attributes:
        commands: of the panel, and of what it needs beside it.
        files: its settings, by their path within the folder of settings.
        environment: what it is told.
        menu_button: of the mouse, which opens the menu.
    """

    commands: tuple[tuple[str, ...], ...]
    files: Mapping[str, str]
    environment: Mapping[str, str] = field(default_factory=dict)
    menu_button: int = 3


PANELS = {
    "xfce4-panel": Kind(
        (("xfce4-panel", "--disable-wm-check"),),
        {"xfce4/xfconf/xfce-perchannel-xml/xfce4-panel.xml": XFCE},
    ),
    "lxqt-panel": Kind((("lxqt-panel",),), {"lxqt/panel.conf": LXQT}),
}
DESKTOPS = {
    "plasmashell": Kind(
        (("plasmashell", "--no-respawn"), ("kactivitymanagerd",), ("kded5",)),
        {
            "kactivitymanagerdrc": f"[activities]\n{_ACTIVITY}=Work\n[main]\ncurrentActivity={_ACTIVITY}\n",
            "plasma-org.kde.plasma.desktop-appletsrc": PLASMA,
        },
        {**_SOFTWARE, "KDE_FULL_SESSION": "true", "KDE_SESSION_VERSION": "5"},
    ),
    "gnome-shell": Kind(
        (("gnome-shell", "--x11"),),
        {"glib-2.0/settings/keyfile": GNOME},
        {**_SOFTWARE, "XDG_SESSION_TYPE": "x11", "GSETTINGS_BACKEND": "keyfile"},
        menu_button=1,
    ),
}
"""Whole desktops: they take seconds to begin."""


@dataclass
class Panel:
    """A panel that is on the display."""

    name: str
    kind: Kind
    display: Display
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    place: tuple[int, int] = (0, 0)

    async def takes(self, icon_is_there: Awaitable[object]) -> None:
        """Start, and wait until the icon is there."""
        self.start()
        await icon_is_there
        self.place = await self.shows(BLUE)

    def start(self) -> None:
        for name, text in self.kind.files.items():
            file = Path(os.environ["XDG_CONFIG_HOME"], name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        # GNOME asks on the bus of the system, which tests have not.
        system = {"DBUS_SYSTEM_BUS_ADDRESS": os.environ["DBUS_SESSION_BUS_ADDRESS"]}
        for command in self.kind.commands:
            process = subprocess.Popen(  # noqa: S603 - nothing in it comes from outside
                [program(command[0]), *command[1:]],
                env={**os.environ, **system, **self.kind.environment},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            self.processes.append(process)

    def kill(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()
        self.processes.clear()

    async def shows(self, *colours: tuple[int, int, int]) -> tuple[int, int]:
        """Wait until all these colours are in the panel; gives the place of the first."""
        async with asyncio.timeout(30):
            while not all(found := [await self._place(colour) for colour in colours]):
                pass
        assert found[0]
        return found[0]

    async def opens_menu(self) -> None:
        await self.click(self.kind.menu_button)
        await self.display.reads("Mute popups", "Quit")

    async def click(self, button: int) -> None:
        x, y = self.place
        await output("xdotool", "mousemove", str(x + 4), str(y + 4), "click", str(button))

    async def _place(self, colour: tuple[int, int, int]) -> tuple[int, int] | None:
        picture = await output("import", "-window", "root", "-crop", "0x34+0+0", "-depth", "8", "rgb:-")
        width = len(picture) // 3 // 34
        where = next((at for at in range(0, len(picture), 3) if _alike(picture[at : at + 3], colour)), None)
        return None if where is None else (where // 3 % width, where // 3 // width)


def _alike(pixel: bytes, colour: tuple[int, int, int]) -> bool:
    """Whether it is that colour, as far as GNOME shows it, which lets a little shine through."""
    return all(abs(one - other) < 20 for one, other in zip(pixel, colour, strict=True))


def panel_on(display: Display, services: Path, name: str) -> Iterator[Panel]:
    """A panel that is not started yet, and is gone at the end."""
    home = os.environ["XDG_CONFIG_HOME"]
    # The bus is older than the display, and knows nothing of its folders.
    served = f"/usr/bin/env XDG_CONFIG_HOME={home} {XFCONFD}"
    (services / "xfconf.service").write_text(f"[D-BUS Service]\nName=org.xfce.Xfconf\nExec={served}\n")
    one = Panel(name, (PANELS | DESKTOPS)[name], display)
    yield one
    one.kill()
