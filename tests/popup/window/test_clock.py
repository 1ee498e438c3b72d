from datetime import UTC, datetime, timedelta

import pytest

from bubbled.popup.window.clock import lasted

THEN = datetime(2026, 11, 22, 14, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "00:00"),
        (59.9, "00:59"),
        (60, "01:00"),
        (3599, "59:59"),
        (3600, "1:00:00"),
        (90061, "25:01:01"),
        (-5, "00:00"),
    ],
)
def test_the_time_is_shown_as_a_clock_does(seconds: float, shown: str) -> None:
    assert lasted(THEN, THEN + timedelta(seconds=seconds)) == shown
