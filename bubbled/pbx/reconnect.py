"""When to try the PBX again; pure: randomness is passed in, time is told."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait before the next try, in seconds.

    Attributes:
        first_s: after a first loss; a PBX that restarts refuses connections for about a second.
        longest_s: what doubling stops at.
        refused_s: after refused credentials; fail2ban counts five such within ten minutes by default.
        stable_s: a connection that lasted this long makes the next loss a first one.
    """

    first_s: float = 1.0
    longest_s: float = 30.0
    refused_s: float = 300.0
    stable_s: float = 30.0


class Backoff:
    """Counts failures in a row and turns them into waits: exponential, capped, and jittered.

    The jitter takes up to half of each wait away, so that the desks of an office do not all come back at once
    when their PBX does.
    """

    def __init__(self, patience: Patience, uniform: Callable[[float, float], float] = random.uniform) -> None:
        self._patience = patience
        self._uniform = uniform
        self.failures = 0
        self._told = ""

    def after_loss(self, lasted_s: float = 0.0) -> float:
        """Seconds to wait after a connection that lasted `lasted_s`; 0 when it did not come about."""
        if lasted_s >= self._patience.stable_s:
            self.failures = 0
        doubled = self._patience.first_s * 2.0 ** min(self.failures, 32)
        return self._wait(min(doubled, self._patience.longest_s))

    def after_refusal(self) -> float:
        """Seconds to wait after the PBX refused the credentials."""
        return self._wait(self._patience.refused_s)

    def is_news(self, reason: str) -> bool:
        """Whether the user is to be told why it failed: for the first time in a row, or for a new reason."""
        before, self._told = self._told, reason
        return self.failures == 1 or reason != before

    def _wait(self, longest: float) -> float:
        self.failures += 1
        return longest * self._uniform(0.5, 1.0)
