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


Command = ShowPopup | UpdatePopup | ClosePopup | WakeAt | Dial | Choose
