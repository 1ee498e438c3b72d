from __future__ import annotations

import asyncio

import pytest

from bubbled.control.feed import Feed


async def test_each_reader_gets_each_change_in_order() -> None:
    feed = Feed()
    first, second = feed.subscribe(), feed.subscribe()

    feed.publish({"n": 1})
    feed.publish({"n": 2})
    feed.close()

    assert [change async for change in first] == [{"n": 1}, {"n": 2}]
    assert [change async for change in second] == [{"n": 1}, {"n": 2}]


async def test_a_waiting_reader_wakes_for_a_change() -> None:
    feed = Feed()
    reader = feed.subscribe()
    async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
        change = tasks.create_task(anext(reader))
        feed.publish({"n": 1})
    assert change.result() == {"n": 1}


async def test_a_reader_that_lags_is_dropped_and_the_others_go_on() -> None:
    feed = Feed(backlog=2)
    slow, quick = feed.subscribe(), feed.subscribe()
    for n in range(3):
        feed.publish({"n": n})
        assert await anext(quick) == {"n": n}

    with pytest.raises(StopAsyncIteration):
        await anext(slow)


async def test_a_reader_that_left_gets_nothing_more() -> None:
    feed = Feed()
    reader = feed.subscribe()
    await reader.aclose()

    feed.publish({"n": 1})

    with pytest.raises(StopAsyncIteration):
        await anext(reader)
