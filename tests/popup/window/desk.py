"""A desktop of two monitors on one virtual display, read from its pixels."""

from __future__ import annotations

import asyncio
import os
import subprocess
import time
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from Xlib import X
from Xlib import display as x11
from Xlib.error import BadDrawable, BadMatch, BadWindow, CatchError, ConnectionClosedError

from bubbled.popup.screens.window import WindowScreen
from bubbled.popup.window.message import Look
from tests.popup.screens.desktop import SCALE, Display, output, program

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping
    from pathlib import Path

    from bubbled.model import PopupId
    from bubbled.popup.showing import Showing

GROUND = 0x7A8A99
"""The colour of the desktop, which no window has."""

WIDTH, HEIGHT = 2560, 1024
MONITORS = {"LEFT": (0, 0, 1280, 1024), "RIGHT": (1280, 0, 1280, 1024)}


class Box(NamedTuple):
    """Where something is seen, in pixels."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height


@dataclass
class Eyes(Display):
    """Reads only where windows of popups are: the rest takes seconds and is of no interest."""

    desk: Desk | None = None

    async def words(self) -> list[tuple[str, int, int]]:
        assert self.desk
        if not (boxes := await asyncio.to_thread(self.desk.places)):
            return []
        x, y = min(box.x for box in boxes), min(box.y for box in boxes)
        width = max(box.right for box in boxes) - x
        height = max(box.bottom for box in boxes) - y
        crop = [
            "-crop",
            f"{width}x{height}+{x}+{y}",
            "+repage",
            "-colorspace",
            "Gray",
            "-resize",
            f"{SCALE}00%",
        ]
        picture = await output("import", "-window", "root", *crop, "png:-")
        table = await output("tesseract", "stdin", "stdout", "--psm", "6", "tsv", given=picture)
        rows = [line.split("\t") for line in table.decode().splitlines()[1:]]
        return [
            (row[11], x + int(row[6]) // SCALE, y + int(row[7]) // SCALE) for row in rows if row[11].strip()
        ]


@dataclass
class Desk:
    """Two monitors side by side; the left one is the primary."""

    display: Display
    eyes: x11.Display

    @property
    def name(self) -> str:
        return os.environ["DISPLAY"]

    def pixel(self, x: int, y: int) -> int:
        data = self.eyes.screen().root.get_image(x, y, 1, 1, X.ZPixmap, 0xFFFFFFFF).data
        return int.from_bytes(data[:3], "little")

    def rows(self) -> list[memoryview]:
        """What is seen, as a number for each pixel, row by row."""
        whole = b""
        root = self.eyes.screen().root
        for y in range(0, HEIGHT, 64):
            whole += root.get_image(0, y, WIDTH, 64, X.ZPixmap, 0xFFFFFFFF).data
        pixels = memoryview(whole).cast("I")
        return [pixels[y * WIDTH : (y + 1) * WIDTH] for y in range(HEIGHT)]

    def box(self) -> Box | None:
        """The smallest box around all that is seen; None when there is nothing."""
        rows = self.rows()
        ground = GROUND | (rows[0][0] & 0xFF000000)
        empty = memoryview(ground.to_bytes(4, "little") * WIDTH).cast("I")
        seen = [y for y, row in enumerate(rows) if row != empty]
        if not seen:
            return None
        lefts = (next(x for x, each in enumerate(rows[y]) if each != ground) for y in seen)
        rights = (next(x for x in range(WIDTH - 1, -1, -1) if rows[y][x] != ground) for y in seen)
        left, right = min(lefts), max(rights)
        return Box(left, seen[0], right - left + 1, seen[-1] - seen[0] + 1)

    async def until(self, fits: Callable[[Box | None], bool], wanted: str = "") -> Box | None:
        """Wait until what is seen is where it should be."""
        patience = time.monotonic() + 20
        while not fits(box := await asyncio.to_thread(self.box)):
            assert time.monotonic() < patience, f"waited for {wanted}, saw: {box}"
        return box

    async def shows(self) -> Box:
        """Wait until something is seen that stays where it is, as it does when it is drawn whole."""
        seen = await self.until(lambda box: box is not None, "a window")
        while (now := await asyncio.to_thread(self.box)) != seen:
            seen = now
        assert seen
        return seen

    async def is_empty(self) -> None:
        await self.until(lambda box: box is None, "nothing")

    def xrandr(self, *arguments: str) -> None:
        # It complains of what it does not know of a server that has no monitors of its own.
        subprocess.run([program("xrandr"), *arguments], capture_output=True, check=False)  # noqa: S603 - as written here

    def set_monitor(self, name: str, size: str, output_name: str = "none") -> None:
        width, rest = size.split("x", 1)
        height, place = rest.split("+", 1)
        self.xrandr("--setmonitor", name, f"{width}/300x{height}/300+{place}", output_name)

    def owner(self) -> int:
        """The window that has the keyboard."""
        focus = self.eyes.get_input_focus().focus
        return focus if isinstance(focus, int) else int(focus.id)

    def windows(self, program: str = "bubbled") -> list[int]:
        """The windows of a program that can be seen, by themselves of popups."""
        found = []
        todo = [self.eyes.screen().root]
        while todo:
            with suppress(BadWindow):  # it has just gone
                for each in todo.pop().query_tree().children:
                    named = each.get_wm_class()
                    if named and named[0] == program and each.get_attributes().map_state == X.IsViewable:
                        found.append(int(each.id))
                    else:
                        todo.append(each)
        return found

    async def is_managed(self) -> None:
        """Wait until a window manager is there."""
        root, check = self.eyes.screen().root, self.eyes.intern_atom("_NET_SUPPORTING_WM_CHECK")
        async with asyncio.timeout(10):
            while root.get_full_property(check, X.AnyPropertyType) is None:  # noqa: ASYNC110 - nothing tells
                await asyncio.sleep(0)

    async def type_into(self, program: str) -> int:
        """Give the keyboard to the window of a program, and tell who has it then."""
        async with asyncio.timeout(10):
            while not (found := self.windows(program)):  # noqa: ASYNC110 - as above
                await asyncio.sleep(0)
            while self.owner() != found[0]:
                self.eyes.set_input_focus(
                    found[0], X.RevertToPointerRoot, X.CurrentTime, onerror=CatchError(BadMatch)
                )
                self.eyes.sync()
                await asyncio.sleep(0)
        return found[0]

    def places(self) -> list[Box]:
        """Where the windows of popups stand."""
        found = []
        for each in self.windows():
            window = self.eyes.create_resource_object("window", each)
            with suppress(BadDrawable, BadWindow):  # it has just gone
                shape, corner = window.get_geometry(), window.translate_coords(self.eyes.screen().root, 0, 0)
                found.append(Box(-corner.x, -corner.y, shape.width, shape.height))
        return found


@contextmanager
def two_monitors(display: Display) -> Iterator[Desk]:
    """Cut a display of 2560x1024 into two."""
    eyes = Eyes(display.process)
    desk = eyes.desk = Desk(eyes, x11.Display())  # which also keeps the server from forgetting its monitors
    desk.set_monitor("LEFT", "1280x1024+0+0", "screen")
    desk.set_monitor("RIGHT", "1280x1024+1280+0")
    subprocess.run([program("xsetroot"), "-solid", f"#{GROUND:06x}"], check=True)  # noqa: S603 - as written here
    try:
        yield desk
    finally:
        with suppress(ConnectionClosedError):  # a test may have killed the server
            desk.eyes.close()


@contextmanager
def running(*command: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program for as long as it is needed."""
    with subprocess.Popen([program(command[0]), *command[1:]], stderr=subprocess.DEVNULL) as process:  # noqa: S603 - nothing in it comes from outside
        try:
            yield process
        finally:
            process.kill()


