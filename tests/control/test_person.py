from __future__ import annotations

import json
from dataclasses import asdict

from bubbled.control.person import Person, PersonNote, person_json
from tests.control.desk import a_call


def test_what_is_known_of_a_number_is_told_by_the_names_that_it_has_here() -> None:
    person = Person(
        number="06-12345678",
        e164="+31612345678",
        formatted="06 12345678",
        contact={"name": "Jan"},
        last={
            "at": "2026-11-20T09:00:00+00:00",
            "direction": "inbound",
            "outcome": "missed",
            "colleague": "Bob",
        },
        calls=3,
        note="Wants 20",
        noted_by="Bob",
        notes=(PersonNote(at="2026-11-20T09:00:00+00:00", text="Wants 20", by="Bob"),),
        latest=(a_call("1"),),
    )
    told = json.loads(json.dumps(person_json(person)))
    assert told == json.loads(json.dumps(asdict(person)))
