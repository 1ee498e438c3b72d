"""From the rows of a table, of whatever file, to contacts. Pure."""

from __future__ import annotations

import re
from itertools import chain, islice
from typing import TYPE_CHECKING

from bubbled.directory.entry import ANY_DIGITS, LONGEST_VALUE, Entry, Rejected, page
from bubbled.directory.local.heading import Roles, recognise, without_headings
from bubbled.error import DirectoryError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bubbled.directory.entry import ColumnNames

    Row = tuple[str, Sequence[str]]
    """Where a row is (`row 12`) and its cells."""

_BLANK = " \t\r\n\0\u00a0\ufeff"
_SEARCHED_ROWS = 20  # headings may stand below a title and a date, but not at the bottom of a page


def read_table(rows: Iterable[Row], given: ColumnNames) -> Iterator[Entry | Rejected]:
    """Read the rows below the headings; a table without headings is guessed by its first rows.

    Raises:
        DirectoryError: no column holds phone numbers, or one from the settings is missing.
    """
    remaining = iter(rows)
    first = [row for row in islice(remaining, _SEARCHED_ROWS) if any(cell.strip() for cell in row[1])]
    if not first:
        return
    roles, below = _find_headings(first, given)
    width = max(len(first[below - 1][1] if below else first[0][1]), 1)
    for where, cells in chain(first[below:], remaining):
        read = _read_row(where, cells, roles, width)
        if read is not None:
            yield read


def read_rows(
    headings: Sequence[str], rows: Iterable[Sequence[str]], given: ColumnNames
) -> Iterator[Entry | Rejected]:
    """Read rows whose headings are known, such as those of a database.

    Raises:
        DirectoryError: as `read_table`.
    """
    roles = recognise(headings, given)
    if roles is None:
        raise _no_numbers(headings)
    for number, cells in enumerate(rows, 1):
        read = _read_row(f"row {number}", cells, roles, len(headings))
        if read is not None:
            yield read


def _find_headings(first: Sequence[Row], given: ColumnNames) -> tuple[Roles, int]:
    """What the columns hold, and the index of the first row below the headings."""
    complaint: DirectoryError | None = None
    for index, (_, cells) in enumerate(first):
        try:
            roles = recognise(cells, given)
        except DirectoryError as problem:
            complaint = complaint or problem
            continue
        if roles is not None:
            return roles, index + 1
    guessed = None if complaint else without_headings([cells for _, cells in first])
    if guessed is not None:
        return guessed, 0
    raise complaint or _no_numbers(first[0][1])


def _no_numbers(cells: Sequence[str]) -> DirectoryError:
    headings = ", ".join(cell.strip()[:40] for cell in cells[:12] if cell.strip())
    return DirectoryError(
        f"none of its columns is recognised as phone numbers ({headings}); name it in columns.numbers"
    )


def _read_row(where: str, cells: Sequence[str], roles: Roles, width: int) -> Entry | Rejected | None:
    """One row; None when it is empty."""
    short = len(cells) < width
    held = len(cells)
    cells = [cell.strip(_BLANK)[:LONGEST_VALUE] for cell in cells]
    if short:
        cells.extend([""] * (width - held))
    numbers = tuple([cells[column] for column in roles.numbers if cells[column]])
    name, company = _name(cells, roles), _cell(cells, roles.company)
    if numbers and (name or company):
        return _entry(where, cells, roles, (name, company, numbers))
    if not any(cells):
        return None
    if short:
        return Rejected(where, f"{held} of {width} columns")
    return Rejected(where, "no phone number" if name or company else "no name")


def _entry(
    where: str,
    cells: Sequence[str],
    roles: Roles,
    read: tuple[str | None, str | None, tuple[str, ...]],
) -> Entry:
    name, company, numbers = read
    digits = _range_digits(_cell(cells, roles.range))
    mains = tuple(cells[column] for column in roles.mains if cells[column])
    return Entry(
        where=where,
        name=name,
        company=company,
        url=page(_cell(cells, roles.url) or ""),
        fields=tuple([(key, value) for key, column in roles.fields if (value := cells[column])]),
        numbers=numbers,
        mains=mains or (numbers if digits else ()),
        range_digits=digits,
        id=_cell(cells, roles.id),
        last_contact=_cell(cells, roles.last_contact),
    )


def _cell(cells: Sequence[str], column: int | None) -> str | None:
    return None if column is None else cells[column] or None


def _name(cells: Sequence[str], roles: Roles) -> str | None:
    return _cell(cells, roles.full_name) or " ".join(filter(None, [cells[i] for i in roles.name])) or None


def _range_digits(text: str | None) -> int:
    """`100` numbers and `2` digits mean the same; a word or cross only says that there are direct numbers."""
    if not text or text.lower() in {"0", "-", "no", "nee", "nein", "false"}:
        return 0
    size = re.fullmatch(r"10{1,4}", text)
    if size is not None:
        return len(text) - 1
    return int(text) if re.fullmatch(rf"[1-{ANY_DIGITS}]", text) else ANY_DIGITS
