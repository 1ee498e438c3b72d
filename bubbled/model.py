"""The words that every room shares: calls, contacts and cards. Frozen values, no I/O."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from datetime import datetime

CallId = NewType("CallId", str)
"""Names one call of one user; never reused, also not after a restart of the PBX."""

Device = NewType("Device", str)
"""A phone as a channel name without its serial: `PJSIP/101`."""

E164 = NewType("E164", str)
"""A possible number in international notation: `+31612345678`."""

Extension = NewType("Extension", str)
"""A number that means somebody only inside of the PBX, as it is dialled: `102`."""

Owner = NewType("Owner", str)
"""Whose call it is: `ME`, or a colleague by extension."""

ME = Owner("me")


class Direction(StrEnum):
    """Who began the call, seen from its owner."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class CallState(StrEnum):
    """Where a call is in its life."""

    RINGING = "ringing"
    DIALLING = "dialling"
    TALKING = "talking"
    HELD = "held"
    ENDED = "ended"


class Outcome(StrEnum):
    """How a call ended for its owner."""

    ANSWERED = "answered"
    MISSED = "missed"
    ANSWERED_ELSEWHERE = "answered_elsewhere"
    REJECTED = "rejected"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    TRANSFERRED = "transferred"
    PARKED = "parked"
    FAILED = "failed"
    OWN_PHONE_NO_ANSWER = "own_phone_no_answer"
    OWN_PHONE_REJECTED = "own_phone_rejected"


class Failure(StrEnum):
    """Why the PBX did not even try a call that the user wished, where the outcome alone does not tell."""

    NOT_CONNECTED = "not_connected"
    """There is no connection to the PBX; nothing was asked."""
    NOT_PERMITTED = "not_permitted"
    """The PBX account may not place calls."""
    NUMBER_REFUSED = "number_refused"
    """The dialplan has no such number."""
    PHONE_UNREGISTERED = "phone_unregistered"
    """The own phone is switched off, or not connected."""
    PHONE_UNKNOWN = "phone_unknown"
    """The PBX has no such phone."""
    PBX_REFUSED = "pbx_refused"
    """For a reason of its own."""
    UNKNOWN = "unknown"
    """The connection was lost before the PBX answered; the call may go on, and is not repeated."""


class ViaKind(StrEnum):
    """By which way a call came to its owner."""

    QUEUE = "queue"
    RING_GROUP = "ring_group"
    FORWARD = "forward"
    TRANSFER = "transfer"
    PICKUP = "pickup"
    PARK = "park"
    CLICK_TO_CALL = "click_to_call"


@dataclass(frozen=True, slots=True)
class Via:
    """The way a call came, with the name of the queue, group, slot or extension where the PBX tells it."""

    kind: ViaKind
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One conversation as its owner experiences it.

    Attributes:
        id: the same in every change of this call.
        device: the owner's phone; while several ring, the first, then the one that was lifted.
        internal: whether the remote party is a colleague on the same PBX.
        number: the remote party now, as the PBX wrote it; None when withheld or unknown.
        e164: `number` in international notation; None unless possible in the region.
        name: what the PBX calls the remote party, unescaped; None when unknown.
        dialled: the number that the caller dialled, as the PBX wrote it.
        answered_by: the extension of the colleague who took the call instead, where the PBX tells it.
        outcome: None until the call has ended.
        failure: why nothing came of a click; None for all calls that made a phone ring.
    """

    id: CallId
    device: Device
    direction: Direction
    state: CallState
    owner: Owner = ME
    internal: bool = False
    number: str | None = None
    e164: E164 | None = None
    name: str | None = None
    dialled: str | None = None
    via: Via | None = None
    transferred_from: str | None = None
    transferred_to: str | None = None
    answered_by: str | None = None
    outcome: Outcome | None = None
    failure: Failure | None = None


class ChangeKind(StrEnum):
    """What happened to a call: `STARTED` once and first, `ENDED` once and last, `ANSWERED` once or never."""

    STARTED = "started"
    UPDATED = "updated"
    ANSWERED = "answered"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class CallChange:
    """A change of one call, with the call as it is after the change."""

    kind: ChangeKind
    call: Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Someone that a directory knows.

    Attributes:
        directory: the name of the directory that answered.
        fields: whatever else the directory holds, by lower-case column name, in its order.
        url: the contact's page in the source, for a button.
        probable: True when only the company's main number matched, so that the person is a guess.
        id: of the record in its source, as the source writes it; None where records have none.
        transient: True when the terms of the source forbid to keep more of it than its `id`.
    """

    directory: str
    name: str | None = None
    company: str | None = None
    fields: tuple[tuple[str, str], ...] = ()
    url: str | None = None
    probable: bool = False
    id: str | None = None
    transient: bool = False


@dataclass(frozen=True, slots=True)
class LastContact:
    """The latest earlier call with a number, of the user or of a colleague.

    Attributes:
        at: when it began, with zone.
        colleague: the colleague's name or extension; None when it was the user.
    """

    at: datetime
    direction: Direction
    outcome: Outcome
    colleague: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dealings:
    """What the history knows about earlier calls with a number.

    Attributes:
        last: the latest; None when there was none.
        calls: how many there were, of the user and of colleagues.
        note: what was noted last of the number, in this call or an earlier one; may have lines.
        noted_by: the colleague who wrote that; None when it was the user.
    """

    last: LastContact | None = None
    calls: int = 0
    note: str = ""
    noted_by: str | None = None


class Tone(StrEnum):
    """What a card wants from the eye: colour, icon and urgency follow from it."""

    RINGING = "ringing"
    TALKING = "talking"
    HELD = "held"
    MISSED = "missed"
    ENDED = "ended"
    QUESTION = "question"
    """The user is asked something."""
    NOTICE = "notice"
    """The user is told why nothing was done."""


@dataclass(frozen=True, slots=True)
class Button:
    """Something that the user can do with a popup.

    Attributes:
        id: tells the buttons of one card apart: ASCII letters, digits and `_`.
        label: in a word or three, plain text.
        asks: what the user is to type with it, in a few words; empty: a press is all that it takes. A screen
            on which nothing can be typed reports the press with an empty text.
    """

    id: str
    label: str
    asks: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """What a popup shows, as plain text; each screen escapes it for its own language.

    Attributes:
        headline: who it is.
        lines: what else matters, most important first; never empty strings.
        status: where the call is, in a few words.
        footnote: where the contact was found, shown small; empty when there is nothing to say.
        buttons: most important first; a screen shows as many as it can.
        instead: what to do where the buttons cannot be seen; shown only there.
        picture: the absolute path of an image, or the name of an icon of the desktop's theme; empty: none.
        since: from when on a screen that can do so counts the time of the call, aware; None: it does not.
        direction: of the call that the card is about; None when it is about none.
        is_vip: whether the user marked such callers as important.
    """

    headline: str
    lines: tuple[str, ...]
    status: str
    tone: Tone
    footnote: str = ""
    buttons: tuple[Button, ...] = ()
    instead: str = ""
    picture: str = ""
    since: datetime | None = None
    direction: Direction | None = None
    is_vip: bool = False


PopupId = NewType("PopupId", str)
"""Names one popup; equal to the `CallId` of the call it shows."""


@dataclass(frozen=True, slots=True)
class Mute:
    """Popups are muted: until a moment with zone, or (None) until the user unmutes.

    Attributes:
        since: when that began, with zone; None where nobody knows.
    """

    until: datetime | None = None
    since: datetime | None = None
