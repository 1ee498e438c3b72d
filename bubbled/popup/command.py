"""What the presenter asks of the daemon: the decisions about popups, to be carried out in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bubbled.model import CallId, Card, Contact, PopupId


@dataclass(frozen=True, slots=True)
class ShowPopup:
    """Put a popup on the screen; none with this id is up."""

    id: PopupId
    card: Card


@dataclass(frozen=True, slots=True)
class UpdatePopup:
    """Change the popup that is up, in its place."""

    id: PopupId
    card: Card


@dataclass(frozen=True, slots=True)
class ClosePopup:
    """Take the popup off the screen."""

    id: PopupId


@dataclass(frozen=True, slots=True)
class WakeAt:
    """Call `Presenter.woke` at this time; takes the place of any earlier `WakeAt`."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Dial:
    """Call a number for the user, who pressed a button for it."""

    number: str


@dataclass(frozen=True, slots=True)
class Choose:
    """Take a contact for the caller, because the user said who it is; its popup shows him already."""

    call_id: CallId
    contact: Contact


@dataclass(frozen=True, slots=True)
class OpenUri:
    """Open a page, begin a mail, or whatever else the desktop does with an address."""

    uri: str


@dataclass(frozen=True, slots=True)
class CopyText:
    """Put a text on the clipboard."""

    text: str


@dataclass(frozen=True, slots=True)
class RunProgram:
    """Start a program with its arguments, as they are and without a shell."""

    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MuteFor:
    """Mute popups for so many minutes; 0: until the user unmutes."""

    minutes: int


@dataclass(frozen=True, slots=True)
class TakeNote:
    """Add a text to the notes of a call; an empty one: ask the user for it first."""

    call_id: CallId
    text: str


Action = Dial | Choose | OpenUri | CopyText | RunProgram | MuteFor | TakeNote
"""What a button does."""

Command = ShowPopup | UpdatePopup | ClosePopup | WakeAt | Action
