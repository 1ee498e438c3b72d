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


@asynccontextmanager
async def following(make: Callable[[OnChanged], Quiet]) -> AsyncIterator[Told]:
    told = Told()
    running = asyncio.create_task(make(told).run())
    try:
        yield told
    finally:
        running.cancel()
        await asyncio.wait([running])
        assert running.cancelled(), running.exception()
