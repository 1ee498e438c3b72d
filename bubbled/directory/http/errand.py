"""One piece of work for everybody who needs its outcome at the same time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

from bubbled.error import DirectoryError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

T = TypeVar("T")


class Errand(Generic[T]):
    """Runs a coroutine once for all who wait for it meanwhile; one who gives up does not end it.

    Questions are given up all the time, because another directory answered. What they began, such as
    unlocking a keyring or exchanging a token that is good for one use, must still come to its end.
    """

    def __init__(self, work: Callable[[], Coroutine[None, None, T]], *, limit_s: float, overdue: str) -> None:
        """Do `work`, which may take `limit_s` seconds; `overdue` tells the user that it took longer."""
        self._work = work
        self._limit_s = limit_s
        self._overdue = overdue
        self._task: asyncio.Task[T] | None = None

    async def run(self) -> T:
        """The outcome of the work that is under way, or else of new work.

        Raises:
            DirectoryError: it took too long.
        """
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._timed(), name="errand")
            self._task.add_done_callback(_retrieved)
        return await asyncio.shield(self._task)

    async def aclose(self, *, grace_s: float = 5.0) -> None:
        """Give what is under way `grace_s` seconds to come to its end."""
        if self._task is not None and not self._task.done():
            await asyncio.wait({self._task}, timeout=grace_s)
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _timed(self) -> T:
        try:
            async with asyncio.timeout(self._limit_s):
                return await self._work()
        except TimeoutError:
            raise DirectoryError(self._overdue) from None


def _retrieved(task: asyncio.Task[T]) -> None:
    """Take note of its error, of which asyncio would complain when everybody has given up."""
    if not task.cancelled():
        task.exception()
