from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from bubbled.control.status import CallLogState, HotkeyState, status_json
from bubbled.model import Mute
from tests.control.desk import STATUS, a_call

NEPAL = timezone(timedelta(hours=5, minutes=45))


def test_the_answer_has_a_shape_that_programs_can_rely_on() -> None:
    hotkey = HotkeyState("F7", "x11", None)
    began = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    logged = CallLogState(directory="CRM", waiting=2, unsure=(began,), reason="it is away")
    status = replace(
        STATUS,
        calls=(a_call("1"),),
        history_trouble="the disk is full",
        hotkey=hotkey,
        call_log=(logged,),
    )

    assert status_json(status) == {
        "version": "0.1.0",
        "uptime_s": 7384.2,
        "settings_path": "/home/alice/.config/bubbled/config.toml",
        "pbx": {
            "host": "pbx.example.com",
            "state": "connected",
            "since": "2026-11-22T09:00:00+00:00",
            "detail": None,
        },
        "devices": ["PJSIP/101"],
        "mute": None,
        "quiet": [],
        "calls": [a_call("1")],
        "directories": [{"name": "Customers", "kind": "csv", "state": "ready", "count": 1234}],
        "screen": "native",
        "history_trouble": "the disk is full",
        "hotkey": {"key": "F7", "way": "x11", "trouble": None},
        "call_log": [
            {
                "directory": "CRM",
                "waiting": 2,
                "unsure": ["2026-11-22T09:00:00+00:00"],
                "failed": [],
                "reason": "it is away",
            }
        ],
        "call_log_trouble": None,
    }


def test_a_mute_tells_its_end_with_the_zone() -> None:
    until = datetime(2026, 11, 22, 14, 0, tzinfo=NEPAL)
    assert status_json(replace(STATUS, mute=Mute(until)))["mute"] == {"until": "2026-11-22T14:00:00+05:45"}
    assert status_json(replace(STATUS, mute=Mute()))["mute"] == {"until": None}


def test_any_status_can_be_written_as_json() -> None:
    status = replace(STATUS, pbx=replace(STATUS.pbx, since=datetime(2026, 1, 1, tzinfo=UTC), detail="x"))
    assert json.loads(json.dumps(status_json(status))) == status_json(status)
