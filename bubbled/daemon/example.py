"""Shows an example popup on a screen of its own, beside a daemon or without one."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Final

from bubbled.daemon import assembly
from bubbled.error import ControlError
from bubbled.model import PopupId
from bubbled.popup.example import SCENES
from bubbled.popup.layout import act
from bubbled.popup.rehearsal import example_card, told
from bubbled.settings.popup import ScreenChoice

if TYPE_CHECKING:
    from collections.abc import Callable

    from bubbled.settings.schema import Settings

_POPUP: Final = PopupId("example")


async def show_example(
    settings: Settings, screen_name: str, scene: str, for_s: float, tell: Callable[[str], None]
) -> None:
    """Show the popup of an invented call on a screen until the user closes it; no button does anything.

    Args:
        settings: whose layout and buttons are shown.
        screen_name: a value of `popup.screen`.
        scene: a key of `SCENES`.
        for_s: when it goes by itself.
        tell: told what a pressed button would do.

    Raises:
        ControlError: nothing can be shown there.
    """
    example = _Example(_shown_on(screen_name, settings), scene, tell)
    trying = asyncio.create_task(example.heed_presses(), name="presses on the example")
    try:
        await example.show()
        with suppress(TimeoutError):
            async with asyncio.timeout(for_s):
                await example.closed.wait()
    finally:
        trying.cancel()
        await example.screen.aclose()


def _shown_on(screen_name: str, settings: Settings) -> Settings:
    popup = settings.popup.model_copy(update={"screen": ScreenChoice(screen_name)})
    return settings.model_copy(update={"popup": popup})


class _Example:
    def __init__(self, settings: Settings, scene: str, tell: Callable[[str], None]) -> None:
        self.closed = asyncio.Event()
        self.screen = assembly.screen(settings, self._dismissed, self._pressed)
        self._layout, now = assembly.rules(settings).layout, datetime.now().astimezone()
        self._subject = SCENES[scene](self._layout, now)
        self._card = example_card(self._subject, self._layout, now)
        self._tell = tell
        self._presses: asyncio.Queue[tuple[str, str]] = asyncio.Queue()

    async def show(self) -> None:
        await self.screen.start()
        await self.screen.show(_POPUP, self._card)
        await self.screen.describe()  # until the popup is up
        if self.screen.trouble is not None:
            raise ControlError(self.screen.trouble)

    async def heed_presses(self) -> None:
        while True:
            button, text = await self._presses.get()
            action = act(self._subject, button, text, self._layout, datetime.now().astimezone())
            if action is not None:
                self._tell(told(action, self._layout.wording.catalogue.gettext))
            # The desktop closed the example with the press; the next button is to be tried as well.
            await self.screen.show(_POPUP, self._card)

    def _dismissed(self, _popup_id: PopupId) -> None:
        self.closed.set()

    def _pressed(self, _popup_id: PopupId, button: str, text: str) -> None:
        self._presses.put_nowait((button, text))
