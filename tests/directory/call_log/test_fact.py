from __future__ import annotations

from dataclasses import replace

from bubbled.directory.call_log.fact import Fact, facts_of
from bubbled.directory.call_log.record import Result
from bubbled.model import Direction
from tests.directory.call_log.office import RECORD


def test_every_fact_is_there_and_nothing_else() -> None:
    assert facts_of(RECORD).keys() == set(Fact)


def test_moments_and_lengths_come_as_each_package_wants_them() -> None:
    facts = facts_of(RECORD)
    assert {name: facts[name] for name in facts if name.startswith(("started", "ended", "duration"))} == {
        "started_at": "2026-11-01T10:30:00+01:00",
        "started_utc": "2026-11-01T09:30:00Z",
        "started_plain": "2026-11-01 09:30:00",
        "started_date": "2026-11-01",
        "started_time": "09:30",
        "started_ms": "1793525400000",
        "ended_utc": "2026-11-01T09:31:02Z",
        "ended_plain": "2026-11-01 09:31:02",
        "duration_s": "62",
        "duration_ms": "62000",
        "duration_minutes": "2",
        "duration_clock": "1:02",
        "duration_hhmm": "00:02",
        "duration_hours": "0",
        "duration_rest": "2",
    }
    long = facts_of(replace(RECORD, duration_s=2 * 3600 + 59 * 60 + 30))
    assert (long["duration_hhmm"], long["duration_hours"], long["duration_rest"]) == ("03:00", "3", "0")


def test_the_summary_tells_a_person_all_and_ends_with_the_mark() -> None:
    facts = facts_of(replace(RECORD, handed_to="Bob"))
    assert facts["summary"].splitlines() == [
        "Wants 20 more",
        "Call from Jan Jansen (+31612345678)",
        "Talked for 1:02 min",
        "Taken by Alice",
        "Transferred to Bob",
        "bubbled-5f0c6a1e9b7d4c32",
    ]
    assert facts["summary"].endswith(facts["mark"])


def test_the_subject_tells_the_direction_and_what_came_of_it() -> None:
    missed = replace(RECORD, result=Result.MISSED)
    called = replace(RECORD, direction=Direction.OUTBOUND)
    assert facts_of(missed)["subject"] == "Missed call from Jan Jansen"
    assert facts_of(called)["subject"] == "Call to Jan Jansen"
    assert facts_of(replace(called, result=Result.NO_ANSWER))["subject"] == "Call to Jan Jansen, not answered"
    assert facts_of(replace(RECORD, contact_name=""))["subject"] == "Call from +31612345678"
    assert len(facts_of(replace(RECORD, contact_name="x" * 1000))["subject"]) < 200


def test_a_preset_has_words_of_its_own() -> None:
    missed = replace(RECORD, result=Result.MISSED)
    facts = facts_of(missed, {"inbound": "IN", "missed": "MISSED"}, {"missed": "Not Held"})
    assert (facts["direction"], facts["result"]) == ("MISSED", "Not Held")
    assert facts_of(missed, {"inbound": "IN"})["direction"] == "IN"
    assert facts_of(missed)["direction"] == "inbound"
