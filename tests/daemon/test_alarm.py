from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from bubbled.daemon.alarm import Alarm

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


async def test_it_rings_once_at_the_moment_that_was_named_last() -> None:
    rung: asyncio.Queue[str] = asyncio.Queue()
    alarm = Alarm(lambda: NOON, lambda: rung.put_nowait("rung"))
    alarm.set_to(NOON + timedelta(seconds=30))
    alarm.set_to(NOON)
    async with asyncio.timeout(10):
        await rung.get()
    assert rung.empty()


async def test_what_has_passed_rings_at_once() -> None:
    rung = asyncio.Event()
    Alarm(lambda: NOON, rung.set).set_to(NOON - timedelta(hours=1))
    async with asyncio.timeout(10):
        await rung.wait()


async def test_what_was_cancelled_does_not_ring_but_can_be_set_again() -> None:
    rung: asyncio.Queue[str] = asyncio.Queue()
    cancelled = Alarm(lambda: NOON, lambda: rung.put_nowait("a"))
    later = Alarm(lambda: NOON, lambda: rung.put_nowait("b"))
    cancelled.set_to(NOON)
    cancelled.cancel()
    later.set_to(NOON)
    async with asyncio.timeout(10):
        assert await rung.get() == "b"
        cancelled.set_to(NOON)
        assert await rung.get() == "a"
