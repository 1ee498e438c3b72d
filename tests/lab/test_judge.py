from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.lab.judge import faults, timelines
from tests.lab.truth import Popup

TRUTH = Popup(
    popup="incoming",
    remote_number="+31612345678",
    remote_name="Jan Jansen",
    outcome="answered",
    shown_at=0.8,
    answered_at=1.4,
    closed_at=2.4,
)
CALL = {
    "id": "1",
    "direction": "inbound",
    "number": "+31612345678",
    "e164": "+31612345678",
    "name": "Jan Jansen",
    "state": "ringing",
    "via": None,
    "outcome": None,
}


def change(kind: str, at: float | None, **differs: Any) -> dict[str, Any]:
    return {"at": at, "change": kind, "call": CALL | differs}


STARTED = change("started", 0.8)
ANSWERED = change("answered", 1.41, state="talking")
ENDED = change("ended", 2.39, state="ended", outcome="answered")
RIGHT = [STARTED, ANSWERED, ENDED]


def test_the_truth_has_no_faults() -> None:
    assert faults([TRUTH], RIGHT) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ([], "0 calls, not 1"),
        ([*RIGHT, change("started", 3.0, id="2")], "2 calls, not 1"),
        ([STARTED, ANSWERED], "does not end once, last"),
        ([STARTED, STARTED, ANSWERED, ENDED], "does not start once, first"),
        ([STARTED, ENDED], "answered 0 times"),
        ([STARTED, ANSWERED, ANSWERED, ENDED], "answered 2 times"),
        ([change("started", 1.5), ANSWERED, ENDED], "shown at 1.5, not 0.8"),
        ([STARTED, change("answered", 2.0), ENDED], "answered at 2.0, not 1.4"),
        ([STARTED, ANSWERED, change("ended", 3.0, outcome="answered")], "closed at 3.0, not 2.4"),
        ([STARTED, ANSWERED, change("ended", 2.4, outcome="missed")], "outcome missed, not answered"),
        (
            [STARTED, ANSWERED, change("ended", 2.4, outcome="answered", direction="outbound")],
            "direction outbound",
        ),
    ],
)
def test_each_fault_is_named(changes: list[dict[str, Any]], fault: str) -> None:
    assert fault in faults([TRUTH], changes)


def with_all(**differs: Any) -> list[dict[str, Any]]:
    return [change | {"call": change["call"] | differs} for change in RIGHT]


def test_the_number_must_be_the_true_one_in_any_notation() -> None:
    assert faults([TRUTH], with_all(number="0612345678")) == []
    assert faults([TRUTH], with_all(number="0687654321")) == ["number 0687654321, not +31612345678"]
    assert faults([replace(TRUTH, remote_number=None)], with_all(number=None)) == []
    assert faults([replace(TRUTH, remote_number=None)], RIGHT) != []


def test_the_name_must_be_the_true_one_unless_the_pbx_cut_it() -> None:
    assert faults([TRUTH], with_all(name=None)) == ["name None, not 'Jan Jansen'"]
    long = replace(TRUTH, remote_name="Ä" * 60)
    assert faults([long], with_all(name="Ä" * 39 + "\ufffd")) == []
    assert faults([long], with_all(name="Ä" * 20)) != []
    assert faults([replace(TRUTH, not_in_ami="remote_name")], with_all(name=None)) == []


def test_after_a_transfer_the_last_number_counts() -> None:
    truth = replace(TRUTH, updates=[])
    truth.becomes("102", 2.0, "transfer", transferred_from="103")
    assert faults([truth], RIGHT) == [
        "after transfer: +31612345678, not 102",
        "after transfer: transferred_from None, not 103",
    ]
    end = change("ended", 2.4, outcome="answered", number="102", transferred_from="103")
    assert faults([truth], [*RIGHT[:2], end]) == []


def test_what_ami_leaves_open_may_be_said_either_way() -> None:
    assert faults([replace(TRUTH, outcome="missed", also_right=["answered"])], RIGHT) == []
    assert faults([replace(TRUTH, closed_at=1.5, closed_at_latest=2.4)], RIGHT) == []
    assert faults([replace(TRUTH, optional=True)], []) == []


def test_an_optional_call_among_others_is_found_out() -> None:
    never = replace(TRUTH, outcome="rejected", answered_at=None, closed_at=0.8, optional=True)
    assert faults([never, TRUTH], RIGHT) == []
    assert faults([TRUTH, never], RIGHT) == []


def test_via_transfer_and_hold_are_checked_where_the_truth_says_them() -> None:
    assert faults([replace(TRUTH, via="park")], RIGHT) == ["via None, not park"]
    assert faults([replace(TRUTH, transferred_from="103")], RIGHT) == ["transferred_from None, not 103"]
    assert faults([replace(TRUTH, held=[(1.5, 2.0)])], RIGHT) == ["never held"]


def test_all_recordings_have_a_truth_for_each_user() -> None:
    found = timelines(Path(__file__).parents[1] / "recordings")
    assert len(found) >= 90
    assert all(timeline.stream.exists() for timeline in found)
    assert {str(timeline) for timeline in found} >= {"in-ringgroup 101", "in-ringgroup 103"}
