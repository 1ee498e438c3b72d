"""Where calls stand in the order of time: each at a place of its own, those of some weeks on one shelf. Pure.

A place is a number that grows with time: the second in which a call began, and which of that second's calls
it is. The words of each shelf are marked with its sign, so that an index is asked shelf by shelf, the newest
first: what would take too long of all calls, such as all words with a common beginning, is short of some.
"""

from __future__ import annotations

from typing import Final

_SECOND_BITS: Final = 16
CALLS_IN_A_SECOND: Final = 1 << _SECOND_BITS
_SHELF_BITS: Final = _SECOND_BITS + 22  # 48 days
_MICROSECONDS: Final = 1_000_000
_EARLIEST: Final = 0  # a clock that is not set stands there, or before

END: Final = 2**62
"""A place after all others."""


def first_place(at: int) -> int:
    """Give the first place of the second in which a moment lies, in microseconds since 1970."""
    return max(_EARLIEST, at // _MICROSECONDS) << _SECOND_BITS


def end_of_second(place: int) -> int:
    """Give the first place after the second in which a place lies."""
    return (place | (CALLS_IN_A_SECOND - 1)) + 1


def start_of_shelf(place: int) -> int:
    """Give the first place of the shelf on which a place is."""
    return place >> _SHELF_BITS << _SHELF_BITS


def sign(place: int) -> str:
    """Give the sign of that shelf, which stands before each word there."""
    return f"{place >> _SHELF_BITS:04x}"


SIGNED_WORDS: Final = f"replace(rtrim({{0}}.words), ' ', printf(' %04x', {{0}}.place >> {_SHELF_BITS}))"
"""The same in SQL: the words of a row with the sign of its shelf before each."""
