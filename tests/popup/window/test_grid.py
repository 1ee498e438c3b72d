import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.popup.window.grid import cells, columns

ROOM, GAP = 346, 6


@pytest.mark.parametrize(
    ("widths", "in_row"),
    [
        ([], 1),
        ([500], 1),
        ([80, 80, 80, 80], 4),
        ([120, 80, 80, 80], 2),
        ([200, 80, 80, 80], 1),
        ([120, 80, 80], 1),
        ([100, 80, 80], 3),
        ([120, 80, 80, 80, 60], 2),
        ([60, 60, 60, 60, 60], 5),
    ],
)
def test_as_many_stand_in_a_row_as_fit(widths: list[int], in_row: int) -> None:
    assert columns(widths, ROOM, GAP) == in_row


@given(st.lists(st.integers(1, 400), min_size=1, max_size=5), st.integers(200, 1200))
def test_rows_are_filled_and_nothing_that_fits_is_cut(widths: list[int], room: int) -> None:
    in_row = columns(widths, room, GAP)
    found = cells(len(widths), in_row, room, GAP)
    assert len(found) == len(widths)
    assert in_row == 1 or all(width >= wished for (_, _, width), wished in zip(found, widths, strict=True))
    for row in {row for row, _, _ in found}:
        ends = [(start, start + width) for each, start, width in found if each == row]
        assert ends[0][0] == 0
        assert ends[-1][1] == room
        assert all(one[1] + GAP == other[0] for one, other in itertools.pairwise(ends))
