"""A key that the desktop has: a shortcut of its own runs `bubbled dial --selection` for it."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Final, NoReturn

from bubbled.dialing.shortcut.choice import shortcut_on
from bubbled.dialing.shortcut.desktop import desktop_in
from bubbled.dialing.shortcut.port import ShortcutError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bubbled.dialing.shortcut.port import Binding

LOOK_EVERY_S: Final = 60.0

GONE: Final = (
    "The desktop's own shortcut for dialling is gone, so its key dials nothing; `bubbled hotkey install` "
    "sets it up again."
)


async def is_set_up(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether this desktop has a shortcut that dials, made by `bubbled hotkey install` or by the user."""
    return await asyncio.to_thread(_binding, environment) is not None


def _binding(environment: Mapping[str, str]) -> Binding | None:
    shortcut = shortcut_on(desktop_in(environment), environment)
    try:
        return shortcut.state() if shortcut else None
    except ShortcutError:  # where the desktop does not tell, bubbled has nothing to rely on
        return None


class ShortcutHotkey:
    """Has nothing itself, but tells whether the desktop's shortcut is still there."""

    name = "shortcut"

    def __init__(
        self, environment: Mapping[str, str] = os.environ, *, look_every_s: float = LOOK_EVERY_S
    ) -> None:
        self._environment = environment
        self._look_every_s = look_every_s
        self._trouble: str | None = None

    @property
    def trouble(self) -> str | None:
        """Why the key does nothing now; None while the shortcut is there."""
        return self._trouble

    async def run(self) -> NoReturn:
        """Look from time to time, until cancelled."""
        while True:
            self._trouble = None if await is_set_up(self._environment) else GONE
            await asyncio.sleep(self._look_every_s)
