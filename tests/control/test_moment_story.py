from __future__ import annotations

from datetime import datetime

import pytest

from bubbled.control.moment_story import moment

NOW = datetime.fromisoformat("2026-11-26T14:30").astimezone()


@pytest.mark.parametrize(
    ("at", "meant"),
    [
        ("14:03", "2026-11-26T14:03:00"),
        ("14:30", "2026-11-26T14:30:00"),
        ("14:31", "2026-11-25T14:31:00"),
        ("2026-11-24T08:05", "2026-11-24T08:05:00"),
        ("2026-11-24 08:05:30", "2026-11-24T08:05:30"),
    ],
)
def test_a_time_is_the_last_that_was_and_without_a_zone_it_is_the_computers(at: str, meant: str) -> None:
    assert moment({"at": at}, NOW) == datetime.fromisoformat(meant).astimezone()


def test_a_zone_counts() -> None:
    assert moment({"at": "2026-11-24T08:05+03:00"}, NOW) == datetime.fromisoformat("2026-11-24T05:05Z")


@pytest.mark.parametrize(
    "at",
    [
        "",
        "soon",
        "25:00",
        "7:5",
        "2026-11-24",
        "2026-13-01T10:00",
        "20261124T1000",
        "\u0660\u0663:\u0660\u0660",
        "1" * 9999,
        "0001-01-01T00:00+14:00",
        "0001-01-01T00:05",
        "9999-12-31T23:59",
    ],
)
def test_what_is_no_moment_is_refused(at: str) -> None:
    with pytest.raises(ValueError, match=r"at must be a moment"):
        moment({"at": at}, NOW)
