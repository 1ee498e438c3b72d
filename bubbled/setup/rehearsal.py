"""An example of a popup, before anything is written."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from bubbled.control.check import Check, Verdict
from bubbled.daemon.example import show_example
from bubbled.error import BubbledError
from bubbled.popup.screen import choose, is_installed

if TYPE_CHECKING:
    from bubbled.settings.schema import Settings

EXAMPLE_S: Final = 6.0
"""For how long it stays; or until the user closes it."""

_OF_DESKTOPS: Final = ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS")


def has_desktop() -> bool:
    """Whether there is anything that popups could be shown on."""
    return any(os.environ.get(variable) for variable in _OF_DESKTOPS)


def no_desktop() -> Check:
    """Say that there is none."""
    advice = "Run setup in a terminal of your desktop to see one."
    return Check("Popups", Verdict.WARNING, "there is no desktop here to show them on", advice)


async def rehearse(settings: Settings) -> Check | None:
    """Show an example, and take it away again; gives what kept it from being shown."""
    screen, *_ = choose(
        settings.popup.screen.value, os.environ, on_terminal=False, has_windows=is_installed()
    )
    try:
        await show_example(settings, screen, "ringing", EXAMPLE_S, lambda _text: None)
    except BubbledError as error:
        return Check("Popups", Verdict.WARNING, str(error), "docs/popup.md tells what shows popups.")
    return None
