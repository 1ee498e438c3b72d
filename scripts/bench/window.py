"""How long a popup takes until its pixels are on a screen, on a virtual display; an update; twenty at once.

Prints JSON. Needs Xvfb. The pixels are read back from the X server, every half millisecond, so that what is
measured ends with what a person could see.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from Xlib import X
from Xlib import display as x11

from bubbled.model import Button, Card, Direction, PopupId, Tone
from bubbled.popup.screens.window import WindowScreen
from bubbled.popup.window.message import Look
from bubbled.popup.window.theme import LIGHT

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

ROUNDS = 200
AT_ONCE = 20
CARD = Card(
    "Jan Jansen",
    ("Bakker & Zn", "06 12345678", "Queue Support · To 020 100 0101", "Last contact: 12 Nov 14:03 with Bob"),
    "Calling you",
    Tone.RINGING,
    footnote="Customers",
    buttons=tuple(Button(str(n), label) for n, label in enumerate(("Open in CRM", "Search", "Mail", "Copy"))),
    direction=Direction.INBOUND,
)
EDGE = (2560 - 16 - 380 + 2, 1024 - 16 - 40)
"""A pixel in the coloured edge of a window in its usual corner."""


class Eyes:
    """Watches one pixel, in a thread with a connection of its own."""

    def __init__(self) -> None:
        self._x = x11.Display()

    def wait_for(self, colour: str | None) -> float:
        """Give the moment at which it is seen; None: anything but the colours of windows."""
        wanted = colour and int(colour[1:], 16)
        while (seen := self._pixel()) != wanted:
            if wanted is None and seen not in _ACCENTS:
                break
            time.sleep(0.0005)
        return time.perf_counter()

    def _pixel(self) -> int:
        data = self._x.screen().root.get_image(*EDGE, 1, 1, X.ZPixmap, 0xFFFFFFFF).data
        return int.from_bytes(data[:3], "little")


_ACCENTS = {int(colour[1:], 16) for colour in LIGHT.accents.values()}


async def timed(eyes: Eyes, colour: str, begin: Callable[[], Awaitable[None]]) -> float:
    """Milliseconds from the wish to the pixel."""
    seen = asyncio.create_task(asyncio.to_thread(eyes.wait_for, colour))
    await asyncio.sleep(0.02)  # until it watches
    start = time.perf_counter()
    await begin()
    return (await seen - start) * 1000


async def lag_of(begin: Callable[[], Awaitable[None]]) -> list[float]:
    """Milliseconds by which the event loop was late, every millisecond for a second from here on."""
    lags: list[float] = []

    async def watch() -> None:
        for _ in range(1000):
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            lags.append((time.perf_counter() - before) * 1000 - 1)

    watching = asyncio.create_task(watch())
    await begin()
    await watching
    return lags


async def measure() -> dict[str, object]:
    """Time windows one after the other, then many at once."""

    async def here(_is_gone: bool) -> Mapping[str, str]:  # noqa: FBT001 - as the port has it
        return {"DISPLAY": os.environ["DISPLAY"]}

    began = time.perf_counter()
    screen = WindowScreen(lambda _: None, lambda *_: None, Look(theme="light"), here)
    await screen.start()
    await screen.describe()
    started_ms = (time.perf_counter() - began) * 1000
    eyes, shown, updated = Eyes(), [], []
    talking = replace(CARD, tone=Tone.TALKING, status="Talking")
    for number in range(ROUNDS + 5):
        popup_id = PopupId(str(number))
        shown.append(await timed(eyes, LIGHT.accents["ringing"], partial(screen.show, popup_id, CARD)))
        updated.append(await timed(eyes, LIGHT.accents["talking"], partial(screen.update, popup_id, talking)))
        await screen.close(popup_id)
        await asyncio.to_thread(eyes.wait_for, None)
    idle = _memory(screen)

    async def many() -> None:
        for number in range(AT_ONCE):
            await screen.show(PopupId(f"many {number}"), CARD)

    quiet = await lag_of(lambda: asyncio.sleep(0))
    busy = await lag_of(many)
    await screen.describe()
    figures = {
        "start_ms": round(started_ms),
        "first_ms": round(shown[0], 1),
        "event_to_pixels_ms": spread(shown[5:]),
        "update_ms": spread(updated[5:]),
        "loop_lag_idle_ms": spread(quiet),
        f"loop_lag_{AT_ONCE}_at_once_ms": spread(busy),
        "helper_mb": idle,
        f"helper_{AT_ONCE}_up_mb": _memory(screen),
    }
    await screen.aclose()
    return figures


def _memory(screen: WindowScreen) -> dict[str, float]:
    assert screen._process  # noqa: S101, SLF001 - it runs, and only the benchmark wants to know
    pid = screen._process._process.pid  # noqa: SLF001 - as above
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    kib = {line.split(":")[0]: int(line.split()[1]) for line in lines}
    return {"rss": round(kib["Rss"] / 976.6, 1), "pss": round(kib["Pss"] / 976.6, 1)}


def spread(times: list[float]) -> dict[str, float]:
    """Summarise milliseconds."""
    hundredths = statistics.quantiles(times, n=100)
    return {f"p{at}": round(hundredths[at - 1], 2) for at in (50, 95, 99)} | {"max": round(max(times), 2)}


def main() -> None:
    """Measure on a display of our own."""
    reader, writer = os.pipe()
    with subprocess.Popen(  # noqa: S603 - nothing in it comes from outside
        [
            shutil.which("Xvfb") or "Xvfb",
            *("-displayfd", str(writer), "-noreset", "-screen", "0", "2560x1024x24", "-nolisten", "tcp"),
        ],
        pass_fds=[writer],
        stderr=subprocess.DEVNULL,
    ) as server:
        os.close(writer)
        with os.fdopen(reader) as number:
            os.environ["DISPLAY"] = f":{number.readline().strip()}"
        os.environ.pop("WAYLAND_DISPLAY", None)
        try:
            figures = asyncio.run(measure())
        finally:
            server.terminate()
    json.dump({**figures, "rounds": ROUNDS}, sys.stdout)
    print()


if __name__ == "__main__":
    main()
