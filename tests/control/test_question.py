from __future__ import annotations

from bubbled.control.question import Asked, LookedUp, looked_up_json


def timed(ms: float) -> dict[str, object]:
    return {"ms": ms, "cached": False, "remark": None}


def test_the_answer_has_a_shape_that_programs_can_rely_on() -> None:
    contact = {"name": "Jan"}
    asked = (
        Asked(directory="Customers", outcome="hit", ms=0.4, matches=(contact,)),
        Asked(directory="CRM", outcome="error", ms=12.0, error="it is gone"),
    )

    assert looked_up_json(LookedUp("0612345678", "+31612345678", asked)) == {
        "number": "0612345678",
        "e164": "+31612345678",
        "asked": [
            {"directory": "Customers", "outcome": "hit", "matches": [contact], "error": None} | timed(0.4),
            {"directory": "CRM", "outcome": "error", "matches": [], "error": "it is gone"} | timed(12.0),
        ],
    }
