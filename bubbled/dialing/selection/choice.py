"""Which way of reading the selection fits a desktop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bubbled.dialing.selection.port import NO_DESKTOP, SelectionError

if TYPE_CHECKING:
    from bubbled.dialing.selection.port import Selection
    from bubbled.display import Display


def selection_on(display: Display) -> Selection:
    """Make what reads the selection on a display; on Wayland its own, which holds for X11 programs too.

    Raises:
        SelectionError: there is no desktop.
    """
    if display.wayland:
        from bubbled.dialing.selection.wayland import WaylandSelection  # noqa: PLC0415 - only where it is used

        return WaylandSelection(display.wayland, display.runtime_dir)
    if display.x11:
        from bubbled.dialing.selection.x11 import X11Selection  # noqa: PLC0415 - takes 12 ms and 2 MB

        return X11Selection(display)
    raise SelectionError(NO_DESKTOP)
