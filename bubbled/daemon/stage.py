"""What is done on the screen, in the order in which it was decided."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, assert_never

from bubbled.daemon.apart import kept_apart
from bubbled.popup.command import ClosePopup, ShowPopup, UpdatePopup
from bubbled.popup.screen import TellsTrouble
from bubbled.popup.showing import Showing, unheard

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bubbled.model import Card, PopupId
    from bubbled.popup.screen import Screen
    from bubbled.popup.showing import OnShown

    OnScreen = ShowPopup | UpdatePopup | ClosePopup
    """What can be asked of a screen."""


MOST_PLACES: Final = 200
"""Popups of which it is known where they were shown; a popup of longer ago need not be explained."""


class Stage:
    """Carries out what concerns the screen; a screen that fails by a defect costs only that popup.

    Args:
        screen: shows the popups.
        on_screen_changed: told the name of the screen and what is the matter with it, whenever that may have
            changed.
        on_not_shown: told why a popup was not shown, where the screen knew that when it was asked to.

    Attributes:
        screen: shows the popups; `exchange` puts another in its place.
    """

    def __init__(
        self,
        screen: Screen,
        on_screen_changed: Callable[[str, str | None], None] = lambda _screen, _trouble: None,
        on_not_shown: OnShown = unheard,
    ) -> None:
        self.screen = screen
        self._on_screen_changed = on_screen_changed
        self._on_not_shown = on_not_shown
        self._shown: dict[PopupId, Card] = {}
        self._places: OrderedDict[PopupId, str] = OrderedDict()
        self._commands: asyncio.Queue[OnScreen] = asyncio.Queue()
        self._at_screen = asyncio.Lock()

    @property
    def shown(self) -> Mapping[PopupId, Card]:
        """The popups that are up, the latest last."""
        return MappingProxyType(self._shown)

    def place_of(self, popup_id: PopupId) -> str | None:
        """The name of the screen on which a popup was shown last; None where there was none, or long ago."""
        return self._places.get(popup_id)

    async def start(self) -> None:
        """Get the screen ready."""
        with kept_apart("screen"):
            await self.screen.start()
        self._watch()

    async def run(self) -> None:
        """Carry out what was put, in order, until cancelled."""
        while True:
            command = await self._commands.get()
            async with self._at_screen:
                with kept_apart("screen"):
                    await self._carry_out(command)

    def put(self, command: OnScreen) -> None:
        """Have something done on the screen, after all that was put before."""
        self._commands.put_nowait(command)

    def dismissed(self, popup_id: PopupId) -> None:
        """Take note that the user closed a popup."""
        self._shown.pop(popup_id, None)

    async def exchange(self, screen: Screen) -> None:
        """Show popups elsewhere from now on, also those that are up."""
        with kept_apart("screen"):
            await screen.start()
        async with self._at_screen:
            old, self.screen = self.screen, screen
            self._watch()
            with kept_apart("screen"):
                for popup_id, card in list(self._shown.items()):
                    await screen.show(popup_id, card)
        with kept_apart("screen"):
            await old.aclose()

    async def aclose(self) -> None:
        """Take the popups away."""
        with kept_apart("screen"):
            await self.screen.aclose()

    async def _carry_out(self, command: OnScreen) -> None:
        match command:
            case ShowPopup(popup_id, card):
                self._shown[popup_id] = card
                await self.screen.show(popup_id, card)
                self._note_place(popup_id)
                if (trouble := self.screen.trouble) is not None:
                    self._on_not_shown(popup_id, Showing(screen=self.screen.name, error=trouble))
            case UpdatePopup(popup_id, card):
                if popup_id in self._shown:  # else the user closed it meanwhile
                    self._shown[popup_id] = card
                await self.screen.update(popup_id, card)
            case ClosePopup(popup_id):
                self._shown.pop(popup_id, None)
                await self.screen.close(popup_id)
            case _:
                assert_never(command)

    def _watch(self) -> None:
        """Tell of the screen, now and whenever it tells that something changed."""
        if isinstance(self.screen, TellsTrouble):
            self.screen.watch(self._tell_of_screen)
        self._tell_of_screen()

    def _tell_of_screen(self) -> None:
        self._on_screen_changed(self.screen.name, self.screen.trouble)

    def _note_place(self, popup_id: PopupId) -> None:
        if self.screen.trouble is None:
            self._places[popup_id] = self.screen.name
            self._places.move_to_end(popup_id)
        if len(self._places) > MOST_PLACES:
            self._places.popitem(last=False)
