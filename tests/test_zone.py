from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bubbled.zone import HERE

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _amsterdam(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Amsterdam")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("utc", "told"),
    [
        (datetime(2026, 7, 1, 22, 30, tzinfo=UTC), "2026-07-02T00:30:00+02:00"),
        (datetime(2026, 12, 1, 22, 30, tzinfo=UTC), "2026-12-01T23:30:00+01:00"),
        # The hour that there is twice.
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "2026-10-25T02:30:00+02:00"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "2026-10-25T02:30:00+01:00"),
    ],
)
def test_a_moment_of_summer_is_told_in_summer_time_also_in_winter(utc: datetime, told: str) -> None:
    assert utc.astimezone(HERE).isoformat() == told
    assert utc.astimezone(HERE).utcoffset() == timedelta(hours=int(told[-5:-3]))
    assert utc.astimezone(HERE).astimezone(UTC) == utc


def test_the_zone_has_its_name() -> None:
    assert datetime(2026, 7, 1, tzinfo=HERE).tzname() == "CEST"
    assert datetime(2026, 12, 1, tzinfo=HERE).tzname() == "CET"
