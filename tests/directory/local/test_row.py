from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.directory.entry import ANY_DIGITS, Entry
from bubbled.directory.local.bulk import reading
from bubbled.directory.local.row import row_of, unpack
from bubbled.model import Contact

NL = reading("NL")
TEXT = st.text(st.characters(exclude_characters="\x1f", exclude_categories=["Cs"]))


@given(TEXT, TEXT, TEXT, TEXT, st.lists(st.tuples(TEXT, TEXT)))
def test_a_contact_comes_back_as_it_went(
    name: str, company: str, url: str, id_: str, fields: list[tuple[str, str]]
) -> None:
    row = row_of(Entry("x", name, company, url, tuple(fields), ("06-12345678",), id=id_), NL)
    assert row is not None
    assert unpack(row.body, json.dumps(row.shape), "Customers") == Contact(
        directory="Customers",
        name=name or None,
        company=company or None,
        url=url or None,
        id=id_ or None,
        fields=tuple(fields),
    )


def test_who_has_no_possible_number_has_no_row() -> None:
    assert row_of(Entry("x", "Jan", None, None, (), ("geen", "112")), NL) is None
    assert row_of(Entry("x", "Jan", None, None, (), ()), NL) is None


def test_a_company_has_its_numbers_as_main_numbers_and_a_person_has_none() -> None:
    firm = row_of(Entry("x", None, "Acme", None, (), ("020-1234500", "+31201234500")), NL)
    assert firm is not None
    assert (firm.keys, firm.mains, firm.digits) == ((31201234500,), (31201234500,), ANY_DIGITS)
    person = row_of(Entry("x", "Jan", "Acme", None, (), ("020-1234500",)), NL)
    assert person is not None
    assert (person.is_company, person.mains) == (False, ())


@pytest.mark.parametrize(
    ("last_contact", "touched"),
    [
        (None, None),
        ("", None),
        ("yesterday", None),
        ("1970-01-02", 86_400),
        ("1970-01-02T01:00:00+01:00", 86_400),
        ("0001-01-01T00:00:00+14:00", -62_135_647_200),
    ],
)
def test_the_last_contact_is_kept_in_seconds(last_contact: str | None, touched: int | None) -> None:
    row = row_of(Entry("x", "Jan", None, None, (), ("06-12345678",), last_contact=last_contact), NL)
    assert row is not None
    assert row.touched == touched
