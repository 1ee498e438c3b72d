"""Who is asked about what, after whom, and by which rules. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bubbled.directory.order.answer import Question
    from bubbled.directory.port import Directory


class Mode(StrEnum):
    """How the directories of one tier are asked; in each, the first in order that matches wins."""

    PARALLEL = "parallel"
    """All at once."""
    STAGGERED = "staggered"
    """Each a little after the one before it, or at once when that one does not know the number."""
    SEQUENTIAL = "sequential"
    """Each when the one before it does not know the number."""


@dataclass(frozen=True, slots=True)
class Tier:
    """How one tier is asked; `stagger_s` (seconds) counts for `STAGGERED` alone."""

    mode: Mode = Mode.PARALLEL
    stagger_s: float = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A directory and its place among the others.

    Attributes:
        tier: asked when all of the tiers with lower numbers are through without a match.
        is_internal: asked about internal numbers and colleagues, and about nothing else; others never about
            these.
        after_errors: False: asked only when every directory of the tiers before it really answered that it
            does not know the number, so that a number is not told to a stranger because a server is down.
        is_stranger: never told a number that a directory of the tiers before it knows, also when everybody
            else is asked whoever wins.
    """

    directory: Directory
    tier: int = 1
    is_internal: bool = False
    after_errors: bool = True
    is_stranger: bool = False

    def objection(self, question: Question) -> str | None:
        """Why the directory is never asked this question; None when it may be."""
        if question.stays_inside and not self.is_internal:
            return "never asked about internal numbers"
        if self.is_internal and not question.stays_inside:
            return "asked about internal numbers only"
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What holds for all directories together; times in seconds.

    Attributes:
        budget_s: how long a caller is waited for by all together; a popup that comes later helps nobody.
        provisional_after_s: when a match is told although a better placed directory has not answered.
        tiers: how each tier is asked; those that are missing: in parallel.
        keep_hit_s: how long a match is remembered and not asked about again.
        keep_miss_s: the same for the answer that there is none.
        stale_s: how long a match may be shown while it is asked about again.
        trips_after: failures in a row after which a directory is left in peace.
        rests_s: for how long.
    """

    budget_s: float = 3.0
    provisional_after_s: float = 0.3
    tiers: Mapping[int, Tier] = field(default_factory=dict)
    keep_hit_s: float = 600.0
    keep_miss_s: float = 60.0
    stale_s: float = 86_400.0
    trips_after: int = 3
    rests_s: float = 30.0


def in_order(places: Iterable[Place]) -> tuple[Place, ...]:
    """The places as they are believed: by tier, and within each tier as the user wrote them."""
    return tuple(sorted(places, key=lambda place: place.tier))
