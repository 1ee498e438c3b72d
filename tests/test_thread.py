import asyncio
from threading import Event, current_thread

import pytest

from bubbled.thread import FreeThreads


def test_a_loop_ends_while_a_call_hangs() -> None:
    begun, released, ended = Event(), Event(), Event()

    def hang() -> None:
        begun.set()
        released.wait()
        ended.set()

    async def ask_and_give_up() -> None:
        asyncio.get_running_loop().set_default_executor(FreeThreads())
        question = asyncio.create_task(asyncio.to_thread(hang))
        await asyncio.to_thread(begun.wait)
        question.cancel()

    asyncio.run(ask_and_give_up())

    assert not ended.is_set()
    released.set()
    assert ended.wait(10)


def test_an_interpreter_need_not_wait_either() -> None:
    assert FreeThreads().submit(lambda: current_thread().daemon).result(10)


def test_one_call_that_hangs_holds_up_no_other() -> None:
    threads, released = FreeThreads(), Event()
    hanging = [threads.submit(released.wait) for _ in range(40)]

    assert threads.submit(sum, (1, 2)).result(10) == 3

    released.set()
    assert all(each.result(10) for each in hanging)


def test_an_error_goes_to_whoever_asked() -> None:
    with pytest.raises(ZeroDivisionError):
        FreeThreads().submit(divmod, 1, 0).result(10)
