from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bubbled.directory.http.errand import Errand
from bubbled.error import DirectoryError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine


def test_work_that_hangs_is_told(in_virtual_time: Callable[[Coroutine[None, None, None]], None]) -> None:
    async def check() -> None:
        with pytest.raises(DirectoryError, match="it hangs"):
            await Errand(lambda: asyncio.sleep(3600), limit_s=10, overdue="it hangs").run()

    in_virtual_time(check())


def test_work_under_way_comes_to_its_end_before_closing(
    in_virtual_time: Callable[[Coroutine[None, None, None]], None],
) -> None:
    ended = []

    async def work() -> None:
        await asyncio.sleep(3)
        ended.append(True)

    async def check() -> None:
        errand = Errand(work, limit_s=10, overdue="it hangs")
        waiter = asyncio.create_task(errand.run())
        await asyncio.sleep(1)
        waiter.cancel()
        await errand.aclose(grace_s=5)
        assert ended == [True]

    in_virtual_time(check())


def test_work_that_takes_longer_than_its_grace_is_ended(
    in_virtual_time: Callable[[Coroutine[None, None, None]], None],
) -> None:
    async def check() -> None:
        errand = Errand(lambda: asyncio.sleep(3600), limit_s=7200, overdue="it hangs")
        waiter = asyncio.create_task(errand.run())
        await asyncio.sleep(1)
        await errand.aclose(grace_s=5)
        with pytest.raises(asyncio.CancelledError):
            await waiter
        assert asyncio.get_running_loop().time() == pytest.approx(6)

    in_virtual_time(check())


async def test_an_error_that_nobody_waits_for_is_no_complaint(caplog: pytest.LogCaptureFixture) -> None:
    may_fail = asyncio.Event()

    async def work() -> None:
        await may_fail.wait()
        raise DirectoryError("refused")

    errand = Errand(work, limit_s=10, overdue="it hangs")
    waiter = asyncio.create_task(errand.run())
    await asyncio.sleep(0)
    waiter.cancel()
    may_fail.set()
    await errand.aclose()
    del errand
    assert caplog.records == []


async def test_after_an_error_it_is_done_anew() -> None:
    outcomes = iter([False, True])

    async def work() -> str:
        if next(outcomes):
            return "done"
        raise DirectoryError("not now")

    errand = Errand(work, limit_s=10, overdue="it hangs")
    with pytest.raises(DirectoryError, match="not now"):
        await errand.run()
    assert await errand.run() == "done"