@dataclass
class Told:
    """What the user did, as the daemon is told."""

    pressed: asyncio.Queue[tuple[PopupId, str, str]] = field(default_factory=asyncio.Queue)
    dismissed: asyncio.Queue[PopupId] = field(default_factory=asyncio.Queue)
    shown: asyncio.Queue[tuple[PopupId, Showing]] = field(default_factory=asyncio.Queue)

    async def press(self) -> tuple[PopupId, str, str]:
        async with asyncio.timeout(10):
            return await self.pressed.get()

    async def dismissal(self) -> PopupId:
        async with asyncio.timeout(10):
            return await self.dismissed.get()


async def here(_is_gone: bool) -> Mapping[str, str]:  # noqa: FBT001 - as the port has it
    """Tell of the display of the test."""
    return {"DISPLAY": os.environ["DISPLAY"]}


@asynccontextmanager
async def windows(
    told: Told | None = None, *, place_file: Path | None = None, patience_s: float = 5.0, **look: object
) -> AsyncIterator[WindowScreen]:
    """Show cards there."""
    told = told or Told()
    screen = WindowScreen(
        told.dismissed.put_nowait,
        lambda *press: told.pressed.put_nowait(press),
        Look(**{"theme": "light", "place_file": str(place_file or ""), **look}),  # type: ignore[arg-type]  # by name
        here,
        patience_s=patience_s,
        on_shown=lambda *showing: told.shown.put_nowait(showing),
    )
    await screen.start()
    try:
        yield screen
    finally:
        await screen.aclose()


def process_of(screen: WindowScreen) -> int:
    """The process that shows the windows."""
    assert screen._process
    return screen._process._process.pid


async def click(x: int, y: int) -> None:
    await output("xdotool", "mousemove", str(x), str(y), "click", "1")
