"""Windows on a desktop of two monitors, judged by their pixels and used with a mouse."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bubbled.model import Button, Card, Direction, PopupId, Tone
from bubbled.popup.screen import Equipment, build
from bubbled.popup.screens.window import WindowScreen
from bubbled.popup.screens.window_upkeep import NO_DISPLAY, NO_X_SERVER, NOT_INSTALLED
from bubbled.popup.showing import Showing
from bubbled.popup.window.message import Look
from bubbled.popup.window.theme import DARK, LIGHT
from tests.popup.screens.desktop import output
from tests.popup.window.conftest import desk, told
from tests.popup.window.desk import (
    GROUND,
    MONITORS,
    Box,
    Desk,
    Told,
    click,
    here,
    process_of,
    running,
    windows,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    from tests.popup.screens.conftest import FakeServer

pytestmark = pytest.mark.desktop
__all__ = ["desk", "told"]

ONE, TWO = PopupId("1"), PopupId("2")
CARD = Card(
    "Jan Jansen",
    ("Bakker & Zn", "06 12345678"),
    "Calling you",
    Tone.RINGING,
    footnote="Customers",
    buttons=(Button("open", "Website"), Button("note", "Remember", asks="What was it about?")),
    direction=Direction.INBOUND,
)
RINGING = int(LIGHT.accents["ringing"][1:], 16)


@pytest.mark.parametrize("monitor", ["LEFT", "RIGHT"])
@pytest.mark.parametrize("corner", ["top-left", "top-right", "bottom-left", "bottom-right"])
async def test_it_stands_in_the_corner_of_the_monitor_and_nothing_of_it_is_cut(
    desk: Desk, monitor: str, corner: str
) -> None:
    async with windows(monitor=monitor, corner=corner, offset=(24, 40), width=360) as screen:
        await screen.show(ONE, CARD)
        box = await desk.shows()
        left, top, width, height = MONITORS[monitor]
        assert box.width == 360
        assert box.x - left == 24 if corner.endswith("left") else left + width - box.right == 24
        assert box.y - top == 40 if corner.startswith("top") else top + height - box.bottom == 40
        await desk.display.reads(
            "Jan Jansen", "Bakker & Zn", "06 12345678", "Calling you", "Customers", "Website"
        )
        assert desk.pixel(box.x + 2, box.y + box.height // 2) == RINGING


async def test_it_stands_on_the_primary_monitor_by_itself(desk: Desk) -> None:
    async with windows() as screen:
        await screen.show(ONE, CARD)
        assert (await desk.shows()).right == MONITORS["LEFT"][2] - 16


async def test_it_stands_where_the_mouse_is(desk: Desk) -> None:
    await output("xdotool", "mousemove", "2000", "300")
    async with windows(monitor="pointer") as screen:
        await screen.show(ONE, CARD)
        assert (await desk.shows()).right == 2560 - 16


@pytest.mark.parametrize(("theme", "palette"), [("light", LIGHT), ("dark", DARK)])
async def test_it_is_light_or_dark(desk: Desk, theme: str, palette: object) -> None:
    async with windows(theme=theme) as screen:
        await screen.show(ONE, CARD)
        box = await desk.shows()
        assert desk.pixel(box.x + 12, box.y + box.height // 2) == int(palette.surface[1:], 16)  # type: ignore[attr-defined]  # one of ours
        await desk.display.reads("Jan Jansen")


async def test_it_changes_in_its_place_and_counts_the_time(desk: Desk) -> None:
    async with windows() as screen:
        await screen.show(ONE, CARD)
        box, before = await desk.shows(), desk.windows()
        since = datetime.now(UTC) - timedelta(minutes=12, seconds=30)
        await screen.update(ONE, replace(CARD, status="Talking", tone=Tone.TALKING, since=since))
        await desk.display.reads("Talking", "12:3", gone=("Calling",))
        await desk.display.reads("12:4")
        assert await desk.shows() == box
        assert desk.windows() == before


async def test_it_is_told_when_a_window_is_up(desk: Desk, told: Told) -> None:
    async with windows(told) as screen:
        await screen.show(ONE, CARD)
        async with asyncio.timeout(10):
            assert await told.shown.get() == (ONE, Showing(screen="window"))
        await desk.shows()
        await screen.update(ONE, replace(CARD, status="Talking"))
        await desk.display.reads("Talking")
        assert told.shown.empty()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("<b>Police</b> & <i>co</i>", "<b>Police</b> & <i>co</i>"),
        ("$(reboot) %s {0}", "$(reboot) %s {0}"),
        ("&amp; <img src=x>", "&amp; <img src=x>"),
        ("\x1b[31mRed\x07\u202eevil", "Red"),
        ("Zalgo" + "\u0336" * 500, "Calling you"),
        ("A\ud800B", "Calling you"),
    ],
)
async def test_what_strangers_write_is_shown_as_it_is(desk: Desk, name: str, shown: str) -> None:
    async with windows(width=600) as screen:
        await screen.show(ONE, replace(CARD, headline=name, lines=(name,), buttons=(Button("a", name),)))
        await desk.display.reads(shown)
        assert screen.trouble is None


async def test_endless_texts_are_cut_within_the_monitor(desk: Desk) -> None:
    endless = replace(
        CARD,
        headline="x" * 5000,
        lines=("word " * 2000,) * 30,
        status="s" * 500,
        buttons=tuple(Button(str(n), "label " * 50) for n in range(30)),
    )
    async with windows() as screen:
        await screen.show(ONE, endless)
        box = await desk.shows()
        assert box.x >= 0
        assert box.y >= 0
        assert box.width == 380


async def test_a_picture_is_shown_in_the_circle(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "jan.png"
    await output("convert", "-size", "200x80", "xc:#ff00ff", str(file))
    async with windows() as screen:
        await screen.show(ONE, replace(CARD, picture=str(file)))
        box = await desk.shows()
        await desk.until(
            lambda _: desk.pixel(box.x + 5 + 14 + 22, box.y + 14 + 22) == 0xFF00FF, "the picture"
        )
        assert desk.pixel(box.x + 5 + 14 + 1, box.y + 14 + 1) == 0xFFFFFF


@pytest.mark.parametrize(
    "picture", ["/nowhere/jan.png", "/dev/zero", "/etc/passwd", "/", "no-such-icon", "\0"]
)
async def test_without_a_picture_that_can_be_read_there_are_initials(desk: Desk, picture: str) -> None:
    async with windows() as screen:
        await screen.show(ONE, replace(CARD, picture=picture))
        await desk.display.reads("Jan Jansen")
        (box,) = desk.places()
        assert desk.pixel(box.x + 5 + 14 + 22, box.y + 14 + 4) == RINGING
        assert "windows" in await screen.describe()


async def test_a_drawing_that_names_other_files_or_never_ends_is_no_picture(
    desk: Desk, tmp_path: Path
) -> None:
    file = tmp_path / "jan.png"
    drawn = '<rect width="40" height="40" fill="#ff00ff"/>'
    file.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">{drawn}</svg>')
    async with windows() as screen:
        await screen.show(ONE, replace(CARD, picture=str(file)))
        await desk.display.reads("Jan Jansen")
        (box,) = desk.places()
        await output("convert", "-size", "40x40", "xc:#0000ff", str(tmp_path / "piet.png"))
        await screen.show(TWO, replace(CARD, picture=str(tmp_path / "piet.png")))
        await desk.until(
            lambda _: any(desk.pixel(each.x + 41, each.y + 36) == 0x0000FF for each in desk.places()),
            "the second, whose picture comes after that of the first",
        )
        assert desk.pixel(box.x + 5 + 14 + 22, box.y + 14 + 4) == RINGING


async def test_a_pressed_button_is_told(desk: Desk, told: Told) -> None:
    async with windows(told) as screen:
        await screen.show(ONE, CARD)
        await desk.display.reads("Website")
        await desk.display.click("Website")
        assert await told.press() == (ONE, "open", "")
        await desk.is_empty()


async def test_what_comes_anew_after_a_press_neither_flickers_nor_moves(desk: Desk, told: Told) -> None:
    async with windows(told) as screen:
        await screen.show(ONE, CARD)
        await screen.show(TWO, CARD)
        box, before = await desk.shows(), desk.windows()
        await desk.display.click("Website")
        assert (await told.press())[1] == "open"
        await screen.close(ONE)
        await screen.show(ONE, replace(CARD, status="Opened"))
        await desk.display.reads("Opened")
        assert await desk.shows() == box
        assert desk.windows() == before


async def test_what_a_button_asks_for_is_typed(desk: Desk, told: Told) -> None:
    async with windows(told) as screen:
        await screen.show(ONE, CARD)
        await desk.display.reads("Remember")
        before = desk.owner()
        await desk.display.click("Remember")
        await desk.display.reads("What was it about", "Cancel")
        await output("xdotool", "type", "Call <b> back")
        await output("xdotool", "key", "shift+Return")
        await output("xdotool", "type", "on Monday")
        await desk.display.reads("on Monday")
        await output("xdotool", "key", "Return")
        assert await told.press() == (ONE, "note", "Call <b> back\non Monday")
        await desk.is_empty()
        assert desk.owner() == before


async def test_escape_drops_what_was_typed(desk: Desk, told: Told) -> None:
    async with windows(told) as screen:
        await screen.show(ONE, CARD)
        await desk.display.reads("Remember")
        await desk.display.click("Remember")
        await desk.display.reads("Cancel")
        await output("xdotool", "type", "no")
        await output("xdotool", "key", "Escape")
        await desk.display.reads("Remember", gone=("Cancel",))
        assert told.pressed.empty()


@pytest.mark.parametrize("key", ["Return", "Escape"])
async def test_what_is_being_typed_outlives_the_popup(desk: Desk, told: Told, key: str) -> None:
    async with windows(told) as screen:
        await screen.show(ONE, CARD)
        await desk.display.reads("Remember")
        await desk.display.click("Remember")
        await desk.display.reads("Cancel")
        await output("xdotool", "type", "Call back")
        await screen.close(ONE)
        await screen.show(TWO, replace(CARD, headline="Luc Peeters", buttons=()))
        await desk.display.reads("Peeters", "Call back", "Cancel")
        await output("xdotool", "type", " tomorrow")
        await output("xdotool", "key", key)
        if key == "Return":
            assert await told.press() == (ONE, "note", "Call back tomorrow")
        await desk.display.reads("Peeters", gone=("Cancel", "Jansen"))
        assert told.pressed.empty()


async def test_the_fifth_button_is_in_a_menu(desk: Desk, told: Told) -> None:
    names = ("Alpha", "Bravo", "Charlie", "Delta", "Echo & Co")
    async with windows(told) as screen:
        await screen.show(ONE, replace(CARD, buttons=tuple(Button(n[:1], n) for n in names)))
        await desk.display.reads("Delta", "More", gone=("Echo",))
        await desk.display.click("More…" if "More…" in await desk.display.text() else "More...")
        await desk.display.reads("Echo & Co")
        await desk.display.click("Echo")
        assert await told.press() == (ONE, "E", "")


async def test_the_cross_closes_it_for_good(desk: Desk, told: Told) -> None:
    async with windows(told) as screen:
        await screen.show(ONE, CARD)
        box = await desk.shows()
        await click(box.right - 21, box.y + 20)
        assert await told.dismissal() == ONE
        await screen.update(ONE, replace(CARD, headline="Again"))
        await screen.describe()
        await desk.is_empty()


@asynccontextmanager
async def managed(desk: Desk, manager: str | None) -> AsyncIterator[None]:
    """Have a window manager, or (None) none."""
    if manager is None:
        yield
        return
    # The compositor of xfwm4 draws only the monitors of real outputs, of which a virtual display has one.
    with running(manager, *(["--compositor=off"] if manager == "xfwm4" else [])):
        await desk.is_managed()
        yield


@pytest.mark.parametrize("manager", [None, "openbox", "xfwm4"])
async def test_it_never_takes_the_keyboard_from_who_types(
    desk: Desk, tmp_path: Path, manager: str | None
) -> None:
    typed = tmp_path / "typed"
    async with managed(desk, manager), windows(monitor="RIGHT") as screen:
        with running("xterm", "-e", f"cat > {typed}"):
            before = await desk.type_into("xterm")
            await output("xdotool", "type", "abc")
            await screen.show(ONE, CARD)
            await desk.display.reads("Website")
            await output("xdotool", "type", "def")
            await screen.update(ONE, replace(CARD, status="Talking", buttons=()))
            await desk.display.reads("Talking")
            await output("xdotool", "type", "ghi")
            await screen.show(TWO, replace(CARD, headline="Luc Peeters"))
            await desk.display.reads("Luc Peeters")
            assert desk.owner() == before
            await output("xdotool", "key", "Return", "ctrl+d")
            await until_written(typed, "abcdefghi\n")


def written(file: Path) -> str:
    return file.read_text() if file.exists() else ""


async def until_written(file: Path, text: str) -> None:
    async with asyncio.timeout(10):
        while await asyncio.to_thread(written, file) != text:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0)


@pytest.mark.parametrize("manager", ["openbox", "xfwm4"])
async def test_it_stands_right_and_above_with_a_window_manager(desk: Desk, told: Told, manager: str) -> None:
    async with managed(desk, manager), windows(told, monitor="RIGHT") as screen:
        with running("xterm", "-geometry", "200x70+1300+0"):
            await desk.type_into("xterm")
            await screen.show(ONE, CARD)
            await desk.display.reads("Website")
            (box,) = desk.places()
            assert (box.right, box.bottom) == (2560 - 16, 1024 - 16)
            await output("xdotool", "windowraise", str(desk.windows("xterm")[0]))
            await desk.display.click("Website")
            assert await told.press() == (ONE, "open", "")


@pytest.mark.parametrize("manager", [None, "openbox", "xfwm4"])
async def test_the_keyboard_goes_where_it_is_sent_and_comes_back(
    desk: Desk, told: Told, manager: str | None
) -> None:
    async with managed(desk, manager), windows(told, monitor="RIGHT") as screen:
        with running("xterm"):
            before = await desk.type_into("xterm")
            assert not await screen.focus()
            await screen.show(ONE, CARD)
            await screen.show(TWO, replace(CARD, headline="Luc Peeters"))
            await desk.display.reads("Luc Peeters")
            assert await screen.focus()
            await focused(desk, before)
            await output("xdotool", "key", "Right", "Left", "Return")
            assert await told.press() == (TWO, "open", "")
            await focused(desk, None, before)
            assert await screen.focus()
            await focused(desk, before)
            await output("xdotool", "key", "Escape")
            assert await told.dismissal() in {ONE, TWO}
            await focused(desk, None, before)


async def focused(desk: Desk, other_than: int | None, wanted: int | None = None) -> None:
    """Wait until the keyboard has moved."""
    async with asyncio.timeout(10):
        while (owner := desk.owner()) == other_than or (wanted is not None and owner != wanted):  # noqa: ASYNC110 - as above
            await asyncio.sleep(0)


async def test_windows_of_a_killed_process_come_back(desk: Desk, told: Told) -> None:
    async with windows(told) as screen:
        await screen.show(ONE, CARD)
        await screen.show(TWO, replace(CARD, headline="Luc Peeters"))
        box = await desk.shows()
        await click(box.right - 21, box.y + 20)
        assert await told.dismissal() == TWO
        os.kill(process_of(screen), signal.SIGKILL)
        await screen.update(ONE, replace(CARD, status="Talking"))
        await desk.display.reads("Jan Jansen", "Talking", gone=("Peeters",))
        assert screen.trouble is None


async def test_a_process_that_hangs_is_ended_and_started_anew(desk: Desk) -> None:
    async with windows(patience_s=1) as screen:
        await screen.show(ONE, CARD)
        await desk.display.reads("Jan Jansen")
        hangs = process_of(screen)
        os.kill(hangs, signal.SIGSTOP)
        await screen.update(ONE, replace(CARD, status="Talking"))
        await desk.display.reads("Jan Jansen", "Talking")
        assert process_of(screen) != hangs


async def test_of_twenty_the_newest_are_seen_and_the_others_are_counted(desk: Desk) -> None:
    async with windows(monitor="RIGHT") as screen:
        for number in range(20):
            await screen.show(PopupId(str(number)), replace(CARD, headline=f"Caller {number}"))
        await desk.display.reads("Caller 19", "more", gone=("Caller 1 ",))
        box = await desk.shows()
        assert Box(1280, 0, 0, 0) < box
        assert (box.right, box.bottom) == (2560 - 16, 1024 - 16)
        await desk.display.click("more")
        await desk.display.reads("Caller 10", gone=("Caller 19",))


async def test_where_it_is_dragged_it_stays_also_tomorrow_and_a_double_click_takes_it_home(
    desk: Desk, tmp_path: Path
) -> None:
    place_file = tmp_path / "state" / "window-place.json"
    async with windows(place_file=place_file) as screen:
        await screen.show(ONE, CARD)
        home = await desk.shows()
        drag = ["mousemove", str(home.x + 30), str(home.y + 70), "mousedown", "1"]
        for way in (200, 900, 1100):
            drag += ["mousemove", str(home.x + 30 + way), str(home.y + 70 - way // 2)]
        await output("xdotool", *drag, "mouseup", "1")
        moved = Box(home.x + 1100, home.y - 550, home.width, home.height)
        await desk.until(lambda box: box == moved, f"{moved}")
    async with windows(place_file=place_file) as screen:
        await screen.show(ONE, CARD)
        assert await desk.shows() == moved
        place = [str(moved.x + 30), str(moved.y + 70)]
        await output("xdotool", "mousemove", *place, "click", "--repeat", "2", "--delay", "50", "1")
        await desk.until(lambda box: box == home, f"{home}")


async def test_it_follows_its_monitors(desk: Desk) -> None:
    async with windows(monitor="RIGHT") as screen:
        await screen.show(ONE, CARD)
        assert (await desk.shows()).right == 2560 - 16
        desk.xrandr("--delmonitor", "RIGHT")
        await desk.until(lambda box: box is not None and box.right == 1280 - 16, "the monitor that is left")
        desk.set_monitor("RIGHT", "1280x768+1280+0")
        await desk.until(
            lambda box: box is not None and (box.right, box.bottom) == (2560 - 16, 768 - 16), "the new one"
        )


async def test_a_scaled_monitor_has_larger_windows(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_SCREEN_SCALE_FACTORS", "LEFT=1;RIGHT=2")
    async with windows(monitor="RIGHT", width=300) as screen:
        await screen.show(ONE, CARD)
        await desk.until(lambda box: box is not None and box.width == 600, "twice the width")
        box = await desk.shows()
        assert (box.right, box.bottom) == (2560 - 32, 1024 - 32)
        assert "scaled by 2" in await screen.describe()


async def test_it_tells_of_monitors_and_memory(desk: Desk) -> None:
    async with windows() as screen:
        told = await screen.describe()
        assert told.startswith("windows; monitors: LEFT 1280x1024 (primary), RIGHT 1280x1024; X11; ")
        assert told.endswith(" MB")
        assert desk.pixel(0, 0) == GROUND


async def test_popups_go_on_as_notifications_when_the_x_server_dies(desk: Desk, server: FakeServer) -> None:
    equipment = Equipment(
        on_dismissed=lambda _: None, on_pressed=lambda *_: None, look=Look(), find_desktop=here
    )
    screen = build(("window", "native"), equipment)
    await screen.start()
    try:
        await screen.show(ONE, CARD)
        await desk.display.reads("Jan Jansen")
        assert not server.up
        desk.display.kill()
        await server.shows("Jan Jansen")
        assert (screen.name, screen.trouble) == ("native", None)
        await screen.close(ONE)
        await server.shows()
    finally:
        await screen.aclose()


# -- what is missing


async def trouble_of(screen: WindowScreen) -> str:
    async with asyncio.timeout(10):
        while screen.trouble is None:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0)
    return screen.trouble


def with_variables(variables: Mapping[str, str], *command: str) -> WindowScreen:
    async def find(_is_gone: bool) -> Mapping[str, str]:  # noqa: FBT001 - as the port has it
        return variables

    options = {"command": command} if command else {}
    return WindowScreen(lambda _: None, lambda *_: None, Look(), find, retry_s=0.01, **options)  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize(
    ("variables", "trouble"),
    [({}, NO_DISPLAY), ({"WAYLAND_DISPLAY": "wayland-0"}, NO_X_SERVER), ({"DISPLAY": ":9999"}, NO_DISPLAY)],
)
async def test_without_a_display_the_user_is_told(variables: dict[str, str], trouble: str) -> None:
    screen = with_variables(variables)
    await screen.start()
    try:
        assert await trouble_of(screen) == trouble
        assert await screen.describe() == trouble
        await screen.show(ONE, CARD)
        await screen.close(ONE)
    finally:
        await screen.aclose()


async def test_without_pyside_the_user_is_told_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PySide6", None)
    screen = with_variables({"DISPLAY": ":0"})
    await screen.start()
    try:
        assert await trouble_of(screen) == NOT_INSTALLED
        assert "pip install 'bubbled[window]'" in NOT_INSTALLED
    finally:
        await screen.aclose()


@pytest.mark.parametrize(
    "does",
    [
        "import sys; sys.exit('it is broken')",
        "print('no report', flush=True); input(); input()",
        "import sys; sys.stderr.write('x' * 100000 + chr(10) + 'it is broken'); sys.exit(1)",
    ],
)
async def test_a_process_that_dies_again_and_again_is_told_once(does: str) -> None:
    screen = with_variables({"DISPLAY": ":0"}, sys.executable, "-c", does)
    changes: list[str | None] = []
    screen.watch(lambda: changes.append(screen.trouble))
    await screen.start()
    try:
        assert "ends again and again" in await trouble_of(screen)
        await screen.show(ONE, CARD)
        assert len(changes) == 1
    finally:
        await screen.aclose()
