"""A key that bubbled cannot have, since the desktop has all of them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NoReturn

import structlog

if TYPE_CHECKING:
    from bubbled.dialing.hotkey.purpose import Purpose
    from bubbled.keystroke import Keystroke

_log = structlog.get_logger()


class ElsewhereHotkey:
    """Has nothing, and says which command the user can bind to the key; see the port."""

    name = "desktop"

    def __init__(self, keystroke: Keystroke, purpose: Purpose) -> None:
        self.trouble: str | None = purpose.elsewhere(keystroke)

    async def run(self) -> NoReturn:
        """Say it once, then wait to be cancelled."""
        _log.warning(self.trouble)
        while True:
            await asyncio.Event().wait()
