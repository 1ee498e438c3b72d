"""What commands write: text made harmless, tables where a person reads, tabs and JSON where a program does.

Names and numbers come from strangers. On a terminal a control character could move the cursor, retitle the
window or answer for the user (ECMA-48); in piped text a line break or tab could forge a row.
"""

from __future__ import annotations

import json
import os
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Sequence


class Colour(StrEnum):
    """What a word wants from the eye."""

    GOOD = "green"
    DOUBTFUL = "yellow"
    BAD = "red"
    QUIET = "bright_black"


def harmless(text: object) -> str:
    """Replace what does not print by itself: controls, line breaks, invisible and direction marks."""
    return "".join(each if each.isprintable() else _stand_in(each) for each in str(text))


def _stand_in(unprintable: str) -> str:
    return " " if unprintable.isspace() else "\N{REPLACEMENT CHARACTER}"


def json_line(value: Any) -> str:
    r"""Give JSON on one line, in any script; what `harmless` would replace is escaped as `\u001b`."""
    text = json.dumps(value, ensure_ascii=False)
    return "".join(each if each.isprintable() else json.dumps(each)[1:-1] for each in text)


def for_a_person() -> bool:
    """Tell whether a terminal shows the output."""
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def coloured(text: str, colour: Colour) -> str:
    """Colour a text where a terminal shows it and nobody asked for none (no-color.org)."""
    if not for_a_person() or os.environ.get("NO_COLOR"):
        return text
    return click.style(text, fg=colour.value)


def write_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Write a table for a person, or for a program a line of tab-separated cells for each row."""
    cells = [[harmless(cell) for cell in row] for row in rows]
    if for_a_person():
        _draw(headings, cells)
        return
    for row in cells:
        click.echo("\t".join(row))


def _draw(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415  # 100 ms that only a table on a terminal is worth
    from rich.console import Console  # noqa: PLC0415  # the same
    from rich.table import Table  # noqa: PLC0415  # the same
    from rich.text import Text  # noqa: PLC0415  # the same

    table = Table(*headings, box=SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        # As Text, a name with [brackets] is a name and no markup.
        table.add_row(*map(Text, row))
    Console().print(table)
