from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bubbled.model import Mute
from bubbled.popup.language import catalogue
from bubbled.tray.state import Line
from bubbled.tray.wording import Sentences
from tests.tray.sample import AT_REST, JAN, NOW, TALKING

SENTENCES = Sentences()


def test_at_a_glance_all_is_well() -> None:
    assert SENTENCES.about(AT_REST, NOW) == ("Connected with pbx.example.com",)


def test_at_a_glance_all_that_is_not_as_usual() -> None:
    state = replace(
        AT_REST,
        line=Line.DISCONNECTED,
        reason="the PBX refuses the account",
        mute=Mute(NOW + timedelta(minutes=30)),
        missed=2,
        trouble="no notification server",
    )
    assert SENTENCES.about(state, NOW) == (
        "No connection with pbx.example.com: the PBX refuses the account",
        "Muted until 14:33",
        "2 missed calls",
        "No popups: no notification server",
    )
    assert SENTENCES.about(replace(AT_REST, mute=Mute(), missed=1), NOW)[1:] == (
        "Popups are muted",
        "1 missed call",
    )


def test_nobody_is_named_at_a_glance() -> None:
    told = " ".join(SENTENCES.about(replace(AT_REST, calls=(TALKING,)), NOW))
    assert TALKING.who not in told


@pytest.mark.parametrize(
    ("ago", "when"),
    [
        (timedelta(hours=14), "00:03"),
        (timedelta(hours=14, minutes=4), "yesterday 23:59"),
        (timedelta(days=2), "25 Nov 14:03"),
        (timedelta(days=400), "23 Oct 2025"),
    ],
)
def test_when_a_call_was(ago: timedelta, when: str) -> None:
    assert SENTENCES.last_call(replace(JAN, at=NOW - ago), NOW).startswith(f"{when}  ↙")


def test_a_call_whose_end_nobody_saw_has_no_outcome() -> None:
    assert SENTENCES.last_call(replace(JAN, outcome=None), NOW) == "13:58  ↙  Jan Jansen, Bakker & Zn"


@pytest.mark.parametrize(
    ("minutes", "said"), [(1, "1 minute"), (90, "90 minutes"), (60, "1 hour"), (120, "2 hours")]
)
def test_how_long(minutes: int, said: str) -> None:
    assert SENTENCES.length(minutes) == said


def test_a_call_that_is_just_over_is_named_without_a_state() -> None:
    dutch = Sentences(catalogue({"LANG": "nl_NL.UTF-8"}))
    assert dutch.going_on(JAN) == JAN.who
    assert dutch.going_on(TALKING) == "In gesprek: Kim"
