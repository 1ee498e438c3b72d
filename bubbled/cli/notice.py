"""A word on the desktop, from a command that nobody runs in a terminal."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from bubbled.model import Card, Tone
from bubbled.popup.screens.notification import arguments
from bubbled.popup.screens.notification_bus import Ears, NotificationBus

_PATIENCE_S = 3.0


def tell_desktop(headline: str, text: str) -> None:
    """Show a notification, if anybody shows notifications; a failure is none of the user's concern."""
    with suppress(Exception):
        asyncio.run(_tell(Card(headline, (), text, Tone.NOTICE)))


async def _tell(card: Card) -> None:
    async with asyncio.timeout(_PATIENCE_S):
        bus = await NotificationBus.connect(Ears())
        try:
            await bus.notify(arguments(card, 0, await bus.greet()))
        finally:
            await bus.aclose()
