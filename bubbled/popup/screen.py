"""What shows cards: the port, and the table of all that can be plugged into it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

from bubbled.model import PopupId
from bubbled.popup.showing import OnShown, unheard
from bubbled.popup.window.message import Look

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence

    from bubbled.model import Card

OnDismissed = Callable[[PopupId], None]
"""Told at once, within the event loop, when the user (not the daemon) closes a popup."""

OnPressed = Callable[[PopupId, str, str], None]
"""Told the id of the button, and what the user typed where it asks for that, at once, when one is pressed.
The popup is gone then, and not dismissed: most desktops close it with the press, and what is to be up after
it has to be shown."""


# No button of a card has such an id: those have no hyphen.
CALL_PAGE: Final = "call-page"
"""The id of a button that is on no card: a screen that has room for it offers the page of the call by it."""


class Screen(Protocol):
    """Shows cards somewhere.

    Nothing here raises because the screen is missing, slow or broken: the screen logs it once, tells it in
    `trouble`, goes on trying and then shows what should be up by now. `show`, `update` and `close` hand the
    wish over and come back at once; for each popup the latest wish is carried out, in order. A screen that
    cannot show all buttons of a card leaves out the last, and shows what the card says `instead` of them.
    """

    @property
    def name(self) -> str:
        """Its name in the settings: `native`, `window`, `terminal`."""

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


@runtime_checkable
class TakesKeyboard(Protocol):
    """A screen on which popups can be used without a mouse."""

    async def focus(self) -> bool:
        """Give the keyboard to the newest popup; tells whether there is one that takes it."""


@runtime_checkable
class TellsTrouble(Protocol):
    """A screen that can lose what it shows popups on, and find it again."""

    def watch(self, on_trouble_changed: Callable[[], None]) -> None:
        """Have somebody told, within the event loop, when `trouble` changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment:
    """What screens are made of.

    Attributes:
        on_dismissed: told when the user closes a popup.
        on_pressed: told when the user presses a button.
        on_shown: told what came of putting up a popup.
        has_pages: whether there are pages in the browser, to which a button may lead.
        look: where windows stand, and how they look.
        find_desktop: gives the variables of the user's desktop, none where there is none; told whether the
            one that it gave last is gone.
    """

    on_dismissed: OnDismissed
    on_pressed: OnPressed
    on_shown: OnShown = unheard
    has_pages: bool = False
    look: Look = field(default_factory=Look)
    find_desktop: Callable[[bool], Awaitable[Mapping[str, str]]]


def _native(equipment: Equipment) -> Screen:
    from bubbled.popup.screens.native import NativeScreen  # noqa: PLC0415 - 40 ms, and Linux only

    return NativeScreen(
        equipment.on_dismissed,
        equipment.on_pressed,
        equipment.on_shown,
        has_pages=equipment.has_pages,
    )


def _window(equipment: Equipment) -> Screen:
    from bubbled.popup.screens.window import WindowScreen  # noqa: PLC0415 - only where it is used

    return WindowScreen(
        equipment.on_dismissed,
        equipment.on_pressed,
        equipment.look,
        equipment.find_desktop,
        on_shown=equipment.on_shown,
    )


def _terminal(equipment: Equipment) -> Screen:
    from bubbled.popup.screens.terminal import TerminalScreen  # noqa: PLC0415 - rich takes 60 ms

    return TerminalScreen(equipment.on_shown)


SCREENS: Final[Mapping[str, Callable[[Equipment], Screen]]] = {
    "native": _native,
    "window": _window,
    "terminal": _terminal,
}


def choose(wish: str, environ: Mapping[str, str], *, on_terminal: bool, has_windows: bool) -> tuple[str, ...]:
    """Name the screens for `popup.screen` in the settings, the best first.

    Args:
        wish: what the settings say: `auto` or a key of `SCREENS`.
        environ: the process environment.
        on_terminal: whether standard output is a terminal.
        has_windows: whether what shows windows is installed.

    Returns:
        those after the first are for when it cannot show anything.
    """
    if wish not in {"auto", "window"}:
        return (wish,)
    is_on_desktop = bool(environ.get("WAYLAND_DISPLAY") or environ.get("DISPLAY"))
    if wish == "auto" and on_terminal and not is_on_desktop:
        return ("terminal",)
    windows = ("window",) if wish == "window" or has_windows else ()
    return (*windows, "native", *(("terminal",) if on_terminal else ()))


def is_installed() -> bool:
    """Whether what shows windows is there; it is not loaded here."""
    return find_spec("PySide6") is not None


def build(names: Sequence[str], equipment: Equipment) -> Screen:
    """Make a screen that shows cards on the first of these that can."""
    if len(names) == 1:
        return SCREENS[names[0]](equipment)
    from bubbled.popup.screens.chain import ChainScreen  # noqa: PLC0415 - only where it is used

    return ChainScreen([SCREENS[name] for name in names], equipment)
