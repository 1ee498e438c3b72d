"""Windows on a real Wayland desktop: a sway that nobody sees, with two outputs, through XWayland."""

from __future__ import annotations

import asyncio
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from bubbled.model import PopupId
from bubbled.popup.screens.window import WindowScreen
from bubbled.popup.window.message import Look
from bubbled.popup.window.theme import LIGHT
from tests.dialing.wayland_sway import Sway, program, running_sway
from tests.popup.screens.desktop import output
from tests.popup.screens.test_window import CARD
from tests.popup.window.conftest import told

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping

    from tests.popup.window.desk import Told

pytestmark = pytest.mark.desktop
__all__ = ["told"]

# The X server lets in only who runs sway, which is not who runs the tests.
CONFIG = """
output HEADLESS-1 resolution 1280x720 position 0 0
output HEADLESS-2 resolution 1280x720 position 1280 0
xwayland force
exec swaymsg create_output
exec xhost +si:localuser:root && echo $DISPLAY > $HOME/display
"""
ONE = PopupId("1")
RINGING = bytes.fromhex(LIGHT.accents["ringing"][1:])


@pytest.fixture
def sway() -> Iterator[Sway]:
    with running_sway(CONFIG) as sway:
        yield sway


@pytest.fixture
async def variables(sway: Sway) -> dict[str, str]:
    """What the programs of the desktop are told."""
    async with asyncio.timeout(20):
        while not (name := await asyncio.to_thread(_display, sway)):  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0)
        while len(await asyncio.to_thread(sway.ask, "-t", "get_outputs")) < 2:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0)
    return {**sway.environment, "DISPLAY": name}


def _display(sway: Sway) -> str:
    file = sway.home / "display"
    return file.read_text().strip() if file.exists() else ""


@pytest.fixture
async def screen(variables: dict[str, str], told: Told) -> AsyncIterator[WindowScreen]:
    async def find(_is_gone: bool) -> Mapping[str, str]:  # noqa: FBT001 - as the port has it
        return variables

    screen = WindowScreen(
        told.dismissed.put_nowait,
        lambda *press: told.pressed.put_nowait(press),
        Look(theme="light", monitor="2"),
        find,
    )
    await screen.start()
    yield screen
    await screen.aclose()


def pixel(variables: Mapping[str, str], x: int, y: int) -> bytes:
    """Look at what the compositor draws, as a red, a green and a blue byte."""
    picture = subprocess.run(  # noqa: S603 - nothing in it comes from outside
        [program("grim"), "-t", "ppm", "-g", f"{x},{y} 1x1", "-"],
        env=variables,
        capture_output=True,
        check=True,
    )
    return picture.stdout[-3:]


async def sees(variables: Mapping[str, str], x: int, y: int, *, is_there: bool) -> None:
    async with asyncio.timeout(20):
        while (await asyncio.to_thread(pixel, variables, x, y) == RINGING) != is_there:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0)


def focused(node: Any) -> str | None:
    """Name what has the keyboard."""
    if node["focused"]:
        return str(node["name"])
    inner = (*node["nodes"], *node["floating_nodes"])
    return next((name for each in inner if (name := focused(each)) is not None), None)


async def test_it_stands_in_the_corner_of_the_second_output_and_the_keyboard_stays(
    sway: Sway, variables: dict[str, str], screen: WindowScreen
) -> None:
    described = await screen.describe()
    assert "XWAYLAND1 1280x720" in described
    assert "Wayland through XWayland" in described
    before = focused(sway.ask("-t", "get_tree"))
    await screen.show(ONE, CARD)
    await sees(variables, 2560 - 16 - 380 + 2, 720 - 16 - 40, is_there=True)
    await sees(variables, 2560 - 10, 720 - 10, is_there=False)
    assert focused(sway.ask("-t", "get_tree")) == before
    assert not await screen.focus()
    await screen.close(ONE)
    await sees(variables, 2560 - 16 - 380 + 2, 720 - 16 - 40, is_there=False)


async def test_what_cannot_be_typed_there_is_left_to_be_asked_for(
    variables: dict[str, str], screen: WindowScreen, told: Told
) -> None:
    await screen.show(ONE, CARD)
    await sees(variables, 2560 - 16 - 380 + 2, 720 - 16 - 40, is_there=True)
    # The outputs have no mouse; the X server has one of its own for tests.
    place = (str(2560 - 16 - 100), str(720 - 16 - 27))
    await output("xdotool", "mousemove", *place, "click", "1", environment=variables)
    assert await told.press() == (ONE, "note", "")
