from __future__ import annotations

import csv
import re

import pytest

from bubbled.model import ME, CallChange, ChangeKind, Outcome
from bubbled.number import to_e164
from bubbled.pbx.ami.tracker import Tracker
from bubbled.pbx.demo.scene import CONTACTS, SCENES, playing

STARTED_AT = 1_800_000_000


def changes(name: str, number: int) -> list[CallChange]:
    tracker = Tracker(lambda device: ME if device == "PJSIP/101" else None, "NL")
    return [
        change for _, event in playing(SCENES[name], number, STARTED_AT) for change in tracker.apply(event)
    ]


def ids(name: str, number: int) -> set[str]:
    moments = playing(SCENES[name], number, STARTED_AT)
    told = [value for _, event in moments for header, value in event.items() if header.endswith("Uniqueid")]
    assert told
    return set(told)


@pytest.mark.parametrize(
    ("name", "outcomes"),
    [
        ("answered", [Outcome.ANSWERED]),
        ("missed", [Outcome.MISSED]),
        ("ring_group", [Outcome.ANSWERED_ELSEWHERE]),
        ("outbound", [Outcome.ANSWERED]),
        ("transfer", [Outcome.TRANSFERRED, Outcome.TRANSFERRED]),
        ("second_call", [Outcome.ANSWERED, Outcome.ANSWERED]),
    ],
)
def test_a_scene_is_the_call_that_it_says(name: str, outcomes: list[Outcome]) -> None:
    for number in (0, 7):
        ended = [change.call.outcome for change in changes(name, number) if change.kind is ChangeKind.ENDED]
        assert ended == outcomes


def test_every_scene_is_tried_above() -> None:
    assert len(SCENES) == 6


@pytest.mark.parametrize("name", SCENES)
def test_no_id_is_used_twice(name: str) -> None:
    assert not ids(name, 0) & ids(name, 1)
    channels = [
        {event["Channel"] for _, event in playing(SCENES[name], number, STARTED_AT) if "Channel" in event}
        for number in (0, 1)
    ]
    assert not channels[0] & channels[1]


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_begins_at_once_and_goes_forward(name: str) -> None:
    times = [moment.t for moment in SCENES[name].events() if moment.t is not None]
    assert times[0] == 0
    assert times == sorted(times)


def test_the_address_book_knows_everybody_from_outside() -> None:
    with CONTACTS.open(encoding="utf-8", newline="") as lines:
        people = list(csv.DictReader(lines))
    known = {to_e164(person[column], "NL") for person in people for column in ("Phone", "Mobile")}
    talked_to = {change.call.number for name in SCENES for change in changes(name, 0)}
    outside = {number for number in talked_to if number and not re.fullmatch(r"\d{3}", number)}
    assert len(people) == 10
    assert len(outside) == 6
    assert {to_e164(number, "NL") for number in outside} <= known
