"""What shows cards: the port, and the table of all that can be plugged into it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, Protocol

from bubbled.model import PopupId

if TYPE_CHECKING:
    from bubbled.model import Card

OnDismissed = Callable[[PopupId], None]
"""Told at once, within the event loop, when the user (not the daemon) closes a popup."""

OnPressed = Callable[[PopupId, str, str], None]
"""Told the id of the button, and what the user typed where it asks for that, at once, when one is pressed.
The popup is gone then, and not dismissed: most desktops close it with the press, and what is to be up after
it has to be shown."""


class Screen(Protocol):
    """Shows cards somewhere.

    Nothing here raises because the screen is missing, slow or broken: the screen logs it once, tells it in
    `trouble`, goes on trying and then shows what should be up by now. `show`, `update` and `close` hand the
    wish over and come back at once; for each popup the latest wish is carried out, in order. A screen that
    cannot show all buttons of a card leaves out the last, and shows what the card says `instead` of them.
    """

    @property
    def name(self) -> str:
        """Its name in the settings: `native`, `terminal`."""

    @property
    def trouble(self) -> str | None:
        """Why popups cannot be shown now, in one line for the user; None while they can."""

    async def start(self) -> None:
        """Get ready; takes a second at most, also when there is nothing to show cards on."""

    async def show(self, popup_id: PopupId, card: Card) -> None:
        """Put up a popup."""

    async def update(self, popup_id: PopupId, card: Card) -> None:
        """Change the popup in its place; does nothing to one that the user has closed."""

    async def close(self, popup_id: PopupId) -> None:
        """Take the popup away; does nothing when it is not up."""

    async def describe(self) -> str:
        """Ask the screen who it is and what it can do, for `bubbled doctor`; takes 5 seconds at most."""

    async def aclose(self) -> None:
        """Take every popup away and let go; takes a second at most."""


def _native(on_dismissed: OnDismissed, on_pressed: OnPressed) -> Screen:
    from bubbled.popup.screens.native import NativeScreen  # noqa: PLC0415 - 40 ms, and Linux only

    return NativeScreen(on_dismissed, on_pressed)


def _terminal(_on_dismissed: OnDismissed, _on_pressed: OnPressed) -> Screen:
    from bubbled.popup.screens.terminal import TerminalScreen  # noqa: PLC0415 - rich takes 60 ms

    return TerminalScreen()


SCREENS: Final[Mapping[str, Callable[[OnDismissed, OnPressed], Screen]]] = {
    "native": _native,
    "terminal": _terminal,
}


def choose(wish: str, environ: Mapping[str, str], *, on_terminal: bool) -> str:
    """Name the screen for `popup.screen` in the settings; `auto` takes the terminal if there is no desktop.

    Args:
        wish: what the settings say: `auto` or a key of `SCREENS`.
        environ: the process environment.
        on_terminal: whether standard output is a terminal.
    """
    if wish != "auto":
        return wish
    desktop = environ.get("WAYLAND_DISPLAY") or environ.get("DISPLAY")
    return "terminal" if on_terminal and not desktop else "native"
