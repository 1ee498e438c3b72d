"""What runs for as long as the daemon does."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine

log = structlog.get_logger()


@asynccontextmanager
async def working(*work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Let work go on beside the rest; a defect in one ends all, so that systemd starts the daemon anew."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_told_of(each)) for each in work]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()


async def _told_of(work: Coroutine[None, None, None]) -> None:
    """Let the log say what the defect was; the command line can only say that there was one."""
    try:
        await work
    except Exception:
        log.exception("bubbled ends by a defect of its own")
        raise
