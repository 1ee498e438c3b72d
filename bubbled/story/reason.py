"""Why there was no popup at a moment: each reason as a value. Pure; moments are aware."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class ToCome:
    """The moment has not come yet."""

    kind = "to_come"


@dataclass(frozen=True, slots=True)
class NotRemembered:
    """It is longer ago than is remembered.

    Attributes:
        since: from when on something is known; None: nothing is.
    """

    kind = "not_remembered"
    since: datetime | None


@dataclass(frozen=True, slots=True)
class NotRunning:
    """bubbled did not run.

    Attributes:
        since: when it was stopped, or gave the last sign.
        until: when it was started again; None: nobody knows.
        is_stopped: whether it was stopped in good order.
    """

    kind = "not_running"
    since: datetime
    until: datetime | None
    is_stopped: bool


@dataclass(frozen=True, slots=True)
class Asleep:
    """The computer was suspended."""

    kind = "asleep"
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class CutOff:
    """There was no connection to the PBX, or the account was refused.

    Attributes:
        since: when that began.
        until: when the connection was there again; None: it was not by the end of what is looked at.
        why: what the daemon said of it.
    """

    kind = "cut_off"
    host: str
    since: datetime
    until: datetime | None
    why: str
    is_refused: bool = False


@dataclass(frozen=True, slots=True)
class SoonCutOff:
    """The connection broke so soon afterwards that what the PBX said may be lost."""

    kind = "soon_cut_off"
    host: str
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class KeptBack:
    """There was a call, and a rule kept its popup back.

    Attributes:
        call: its id.
        who: with whom; empty: nobody knows.
    """

    kind = "kept_back"
    call: str
    who: str
    at: datetime
    popup: str
    setting: str


@dataclass(frozen=True, slots=True)
class NotShown:
    """There was a call that should have had a popup, but no screen showed it; `who` as with `KeptBack`.

    Attributes:
        error: what the screen said.
    """

    kind = "not_shown"
    call: str
    who: str
    at: datetime
    screen: str
    error: str


@dataclass(frozen=True, slots=True)
class WasShown:
    """There was a call, and its popup was shown; `who` as with `KeptBack`.

    Attributes:
        screen: on which screen; empty where that is not known.
        answer: what that answered.
    """

    kind = "was_shown"
    call: str
    who: str
    at: datetime
    screen: str
    answer: str


@dataclass(frozen=True, slots=True)
class WasMuted:
    """There was no call, but popups were muted too."""

    kind = "was_muted"
    since: datetime


@dataclass(frozen=True, slots=True)
class WasQuiet:
    """There was no call, but the desktop wanted no popups either."""

    kind = "was_quiet"
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HadNoScreen:
    """There was no call, but nothing could have shown a popup either."""

    kind = "had_no_screen"
    trouble: str


@dataclass(frozen=True, slots=True)
class OwnUnreached:
    """The PBX wanted the user's phone to ring, and it did not."""

    kind = "own_unreached"
    at: datetime
    devices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnWithoutCall:
    """The user's phone rang, but the PBX told of no call that belongs to it."""

    kind = "own_without_call"
    at: datetime
    devices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OthersRang:
    """Other phones rang then, not the user's.

    Attributes:
        others: how many more than are named.
    """

    kind = "others_rang"
    at: datetime
    devices: tuple[str, ...]
    others: int
    mine: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NothingRang:
    """The PBX told of no phone that rang."""

    kind = "nothing_rang"
    since: datetime
    until: datetime
    mine: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RangNobody:
    """Calls began at the PBX, but no phone rang for them."""

    kind = "rang_nobody"
    at: datetime
    callers: int
    mine: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OnlyOwnTold:
    """The PBX tells of the user's extension alone, as it does by SIP, and told of no call to it."""

    kind = "only_own_told"
    mine: tuple[str, ...]


Reason = (
    ToCome
    | NotRemembered
    | NotRunning
    | Asleep
    | CutOff
    | SoonCutOff
    | KeptBack
    | NotShown
    | WasShown
    | WasMuted
    | WasQuiet
    | HadNoScreen
    | OwnUnreached
    | OwnWithoutCall
    | OthersRang
    | NothingRang
    | RangNobody
    | OnlyOwnTold
)
