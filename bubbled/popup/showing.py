"""What a screen says of a popup that it was to put up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bubbled.model import PopupId


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """What came of putting up a popup.

    Attributes:
        screen: the name of the screen.
        server: who shows it for the screen, with version; empty: it needs nobody.
        answer: what that answered, such as `notification 42`; empty: it answers nothing.
        error: why it is not shown, in one line; empty: it is.
    """

    screen: str
    server: str = ""
    answer: str = ""
    error: str = ""


OnShown = Callable[[PopupId, Showing], None]
"""Told, within the event loop, when a popup has been put up, and when that failed; not of its changes."""


def unheard(_popup_id: PopupId, _showing: Showing) -> None:
    """Let nobody hear of it."""
