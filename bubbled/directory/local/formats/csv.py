"""Contacts from a CSV file (RFC 4180), with whatever delimiter and encoding its writer likes."""

from __future__ import annotations

import csv
from collections import Counter, deque
from itertools import islice
from typing import TYPE_CHECKING

from bubbled.directory.entry import Rejected
from bubbled.directory.local.encoding import lines
from bubbled.directory.local.table import read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from bubbled.directory.entry import ColumnNames, Entry

_DELIMITERS = (";", ",", "\t", "|")
_SAMPLE_LINES = 50
_LONGEST_FIELD = 65_536
_LONGEST_RECORD = 40  # lines: an address has few, a quote that is never closed swallows all


def read_csv(path: Path, given: ColumnNames, progress: Callable[[float], None]) -> Iterator[Entry | Rejected]:
    """Read the contacts; see `entry.Reader`."""
    yield from read_csv_lines(lines(path.open("rb"), path.stat().st_size, progress), given)


def read_csv_lines(text: Iterable[str], given: ColumnNames) -> Iterator[Entry | Rejected]:
    """Read the contacts from lines of text."""
    source = _Lines(line.replace("\0", "") for line in text)
    delimiter = _delimiter(source)
    broken: deque[Rejected] = deque()
    for read in read_table(_rows(source, delimiter, broken), given):
        while broken:
            yield broken.popleft()
        yield read
    yield from broken


class _Lines:
    """Lines that can be put back, with the number of the one that comes next."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._again: deque[str] = deque()
        self.taken: list[str] = []
        self.number = 1
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self.ended = True
        line = self._again.popleft() if self._again else next(self._lines)
        self.ended = False
        self.taken.append(line)
        self.number += 1
        return line

    def put_back(self, count: int) -> None:
        """Give the last `count` lines again."""
        for _ in range(count):
            self._again.appendleft(self.taken.pop())
            self.number -= 1


def _delimiter(source: _Lines) -> str:
    """The character that cuts most of the first lines into equally many cells; Excel may name it: `sep=;`."""
    sample = list(islice(source, _SAMPLE_LINES))
    if sample and sample[0].lower().startswith("sep=") and len(sample[0].strip()) == len("sep=;"):
        source.put_back(len(sample) - 1)
        return sample[0][4]
    source.put_back(len(sample))
    return max(_DELIMITERS, key=lambda delimiter: _evenness(sample, delimiter))


def _evenness(sample: Sequence[str], delimiter: str) -> tuple[int, int]:
    # Line by line, so that a quote that is never closed spoils only one.
    short = (line[:_LONGEST_FIELD] for line in sample)
    rows_of_lines = (next(csv.reader([line], delimiter=delimiter), []) for line in short)
    widths = Counter(len(cells) for cells in rows_of_lines if len(cells) > 1)
    width, rows = max(widths.items(), key=lambda item: item[1], default=(0, 0))
    return (rows, width)


def _rows(source: _Lines, delimiter: str, broken: deque[Rejected]) -> Iterator[tuple[str, Sequence[str]]]:
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(source, delimiter=delimiter)
    width = 0
    while True:
        source.taken.clear()
        source.ended = False
        number = source.number
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            cells = None
        count = len(source.taken)
        # A reader that asked for a line behind the last one was still inside of a quoted field.
        if cells is None or source.ended or (count > 1 and _is_swallowed(count, len(cells), width)):
            # A quote that is never closed would take the rows below with it: give them back.
            source.put_back(count - 1)
            reader = csv.reader(source, delimiter=delimiter)
            broken.append(Rejected(f"row {number}", "a quote is never closed or a field is endless"))
            continue
        if number <= _SAMPLE_LINES:
            width = max(width, len(cells))
        yield f"row {number}", cells


def _is_swallowed(lines_taken: int, cells: int, width: int) -> bool:
    return lines_taken > _LONGEST_RECORD or (width > 0 and cells != width)
