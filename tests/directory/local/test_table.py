from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.directory.entry import ColumnNames, Entry, Rejected
from bubbled.directory.local.table import read_table
from bubbled.error import DirectoryError


def read(*rows: str, columns: ColumnNames | None = None) -> list[Entry | Rejected]:
    cells = ((f"row {i}", row.split(";")) for i, row in enumerate(rows, 1))
    return list(read_table(cells, columns or ColumnNames()))


def test_a_row_becomes_a_contact() -> None:
    (entry,) = read("Naam;Bedrijf;Telefoon;Stad;Link", "Jan;Acme;020-1234567;Ede;https://crm.example.com/1")
    assert entry == Entry(
        where="row 2",
        name="Jan",
        company="Acme",
        url="https://crm.example.com/1",
        fields=(("telefoon", "020-1234567"), ("stad", "Ede"), ("city", "Ede")),
        numbers=("020-1234567",),
    )


def test_rows_that_are_no_contact_are_named_with_the_reason() -> None:
    assert read("Naam;Telefoon;Plaats", "Jan", "Jan;;Ede", ";020-1234567;Ede", ";;", "", "\0\0;\0;") == [
        Rejected("row 2", "1 of 3 columns"),
        Rejected("row 3", "no phone number"),
        Rejected("row 4", "no name"),
    ]


def test_headings_may_stand_below_a_title() -> None:
    (entry,) = read("Klanten van Acme", "", "31-12-2025;", "Naam;Telefoon", "Jan;020-1234567")
    assert isinstance(entry, Entry)
    assert (entry.where, entry.name) == ("row 5", "Jan")


def test_a_table_without_headings_is_understood() -> None:
    entries = read("Jan;020-1234567", "Kees;06-12345678")
    assert [entry.name for entry in entries if isinstance(entry, Entry)] == ["Jan", "Kees"]


def test_a_table_without_phone_numbers_is_refused_with_what_to_do() -> None:
    with pytest.raises(DirectoryError, match=r"\(Naam, Plaats\); name it in columns\.numbers"):
        read("Naam;Plaats", "Jan;Ede")


def test_a_heading_of_the_settings_that_is_missing_is_named() -> None:
    with pytest.raises(DirectoryError, match='no column "Lijn"'):
        read("Naam;Plaats", "Jan;020-1234567", columns=ColumnNames(numbers=("Lijn",)))


def test_an_empty_table_has_no_contacts() -> None:
    assert read() == []
    assert read("", ";;") == []
    assert read("Naam;Telefoon") == []


@pytest.mark.parametrize(
    ("text", "digits"),
    [("", 0), ("nee", 0), ("2", 2), ("4", 4), ("10", 1), ("100", 2), ("10000", 4), ("x", 4), ("ja", 4)],
)
def test_a_range_is_a_size_or_a_number_of_digits(text: str, digits: int) -> None:
    (entry,) = read("Bedrijf;Telefoon;Bereik", f"Acme;020-1234500;{text}")
    assert isinstance(entry, Entry)
    assert entry.range_digits == digits
    assert entry.mains == (("020-1234500",) if digits else ())


def test_a_link_that_is_no_web_page_is_no_link() -> None:
    (entry,) = read("Naam;Telefoon;URL", "Jan;020-1234567;javascript:alert(1)")
    assert isinstance(entry, Entry)
    assert entry.url is None


def test_formulas_are_plain_text() -> None:
    (entry,) = read("Naam;Telefoon", '=HYPERLINK("http://x");020-1234567')
    assert isinstance(entry, Entry)
    assert entry.name == '=HYPERLINK("http://x")'


@given(st.lists(st.lists(st.text(max_size=8), max_size=5), max_size=8))
def test_any_rows_below_headings_are_contacts_or_named(rows: list[list[str]]) -> None:
    table = [("row 0", ["Naam", "Telefoon"]), *((f"row {i}", cells) for i, cells in enumerate(rows, 1))]
    for read_row in read_table(table, ColumnNames()):
        assert isinstance(read_row, Rejected) or (read_row.name and read_row.numbers)
