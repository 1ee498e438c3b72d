"""The background work of a stage: named, held, and ended with it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine

T = TypeVar("T")


class Tasks:
    """Holds tasks until `close`.

    Not an `asyncio.TaskGroup`: pytest begins and ends an asynchronous fixture in different tasks.
    """

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[None, None, None], name: str) -> asyncio.Task[None]:
        """Run it until it ends or `close` is called."""
        task = asyncio.create_task(work, name=name)
        self._running.add(task)
        return task

    async def close(self) -> None:
        """Cancel what still runs; raise the errors of what failed, as a group."""
        for task in self._running:
            task.cancel()
        ended = await asyncio.gather(*self._running, return_exceptions=True)
        if failed := [error for error in ended if isinstance(error, Exception)]:
            raise ExceptionGroup("background work of the lab failed", failed)
