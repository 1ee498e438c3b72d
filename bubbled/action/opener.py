"""Opening addresses as the user's desktop does."""

from __future__ import annotations

import asyncio
import shutil
from typing import TYPE_CHECKING, Final

import structlog

from bubbled.action.launch import finish
from bubbled.action.port import ActionError, Trouble

if TYPE_CHECKING:
    from collections.abc import Mapping

SOON_S: Final = 20.0
"""Whoever fails later has opened it before: without a desktop, an opener stays for as long as the browser."""

OPENERS: Final = (("xdg-open",), ("gio", "open"))
"""Any of them does."""

_log = structlog.get_logger()


async def open_uri(uri: str, environment: Mapping[str, str]) -> None:
    """Have the desktop open an address; returns when that is done, or goes well for a while.

    Args:
        uri: with its scheme, in ASCII.
        environment: that of the desktop.

    Raises:
        ActionError: nobody opens it.
    """
    path = environment.get("PATH")
    opener = next((each for each in OPENERS if shutil.which(each[0], path=path)), None)
    if opener is None:
        raise ActionError(Trouble.NO_OPENER)
    opening = asyncio.create_task(finish((*opener, uri), environment), name="opening an address")
    done, _ = await asyncio.wait({opening}, timeout=SOON_S)
    status = opening.result() if done else 0
    if status:
        _log.warning("an address was not opened", opener=opener[0], status=status)
        raise ActionError(Trouble.NOT_OPENED, uri.partition(":")[0])
