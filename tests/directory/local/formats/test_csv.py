from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.directory.entry import ColumnNames, Entry, Rejected
from bubbled.directory.local.formats.csv import read_csv, read_csv_lines

if TYPE_CHECKING:
    from pathlib import Path

JAN, KEES = ("Jan", "020-1234567"), ("Kees", "06-12345678")


def read(text: str) -> list[Entry | Rejected]:
    return list(read_csv_lines(io.StringIO(text, newline=""), ColumnNames()))


def contacts(text: str) -> list[tuple[str | None, str]]:
    return [(entry.name, entry.numbers[0]) for entry in read(text) if isinstance(entry, Entry)]


def rejected(text: str) -> list[str]:
    return [entry.where for entry in read(text) if isinstance(entry, Rejected)]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_every_usual_delimiter_is_recognised(delimiter: str) -> None:
    text = f"Naam{delimiter}Telefoon\nJan{delimiter}020-1234567\nKees{delimiter}06-12345678\n"
    assert contacts(text) == [JAN, KEES]


def test_a_comma_in_the_names_does_not_hide_the_semicolon() -> None:
    text = "Naam;Telefoon\nJansen, Jan;020-1234567\nVries, de, Kees;06-12345678\n"
    assert contacts(text) == [("Jansen, Jan", "020-1234567"), ("Vries, de, Kees", "06-12345678")]


def test_the_line_by_which_excel_names_the_delimiter() -> None:
    assert contacts("sep=,\nNaam,Telefoon\nJan,020-1234567\n") == [JAN]


def test_quotes_line_ends_and_nul_bytes_in_fields() -> None:
    text = 'Naam;"Adres";Telefoon\r\n"Jan";"Laan 1\r\n""De Hoek""";020-1234567\r\n\0Kees\0;;06-12345678\r\n'
    first, _ = read(text)
    assert isinstance(first, Entry)
    assert ("adres", 'Laan 1\r\n"De Hoek"') in first.fields
    assert contacts(text) == [JAN, KEES]


def test_rows_are_numbered_as_a_text_editor_numbers_their_first_lines() -> None:
    assert rejected('Naam;Adres;Telefoon\nJan;"a\nb";020-1234567\n;;0201234567\nKees;;06-12345678\nPiet') == [
        "row 4",
        "row 6",
    ]


@pytest.mark.parametrize("below", [1, 3, 60, 5000])
def test_a_quote_that_is_never_closed_takes_only_its_own_row(below: int) -> None:
    text = 'Naam;Telefoon\n"Jan;020-1234567\n' + "Kees;06-12345678\n" * below
    assert contacts(text) == [KEES] * below
    assert rejected(text) == ["row 2"]


def test_an_endless_field_takes_only_its_own_row() -> None:
    text = f"Naam;Telefoon\n{'x' * 200_000};1\nKees;06-12345678\n"
    assert contacts(text) == [KEES]
    assert rejected(text) == ["row 2"]


def test_a_file_that_was_cut_off_loses_only_its_last_row() -> None:
    whole = "Naam;Plaats;Telefoon\n" + "Kees;Ede;06-12345678\n" * 3
    for end in range(len("Naam;Plaats;Telefoon\n"), len(whole)):
        assert len(contacts(whole[:end])) in {whole[:end].count("\n") - 1, whole[:end].count("\n")}


def test_a_file_of_another_encoding_is_read_from_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "klanten.csv"
    path.write_bytes("Naam;Telefoon\r\nJoë;020-1234567\r\n".encode("cp1252"))
    (entry,) = read_csv(path, ColumnNames(), lambda _: None)
    assert isinstance(entry, Entry)
    assert entry.name == "Joë"


NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=12)


@given(
    names=st.lists(NAMES, min_size=1, max_size=20),
    delimiter=st.sampled_from([";", ",", "\t"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_what_a_spreadsheet_writes_is_read(names: list[str], delimiter: str, quoting: Literal[0, 1]) -> None:
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter, quoting=quoting)
    writer.writerow(["Naam", "Plaats", "Telefoon"])
    writer.writerows([name, "Ede", "020-1234567"] for name in names)
    assert contacts(file.getvalue()) == [(name, "020-1234567") for name in names if name.strip("\ufeff")]


@given(st.text(alphabet='ab0123;,"\n\r\t\0|', max_size=80))
def test_any_text_is_read_without_losing_the_row_below_it(text: str) -> None:
    rows = contacts(f"sep=;\nNaam;Plaats;Telefoon\n{text}\nKees;Ede;06-12345678\n")
    assert rows[-1:] == [KEES]
