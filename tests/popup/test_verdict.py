from datetime import UTC, datetime, timedelta, timezone

import pytest

from bubbled.model import CallId, Mute
from bubbled.popup.verdict import MOST_VERDICTS, SHOWN, UNKNOWN, Verdicts, muted

NOW = datetime(2026, 11, 22, 13, 30, tzinfo=timezone(timedelta(hours=1)))


@pytest.mark.parametrize(
    ("mute", "words"),
    [
        (None, None),
        (Mute(), "muted"),
        (Mute(datetime(2026, 11, 22, 13, 0, tzinfo=UTC)), "muted until 14:00"),
        (Mute(datetime(2026, 11, 23, 7, 0, tzinfo=UTC)), "muted until 2026-11-23 08:00"),
        (Mute(NOW), None),
        (Mute(NOW - timedelta(hours=1)), None),
    ],
)
def test_muting_says_until_when(mute: Mute | None, words: str | None) -> None:
    assert muted(mute, NOW) == words


def test_once_shown_is_shown() -> None:
    verdicts = Verdicts()
    verdicts.note(CallId("1"), "muted")
    assert verdicts[CallId("1")] == "muted"
    verdicts.note(CallId("1"), SHOWN)
    verdicts.note(CallId("1"), "muted")
    assert verdicts[CallId("1")] == SHOWN


def test_only_the_latest_are_remembered() -> None:
    verdicts = Verdicts()
    for number in range(MOST_VERDICTS + 1):
        verdicts.note(CallId(str(number)), SHOWN)
    assert verdicts[CallId("0")] == UNKNOWN
    assert verdicts[CallId("1")] == SHOWN
