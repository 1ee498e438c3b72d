"""Makes the pictures of windows for the guide; run by scripts/window-screenshots."""

from __future__ import annotations

import asyncio
import os
import subprocess
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bubbled.model import Button, Card, Direction, PopupId, Tone
from tests.popup.screens.desktop import output, program, virtual_display
from tests.popup.window.desk import WIDTH, Desk, click, two_monitors, windows

IMAGES = Path(__file__).parents[3] / "docs" / "images"


def buttons(*labels: str) -> tuple[Button, ...]:
    return tuple(Button(label, label, "Note on this call" if label == "Note" else "") for label in labels)


RINGING = Card(
    "Jan Jansen",
    (
        "Bakker & Zn",
        "06 12345678",
        "Queue Support · To 020 100 0101",
        "Last contact: 12 Nov 14:03 with Bob, answered",
    ),
    "Calling you",
    Tone.RINGING,
    footnote="Customers",
    buttons=buttons("Open in CRM", "Note", "Copy number", "Callback mail"),
    direction=Direction.INBOUND,
    is_vip=True,
)
TALKING = Card(
    "Luc Peeters",
    ("Peeters Transport NV", "+32 470 12 34 56 BE"),
    "Talking",
    Tone.TALKING,
    footnote="CRM",
    buttons=buttons("Open in CRM", "Note", "Copy number"),
    direction=Direction.OUTBOUND,
)
MISSED = Card(
    "020 100 0199",
    (),
    "Missed call 13:58",
    Tone.MISSED,
    buttons=buttons("Call back", "Search web", "Note", "Copy number", "Callback mail"),
    direction=Direction.INBOUND,
)
FIRST_SEEN = replace(
    RINGING,
    headline="Sanne de Vries",
    lines=(
        "Tulip Cycles",
        "06 12345678 · 7 calls before",
        "Last contact: 12 Nov 14:03 with Bob, answered",
        "Note: wants a quote",
    ),
    is_vip=False,
)
"""The picture with which README.md begins."""

OF_THE_GUIDE = buttons("Open in CRM", "Find in CRM", "Website", "Ask to call back", "Copy number")
"""What docs/guide.md sets up."""


async def keep(desk: Desk, name: str, margin: int = 12, kind: str = "window-") -> None:
    """Cut out what is seen, with a little of the desktop around it."""
    await asyncio.sleep(0.5)  # the badge of a picture, the text under the mouse
    box = await desk.shows()
    size = f"{box.width + 2 * margin}x{box.height + 2 * margin}+{box.x - margin}+{box.y - margin}"
    await output("import", "-window", "root", "-crop", size, "+repage", str(IMAGES / f"{kind}{name}.png"))


async def main(desk: Desk) -> None:
    """Make them all."""
    since = datetime.now(UTC) - timedelta(minutes=4, seconds=12)
    for theme in ("light", "dark"):
        async with windows(theme=theme, monitor="RIGHT") as screen:
            await screen.show(PopupId("1"), RINGING)
            await desk.display.reads("Jan Jansen")
            await keep(desk, theme)
            await screen.show(PopupId("2"), replace(TALKING, since=since))
            await screen.show(PopupId("3"), MISSED)
            await desk.display.reads("Missed")
            await keep(desk, f"stack-{theme}")
    async with windows(monitor="RIGHT") as screen:
        await screen.show(PopupId("1"), replace(TALKING, since=since))
        await desk.display.reads("Luc")
        await desk.display.click("Note")
        await desk.display.reads("Cancel")
        await output("xdotool", "type", "Wants to be called back on Monday")
        await keep(desk, "note")
    async with windows(monitor="RIGHT") as screen:
        await screen.show(PopupId("1"), replace(RINGING, buttons=OF_THE_GUIDE))
        await desk.display.reads("Website")
        (box,) = desk.places()
        await click(box.x + box.width // 2, box.bottom - 24)
        await desk.display.reads("Copy number")
        await keep(desk, "buttons")
    async with windows(monitor="RIGHT") as screen:
        for number in range(20):
            await screen.show(PopupId(str(number)), replace(MISSED, headline=f"Caller {number + 1}"))
        await desk.display.reads("Caller 20")
        await keep(desk, "many")
    os.environ["QT_SCALE_FACTOR"] = "2"
    async with windows(monitor="RIGHT") as screen:
        await screen.show(PopupId("1"), FIRST_SEEN)
        await desk.display.reads("Sanne")
        await keep(desk, "bubble", 24, kind="")


def with_a_display() -> None:
    """Have a virtual display with two monitors."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        os.environ.pop("LANGUAGE", None)
        with virtual_display(Path(folder), patch, f"{WIDTH}x1024") as display, two_monitors(display) as desk:
            subprocess.run([program("xdotool"), "mousemove", "10", "10"], check=True)  # noqa: S603 - as written here
            asyncio.run(main(desk))


if __name__ == "__main__":
    with_a_display()
