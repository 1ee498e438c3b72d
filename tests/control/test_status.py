from __future__ import annotations

import json
from datetime import UTC, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.control.status import (
    Connection,
    ConnectionState,
    DirectoryState,
    Mute,
    Status,
    status_from_json,
    status_json,
)

moments = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45))]))
maybe_text = st.none() | st.text()
connections = st.builds(
    Connection,
    host=st.text(),
    state=st.sampled_from(ConnectionState),
    since=st.none() | moments,
    detail=maybe_text,
)
directories = st.builds(
    DirectoryState,
    name=st.text(),
    kind=st.text(),
    state=st.text(),
    count=st.none() | st.integers(min_value=0),
)
statuses = st.builds(
    Status,
    version=st.text(),
    uptime_s=st.floats(min_value=0, allow_infinity=False),
    settings_path=st.text(),
    pbx=connections,
    devices=st.lists(st.text()).map(tuple),
    mute=st.none() | st.builds(Mute, st.none() | moments),
    calls=st.lists(st.dictionaries(st.text(), maybe_text), max_size=2).map(tuple),
    directories=st.lists(directories, max_size=3).map(tuple),
    screen=maybe_text,
    history_trouble=maybe_text,
)


@given(statuses)
def test_a_status_survives_the_wire(status: Status) -> None:
    assert status_from_json(json.loads(json.dumps(status_json(status)))) == status


def test_a_daemon_of_another_version_is_understood_as_far_as_it_tells() -> None:
    answer: dict[str, Any] = {
        "version": "9.0",
        "uptime_s": 1,
        "pbx": {"host": "pbx", "state": "teleporting", "mood": "good"},
        "novelty": [1],
    }

    status = status_from_json(answer)

    assert status.pbx.state is ConnectionState.UNKNOWN
    assert status.directories == ()


def test_an_answer_without_the_essentials_is_not_taken_for_a_status() -> None:
    with pytest.raises(KeyError):
        status_from_json({"version": "1"})
