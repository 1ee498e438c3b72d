"""Cards on the first of several screens that can show them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from bubbled.popup.screen import TakesKeyboard, TellsTrouble

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bubbled.model import Card, PopupId
    from bubbled.popup.screen import Equipment, Screen

_log = structlog.get_logger()


class ChainScreen:
    """Shows cards on the first of its screens that has no trouble, and takes them along when that changes.

    While all have trouble it stays on the last of those that were tried, which goes on trying. A screen is
    started when it is needed for the first time.

    Args:
        makers: what makes each screen, the best first.
        equipment: of what.
    """

    def __init__(self, makers: Sequence[Callable[[Equipment], Screen]], equipment: Equipment) -> None:
        self._equipment = equipment
        mine = replace(equipment, on_dismissed=self._dismissed, on_pressed=self._pressed)
        self._screens = [make(mine) for make in makers]
        self._started: list[Screen] = []
        self._now = self._screens[0]
        self._up: dict[PopupId, Card] = {}
        self._moving = asyncio.Lock()
        self._changed = asyncio.Event()
        self._on_trouble_changed: Callable[[], None] = lambda: None
        self._watching: asyncio.Task[None] | None = None

    @property
    def name(self) -> str:
        """The name of the screen that is used now."""
        return self._now.name

    @property
    def trouble(self) -> str | None:
        """Why popups cannot be shown on any of them; None while they can."""
        return self._now.trouble

    def watch(self, on_trouble_changed: Callable[[], None]) -> None:
        """Have somebody told when `trouble` changes, or another screen is used."""
        self._on_trouble_changed = on_trouble_changed

    async def start(self) -> None:
        """Start the first."""
        async with self._moving:
            await self._turn_to_best()
        self._watching = asyncio.create_task(self._watch(), name="popup: which screen")

    async def show(self, popup_id: PopupId, card: Card) -> None:
        """Put up a popup."""
        async with self._moving:
            self._up[popup_id] = card
            await self._now.show(popup_id, card)

    async def update(self, popup_id: PopupId, card: Card) -> None:
        """Change the popup in its place."""
        async with self._moving:
            if popup_id in self._up:
                self._up[popup_id] = card
            await self._now.update(popup_id, card)

    async def close(self, popup_id: PopupId) -> None:
        """Take the popup away."""
        async with self._moving:
            self._up.pop(popup_id, None)
            await self._now.close(popup_id)

    async def focus(self) -> bool:
        """Give the keyboard to the newest popup, where the screen that is used can do that."""
        return isinstance(self._now, TakesKeyboard) and await self._now.focus()

    async def describe(self) -> str:
        """Ask the screen that is used, and tell what is the matter with better ones."""
        described = await self._now.describe()
        asked = self._now
        async with self._moving:
            await self._turn_to_best()
        if self._now is not asked:  # it was found out only now what is the matter with it
            described = await self._now.describe()
        better = self._screens[: self._screens.index(self._now)]
        return " ".join([described, *(f"(instead of {each.name}: {each.trouble})" for each in better)])

    async def aclose(self) -> None:
        """Take every popup away."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        await asyncio.gather(*(each.aclose() for each in self._started))

    async def _watch(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            async with self._moving:
                await self._turn_to_best()
            self._on_trouble_changed()

    async def _turn_to_best(self) -> None:
        """Go to the first without trouble; what it is worth shows only when it has been started."""
        for screen in self._screens:
            if screen not in self._started:
                self._started.append(screen)
                if isinstance(screen, TellsTrouble):
                    screen.watch(self._changed.set)
                await screen.start()
            if screen.trouble is None or screen is self._screens[-1]:
                await self._turn_to(screen)
                return

    async def _turn_to(self, screen: Screen) -> None:
        if screen is self._now:
            return
        before, self._now = self._now, screen
        _log.info("Popups are shown elsewhere from now on", screen=screen.name, before=before.name)
        for popup_id, card in self._up.items():
            await before.close(popup_id)
            await screen.show(popup_id, card)

    def _dismissed(self, popup_id: PopupId) -> None:
        self._up.pop(popup_id, None)
        self._equipment.on_dismissed(popup_id)

    def _pressed(self, popup_id: PopupId, button: str, text: str) -> None:
        self._up.pop(popup_id, None)
        self._equipment.on_pressed(popup_id, button, text)
