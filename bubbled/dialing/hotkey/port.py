"""What tells that the user pressed the key: the port."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn, Protocol

OnPressed = Callable[[], None]
"""Told at once, within the event loop; must not block nor raise. A key that is held down is told of once."""


class Hotkey(Protocol):
    """Has one key of the whole desktop, for as long as `run` runs.

    Nothing here raises because the display is missing, the key is taken or the desktop is left: the hotkey
    logs it once, tells it in `trouble`, goes on trying, and the key comes back when the display does.
    """

    @property
    def name(self) -> str:
        """How the key is got: `x11`, `portal`."""

    @property
    def trouble(self) -> str | None:
        """Why the key does nothing now and what to do, in one line for the user; None while it works."""

    async def run(self) -> NoReturn:
        """Have the key until cancelled, then give it back."""
