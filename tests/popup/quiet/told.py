"""What a source of quiet told, and who waits for it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bubbled.popup.quiet.port import OnChanged, Quiet


class Told:
    """Keeps what was told last; None: nothing was."""

    source: Quiet

    def __init__(self) -> None:
        self.is_quiet: bool | None = None
        self._changed = asyncio.Event()

    def __call__(self, is_quiet: bool) -> None:  # noqa: FBT001 - the port's signature
        self.is_quiet = is_quiet
        self._changed.set()

    async def says(self, *, is_quiet: bool) -> None:
        async with asyncio.timeout(20):
            while self.is_quiet is not is_quiet:
                self._changed.clear()
                await self._changed.wait()

    async def has_trouble(self, words: str | None) -> None:
        """Wait until the source tells this one, or (None) that there is none."""
        async with asyncio.timeout(20):
            while not _fits(self.source.trouble, words):  # noqa: ASYNC110 - nothing tells of a trouble
                await asyncio.sleep(0.005)


def _fits(trouble: str | None, words: str | None) -> bool:
    return trouble is None if words is None else words in (trouble or "")


@asynccontextmanager
async def following(make: Callable[[OnChanged], Quiet]) -> AsyncIterator[Told]:
    told = Told()
    told.source = make(told)
    running = asyncio.create_task(told.source.run())
    try:
        yield told
    finally:
        running.cancel()
        await asyncio.wait([running])
        assert running.cancelled(), running.exception()
