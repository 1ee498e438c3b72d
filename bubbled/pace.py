"""Long work in small pieces, so that a phone that rings meanwhile need not wait for its end."""

from __future__ import annotations

import asyncio
from time import perf_counter
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

A = TypeVar("A")
B = TypeVar("B")

PIECE_S: Final = 0.0005


async def paced(do: Callable[[A], B], items: Iterable[A]) -> list[B]:
    """Do something with each of many items, and let others have the loop every half millisecond.

    Args:
        do: what takes much less than that.
        items: in whose order the results are.
    """
    done: list[B] = []
    began = perf_counter()
    for item in items:
        done.append(do(item))
        if perf_counter() - began > PIECE_S:
            await asyncio.sleep(0)
            began = perf_counter()
    return done
