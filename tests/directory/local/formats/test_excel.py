from __future__ import annotations

import datetime as dt
import zipfile
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

import pytest

from bubbled.directory.entry import ColumnNames, Entry, Rejected
from bubbled.directory.local.formats.excel import read_excel, text_of
from bubbled.error import DirectoryError

if TYPE_CHECKING:
    from pathlib import Path

Rows = list[list[str | float | None]]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_RELATIONS = "application/vnd.openxmlformats-package.relationships+xml"


def write_workbook(path: Path, sheets: dict[str, Rows], *, hidden: str = "") -> None:
    """The least that is a workbook: ECMA-376 part 1."""
    numbers = range(1, len(sheets) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for n in numbers
    )
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    names = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="r{n}" '
        f'state="{"hidden" if name == hidden else "visible"}"/>'
        for n, name in zip(numbers, sheets, strict=True)
    )
    with zipfile.ZipFile(path, "w") as book:
        book.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="{_RELATIONS}"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
            f"{overrides}</Types>",
        )
        book.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
            f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        book.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{names}</sheets></workbook>',
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>',
        )
        for n, rows in zip(numbers, sheets.values(), strict=True):
            book.writestr(f"xl/worksheets/sheet{n}.xml", _sheet(rows))


def _sheet(rows: Rows) -> str:
    lines = "".join(
        f'<row r="{i}">{"".join(_cell(f"{chr(65 + j)}{i}", value) for j, value in enumerate(row))}</row>'
        for i, row in enumerate(rows, 1)
    )
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData></worksheet>'


def _cell(place: str, value: str | float | None) -> str:
    match value:
        case None:
            return ""
        case str():
            return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        case _:
            return f'<c r="{place}"><v>{value}</v></c>'


def read(path: Path) -> list[Entry | Rejected]:
    return list(read_excel(path, ColumnNames(), lambda _: None))


def test_a_sheet_is_read_also_where_excel_lost_the_zero(tmp_path: Path) -> None:
    path = tmp_path / "klanten.xlsx"
    rows: Rows = [
        ["Naam", "Telefoon", "Klant"],
        ["Jan", 612345678, 7],
        ["Kees", "020-1234567", 7.5],
        ["Piet", None],
    ]
    write_workbook(path, {"Blad1": rows})
    jan, kees, piet = read(path)
    assert isinstance(jan, Entry)
    assert isinstance(kees, Entry)
    assert (jan.name, jan.numbers) == ("Jan", ("612345678",))
    assert (kees.name, kees.numbers, kees.fields[-1]) == ("Kees", ("020-1234567",), ("klant", "7.5"))
    assert piet == Rejected("row 4", "no phone number")


def test_every_visible_sheet_with_phone_numbers_is_read(tmp_path: Path) -> None:
    path = tmp_path / "klanten.xlsx"
    sheets: dict[str, Rows] = {
        "Uitleg": [["Dit is de klantenlijst"]],
        "Klanten": [["Naam", "Telefoon"], ["Jan", "020-1234567"]],
        "Oud": [["Naam", "Telefoon"], ["Oude Jan", "020-1234567"]],
        "Leveranciers": [["Bedrijf", "Telefoon"], ["Acme", "020-7654321"], ["Beta", None]],
    }
    write_workbook(path, sheets, hidden="Oud")
    entries = read(path)
    assert [entry.name or entry.company for entry in entries if isinstance(entry, Entry)] == ["Jan", "Acme"]
    assert entries[-1] == Rejected("sheet Leveranciers, row 3", "no phone number")


def test_a_workbook_without_phone_numbers_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "klanten.xlsx"
    write_workbook(path, {"Blad1": [["Naam", "Plaats"], ["Jan", "Ede"]]})
    with pytest.raises(DirectoryError, match=r"\(Naam, Plaats\)"):
        read(path)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 not really", b"Naam;Telefoon\n"])
def test_what_is_no_workbook_is_refused_with_what_to_do(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "klanten.xlsx"
    path.write_bytes(data)
    with pytest.raises(DirectoryError, match=r"no workbook that can be read .*save it again"):
        read(path)


def test_a_workbook_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "klanten.xlsx"
    write_workbook(path, {"Blad1": [["Naam", "Telefoon"], ["Jan", "020-1234567"]]})
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(DirectoryError):
        read(path)


def test_a_sheet_that_cannot_be_read_spoils_no_other(tmp_path: Path) -> None:
    path = tmp_path / "klanten.xlsx"
    jan: Rows = [["Naam", "Telefoon"], ["Jan", "020-1234567"]]
    write_workbook(path, {"Bom": [["&b;"]], "Klanten": jan})
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    with zipfile.ZipFile(path, "w") as book:
        for name, part in parts.items():
            book.writestr(name, part.replace(b"&amp;b;", b"&b;"))

    assert [entry.name for entry in read(path) if isinstance(entry, Entry)] == ["Jan"]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("x", "x"),
        (612345678, "612345678"),
        (612345678.0, "612345678"),
        (1.5, "1.5"),
        (True, "yes"),
        (False, "no"),
        (dt.date(2026, 11, 22), "2026-11-22"),
        (dt.time(9, 30), "09:30:00"),
        (dt.timedelta(hours=1), "1:00:00"),
    ],
)
def test_cells_are_read_as_the_user_sees_them(
    cell: str | float | dt.date | dt.time | dt.timedelta, text: str
) -> None:
    assert text_of(cell) == text
