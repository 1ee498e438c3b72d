"""How buttons stand below each other. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def columns(widths: Sequence[int], room: int, gap: int) -> int:
    """Say how many buttons of equal width stand in a row: as many as fit.

    Up to four buttons leave no single one for the last row; a fifth, which opens a menu, may stand there.

    Args:
        widths: what each label needs.
        room: the width of a row.
        gap: between two buttons.

    Returns:
        1 also when the widest fits nowhere: it is cut there.
    """
    count = len(widths)
    widest = max(widths, default=0)
    for each in range(count, 1, -1):
        leaves_one_alone = count in {3, 4} and count % each == 1
        if (room - (each - 1) * gap) // each >= widest and not leaves_one_alone:
            return each
    return 1


def cells(count: int, in_row: int, room: int, gap: int) -> list[tuple[int, int, int]]:
    """Give each button its row, its x and its width; the rows are filled to the last pixel."""
    found = []
    for index in range(count):
        row, column = divmod(index, in_row)
        here = min(in_row, count - row * in_row)
        start = column * (room + gap) // here
        end = (column + 1) * (room + gap) // here - gap
        found.append((row, start, end - start))
    return found
