"""The pages in the browser, from the first time on that somebody wants to see them.

Until then there is no port on which anybody could ask, and nothing of what makes pages is in the memory.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
from contextlib import AsyncExitStack
from functools import partial
from typing import TYPE_CHECKING, Any

from bubbled.error import ControlError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bubbled.control.port import ControlPort
    from bubbled.settings.schema import PagesSettings
    from bubbled.web.server import Door
    from bubbled.web.settings.setup_port import SetupPort


class PagesDesk:
    """Opens the pages and keeps them open."""

    def __init__(
        self,
        port: ControlPort,
        settings: PagesSettings,
        now: Callable[[], datetime],
        setup: Callable[[], SetupPort] | None = None,
    ) -> None:
        """Prepare; `setup` gives who carries a set-up out in the pages, if anybody does."""
        self._port = port
        self._setup = setup
        self._settings = settings
        self._now = now
        self._house = AsyncExitStack()
        self._door: Door | None = None
        self._opened_by: PagesSettings | None = None
        self._opening = asyncio.Lock()
        self._closing: set[asyncio.Task[None]] = set()

    async def invite(self, page: str) -> str:
        """Give an address that lets one browser in, once and soon.

        Raises:
            ControlError: the settings want no pages, or their port is taken.
        """
        if not self._settings.enabled:
            raise ControlError(
                "The pages are switched off; say `enabled = true` under [pages] in the settings."
            )
        async with self._opening:
            await self._leave_outdated()  # the address of pages that are about to close would lead nowhere
            if self._door is None:
                self._door = await self._open()
            return self._door.invite(page)

    def settings_changed(self, settings: PagesSettings) -> None:
        """Close the pages soon where the settings want them elsewhere, or not at all.

        Not at once: a page may have changed the settings, and waits for the answer.
        """
        if settings != self._settings:
            self._settings = settings
            closing = asyncio.create_task(self._settle(), name="pages: closing")
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)

    async def aclose(self) -> None:
        """Serve no pages any more; whoever looks at one is told so by it."""
        async with self._opening:
            await self._leave()
        await asyncio.gather(*self._closing)

    async def _settle(self) -> None:
        async with self._opening:
            await self._leave_outdated()

    async def _leave_outdated(self) -> None:
        if self._opened_by != self._settings:
            await self._leave()

    async def _leave(self) -> None:
        self._door = None
        await self._house.aclose()

    async def _open(self) -> Door:
        server, pages = await asyncio.to_thread(_rooms)
        self._opened_by = self._settings
        door: Door = await self._house.enter_async_context(
            server.serving(
                self._port,
                partial(pages.pages, setup=self._setup),
                now=self._now,
                tcp_port=self._opened_by.port,
            )
        )
        gc.freeze()  # as at the start: what the pages brought along stays, and need not be looked through
        return door


def _rooms() -> tuple[Any, Any]:
    """What makes pages: a tenth of a second to load, in which a phone may ring."""
    return importlib.import_module("bubbled.web.server"), importlib.import_module("bubbled.web.pages")
