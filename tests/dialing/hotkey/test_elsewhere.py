from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from bubbled import keystroke
from bubbled.dialing.hotkey.choice import hotkey_on
from bubbled.dialing.hotkey.purpose import DIALLING, FOCUSING, MUTING, Purpose
from bubbled.display import Display

KEY = keystroke.parse("F9")


@pytest.mark.parametrize(
    ("purpose", "command"), [(MUTING, "bubbled mute --toggle"), (FOCUSING, "bubbled focus")]
)
async def test_on_wayland_other_keys_are_for_the_user_to_bind(purpose: Purpose, command: str) -> None:
    hotkey = await hotkey_on(Display(wayland="wayland-0", x11=":0"), KEY, lambda: None, purpose)
    assert hotkey is not None
    assert hotkey.name == "desktop"
    assert f"bind the command `{command}` to it" in (hotkey.trouble or "")
    with capture_logs() as logs:
        running = asyncio.create_task(hotkey.run())
        await asyncio.sleep(0)
        running.cancel()
        await asyncio.wait([running])
    assert [(entry["log_level"], entry["event"]) for entry in logs] == [("warning", hotkey.trouble)]


@pytest.mark.parametrize("purpose", [DIALLING, MUTING, FOCUSING])
def test_every_trouble_names_the_key_and_what_to_do(purpose: Purpose) -> None:
    told = [purpose.taken(KEY), purpose.missing(KEY), purpose.away("It is gone", KEY), purpose.elsewhere(KEY)]
    assert all("F9" in words and "\n" not in words for words in told)
    assert all(purpose.setting in words for words in told[:2])
    assert all(purpose.command in words for words in told[2:])
