from __future__ import annotations

from datetime import date

import pytest

from bubbled.control.search import Found, Search, found_from_json, found_json, search_from_query, search_query
from tests.control.desk import a_call

EVERYTHING = Search(
    text='jan "; -- 06-12',
    whose="102",
    since=date(2026, 11, 1),
    until=date(2026, 11, 20),
    direction="outbound",
    missed=True,
    noted=True,
    limit=1000,
    before="1732093200000000:1700000000.42",
)


@pytest.mark.parametrize("wanted", [Search(), EVERYTHING, Search(whose="all", missed=True)])
def test_what_is_wanted_is_read_as_it_was_written(wanted: Search) -> None:
    assert search_from_query(search_query(wanted)) == wanted


def test_nothing_said_means_the_latest_calls_of_the_user() -> None:
    assert search_from_query({"text": "  ", "whose": "", "missed": "", "noted": "0"}) == Search()


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ({"text": "x" * 201}, "text must have at most 200"),
        ({"whose": "x" * 201}, "whose must have"),
        ({"before": "x" * 501}, "before must have"),
        ({"since": "yesterday"}, "since must be a day"),
        ({"until": "2026-02-30"}, "until must be a day"),
        ({"since": "0001-01-01"}, "since must be a day between"),
        ({"until": "9999-12-31"}, "until must be a day between"),
        ({"since": "2026-11-21", "until": "2026-11-20"}, "since must not be after until"),
        ({"direction": "up"}, "direction must be"),
        ({"missed": "yes"}, "missed must be 1"),
        ({"noted": "True"}, "noted must be 1"),
        ({"limit": "0"}, "from 1 to 1000"),
        ({"limit": "1001"}, "from 1 to 1000"),
        ({"limit": "٣"}, "from 1 to 1000"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(query: dict[str, str], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        search_from_query(query)


def test_what_is_found_is_read_as_it_was_written() -> None:
    found = Found((a_call("1"), a_call("2")), "a place", "Some are missing.")
    assert found_from_json(found_json(found)) == found


def test_a_daemon_of_before_there_were_gaps_is_understood() -> None:
    assert found_from_json({"calls": [], "older": None}) == Found((), None)
