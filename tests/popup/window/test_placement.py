from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.popup.window.placement import (
    GAP,
    Corner,
    Monitor,
    Place,
    Rect,
    dropped,
    layout_key,
    pick,
    stack,
    within,
)

LEFT = Monitor("LEFT", Rect(0, 0, 1280, 1024), Rect(0, 0, 1280, 994), is_primary=True)
RIGHT = Monitor("HDMI-1", Rect(1280, 0, 1920, 1080), Rect(1280, 30, 1920, 1050))
BOTH = (LEFT, RIGHT)
FOLD = 30

rects = st.builds(
    Rect,
    st.integers(-5000, 5000),
    st.integers(-5000, 5000),
    st.integers(240, 4000),
    st.integers(200, 4000),
)
sizes = st.lists(st.tuples(st.integers(240, 1200), st.integers(40, 700)), min_size=1, max_size=30)


def inside(rect: Rect, free: Rect) -> bool:
    return free.x <= rect.x and free.y <= rect.y and rect.right <= free.right and rect.bottom <= free.bottom


def overlap(one: Rect, other: Rect) -> bool:
    return one.x < other.right and other.x < one.right and one.y < other.bottom and other.y < one.bottom


@pytest.mark.parametrize(
    ("wish", "pointer", "found"),
    [
        ("primary", (0, 0), LEFT),
        ("1", (0, 0), LEFT),
        ("2", (0, 0), RIGHT),
        ("HDMI-1", (0, 0), RIGHT),
        ("pointer", (1500, 500), RIGHT),
        ("pointer", (10, 5000), LEFT),
        ("3", (0, 0), LEFT),
        ("0", (0, 0), LEFT),
        ("DP-9", (0, 0), LEFT),
        ("²", (0, 0), LEFT),
    ],
)
def test_the_wished_monitor_is_taken_and_the_primary_when_it_is_gone(
    wish: str, pointer: tuple[int, int], found: Monitor
) -> None:
    assert pick(BOTH, wish, pointer) == found


def test_without_a_primary_the_first_stands_in() -> None:
    assert pick((RIGHT, replace(LEFT, is_primary=False)), "primary", (0, 0)) == RIGHT


@pytest.mark.parametrize(
    ("corner", "places"),
    [
        (Corner.BOTTOM_RIGHT, [(884, 844), (884, 686)]),
        (Corner.BOTTOM_LEFT, [(16, 844), (16, 686)]),
        (Corner.TOP_RIGHT, [(884, 50), (884, 158)]),
        (Corner.TOP_LEFT, [(16, 50), (16, 158)]),
    ],
)
def test_the_oldest_stands_in_the_corner_and_the_next_above_or_below(
    corner: Corner, places: list[tuple[int, int]]
) -> None:
    found = stack([(380, 100), (380, 150)], LEFT.free, corner, (16, 50), FOLD)
    assert [(rect.x, rect.y) for rect in found.shown.values()] == places
    assert found.fold is None


def test_the_newest_are_seen_where_not_all_fit_and_the_corner_tells_of_the_others() -> None:
    found = stack([(380, 200)] * 20, LEFT.free, Corner.BOTTOM_RIGHT, (16, 16), FOLD)
    assert list(found.shown) == [16, 17, 18, 19]
    assert found.fold == Rect(884, 994 - 16 - FOLD, 380, FOLD)
    assert found.shown[16].bottom + GAP == found.fold.y


@given(sizes, rects, st.sampled_from(Corner), st.integers(0, 10_000), st.integers(0, 10_000))
def test_nothing_is_off_the_monitor_or_covers_another_and_the_newest_is_seen(
    sizes: list[tuple[int, int]], free: Rect, corner: Corner, x: int, y: int
) -> None:
    found = stack(sizes, free, corner, (x, y), FOLD)
    everything = [*found.shown.values(), *([found.fold] if found.fold else [])]
    assert len(sizes) - 1 in found.shown
    assert list(found.shown) == list(range(min(found.shown), len(sizes)))
    assert (found.fold is None) == (len(found.shown) == len(sizes))
    assert all(inside(rect, free) for rect in everything)
    if len(found.shown) > 1:
        assert not any(
            overlap(one, other) for at, one in enumerate(everything) for other in everything[at + 1 :]
        )


@given(rects, rects)
def test_what_is_moved_within_stays_as_it_is_where_it_can(rect: Rect, free: Rect) -> None:
    assert inside(within(rect, free), free)
    assert not inside(rect, free) or within(rect, free) == rect


@given(st.integers(-2000, 5000), st.integers(-2000, 5000))
def test_where_it_was_dropped_it_stands_from_then_on(x: int, y: int) -> None:
    place = dropped(Rect(x, y, 380, 120), BOTH)
    monitor = pick(BOTH, place.monitor, (0, 0))
    stands = stack([(380, 120)], monitor.free, place.corner, place.offset, FOLD).shown[0]
    assert stands == within(Rect(x, y, 380, 120), monitor.free)


def test_the_nearest_corner_is_kept_so_that_a_stack_grows_into_the_monitor() -> None:
    assert dropped(Rect(1300, 40, 380, 120), BOTH) == Place("HDMI-1", Corner.TOP_LEFT, (20, 10))
    assert dropped(Rect(800, 800, 380, 120), BOTH) == Place("LEFT", Corner.BOTTOM_RIGHT, (100, 74))


def test_layouts_are_told_apart_by_what_monitors_there_are_not_by_their_order() -> None:
    assert layout_key(BOTH) == layout_key((RIGHT, LEFT))
    assert layout_key(BOTH) != layout_key((LEFT,))
    assert layout_key((LEFT,)) != layout_key((replace(LEFT, whole=Rect(0, 0, 1920, 1080)),))
