"""What concerns all calls alike, and may explain a popup that did not come. Pure; as `bubbled.story.fact`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Began:
    """bubbled was started."""

    version: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """bubbled was ended in good order."""


@dataclass(frozen=True, slots=True)
class Connected:
    """There is a connection to the PBX.

    Attributes:
        times: how often within this minute it came and went, of which only this is told.
    """

    host: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class Disconnected:
    """The connection to the PBX was lost, or could not be made; `times` as with `Connected`.

    Attributes:
        since: from when on there has been none.
    """

    host: str
    reason: str
    since: datetime | None = None
    times: int = 1


@dataclass(frozen=True, slots=True)
class Rejected:
    """The PBX does not accept the account; `since` and `times` as with `Disconnected`."""

    host: str
    reason: str
    since: datetime | None = None
    times: int = 1


@dataclass(frozen=True, slots=True)
class Muted:
    """The user muted popups, until a moment or (None) until he unmutes.

    Attributes:
        since: when he did, where it was before bubbled was started.
    """

    until: datetime | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unmuted:
    """Popups are shown again."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """The desktop wants no popups from now on, for these reasons; none: it does not mind any more."""

    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScreenChanged:
    """Popups are shown on this screen from now on."""

    screen: str


@dataclass(frozen=True, slots=True)
class ScreenLost:
    """No screen can show popups."""

    screen: str
    trouble: str


@dataclass(frozen=True, slots=True)
class SettingsApplied:
    """The settings file was read anew and holds from now on."""


@dataclass(frozen=True, slots=True)
class SettingsRefused:
    """The settings file was read anew, but cannot be used; the old settings stay."""

    reason: str


@dataclass(frozen=True, slots=True)
class Slept:
    """The computer was suspended, or its clock was put forward, since a moment and until this one."""

    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What the PBX told within the minute that began then; also a sign that bubbled was running.

    Attributes:
        rang: devices that rang, the user's own and others.
        unreached: devices that were to ring and did not: switched off, busy.
        others: how many more rang.
        callers: how many calls began, anybody's, whether or not a phone rang for them.
    """

    rang: tuple[str, ...] = ()
    unreached: tuple[str, ...] = ()
    others: int = 0
    callers: int = 0


OfAll = (
    Began
    | Stopped
    | Connected
    | Disconnected
    | Rejected
    | Muted
    | Unmuted
    | Quiet
    | ScreenChanged
    | ScreenLost
    | SettingsApplied
    | SettingsRefused
    | Slept
    | Heard
)
"""What concerns all calls alike."""
