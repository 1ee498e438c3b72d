"""The process that shows windows: started, told what to show, and listened to."""

from __future__ import annotations

import asyncio
import itertools
import sys
from subprocess import PIPE
from typing import TYPE_CHECKING, Final, Self

import structlog

from bubbled import child
from bubbled.popup.window.message import LONGEST_LINE, Done, order_line, read_report

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Callable, Mapping, Sequence

    from bubbled.popup.window.message import Order, Report

COMMAND: Final = (sys.executable, "-P", "-m", "bubbled.popup.window")
"""-P: what lies in the folder in which bubbled was started is no part of it."""

_MOST_COMPLAINTS: Final = 4096
"""Bytes of its standard error that are kept; the last tell why it ended."""

_log = structlog.get_logger()


class WindowProcess:
    """One process; `run` listens to it until it ends. See `bubbled.popup.window.message`."""

    def __init__(self, process: Process, on_report: Callable[[Report], None]) -> None:
        self._process = process
        self._on_report = on_report
        self._numbers = itertools.count(1)
        self._unanswered: dict[int, float] = {}
        self._answers: dict[int, asyncio.Future[bool]] = {}
        self._asked = asyncio.Event()
        self._complaints = b""

    @classmethod
    async def start(
        cls, command: Sequence[str], environment: Mapping[str, str], on_report: Callable[[Report], None]
    ) -> Self:
        """Start one.

        Args:
            command: what to run.
            environment: all of it.
            on_report: told what it reports, within the event loop: what the user does, and what is done.

        Raises:
            OSError: it cannot be started.
        """
        process = await child.start(
            *command, env=environment, stdin=PIPE, stdout=PIPE, stderr=PIPE, limit=LONGEST_LINE
        )
        return cls(process, on_report)

    @property
    def complaints(self) -> str:
        """What it wrote to its standard error last."""
        return self._complaints.decode(errors="replace").strip()

    def send(self, order: Order) -> int:
        """Tell it something, and give the number of that; see `drained`."""
        n = next(self._numbers)
        assert self._process.stdin  # noqa: S101 - it was started with one
        self._process.stdin.write(order_line(order, n))
        self._unanswered[n] = asyncio.get_running_loop().time()
        self._asked.set()
        return n

    async def drained(self) -> None:
        """Wait until what was sent is on its way; who sends more would fill the memory.

        Raises:
            OSError: it has ended.
        """
        assert self._process.stdin  # noqa: S101 - as above
        await self._process.stdin.drain()

    async def ask(self, order: Order) -> bool:
        """Tell it something, and wait until it is done; gives whether there was anything to do it with."""
        n = self.send(order)
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._answers[n] = answer
        try:
            return await answer
        finally:
            self._answers.pop(n, None)

    def has_answered(self, n: int) -> bool:
        """Whether it has carried out an order."""
        return n not in self._unanswered

    async def stalled(self, patience_s: float) -> None:
        """Wait until it leaves something unanswered for so long."""
        while True:
            await self._asked.wait()
            oldest = next(iter(self._unanswered.values()))
            left = oldest + patience_s - asyncio.get_running_loop().time()
            if left <= 0:
                return
            await asyncio.sleep(left)

    async def run(self) -> None:
        """Listen until it ends, or says what nobody understands."""
        assert self._process.stdout  # noqa: S101 - it was started with one
        complaining = asyncio.create_task(self._keep_complaints(), name="windows: complaints")
        try:
            while line := await self._process.stdout.readline():
                self._take(read_report(line))
            await complaining  # its last words tell why it ended
        except ValueError as error:  # also of a line without end
            _log.debug("the process of the windows says what is no report", reason=str(error))
        finally:
            complaining.cancel()

    async def end(self) -> None:
        """End it and wait until it is gone; its windows go with it."""
        await child.end(self._process)

    def _take(self, report: Report) -> None:
        self._on_report(report)
        if not isinstance(report, Done):
            return
        self._unanswered.pop(report.n, None)
        if not self._unanswered:
            self._asked.clear()
        if (answer := self._answers.get(report.n)) and not answer.done():
            answer.set_result(report.is_ok)

    async def _keep_complaints(self) -> None:
        assert self._process.stderr  # noqa: S101 - it was started with one
        while data := await self._process.stderr.read(_MOST_COMPLAINTS):
            _log.debug("the process of the windows complains", text=data.decode(errors="replace"))
            self._complaints = (self._complaints + data)[-_MOST_COMPLAINTS:]
