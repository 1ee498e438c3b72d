"""Which way of having a key fits a desktop."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from bubbled.dialing.hotkey.elsewhere import ElsewhereHotkey
from bubbled.dialing.hotkey.purpose import DIALLING

if TYPE_CHECKING:
    from bubbled.dialing.hotkey.port import Hotkey, OnPressed
    from bubbled.dialing.hotkey.purpose import Purpose
    from bubbled.display import Display
    from bubbled.keystroke import Keystroke


async def hotkey_on(
    display: Display, keystroke: Keystroke, on_pressed: OnPressed, purpose: Purpose = DIALLING
) -> Hotkey | None:
    """Make what has the key on a desktop; None where there is no desktop.

    On Wayland only the desktop itself can see a key that is pressed in another window, also where X11
    programs run beside. A shortcut that the user had set up goes before the portal: both would dial twice.
    Those ways are for the key that dials; other keys are then for the user to bind.
    """
    if sys.platform in {"win32", "darwin"}:
        from bubbled.dialing.hotkey.pynput import PynputHotkey  # noqa: PLC0415 - only where it is used

        return PynputHotkey(keystroke, on_pressed)
    if display.wayland and purpose is not DIALLING:
        return ElsewhereHotkey(keystroke, purpose)
    if display.wayland:
        from bubbled.dialing.hotkey.shortcut import ShortcutHotkey, is_set_up  # noqa: PLC0415 - the same

        if await is_set_up():
            return ShortcutHotkey()
        from bubbled.dialing.hotkey.portal import PortalHotkey  # noqa: PLC0415 - only where it is used

        return PortalHotkey(keystroke, on_pressed)
    if display.x11:
        from bubbled.dialing.hotkey.x11 import X11Hotkey  # noqa: PLC0415 - takes 12 ms and 2 MB

        return X11Hotkey(keystroke, on_pressed, display, purpose)
    return None
