"""Pictures that a notification server can be trusted with."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Final

from bubbled.popup.image import content

PATIENCE_S: Final = 0.1
"""How long a popup waits for its picture; a network share may hang."""

_ICON_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,99}")


async def usable(picture: str) -> str:
    """Give a card's picture, an absolute path or the name of an icon, if servers can show it; else nothing.

    A picture is no reason to go without popup.
    """
    if not picture.startswith("/"):
        return picture if _ICON_NAME.fullmatch(picture) else ""
    path = Path(picture)
    try:
        async with asyncio.timeout(PATIENCE_S):
            fits = bool(await asyncio.to_thread(content, path))
    except TimeoutError:
        return ""
    return picture if fits else ""
