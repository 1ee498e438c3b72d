"""Wakes the desk at the moment that the presenter names."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

_LONGEST_SLEEP_S: Final = 60.0
"""The loop does not count the time that a computer sleeps, so the clock is read from time to time."""


class Alarm:
    """Rings once, at the moment that it was set to last, or a minute after it was set if that is sooner."""

    def __init__(self, now: Callable[[], datetime], on_ring: Callable[[], None]) -> None:
        """Prepare; `now` tells the present moment, aware."""
        self._now = now
        self._on_ring = on_ring
        self._timer: asyncio.TimerHandle | None = None

    def set_to(self, at: datetime) -> None:
        """Ring at an aware moment, and not at the one set before."""
        self.cancel()
        delay_s = min(_LONGEST_SLEEP_S, max(0.0, (at - self._now()).total_seconds()))
        self._timer = asyncio.get_running_loop().call_later(delay_s, self._on_ring)

    def cancel(self) -> None:
        """Ring no more, until it is set again."""
        if self._timer is not None:
            self._timer.cancel()
