"""The icon and its menu in real panels on a virtual display, seen in the pixels and used with the mouse.

Needs the Debian packages xfce4-panel, xfconf, lxqt-panel, and those of tests/popup/screens/desktop.py.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bubbled.model import Mute
from bubbled.tray.host import NO_HOST
from bubbled.tray.state import LetRing, Line, ShowCall, Wish
from tests.popup.screens.desktop import output, program
from tests.tray.conftest import until
from tests.tray.sample import AT_REST, JAN, RINGING, SOFT, TALKING, call

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.popup.screens.desktop import Display
    from tests.tray.conftest import Shown, User

pytestmark = pytest.mark.desktop

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

    async def takes(self, shown: Shown) -> None:
        """Start, and wait until the icon is there."""
        self.start()
        await shown.is_there()
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


@pytest.fixture(params=PANELS)
def panel(request: pytest.FixtureRequest, display: Display, services: Path) -> Iterator[Panel]:
    home = Path(os.environ["XDG_CONFIG_HOME"])
    # The bus is older than the display, and knows nothing of its folders.
    served = f"/usr/bin/env XDG_CONFIG_HOME={home} {XFCONFD}"
    (services / "xfconf.service").write_text(f"[D-BUS Service]\nName=org.xfce.Xfconf\nExec={served}\n")
    one = Panel(request.param, *PANELS[request.param], display, home)
    yield one
    one.kill()


async def test_a_user_of_a_panel(panel: Panel, shown: Shown, user: User, display: Display) -> None:
    await panel.takes(shown)
    await panel.opens_menu()
    await display.reads("Last calls", "Mute for", "Phone that rings")
    assert user.openings
    await display.keep(f"{panel.name}-1-menu.png")
    await display.click("popups")
    assert await user.wanted() is Wish.MUTE
    shown.look(replace(AT_REST, mute=Mute()))
    await panel.shows(GREY)


async def test_a_call_is_chosen(panel: Panel, shown: Shown, user: User, display: Display) -> None:
    await panel.takes(shown)
    await panel.opens_menu()
    await display.click("calls")
    await display.reads("Piet Pietersen", "Jan Jansen", "missed")
    await display.keep(f"{panel.name}-2-calls.png")
    await display.click("Jansen,")
    assert await user.wanted() == ShowCall(JAN.id)


async def test_a_phone_is_chosen(panel: Panel, shown: Shown, user: User, display: Display) -> None:
    await panel.takes(shown)
    await panel.opens_menu()
    await display.click("rings")
    await display.reads("Desk phone", "Softphone")
    await display.click("Softphone")
    assert await user.wanted() == LetRing(SOFT)


async def test_the_two_other_buttons_of_the_mouse(panel: Panel, shown: Shown, user: User) -> None:
    await panel.takes(shown)
    await panel.click(1)
    assert await user.wanted() is Wish.SHOW_LATEST
    await panel.click(2)
    assert await user.wanted() == "toggle mute"


async def test_the_icon_changes_in_its_place(panel: Panel, shown: Shown) -> None:
    await panel.takes(shown)
    for state, colours in (
        (replace(AT_REST, calls=(RINGING,)), (AMBER,)),
        (replace(AT_REST, calls=(TALKING,)), (GREEN,)),
        (replace(AT_REST, missed=1), (BLUE, RED)),
        (replace(AT_REST, line=Line.DISCONNECTED), (GREY, RED)),
        (AT_REST, (BLUE,)),
    ):
        shown.look(state)
        await panel.shows(*colours)


async def test_a_hostile_name_is_shown_as_it_is(panel: Panel, shown: Shown, display: Display) -> None:
    shown.look(replace(AT_REST, last_calls=(call("<b>Kees</b> &amp; Snel_weg"),)))
    await panel.takes(shown)
    await panel.opens_menu()
    await display.click("calls")
    await display.reads("<b>Kees</b>", "amp;", gone=("Snelweg",))


async def test_a_panel_that_was_killed_has_the_icon_again(panel: Panel, shown: Shown, user: User) -> None:
    await panel.takes(shown)
    panel.kill()
    await until(lambda: shown.tray.trouble == NO_HOST)
    await panel.takes(shown)
    await panel.click(1)
    assert await user.wanted() is Wish.SHOW_LATEST
