"""Contacts from a workbook: Excel (xlsx, xlsm, xlsb, xls) and OpenDocument (ods)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from bubbled.directory.local.table import read_table
from bubbled.error import DirectoryError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from python_calamine import CalamineSheet, CalamineWorkbook

    from bubbled.directory.entry import ColumnNames, Entry, Rejected

    Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta


def read_excel(
    path: Path, given: ColumnNames, progress: Callable[[float], None]
) -> Iterator[Entry | Rejected]:
    """Read the contacts of every visible sheet that has phone numbers; see `entry.Reader`."""
    book = _open(path)
    names = _visible(book)
    complaint: DirectoryError | None = None
    usable = False
    for index, name in enumerate(names):
        prefix = f"sheet {name}, " if len(names) > 1 else ""
        try:
            for read in read_table(_rows(_sheet(book, name), prefix), given):
                usable = True
                yield read
        except DirectoryError as problem:
            complaint = complaint or problem
        progress((index + 1) / len(names))
    if complaint is not None and not usable:
        raise complaint


def _open(path: Path) -> CalamineWorkbook:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - the daemon itself never needs it

    try:
        with path.open("rb") as file:
            return CalamineWorkbook.from_filelike(file)
    except CalamineError as problem:
        raise DirectoryError(
            f"it is no workbook that can be read ({problem}); save it again, without a password"
        ) from problem


def _sheet(book: CalamineWorkbook, name: str) -> CalamineSheet:
    from python_calamine import CalamineError  # noqa: PLC0415 - as above

    try:
        return book.get_sheet_by_name(name)
    except CalamineError as problem:
        raise DirectoryError(f"its sheet {name} cannot be read ({problem}); save it again") from problem


def _visible(book: CalamineWorkbook) -> list[str]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415 - the daemon itself never needs it

    return [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
    ]


def _rows(sheet: CalamineSheet, prefix: str) -> Iterator[tuple[str, Sequence[str]]]:
    first = sheet.start[0] + 1 if sheet.start else 1
    for number, cells in enumerate(sheet.iter_rows(), first):
        yield f"{prefix}row {number}", [text_of(cell) for cell in cells]


def text_of(cell: Cell) -> str:
    """What the user sees in a cell; a phone number that Excel took for a number comes without `.0`."""
    match cell:
        case str():
            return cell
        case bool():
            return "yes" if cell else "no"
        case float() if cell.is_integer():
            return str(int(cell))
        case dt.date() | dt.time():  # a datetime is a date
            return cell.isoformat()
        case _:
            return str(cell)
