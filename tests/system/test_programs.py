"""A number in a browser, an editor or a link is called: real programs, used as a person uses them."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.lab.stage import DESTINATION, DESTINATION_E164
from tests.popup.screens.desktop import Display, output, program
from tests.system.test_hotkey import at_desk, press, primary, server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.lab.stage import Stage
    from tests.system.bubbled import Bubbled

__all__ = ["at_desk", "server"]
"""The desk is that of the hotkey: the same daemon, desktop and popups."""

pytestmark = pytest.mark.desktop

BROWSER = (
    "chromium",
    # It refuses to be run by root otherwise.
    "--no-sandbox",
    "--disable-gpu",
    # Else what it asks, offers and warns of lies over the page.
    "--no-first-run",
    "--test-type",
    # Nothing of a test goes out.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Below the popups.
    "--window-position=0,200",
    "--window-size=470,200",
)
EDITOR = ("mousepad", "--disable-server")

PAGE = '<body style="font: 28px sans-serif">Phone +31 (0)30 123 45 67'
LETTER = "\n" * 9 + "Phone: 030-123 45 67 ext 12\n"
"""The number stands below the popups."""


@pytest.fixture
def run() -> Iterator[Callable[..., None]]:
    """Starts programs, and ends them with all that they have started."""
    running: list[subprocess.Popen[bytes]] = []

    def started(*command: str) -> None:
        running.append(
            subprocess.Popen(  # noqa: S603 - fixed words of the tests
                [program(command[0]), *command[1:]], stderr=subprocess.DEVNULL, start_new_session=True
            )
        )

    yield started
    for process in running:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


async def select(display: Display, word: str, text: str) -> None:
    """Click three times on a word, as soon as it can be read, until that text is selected."""
    async with asyncio.timeout(60):
        while True:
            places = ((x, y) for seen, x, y in await display.words() if seen.startswith(word))
            if place := next(places, None):
                await _click_three_times(*place)
                if await _is_selected(text):
                    return


async def _click_three_times(x: int, y: int) -> None:
    within = (str(x + 5), str(y + 5))  # what is read are its corners
    await output("xdotool", "mousemove", *within, "click", "--repeat", "3", "--delay", "40", "1")


async def _is_selected(text: str) -> bool:
    """Whether it is, or soon will be: to click again too early would undo what the program is at."""
    try:
        async with asyncio.timeout(3):
            while text not in await primary():
                pass
    except TimeoutError:
        return False
    return True


async def is_called(desk: Bubbled, stage: Stage, display: Display) -> None:
    """The own phone rings, then the destination; the popup follows, and so does the history."""
    own = await stage.alice.rings()
    assert own.number == DESTINATION
    await display.reads("030 123 4567", "Pick up your")
    await own.answer()
    outer = await stage.outside.rings()
    assert outer.dialled == DESTINATION_E164
    await display.reads("030 123 4567", "Calling", gone=("Pick up",))
    await outer.answer()
    await display.reads("030 123 4567", "Talking")
    await outer.hang_up()
    await desk.call(outcome="answered", e164=DESTINATION_E164, popup="shown")
    assert len(await desk.calls(bool)) == 1


async def test_a_number_on_a_web_page_is_called_by_f7(
    at_desk: Bubbled, stage: Stage, display: Display, run: Callable[..., None], tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    page.write_text(PAGE)
    run(*BROWSER, f"--user-data-dir={tmp_path / 'chromium'}", f"--app={page.as_uri()}")
    await select(display, "Phone", "+31 (0)30 123 45 67")
    await press()
    await is_called(at_desk, stage, display)


async def test_a_number_in_an_editor_is_called_by_f7(
    at_desk: Bubbled, stage: Stage, display: Display, run: Callable[..., None], tmp_path: Path
) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text(LETTER)
    run(*EDITOR, str(letter))
    await select(display, "Phone", "030-123 45 67")
    await press()
    await is_called(at_desk, stage, display)


async def test_a_link_is_called_once_the_popup_is_answered(
    at_desk: Bubbled, stage: Stage, display: Display
) -> None:
    status, said = await at_desk.ask("links", "install")
    assert status == 0, said
    # Without XDG_CURRENT_DESKTOP and BROWSER it opens links as on a desktop that it does not know.
    user = at_desk.home.environment(DISPLAY=os.environ["DISPLAY"])
    opening = [program("xdg-open"), f"tel:{DESTINATION_E164}"]
    await asyncio.to_thread(subprocess.run, opening, env=user, check=True)
    await display.reads("030 123 4567", "A link wants to call", "Do not call")
    await display.keep("system-7-link.png")
    assert not stage.alice.calls
    assert await at_desk.calls(lambda _: True) == []
    await display.click("Call")
    await is_called(at_desk, stage, display)
