from __future__ import annotations

import asyncio
from time import perf_counter

from bubbled.pace import PIECE_S, paced


async def test_results_come_in_the_order_of_the_items() -> None:
    assert await paced(lambda item: item * 2, range(1000)) == list(range(0, 2000, 2))
    assert await paced(str, ()) == []


async def test_others_have_the_loop_while_long_work_is_done() -> None:
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    def work(_item: int) -> int:
        end = perf_counter() + PIECE_S
        while perf_counter() < end:
            pass
        return turns

    task = asyncio.create_task(other())
    seen = await paced(work, range(20))
    task.cancel()
    assert seen == sorted(seen)
    assert seen[-1] >= 19
