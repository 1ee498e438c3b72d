from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bubbled.dialing.hotkey.shortcut import GONE, ShortcutHotkey, is_set_up
from bubbled.dialing.shortcut.sway import SwayShortcut
from bubbled.keystroke import parse
from tests.dialing.wayland_sway import running_sway

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.dialing.wayland_sway import Sway

pytestmark = pytest.mark.desktop

COMMAND = ("/usr/bin/bubbled", "dial", "--selection")


@pytest.fixture
def sway() -> Iterator[Sway]:
    with running_sway() as sway:
        yield sway


async def until_trouble_is(hotkey: ShortcutHotkey, trouble: str | None) -> None:
    async with asyncio.timeout(10):
        while hotkey.trouble != trouble:  # noqa: ASYNC110 - nothing tells of a changed property
            await asyncio.sleep(0.01)


async def test_the_shortcut_of_the_desktop_is_all_there_is_to_have(sway: Sway) -> None:
    shortcut = SwayShortcut(sway.environment)
    assert not await is_set_up(sway.environment)
    shortcut.install(parse("F7"), COMMAND).make()
    assert await is_set_up(sway.environment)
    hotkey = ShortcutHotkey(sway.environment, look_every_s=0.01)
    running = asyncio.create_task(hotkey.run())
    await until_trouble_is(hotkey, None)
    shortcut.remove().make()
    await until_trouble_is(hotkey, GONE)
    running.cancel()
    await asyncio.wait([running])


async def test_a_desktop_that_bubbled_does_not_know_has_none() -> None:
    assert not await is_set_up({"XDG_CURRENT_DESKTOP": "twm"})
