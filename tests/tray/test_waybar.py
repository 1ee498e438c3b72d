"""The icon in waybar on a headless sway. There is no mouse on it, so its menu is not opened.

Needs the Debian packages sway, waybar and grim.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bubbled.model import Mute
from tests.dialing.wayland_sway import running_sway
from tests.popup.screens.desktop import output, program
from tests.tray.real_panel import BLUE, GREEN, GREY
from tests.tray.sample import AT_REST, TALKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.tray.conftest import Shown

pytestmark = pytest.mark.desktop

SETTINGS = {"position": "top", "height": 30, "modules-left": ["tray"], "tray": {"icon-size": 22}}
STYLE = "window#waybar { background: #eeeeee; }"


@pytest.fixture
def waybar(session_bus: object) -> Iterator[Mapping[str, str]]:
    """The environment of a desktop on which waybar runs."""
    assert session_bus
    with running_sway("output HEADLESS-1 resolution 400x300\n") as sway:
        settings, style = sway.home / "waybar.json", sway.home / "waybar.css"
        settings.write_text(json.dumps(SETTINGS))
        style.write_text(STYLE)
        bus = os.environ["DBUS_SESSION_BUS_ADDRESS"]
        environment = {**sway.environment, "DBUS_SESSION_BUS_ADDRESS": bus, "NO_AT_BRIDGE": "1"}
        with subprocess.Popen(  # noqa: S603 - nothing in it comes from outside
            [program("waybar"), "--config", settings, "--style", style],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            yield environment
            process.terminate()


async def test_the_icon_is_shown_and_changes(waybar: Mapping[str, str], shown: Shown) -> None:
    await shown.is_there()
    await _shows(waybar, BLUE)
    shown.look(replace(AT_REST, calls=(TALKING,)))
    await _shows(waybar, GREEN)
    shown.look(replace(AT_REST, mute=Mute()))
    await _shows(waybar, GREY)


async def _shows(environment: Mapping[str, str], colour: tuple[int, int, int]) -> None:
    async with asyncio.timeout(20):
        while bytes(colour) not in await output("grim", "-t", "ppm", "-", environment=environment):
            pass
