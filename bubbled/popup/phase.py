"""The life of a popup, as a table of transitions. Pure.

Four phases belong to a call that runs (`SILENT`, `UP`, `HIDDEN`, `DISMISSED`), five to one that has ended
(`FAREWELL`, `KEPT`, `PUT_OFF`, `MISSED`, `RECALLED`), and `GONE` is before and after all. What the table does
not name changes nothing, so that no order of inputs is an error: presses and timers may come too late.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


class Phase(Enum):
    """Where a popup is in its life."""

    GONE = auto()
    """No popup, and nothing left to remember."""
    SILENT = auto()
    """The call runs, but muting, the desktop or the settings keep its popup away."""
    UP = auto()
    """The call runs and its popup is up."""
    HIDDEN = auto()
    """The call runs; the popup has been up for as long as the settings allow."""
    DISMISSED = auto()
    """The call runs; the user has closed the popup, and updates do not bring it back."""
    FAREWELL = auto()
    """The call has ended; the popup says how, for a moment."""
    KEPT = auto()
    """The call has ended; the popup stays for a while, so that a note can be taken."""
    PUT_OFF = auto()
    """The call was missed; the popup says so when the desktop no longer wants quiet."""
    MISSED = auto()
    """The call was missed; the popup says so until the user closes it."""
    RECALLED = auto()
    """The call has ended; the user asked for its popup once more."""


class Trigger(Enum):
    """What moves a popup from one phase to the next."""

    ALLOWED = auto()
    """Nothing stands against a popup (any more)."""
    SILENCED = auto()
    """Muting or the settings stand against a popup (from now on)."""
    HUSHED = auto()
    """The desktop wants quiet from now on."""
    TIME_UP = auto()
    DISMISSED = auto()
    """By the user, on the screen."""
    RECALLED = auto()
    """By the user, with `bubbled show`."""
    ENDED = auto()
    """The call ended in a way that the user knows."""
    ENDED_KEPT = auto()
    """The same, and its popup is to stay for a while if it is up."""
    ENDED_NEWS = auto()
    """The call ended in a way that the user wants to be told."""
    ENDED_MISSED = auto()
    ENDED_PUT_OFF = auto()
    """The call was missed, and the desktop wants quiet."""
    FAILED = auto()
    """The user wished the call, and nothing came of it: that is told also where its popup was unwanted."""
    SUPERSEDED = auto()
    """A later missed call of the same caller tells of this one too, or there are too many of them."""


RUNNING: Final = frozenset({Phase.SILENT, Phase.UP, Phase.HIDDEN, Phase.DISMISSED})
ON_SCREEN: Final = frozenset({Phase.UP, Phase.FAREWELL, Phase.KEPT, Phase.MISSED, Phase.RECALLED})

_TRANSITIONS: Final[Mapping[Phase, Mapping[Trigger, Phase]]] = {
    Phase.GONE: {
        Trigger.RECALLED: Phase.RECALLED,
    },
    Phase.SILENT: {
        Trigger.ALLOWED: Phase.UP,
        Trigger.RECALLED: Phase.UP,
        Trigger.ENDED: Phase.GONE,
        Trigger.ENDED_KEPT: Phase.GONE,
        Trigger.ENDED_NEWS: Phase.GONE,
        Trigger.ENDED_MISSED: Phase.MISSED,
        Trigger.ENDED_PUT_OFF: Phase.PUT_OFF,
        Trigger.FAILED: Phase.FAREWELL,
    },
    Phase.UP: {
        Trigger.SILENCED: Phase.SILENT,
        Trigger.HUSHED: Phase.SILENT,
        Trigger.TIME_UP: Phase.HIDDEN,
        Trigger.DISMISSED: Phase.DISMISSED,
        Trigger.RECALLED: Phase.UP,
        Trigger.ENDED: Phase.GONE,
        Trigger.ENDED_KEPT: Phase.KEPT,
        Trigger.ENDED_NEWS: Phase.FAREWELL,
        Trigger.ENDED_MISSED: Phase.MISSED,
        Trigger.ENDED_PUT_OFF: Phase.PUT_OFF,
        Trigger.FAILED: Phase.FAREWELL,
    },
    Phase.HIDDEN: {
        Trigger.RECALLED: Phase.UP,
        Trigger.ENDED: Phase.GONE,
        Trigger.ENDED_KEPT: Phase.GONE,
        Trigger.ENDED_NEWS: Phase.GONE,
        Trigger.ENDED_MISSED: Phase.MISSED,
        Trigger.ENDED_PUT_OFF: Phase.PUT_OFF,
        Trigger.FAILED: Phase.FAREWELL,
    },
    Phase.DISMISSED: {
        Trigger.RECALLED: Phase.UP,
        Trigger.ENDED: Phase.GONE,
        Trigger.ENDED_KEPT: Phase.GONE,
        Trigger.ENDED_NEWS: Phase.GONE,
        Trigger.ENDED_MISSED: Phase.MISSED,
        Trigger.ENDED_PUT_OFF: Phase.PUT_OFF,
        Trigger.FAILED: Phase.FAREWELL,
    },
    Phase.FAREWELL: {
        Trigger.SILENCED: Phase.GONE,
        Trigger.HUSHED: Phase.GONE,
        Trigger.SUPERSEDED: Phase.GONE,
        Trigger.TIME_UP: Phase.GONE,
        Trigger.DISMISSED: Phase.GONE,
        Trigger.RECALLED: Phase.RECALLED,
    },
    Phase.KEPT: {
        Trigger.SILENCED: Phase.GONE,
        Trigger.HUSHED: Phase.GONE,
        Trigger.SUPERSEDED: Phase.GONE,
        Trigger.TIME_UP: Phase.GONE,
        Trigger.DISMISSED: Phase.GONE,
        Trigger.RECALLED: Phase.RECALLED,
    },
    Phase.PUT_OFF: {
        Trigger.ALLOWED: Phase.MISSED,
        Trigger.SILENCED: Phase.GONE,
        Trigger.RECALLED: Phase.MISSED,
        Trigger.SUPERSEDED: Phase.GONE,
    },
    Phase.MISSED: {
        Trigger.SILENCED: Phase.GONE,
        Trigger.HUSHED: Phase.PUT_OFF,
        Trigger.DISMISSED: Phase.GONE,
        Trigger.RECALLED: Phase.MISSED,
        Trigger.SUPERSEDED: Phase.GONE,
    },
    Phase.RECALLED: {
        Trigger.SILENCED: Phase.GONE,
        Trigger.TIME_UP: Phase.GONE,
        Trigger.DISMISSED: Phase.GONE,
        Trigger.RECALLED: Phase.RECALLED,
    },
}


def after(phase: Phase, trigger: Trigger) -> Phase | None:
    """Name the phase that begins; None when the trigger means nothing in this one."""
    return _TRANSITIONS[phase].get(trigger)
