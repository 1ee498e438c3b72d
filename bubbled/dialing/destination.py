"""The words of dialling: who wishes a call, to whom it goes, and why it does not go. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bubbled.model import E164


class Source(StrEnum):
    """Where a wish to call somebody comes from; some are trusted less than others."""

    SELECTION = "selection"
    """Text that the user selected somewhere, by hotkey or `bubbled dial --selection`."""
    LINK = "link"
    """A `tel:`, `callto:` or `sip:` link, which a web page made."""
    TYPED = "typed"
    """A number that the user wrote on the command line."""
    POPUP = "popup"
    """A button of a popup."""


class Kind(StrEnum):
    """What a number is to the PBX."""

    OUTSIDE = "outside"
    SHORT = "short"
    """A number that only its own country knows, such as 1233; it goes outside too."""
    EMERGENCY = "emergency"
    INTERNAL = "internal"
    CODE = "code"
    """A service code of the PBX, such as `*72`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Somebody who can be called.

    Attributes:
        dialled: exactly what the PBX is asked to dial: digits, `+`, `*` and `#` only.
        shown: the number as one reads it.
        e164: in international notation; None for anything but a whole number of the outside.
        ask: why the user is asked before it is dialled; None when it is dialled at once.
    """

    dialled: str
    shown: str
    kind: Kind
    e164: E164 | None = None
    ask: Caution | None = None


class Caution(StrEnum):
    """Why the user is asked first; where there are several reasons, the first in this order is told."""

    EMERGENCY = "emergency"
    PREMIUM_RATE = "premium_rate"
    SHARED_COST = "shared_cost"
    ABROAD = "abroad"
    PATTERN = "pattern"
    """The settings ask for it by a pattern of numbers."""
    LINK = "link"
    """A web page can make its own links; only the user makes the phone ring."""


class Refusal(StrEnum):
    """Why a text gives nobody to call."""

    NOTHING = "nothing"
    """There is no text at all."""
    TOO_LONG = "too_long"
    NO_NUMBER = "no_number"
    IMPOSSIBLE = "impossible"
    """There is a number, but nobody can have it."""
    EXTENSION_NOT_ALLOWED = "extension_not_allowed"
    CODE_NOT_ALLOWED = "code_not_allowed"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text gives to call: nobody for a reason, one, or several to choose from, in their order.

    Attributes:
        about: what the refusal is about, for the user to recognise: at most 40 harmless characters.
    """

    destinations: tuple[Destination, ...] = ()
    refusal: Refusal | None = None
    about: str = ""
