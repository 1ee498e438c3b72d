"""How often a directory may still be asked. Pure: `now` is passed in."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bubbled.directory.port import Rate


class Allowance:
    """Keeps to a rate in every window of time, as servers count.

    Not a bucket that refills: one that was full lets nearly twice the rate through in one window.
    """

    def __init__(self, rate: Rate | None) -> None:
        self._rate = rate
        self._taken: deque[float] = deque()

    def take(self, now: float) -> float:
        """Count a question, and return 0; or count none, and return in how many seconds one is allowed."""
        if self._rate is None:
            return 0.0
        while self._taken and self._taken[0] <= now - self._rate.per_s:
            self._taken.popleft()
        if len(self._taken) < self._rate.count:
            self._taken.append(now)
            return 0.0
        first = self._taken[0] if self._taken else now
        return first + self._rate.per_s - now
