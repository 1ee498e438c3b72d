from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from bubbled.control.workplace import Workplace
from bubbled.web.highlight import Highlight
from bubbled.web.listing import Listing, by_day

LISTING = Listing(Workplace("101", "NL", {"102": "Bob"}), Highlight("0612"), timezone(timedelta(hours=1)))


def call(**keys: Any) -> dict[str, Any]:
    return {
        "internal": False,
        "number": "+31612345678",
        "e164": "+31612345678",
        "name": None,
        "contact": None,
        "via": None,
        "note": None,
        "owner": "me",
        "started_at": "2026-11-20T23:30:00+00:00",
    } | keys


def contact(**keys: Any) -> dict[str, Any]:
    return {"name": None, "company": None} | keys


@pytest.mark.parametrize(
    ("a_call", "name", "company", "number"),
    [
        (call(), "06 12345678", "", ""),
        (call(name="JANSEN"), "JANSEN", "", "06 12345678"),
        (call(name="JANSEN", contact=contact(name="Jan", company="Acme")), "Jan", "Acme", "06 12345678"),
        (call(contact=contact(company="Acme")), "Acme", "", "06 12345678"),
        (call(number="102", e164=None, internal=True), "Bob", "", "102"),
        (call(number="102", e164=None), "102", "", ""),
        (call(number=None, e164=None), "", "", ""),
        (call(number="+3225550123", e164="+3225550123"), "+32 2 555 01 23", "", ""),
        (call(name="a\r\nb\tc"), "a b c", "", "06 12345678"),
        (call(name="x" * 10_000), "x" * 200 + "…", "", "06 12345678"),
    ],
)
def test_the_other_party_has_a_name_a_company_and_a_number(
    a_call: dict[str, Any], name: str, company: str, number: str
) -> None:
    line = LISTING.line(a_call)
    shown = [line.name, line.company, line.number]
    assert ["".join(piece for piece, _ in pieces) for pieces in shown] == [name, company, number]
    assert (line.party, line.dialled) == (name, a_call["number"])


def test_what_is_too_long_for_a_number_is_shown_and_not_called() -> None:
    line = LISTING.line(call(number="9" * 500, e164=None))
    assert (line.party, line.dialled) == ("9" * 200 + "…", None)


def test_what_was_searched_for_is_marked_in_names_that_are_numbers_too() -> None:
    assert LISTING.line(call()).name == [("06 12", True), ("345678", False)]
    assert LISTING.line(call(name="0612")).name == [("0612", True)]
    assert LISTING.line(call(note="Call 0612")).note == [("Call ", False), ("0612", True)]


def test_a_line_says_when_by_whom_and_whose() -> None:
    line = LISTING.line(call(via={"kind": "transfer", "name": "102"}, owner="103"))
    assert (line.at, line.via, line.is_mine) == ("2026-11-21T00:30:00+01:00", "Bob", False)
    assert (LISTING.line(call()).via, LISTING.line(call()).is_mine) == ("", True)


def test_calls_stand_under_the_day_on_which_they_began_in_the_zone() -> None:
    late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    calls = [call(started_at=(late - timedelta(hours=hours)).isoformat()) for hours in (0, 1, 24)]
    days = by_day(calls, timezone(timedelta(hours=1)))
    assert [(day.date, len(day.calls)) for day in days] == [
        (date(2026, 11, 21), 1),
        (date(2026, 11, 20), 2),
    ]
