from __future__ import annotations

import pytest

from bubbled.directory.local.about import About
from bubbled.directory.local.standing import ago, standing
from bubbled.directory.port import BusyError, Phase, State
from bubbled.error import DirectoryError

FIRST = State(Phase.INDEXING, 37, 100)
COPY = About("x", contacts=213)
DOWN, BUSY = DirectoryError("it is down"), BusyError("it asks for a pause", 120)
LATE_S = 1800.0


def told(about: About | None, trouble: DirectoryError | None = None, age_s: float = 0.0) -> str:
    return str(standing(about, trouble, FIRST, age_s, LATE_S))


def test_the_first_fetch_tells_how_far_it_is() -> None:
    assert told(None) == "indexing 37 %"


def test_a_copy_that_is_up_to_date_is_ready_without_a_remark() -> None:
    assert told(COPY, age_s=900) == "ready"


def test_an_old_copy_tells_its_age() -> None:
    assert told(COPY, age_s=7300) == "ready: fetched 2 hours ago"


def test_a_source_that_is_down_says_that_the_copy_is_still_used() -> None:
    assert told(COPY, DOWN) == "failed: it is down; the 213 contacts fetched before are still used"
    assert told(About("x"), DOWN) == told(None, DOWN) == "failed: it is down"


def test_a_source_that_asks_for_a_pause_does_not_make_the_copy_useless() -> None:
    assert told(COPY, BUSY, 600) == "ready: it asks for a pause; fetched 10 minutes ago"
    assert told(None, BUSY) == "failed: it asks for a pause"


def test_contacts_that_cannot_be_found_by_a_number_are_remarked() -> None:
    text = told(About("x", contacts=5, rejected=2))
    assert text == "ready: 2 more are no contact with a possible phone number"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-9, "moments"), (59, "moments"), (60, "1 minute"), (3599, "59 minutes"), (90_000, "1 day")],
)
def test_an_age_is_told_in_its_largest_unit(seconds: float, text: str) -> None:
    assert ago(seconds) == text
