"""Plays an interview: answers in, and which questions and trials come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bubbled.setup.known import Known
from bubbled.setup.question import Choice, Group, Question

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from bubbled.setup.interview import Interview

COUNTRIES = (Choice("NL", "Nederland"), Choice("NL", "Netherlands"), Choice("BE", "Belgium"))

ANSWERS = {
    "pbx.kind": "",
    "pbx.host": "pbx.example.com",
    "pbx.username": "",
    "pbx.secret": "swordfish",
    "me.extension": "101",
    "me.region": "",
    "directory.kind": "none",
}


def known(present: Mapping[str, Any] | None = None, **facts: Any) -> Known:
    usual: dict[str, Any] = {"region": "NL", "countries": COUNTRIES, "ca_file": "/home/alice/pbx-ca.pem"}
    return Known(present=present or {}, **usual | facts)


def answered(interview: Interview, answers: Mapping[str, str], **learnt: Known) -> list[str]:
    """Answer until nothing is left; gives what came, in order: keys of questions, names of trials."""
    came = []
    while (step := interview.next()) is not None:
        if isinstance(step, Group):
            came.append(f"try {step}")
            interview.settle(step, learnt.get(step.value, interview.known))
        else:
            came.append(step.key)
            interview.answer(step, answers[step.key])
    return came


def asks(interview: Interview) -> Question:
    """Give the question that is due; it is an error if a trial is."""
    step = interview.next()
    assert isinstance(step, Question)
    return step
