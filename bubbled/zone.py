"""The zone of this computer as it holds at each moment: in winter it is another than in summer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final


class _Here(tzinfo):
    """What `datetime.astimezone()` gives is the offset of one moment alone."""

    def utcoffset(self, at: datetime | None) -> timedelta | None:
        return None if at is None else at.replace(tzinfo=None).astimezone().utcoffset()

    def dst(self, _at: datetime | None) -> timedelta | None:
        return None

    def tzname(self, at: datetime | None) -> str | None:
        return None if at is None else at.replace(tzinfo=None).astimezone().tzname()

    def fromutc(self, at: datetime) -> datetime:
        told = at.replace(tzinfo=UTC).astimezone()
        local = told.replace(tzinfo=self)
        # An hour that there is twice: the second time, another offset holds.
        return local if local.utcoffset() == told.utcoffset() else local.replace(fold=1)


HERE: Final = _Here()
