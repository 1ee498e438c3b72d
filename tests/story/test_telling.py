from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bubbled.directory.order.answer import Reply
from bubbled.model import Outcome, ViaKind
from bubbled.story import telling
from bubbled.story.circumstance import Connected, Disconnected, Heard, Muted, Quiet, Slept
from bubbled.story.fact import Asked, Decided, Ended, Found, OnScreen, OtherParty, Seen
from bubbled.story.step import KINDS, Step
from bubbled.story.telling import tell
from tests.story.sample import NINE, bare, full

RINGS = Seen(device="PJSIP/101", direction="inbound", state="ringing", number="0612345678")


def told(fact: object) -> str:
    return tell(Step(NINE, fact))  # type: ignore[arg-type]  # any of them


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_one_sentence_with_its_words_in_it(kind: str) -> None:
    for fact in (full(kind), bare(kind)):
        text = told(fact)
        assert text == " ".join(text.split())
        assert not re.search(r"\{(?!word)", text), "a gap was left open"
        assert "None" not in text


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_told_in_the_language_of_the_user(kind: str) -> None:
    assert tell(Step(NINE, full(kind)), lambda text: f"[{text}]").startswith("[")


def test_the_words_are_those_of_the_other_rooms() -> None:
    assert set(telling._OUTCOMES) == set(Outcome)
    assert set(telling._REPLIES) == set(Reply)
    assert set(telling._WAYS) == set(ViaKind)


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        (RINGS, "PJSIP/101 rings: 0612345678 calls."),
        (
            replace(RINGS, name="Jan\r\nJansen", via="queue", via_name="support"),
            "PJSIP/101 rings: Jan Jansen (0612345678) calls, by the queue support.",
        ),
        (Seen(device="A", direction="inbound", state="ringing"), "A rings: an unknown number calls."),
        (
            Seen(device="A", direction="outbound", state="ringing", number="1", via="click_to_call"),
            "A rings for your own call to 1, by a click.",
        ),
        (Decided("shown"), "It has a popup."),
        (Decided("muted"), "No popup: muted."),
        (
            Decided("outside the hours Mon-Fri 08:30-17:30", "popup.hours"),
            "No popup: outside the hours Mon-Fri 08:30-17:30 (popup.hours).",
        ),
        (Asked(directory="CRM", place=2, outcome="hit", ms=12.34), "2. CRM: it knows the number (12.3 ms)."),
        (Asked(directory="CRM", place=1, outcome="not asked", ms=0), "1. CRM: it was not asked."),
        (
            Asked(
                directory="CRM", place=2, outcome="not asked", ms=0, remark="another knew the number before"
            ),
            "2. CRM: it was not asked: another knew the number before.",
        ),
        (
            Asked(directory="CRM", place=1, outcome="miss", ms=1, cached=True),
            "1. CRM: it does not know the number (remembered from before).",
        ),
        (
            Asked(directory="CRM", place=1, outcome="error", ms=0, error="The file is gone."),
            "1. CRM: it failed. The file is gone.",
        ),
        (Found("CRM", "Jan, Acme"), "It is Jan, Acme, says CRM."),
        (Found("CRM", "Acme", probable=True), "Probably Acme, says CRM."),
        (Found("CRM", "Jan", choice=3), "It is Jan, says CRM. 3 have this number: you may choose."),
        (Found("Maps", ""), "Found in Maps, whose terms forbid to remember the name."),
        (
            OnScreen("native", "dunst 1.9.2", "notification 42", 2.5),
            "The popup was shown by native: dunst 1.9.2 after 2.5 ms; it answered: notification 42.",
        ),
        (OnScreen("terminal", "", "", 0.5), "The popup was shown by terminal after 0.5 ms."),
        (
            OtherParty(number="1", name="Jan", by="102"),
            "102 transferred the call: on the line is Jan (1) now.",
        ),
        (OtherParty(number=None), "On the line is an unknown number now."),
        (Ended("answered_elsewhere", "102"), "The call ended: somebody else answered it. (102)"),
        (Ended(None), "The call ended unseen: bubbled or its connection was gone."),
        (Ended("of tomorrow"), "The call ended."),
        (Connected("pbx"), "Connected to the PBX pbx."),
        (
            Disconnected("pbx", "It is gone.", NINE, 7),
            "No connection to the PBX pbx: It is gone. (7 times within a minute)",
        ),
        (Muted(NINE + timedelta(hours=5)), "Popups were muted until 14:00."),
        (Muted(NINE + timedelta(days=1)), "Popups were muted until 2026-11-27 09:00."),
        (Quiet(()), "The desktop did not mind popups any more."),
        (Slept(NINE - timedelta(hours=1)), "The computer was asleep since 08:00."),
        (
            Heard(rang=("PJSIP/102", "PJSIP/104"), others=2),
            "Within this minute rang: PJSIP/102, PJSIP/104. 2 more devices rang.",
        ),
        (Heard(unreached=("PJSIP/103",)), "The PBX could not make these ring: PJSIP/103."),
        (Heard(callers=3), "Calls for which no phone rang: 3."),
        (Heard(), "bubbled was running, and no phone rang."),
    ],
)
def test_it_is_told_in_plain_words(fact: object, words: str) -> None:
    assert told(fact) == words
