"""What the history needs from the daemon: an end to calls that were left open, and to what is old."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NoReturn

import structlog

from bubbled.error import HistoryError
from bubbled.history.annals import KEPT

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bubbled.history.store import History

_PRUNE_EVERY_S: Final = 24 * 3600.0

log = structlog.get_logger()


async def take_up(history: History, now: datetime) -> None:
    """Go on where the last run ended."""
    if history.trouble:
        log.warning("the history is not kept as it should be", trouble=history.trouble)
    try:
        await history.close_dangling(now)
    except HistoryError as error:
        log.warning("calls that were open at the last end stay so", reason=str(error))


async def keep_short(history: History, days: Callable[[], int], now: Callable[[], datetime]) -> NoReturn:
    """Erase what is older than the user wants to keep it, now and every day; 0 days: for ever."""
    while True:
        try:
            await history.prune_stories(now() - KEPT)
            erased = await history.prune(now() - timedelta(days=days())) if days() else 0
            if erased:
                log.info("old calls erased from the history", calls=erased)
        except HistoryError as error:
            log.warning("old calls cannot be erased", reason=str(error))
        await asyncio.sleep(_PRUNE_EVERY_S)
