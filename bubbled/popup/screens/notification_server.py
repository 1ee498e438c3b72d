"""What notification servers are like, by what they say of themselves and by what was measured. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Habits:
    """What a server does although its capabilities do not tell; docs/popup.md has what was measured.

    Attributes:
        most_buttons: how many it shows so that they can be read and pressed; None: all.
        hides_buttons: it shows none, but offers them elsewhere: in a menu, or on a command line.
        presses_unseen: a click does what the only button would do, although that cannot be seen.
        keeps_pressed: a notification stays when a button is pressed, if it has the hint `resident`.
        loses_buttons: a notification that changes has no buttons any more.
        keeps_buttons: a notification that changes has the buttons that it had, whatever it should have.
        wants_paths: it takes the address of a picture for a path, percent signs and all.
        tucks_away: it takes a normal notification away after seconds, whatever its timeout; a critical one
            stays. The others get no critical ones: they would paint a call as an alarm and break through
            "do not disturb".
    """

    most_buttons: int | None = None
    hides_buttons: bool = False
    presses_unseen: bool = False
    keeps_pressed: bool = False
    loses_buttons: bool = False
    keeps_buttons: bool = False
    wants_paths: bool = False
    tucks_away: bool = False


_USUAL: Final = Habits()

# By the name in GetServerInformation, in small letters.
_HABITS: Final[Mapping[str, Habits]] = {
    "dunst": Habits(hides_buttons=True, presses_unseen=True),
    "gnome-shell": Habits(most_buttons=3, keeps_pressed=True, loses_buttons=True, tucks_away=True),
    # Of more it makes a list, to be opened.
    "lxqt-notificationd": Habits(most_buttons=3, keeps_pressed=True, keeps_buttons=True),
    "mako": Habits(hides_buttons=True),
    "notification daemon": Habits(most_buttons=4, wants_paths=True),  # MATE: one row, as wide as all of them
    "plasma": Habits(keeps_pressed=True),
    "xfce notify daemon": Habits(most_buttons=4),  # the same
}


@dataclass(frozen=True, slots=True)
class Server:
    """What a notification server says about itself."""

    name: str
    vendor: str
    version: str
    spec_version: str
    capabilities: frozenset[str]

    def __str__(self) -> str:
        skills = ", ".join(sorted(self.capabilities)) or "nothing more than a title"
        return f"{self.name} {self.version} by {self.vendor}, notifications {self.spec_version}: {skills}"

    @property
    def habits(self) -> Habits:
        """What is known about it beside that."""
        return _HABITS.get(self.name.lower(), _USUAL)

    @property
    def shows_buttons(self) -> bool:
        """Whether buttons can be seen on its notifications."""
        return "actions" in self.capabilities and not self.habits.hides_buttons
