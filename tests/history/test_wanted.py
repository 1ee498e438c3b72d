from __future__ import annotations

from dataclasses import replace

import pytest

from bubbled.history.past_call import seen
from bubbled.history.question import question_of
from bubbled.history.wanted import Place, Wanted, page
from bubbled.model import ME, CallId, Direction, Owner
from tests.history.sample import minutes, ringing, started

CALLS = [seen(started(ringing(str(number))), minutes(number // 2)) for number in range(10)]


def test_a_place_is_read_as_it_was_written() -> None:
    for call_id in ("1700000000.42", "", "a:b c\n☎", "-1"):
        place = Place(1_732_093_200_000_001, CallId(call_id))
        assert Place.from_text(str(place)) == place


@pytest.mark.parametrize(
    "text", ["", "x", "42", ":", "x:1", "1.5:1", "9" * 400 + ":1", "9223372036854775807:1", "--1:1", "٣:1"]
)
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no place|no moment"):
        Place.from_text(text)


def test_a_list_is_given_page_by_page_the_newest_first() -> None:
    place, pages = None, []
    while True:
        calls, place = page(CALLS, 4, place)
        pages.append([past.call.id for past in calls])
        if place is None:
            break
    assert pages == [["9", "8", "7", "6"], ["5", "4", "3", "2"], ["1", "0"]]


def test_a_list_that_fits_a_page_goes_on_nowhere() -> None:
    assert page(CALLS, 10, None)[1] is None
    assert page([], 10, None) == ([], None)


def test_a_call_that_was_read_twice_is_listed_once() -> None:
    assert len(page([*CALLS, *CALLS], 100, None)[0]) == len(CALLS)


def test_only_what_is_wanted_of_a_call_counts() -> None:
    past = CALLS[4]
    fitting = Wanted(
        text=question_of("0612", "NL"),
        owner=ME,
        since=minutes(2),
        until=minutes(3),
        direction=Direction.INBOUND,
    )
    assert fitting.fits(past)
    for other in (
        replace(fitting, owner=Owner("102")),
        replace(fitting, since=minutes(2.1)),
        replace(fitting, until=minutes(2)),
        replace(fitting, direction=Direction.OUTBOUND),
        replace(fitting, missed=True),
        replace(fitting, noted=True),
        replace(fitting, text=question_of("0613", "NL")),
    ):
        assert not other.fits(past)


def test_all_calls_of_somebody_are_a_simple_wish_and_others_are_not() -> None:
    assert Wanted(owner=ME, since=minutes(0)).is_simple
    for other in (Wanted(), Wanted(owner=ME, missed=True), Wanted(owner=ME, text=question_of("x", "NL"))):
        assert not other.is_simple
