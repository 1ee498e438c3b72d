"""Work in threads for which nobody waits at the end: a name server, a network share or a keyring may hang."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")


class FreeThreads(ThreadPoolExecutor):
    """Does each piece of work in a thread of its own, which ends with the process at the latest.

    As the default executor of a loop it lets `asyncio.run` return, and the interpreter exit, while a call
    into the system hangs; the usual one would wait for it. A pool it is by name alone: asyncio wants one.
    """

    def __init__(self) -> None:
        super().__init__(max_workers=1)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Begin at once."""
        answer: Future[T] = Future()
        work = partial(fn, *args, **kwargs)
        Thread(target=_do, args=(work, answer), name="free thread", daemon=True).start()
        return answer

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - its base's signature
        """Do nothing: whoever is still at work is left behind."""


def _do(work: Callable[[], T], answer: Future[T]) -> None:
    answer.set_running_or_notify_cancel()
    try:
        answer.set_result(work())
    except BaseException as error:  # noqa: BLE001 - it goes to whoever asked
        answer.set_exception(error)
