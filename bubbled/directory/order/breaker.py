"""When a directory that fails is left in peace, so that no caller waits for it. Pure: `now` is passed in."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

REFUSED_REST_S: Final = 600.0
"""How long a directory is not asked after it refused our account: others would lock it at some point."""

LONGEST_PAUSE_S: Final = 3600.0
"""A source that asks for a longer pause is tried after that time all the same."""

_SHORTEST_PAUSE_S = 1.0


class Rest(StrEnum):
    """Why a directory is left in peace."""

    FAILED = "failed"
    PAUSED = "paused"
    REFUSED = "refused"


class Breaker:
    """Counts failures in a row and rests after too many; times in seconds.

    After the rest a single question tries the directory, and the others are spared until its fate is known:
    whoever hears True from `admits` has to call `worked`, `failed`, `paused`, `refused` or `let_go`.
    """

    def __init__(self, *, trips_after: int, rests_s: float) -> None:
        self._trips_after = trips_after
        self._rests_s = rests_s
        self._failures = 0
        self._until = float("-inf")
        self._is_trying = False
        self.rest: Rest | None = None

    def admits(self, now: float, *, insists: bool = False) -> bool:
        """Whether it may be asked; who insists gets to a failing one, but not into a pause it asked for."""
        if self.rest is None:
            return True
        is_free = now >= self._until and not self._is_trying
        if is_free or (insists and not self._in_pause(now)):
            self._is_trying = True
            return True
        return False

    def left_s(self, now: float) -> float:
        """How long it still rests; 0 while it is being tried."""
        return max(0.0, self._until - now)

    def worked(self, now: float) -> None:
        """It answered; a pause that it asked for meanwhile goes on."""
        self._failures = 0
        self._is_trying = False
        if not self._in_pause(now):
            self.rest = None

    def failed(self, now: float) -> None:
        """It could not answer, or not in time. Answers to earlier questions do not prolong a rest."""
        self._failures += 1
        self._is_trying = False
        if self._failures >= self._trips_after and now >= self._until:
            self._begin(Rest.FAILED, now + self._rests_s)

    def paused(self, now: float, for_s: float | None) -> None:
        """It asked for a pause of some seconds, or (None) of nobody knows how many."""
        # In this order, because a comparison with what is not a number is false.
        wish_s = self._rests_s if for_s is None else min(max(_SHORTEST_PAUSE_S, for_s), LONGEST_PAUSE_S)
        self._begin(Rest.PAUSED, now + wish_s)

    def refused(self, now: float) -> None:
        """It does not accept our account."""
        self._begin(Rest.REFUSED, now + REFUSED_REST_S)

    def let_go(self) -> None:
        """The question was given up before there was an answer: the next one may try."""
        self._is_trying = False

    def _begin(self, rest: Rest, until: float) -> None:
        self.rest = rest
        self._until = max(self._until, until)
        self._is_trying = False

    def _in_pause(self, now: float) -> bool:
        return self.rest is Rest.PAUSED and now < self._until
