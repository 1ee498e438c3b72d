"""Hours of the week, as people write them: `Mon-Fri 08:30-17:30`. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = rf"({'|'.join(_DAYS)})"
_TIME = r"(\d\d?):(\d\d)"
_HOURS: Final = re.compile(rf"(?:{_DAY}(?:-{_DAY})?\s+)?{_TIME}-{_TIME}", re.IGNORECASE)

_EXPECTED: Final = 'must be days and a span of time, such as "Mon-Fri 08:30-17:30" or "22:00-06:00"'
_MIDNIGHT: Final = (24, 0)


@dataclass(frozen=True, slots=True)
class Hours:
    """A span of time on some days of the week; one that ends before it begins goes on in the next day.

    Attributes:
        days: on which it begins, Monday being 0.
        end: the first moment that no longer belongs to it.
    """

    days: frozenset[int]
    begin: time
    end: time

    def holds(self, moment: datetime) -> bool:
        """Whether an aware moment lies within, in its own zone."""
        clock = moment.timetz().replace(tzinfo=None)
        if self.begin < self.end:
            return moment.weekday() in self.days and self.begin <= clock < self.end
        began_today = moment.weekday() in self.days and clock >= self.begin
        began_yesterday = (moment - timedelta(days=1)).weekday() in self.days and clock < self.end
        return began_today or began_yesterday

    def next_begin(self, moment: datetime) -> datetime:
        """The first time after an aware moment, in its own zone, at which it begins."""
        today = moment.replace(hour=self.begin.hour, minute=self.begin.minute, second=0, microsecond=0)
        days = (today + timedelta(days=ahead) for ahead in range(len(_DAYS) + 1))
        return next(begin for begin in days if begin > moment and begin.weekday() in self.days)


def parse(text: str) -> Hours:
    """Read one span.

    Raises:
        ValueError: with what is expected.
    """
    if (found := _HOURS.fullmatch(text.strip())) is None:
        raise ValueError(_EXPECTED)
    first, last, *clock = found.groups()
    begin, end = (int(clock[0]), int(clock[1])), (int(clock[2]), int(clock[3]))
    try:
        span = time(*begin), time() if end == _MIDNIGHT else time(*end)
    except ValueError:
        raise ValueError(_EXPECTED) from None
    return Hours(_days(first, last or first), *span)


def _days(first: str | None, last: str | None) -> frozenset[int]:
    if first is None or last is None:
        return frozenset(range(len(_DAYS)))
    start, stop = _DAYS.index(first.lower()), _DAYS.index(last.lower())
    return frozenset(day % len(_DAYS) for day in range(start, stop + 1 + len(_DAYS) * (stop < start)))
