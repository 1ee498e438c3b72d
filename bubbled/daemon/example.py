"""Shows an example popup on a screen of its own, beside a daemon or without one."""

from __future__ import annotations

import asyncio
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
    popup = settings.popup.model_copy(update={"screen": ScreenChoice(screen_name)})
    wished = settings.model_copy(update={"popup": popup})
    layout, now = assembly.rules(wished).layout, datetime.now().astimezone()
    subject = SCENES[scene](layout, now)
    card = example_card(subject, layout, now)
    closed = asyncio.Event()
    pressed: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
    screen = assembly.screen(
        wished, lambda _: closed.set(), lambda _, button, text: pressed.put_nowait((button, text))
    )

    async def heed() -> None:
        while True:
            button, text = await pressed.get()
            action = act(subject, button, text, layout, datetime.now().astimezone())
            if action is not None:
                tell(told(action, layout.wording.catalogue.gettext))
            await screen.show(_POPUP, card)

    await screen.start()
    heeding = asyncio.create_task(heed(), name="presses on the example")
    try:
        await screen.show(_POPUP, card)
        await screen.describe()  # until the popup is up
        if screen.trouble is not None:
            raise ControlError(screen.trouble)
        async with asyncio.timeout(for_s):
            await closed.wait()
    except TimeoutError:
        pass
    finally:
        heeding.cancel()
        await screen.aclose()
