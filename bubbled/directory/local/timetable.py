"""When a source is fetched from again. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bubbled.directory.port import BusyError, CredentialsError

_MOST_DOUBLINGS = 20


@dataclass(frozen=True, slots=True)
class Pause:
    """How long to wait until the next fetch, in seconds.

    Attributes:
        longest_s: while nobody calls.
        shortest_s: when somebody calls whom the contacts fetched before do not hold.
    """

    longest_s: float
    shortest_s: float


@dataclass(frozen=True, slots=True)
class Timetable:
    """How often a source is fetched from, in seconds.

    Attributes:
        every_s: while all goes well.
        soon_s: the least time between two fetches, however many unknown numbers call.
        retry_s: after the first failure; twice as long after each further one, up to `every_s`.
        refused_s: after the account was refused, which only the user can mend.
        most_s: the longest pause that a source may ask for.
        silent_s: how long a source may send nothing before a fetch is given up.
    """

    every_s: float = 900.0
    soon_s: float = 60.0
    retry_s: float = 30.0
    refused_s: float = 3600.0
    most_s: float = 86_400.0
    silent_s: float = 120.0

    def after_success(self) -> Pause:
        """All went well."""
        return Pause(self.every_s, min(self.soon_s, self.every_s))

    def after_failure(self, problem: Exception, failures: int) -> Pause:
        """It failed, for the so-manieth time in a row."""
        if isinstance(problem, CredentialsError):
            return Pause(self.refused_s, self.refused_s)
        doubled = self.retry_s * 2 ** min(failures - 1, _MOST_DOUBLINGS)
        pause_s = max(self.retry_s, min(doubled, self.every_s))
        if isinstance(problem, BusyError) and problem.retry_after_s is not None:
            asked_s = problem.retry_after_s
            pause_s = max(pause_s, min(asked_s, self.most_s) if math.isfinite(asked_s) else self.most_s)
        return Pause(pause_s, pause_s)
