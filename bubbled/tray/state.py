"""What the tray knows of the daemon, and what the user can ask of it there. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bubbled.model import CallId, CallState, Device, Direction, Mute, Outcome


class Line(StrEnum):
    """How it stands with the PBX."""

    CONNECTED = "connected"
    CONNECTING = "connecting"
    DISCONNECTED = "disconnected"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrayCall:
    """A call, as the menu lists it.

    Attributes:
        who: the other party, one line of plain text.
        at: when it began, aware.
        outcome: None while it lasts, and where nobody saw it end.
    """

    id: CallId
    who: str
    at: datetime
    direction: Direction
    state: CallState
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrayPhone:
    """A phone from which the user may call.

    Attributes:
        name: as its user knows it, one line of plain text.
        rings: whether it is the one that rings when a number is called.
        is_absent: whether the PBX says that it is not there.
    """

    device: Device
    name: str
    rings: bool = False
    is_absent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TrayState:
    """The daemon as the tray shows it.

    Attributes:
        host: of the PBX.
        reason: why there is no connection, in one line; empty where nobody knows.
        mute: None while popups are shown; never one that is over.
        calls: those that go on, in the order in which they began.
        last_calls: the newest last; those that go on may be among them.
        phones: in the user's order.
        missed: how many calls were missed since the user looked last.
        trouble: why popups cannot be shown, in one line; empty when they can.
        has_pages: whether there are pages in the browser.
    """

    line: Line = Line.CONNECTING
    host: str = ""
    reason: str = ""
    mute: Mute | None = None
    calls: tuple[TrayCall, ...] = ()
    last_calls: tuple[TrayCall, ...] = ()
    phones: tuple[TrayPhone, ...] = ()
    missed: int = 0
    trouble: str = ""
    has_pages: bool = False


class Wish(StrEnum):
    """What the user can ask for that needs no more words."""

    SHOW_LATEST = "show"
    MUTE = "mute"
    MUTE_UNTIL_TOMORROW = "tomorrow"
    UNMUTE = "unmute"
    OPEN_HISTORY = "history"
    OPEN_SETTINGS = "settings"
    QUIT = "quit"


@dataclass(frozen=True, slots=True)
class ShowCall:
    """Bring the popup of a call back."""

    id: CallId


@dataclass(frozen=True, slots=True)
class Pause:
    """Mute popups for so many minutes."""

    minutes: int


@dataclass(frozen=True, slots=True)
class LetRing:
    """Let this phone ring when a number is called, from now on."""

    device: Device


Action = Wish | ShowCall | Pause | LetRing
"""What an entry of the menu does; it says what is wanted, never "the other way round"."""
