from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, get_args

import pytest

from bubbled.story.circumstance import OfAll, Slept
from bubbled.story.fact import Chosen, OfCall, Seen
from bubbled.story.step import KINDS, LONGEST_TEXT, Step, clipped, step_from_json, step_json
from tests.story.sample import NINE, bare, full


def test_every_kind_of_fact_has_a_name() -> None:
    assert set(KINDS.values()) == {*get_args(OfCall), *get_args(OfAll)}
    assert [Step(NINE, full(kind)).kind for kind in KINDS] == list(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_step_comes_back_from_json_as_it_was(kind: str) -> None:
    for fact in (full(kind), bare(kind)):
        shape = json.loads(json.dumps(step_json(Step(NINE, fact))))
        assert step_from_json(shape) == Step(NINE, fact)
        assert (shape["kind"], shape["at"]) == (kind, NINE.isoformat())
        assert "text" not in shape


@pytest.mark.parametrize("kind", KINDS)
def test_a_step_of_another_version_is_read_as_far_as_it_can_be(kind: str) -> None:
    shape = step_json(Step(NINE, full(kind)))
    assert step_from_json({**shape, "mood": "sunny"}) == Step(NINE, full(kind))
    for key in shape:
        shorter = {name: value for name, value in shape.items() if name != key}
        try:
            read = step_from_json(shorter)
        except ValueError:
            continue
        assert read.kind == kind


@pytest.mark.parametrize(
    "shape",
    [
        None,
        [],
        "decided",
        {},
        {"kind": []},
        {"kind": "of tomorrow", "at": NINE.isoformat()},
        {"kind": "held"},
        {"kind": "held", "at": "soon"},
        {"kind": "held", "at": "2026-11-26T09:00:00"},
        {"kind": "held", "at": 1},
        {"kind": "decided", "at": NINE.isoformat(), "popup": 1},
        {"kind": "asked", "at": NINE.isoformat(), "directory": "A", "place": True, "outcome": "hit", "ms": 1},
        {"kind": "also_rang", "at": NINE.isoformat(), "devices": "PJSIP/101"},
        {"kind": "also_rang", "at": NINE.isoformat(), "devices": [1]},
    ],
)
def test_what_is_no_step_is_refused(shape: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        step_from_json(shape)


def test_texts_are_clipped_and_short_ones_stay() -> None:
    short = Chosen("Jan")
    assert clipped(short) is short
    long = clipped(Seen(device="PJSIP/101", direction="inbound", state="ringing", name="x" * 10_000))
    assert isinstance(long, Seen)
    assert (len(long.name or ""), long.device) == (LONGEST_TEXT, "PJSIP/101")


def test_every_moment_of_a_step_can_be_had_in_the_zone_of_the_computer() -> None:
    local = Step(NINE, Slept(NINE - timedelta(hours=1))).local()
    assert isinstance(local.fact, Slept)
    assert local.at.utcoffset() == NINE.astimezone().utcoffset()
    assert (local.at, local.fact.since) == (NINE, NINE - timedelta(hours=1))
    assert local.fact.since.tzinfo is not None
