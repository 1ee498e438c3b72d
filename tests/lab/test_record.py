from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.lab.ami import packets
from tests.lab.catalogue import SCENARIOS
from tests.lab.judge import timelines
from tests.lab.record import RECORDINGS, record

if TYPE_CHECKING:
    from pathlib import Path

    from tests.lab.pbx import Asterisk


def test_every_recording_has_its_scenario() -> None:
    assert {folder.name for folder in RECORDINGS.iterdir()} <= set(SCENARIOS)


def test_every_scenario_says_what_happens() -> None:
    assert all(scenario.description.endswith(".") for scenario in SCENARIOS.values())


@pytest.mark.parametrize("name", ["in-ringgroup", "xfer-attended-refer", "c2c-answered", "park-refer"])
async def test_a_scenario_plays_as_it_was_recorded(asterisk: Asterisk, tmp_path: Path, name: str) -> None:
    await record(SCENARIOS[name], asterisk, tmp_path / name)
    new, old = (
        {str(timeline): timeline.popups for timeline in timelines(folder)}
        for folder in (tmp_path, RECORDINGS)
    )
    for user in (f"{name} 101", f"{name} 102", f"{name} 103"):
        assert [(popup.popup, popup.remote_number, popup.outcome) for popup in new[user]] == [
            (popup.popup, popup.remote_number, popup.outcome) for popup in old[user]
        ]
    assert packets((tmp_path / name / "call.ami").read_bytes())[-1]["Event"]


async def test_click_to_call_keeps_what_the_desk_sent(asterisk: Asterisk, tmp_path: Path) -> None:
    await record(SCENARIOS["c2c-own-rejects"], asterisk, tmp_path)
    sent = [json.loads(line)["packet"] for line in (tmp_path / "daemon.sent.jsonl").read_text().splitlines()]
    assert sent[0].startswith("Action: Originate\r\n")
    assert b"OriginateResponse" in (tmp_path / "daemon.ami").read_bytes()
