from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from bubbled.control.workplace import Workplace
from bubbled.web.highlight import Highlight
from bubbled.web.listing import Listing, by_day

LISTING = Listing(Workplace("101", "NL", {"102": "Bob"}), Highlight(""))


def call(**keys: Any) -> dict[str, Any]:
    return {
        "internal": False,
        "number": "+31612345678",
        "e164": "+31612345678",
        "name": None,
        "contact": None,
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
    shown = [LISTING.name(a_call), LISTING.company(a_call), LISTING.number(a_call)]
    assert ["".join(piece for piece, _ in pieces) for pieces in shown] == [name, company, number]
    assert LISTING.party(a_call) == name


def test_calls_stand_under_the_day_on_which_they_began_in_the_zone() -> None:
    late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    calls = [call(started_at=(late - timedelta(hours=hours)).isoformat()) for hours in (0, 1, 24)]
    days = by_day(calls, timezone(timedelta(hours=1)))
    assert [(day.date, len(day.calls)) for day in days] == [
        (date(2026, 11, 21), 1),
        (date(2026, 11, 20), 2),
    ]
