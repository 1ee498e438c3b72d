"""Real panels on a virtual display, which take the icon.

They need the Debian packages xfce4-panel, xfconf and lxqt-panel.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.popup.screens.desktop import output, program

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterator

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


@dataclass
class Panel:
    """A panel that is on the display."""

    name: str
    command: tuple[str, ...]
    settings: str
    text: str
    display: Display
    home: Path
    process: subprocess.Popen[bytes] | None = None
    place: tuple[int, int] = (0, 0)

    async def takes(self, icon_is_there: Awaitable[object]) -> None:
        """Start, and wait until the icon is there."""
        self.start()
        await icon_is_there
        self.place = await self.shows(BLUE)

    def start(self) -> None:
        file = self.home / self.settings
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(self.text)
        self.process = subprocess.Popen(  # noqa: S603 - nothing in it comes from outside
            [program(self.command[0]), *self.command[1:]],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    async def shows(self, *colours: tuple[int, int, int]) -> tuple[int, int]:
        """Wait until all these colours are in the panel; gives the place of the first."""
        async with asyncio.timeout(20):
            while not all(found := [await self._place(colour) for colour in colours]):
                pass
        assert found[0]
        return found[0]

    async def opens_menu(self) -> None:
        await self.click(3)
        await self.display.reads("Mute popups", "Quit")

    async def click(self, button: int) -> None:
        x, y = self.place
        await output("xdotool", "mousemove", str(x + 4), str(y + 4), "click", str(button))

    async def _place(self, colour: tuple[int, int, int]) -> tuple[int, int] | None:
        picture = await output("import", "-window", "root", "-crop", "100x34+0+0", "-depth", "8", "rgb:-")
        where = next((at for at in range(0, len(picture), 3) if tuple(picture[at : at + 3]) == colour), None)
        return None if where is None else (where // 3 % 100, where // 300)


PANELS = {
    "xfce4-panel": (
        ("xfce4-panel", "--disable-wm-check"),
        "xfce4/xfconf/xfce-perchannel-xml/xfce4-panel.xml",
        XFCE,
    ),
    "lxqt-panel": (("lxqt-panel",), "lxqt/panel.conf", LXQT),
}


def panel_on(display: Display, services: Path, name: str) -> Iterator[Panel]:
    """A panel that is not started yet, and is gone at the end."""
    home = Path(os.environ["XDG_CONFIG_HOME"])
    # The bus is older than the display, and knows nothing of its folders.
    served = f"/usr/bin/env XDG_CONFIG_HOME={home} {XFCONFD}"
    (services / "xfconf.service").write_text(f"[D-BUS Service]\nName=org.xfce.Xfconf\nExec={served}\n")
    one = Panel(name, *PANELS[name], display, home)
    yield one
    one.kill()
