"""Where windows stand: monitors, corners, stacks, and where the user dragged them. Pure.

All lengths are pixels of an unscaled monitor, all places are those of the whole desktop.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

GAP: Final = 8
"""Between the windows of a stack."""


class Corner(StrEnum):
    """Where on a monitor a stack begins."""

    TOP_LEFT = "top-left"
    TOP_RIGHT = "top-right"
    BOTTOM_LEFT = "bottom-left"
    BOTTOM_RIGHT = "bottom-right"

    @property
    def is_right(self) -> bool:
        """Whether it is on the right."""
        return self in {Corner.TOP_RIGHT, Corner.BOTTOM_RIGHT}

    @property
    def is_bottom(self) -> bool:
        """Whether it is at the bottom."""
        return self in {Corner.BOTTOM_LEFT, Corner.BOTTOM_RIGHT}


@dataclass(frozen=True, slots=True)
class Rect:
    """A place on the desktop."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column that is not in it."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The first row that is not in it."""
        return self.y + self.height

    def distance(self, x: int, y: int) -> int:
        """How far a point is from it, sideways and up or down together; 0: within."""
        sideways = max(self.x - x, 0, x - self.right + 1)
        return sideways + max(self.y - y, 0, y - self.bottom + 1)


@dataclass(frozen=True, slots=True)
class Monitor:
    """A monitor: the whole of it, and what panels and docks leave free."""

    name: str
    whole: Rect
    free: Rect
    is_primary: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stack begins: so far from a corner of a monitor, sideways and up or down."""

    monitor: str
    corner: Corner
    offset: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Stack:
    """Where each window stands.

    Attributes:
        shown: the places of those that are seen, by their index; the others are folded away.
        fold: the place of what stands for the others; None when all are seen.
    """

    shown: dict[int, Rect]
    fold: Rect | None = None


def pick(monitors: Sequence[Monitor], wish: str, pointer: tuple[int, int]) -> Monitor:
    """Find the wished monitor: `primary`, `pointer`, a number from 1 on, or a name.

    One that is not there (any more) is the primary. There must be a monitor.
    """
    primary = next((each for each in monitors if each.is_primary), monitors[0])
    if wish == "pointer":
        return min(monitors, key=lambda each: each.whole.distance(*pointer))
    if named := [each for each in monitors if each.name == wish]:
        return named[0]
    is_number = wish.isascii() and wish.isdigit() and len(wish) < 4  # noqa: PLR2004 - of nobody's monitors
    if is_number and 1 <= int(wish) <= len(monitors):
        return monitors[int(wish) - 1]
    return primary


def stack(
    sizes: Sequence[tuple[int, int]], free: Rect, corner: Corner, offset: tuple[int, int], fold: int
) -> Stack:
    """Stack windows from a corner on, the oldest first; the newest are seen where not all can be.

    Args:
        sizes: width and height of each window, the oldest first.
        free: where on the monitor windows may stand; nothing leaves it.
        corner: where the first stands.
        offset: of the first from the corner; less where that would push it off the monitor.
        fold: the height of what stands for windows that are not seen, in the corner itself.
    """
    heights = [min(height, free.height) for _, height in sizes]
    along = _fitting_offset(offset[1], heights, free)
    room = free.height - along
    first = _first_seen(heights, room)
    if first:
        first = max(first, _first_seen(heights, room - fold - GAP))
        first = min(first, len(sizes) - 1)
    shown: dict[int, Rect] = {}
    folded = None
    if first:
        width = max(width for width, _ in sizes)
        folded = _at(along, (width, fold), free, corner, offset[0])
        along += fold + GAP
    for index in range(first, len(sizes)):
        shown[index] = _at(along, (sizes[index][0], heights[index]), free, corner, offset[0])
        along += heights[index] + GAP
    return Stack(shown, folded)


def _fitting_offset(wished: int, heights: Sequence[int], free: Rect) -> int:
    """Keep at least the newest within the monitor."""
    return max(0, min(wished, free.height - heights[-1])) if heights else wished


def _first_seen(heights: Sequence[int], room: int) -> int:
    """Give the index of the oldest of those that fit, counted from the newest; the newest always does."""
    left = room
    for index in range(len(heights) - 1, -1, -1):
        left -= heights[index] + (GAP if index < len(heights) - 1 else 0)
        if left < 0:
            return min(index + 1, len(heights) - 1)
    return 0


def _at(along: int, size: tuple[int, int], free: Rect, corner: Corner, sideways: int) -> Rect:
    width, height = min(size[0], free.width), size[1]
    x = free.right - sideways - width if corner.is_right else free.x + sideways
    y = free.bottom - along - height if corner.is_bottom else free.y + along
    return within(Rect(x, y, width, height), free)


def within(rect: Rect, free: Rect) -> Rect:
    """Move a place so that it leaves the monitor nowhere, and shorten it where it is larger."""
    width, height = min(rect.width, free.width), min(rect.height, free.height)
    x = min(max(rect.x, free.x), free.right - width)
    y = min(max(rect.y, free.y), free.bottom - height)
    return Rect(x, y, width, height)


def dropped(rect: Rect, monitors: Sequence[Monitor]) -> Place:
    """Say where a stack begins whose first window the user dropped here: at the corner that is nearest."""
    x, y = rect.x + rect.width // 2, rect.y + rect.height // 2
    monitor = min(monitors, key=lambda each: each.whole.distance(x, y))
    free, rect = monitor.free, within(rect, monitor.free)
    right, bottom = free.right - rect.right, free.bottom - rect.bottom
    is_right, is_bottom = right < rect.x - free.x, bottom < rect.y - free.y
    corner = Corner(f"{'bottom' if is_bottom else 'top'}-{'right' if is_right else 'left'}")
    offset = (right if is_right else rect.x - free.x, bottom if is_bottom else rect.y - free.y)
    return Place(monitor.name, corner, offset)


def layout_key(monitors: Sequence[Monitor]) -> str:
    """Tell layouts of monitors apart: a place is remembered for the monitors that there were."""
    described = (
        f"{each.name} {each.whole.width}x{each.whole.height}+{each.whole.x}+{each.whole.y}"
        for each in monitors
    )
    return " ".join(sorted(described))


def moved(rect: Rect, by: tuple[int, int]) -> Rect:
    """Give a place so much further right and down."""
    return replace(rect, x=rect.x + by[0], y=rect.y + by[1])
