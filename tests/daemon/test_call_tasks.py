from __future__ import annotations

import asyncio

from structlog.testing import capture_logs

from bubbled.daemon.call_tasks import CallTasks
from bubbled.model import CallId

ONE, TWO = CallId("1"), CallId("2")


async def forever(ended: list[str], name: str) -> None:
    try:
        await asyncio.Event().wait()
    finally:
        ended.append(name)


async def test_what_is_done_for_a_call_is_given_up_with_it_or_with_all() -> None:
    tasks, ended = CallTasks(), list[str]()
    for call_id in (ONE, ONE, TWO):
        tasks.start(call_id, forever(ended, call_id), "waiting")
    await asyncio.sleep(0)
    tasks.give_up(ONE)
    await asyncio.sleep(0)
    assert ended == ["1", "1"]
    tasks.give_up()
    await asyncio.sleep(0)
    assert ended == ["1", "1", "2"]


async def test_a_defect_is_told_and_takes_nothing_along() -> None:
    async def fails() -> None:
        raise RuntimeError("the pen is empty")

    tasks, ended = CallTasks(), list[str]()
    with capture_logs() as logs:
        tasks.start(ONE, forever(ended, "1"), "waiting")
        tasks.start(ONE, fails(), "who is calling")
        async with asyncio.timeout(10):
            while not logs:  # noqa: ASYNC110 - what is waited for is a list of structlog's
                await asyncio.sleep(0)
    assert (logs[0]["log_level"], logs[0]["question"], ended) == ("error", "who is calling", [])
    tasks.give_up()
    await asyncio.sleep(0)
