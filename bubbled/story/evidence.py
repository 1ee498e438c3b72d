"""What is known around a moment. Pure; moments are aware."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bubbled.story.step import Step

WINDOW: Final = timedelta(minutes=10)
"""What is looked at before and after the moment."""

GROUPS: Final = (
    ("began", "stopped"),
    ("connected", "disconnected", "rejected"),
    ("muted", "unmuted"),
    ("quiet",),
    ("screen_changed", "screen_lost"),
    ("slept",),
    ("heard",),
)
"""Kinds of step of which the latest before the moment, and the first after it, tell how things stood."""

LIFE, LINE, MUTE, QUIET, SCREEN, SLEEP, HEARD = range(len(GROUPS))
"""Where each of them stands."""

MINUTE: Final = timedelta(minutes=1)
"""What a person means who names a time."""


@dataclass(frozen=True, slots=True)
class NearCall:
    """A call of the user within the window.

    Attributes:
        who: with whom; empty: nobody knows.
        at: when it began.
        popup: "shown", or why there was none; None: not known.
        steps: its story.
    """

    id: str
    who: str
    at: datetime
    popup: str | None
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known around a moment.

    Attributes:
        at: the moment.
        mine: the user's devices.
        before: for each of `GROUPS`, the latest step at or before the moment; None: there is none.
        after: for each of `GROUPS`, the first step after it.
        around: every step that concerns all calls within the window, in order.
        calls: those of the user within the window.
        oldest: from when on anything is known; None: nothing is.
        tells_all: whether the PBX tells of other phones than the user's, as by AMI.
    """

    at: datetime
    now: datetime
    mine: tuple[str, ...]
    before: Sequence[Step | None]
    after: Sequence[Step | None]
    around: tuple[Step, ...] = ()
    calls: tuple[NearCall, ...] = ()
    oldest: datetime | None = None
    tells_all: bool = True

    def at_end(self) -> Facts:
        """How things stood when the minute was over; beyond the window nothing is known any more."""
        at = min(self.at + MINUTE, self.now)
        meanwhile = [step for step in self.around if self.at < step.at <= at]
        later = [step for step in self.around if step.at > at]
        before = [
            first_of(reversed(meanwhile), kinds) or known
            for kinds, known in zip(GROUPS, self.before, strict=True)
        ]
        after = [
            known if known is None or known.at > at else first_of(later, kinds)
            for kinds, known in zip(GROUPS, self.after, strict=True)
        ]
        return replace(self, at=at, before=before, after=after)


def first_of(steps: Iterable[Step], kinds: Sequence[str]) -> Step | None:
    """The first step of one of these kinds; None: there is none."""
    return next((step for step in steps if step.kind in kinds), None)
