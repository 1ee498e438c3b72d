"""Carries out what an inquiry decides: asks, waits, gives up, and tells those who wait for the answer."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import structlog

from bubbled.directory.order.guard import failing_alone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bubbled.directory.order.answer import Answer
    from bubbled.directory.order.guard import Guard
    from bubbled.directory.order.inquiry import Inquiry, Moves
    from bubbled.model import E164, Contact, Extension

    Listener = Callable[[Answer], None]
    Asked = asyncio.Task[tuple[Contact, ...]]

GRACE_S: Final = 0.25
"""For those who are given up to let go, in seconds; nobody waits for that, save `Farewell.aclose`."""

_log = structlog.get_logger()


class Farewell:
    """Those who were given up and have not let go yet; one that is deaf to it holds up no answer."""

    def __init__(self) -> None:
        self._tasks: dict[Asked, asyncio.TimerHandle] = {}

    def send_off(self, task: Asked) -> None:
        """Cancel a question; what still comes of it interests nobody."""
        task.cancel()
        self._tasks[task] = asyncio.get_running_loop().call_later(GRACE_S, _complain, task)
        task.add_done_callback(self._gone)

    async def aclose(self) -> None:
        """Wait a moment for those who have not let go."""
        if self._tasks:
            await asyncio.wait(tuple(self._tasks), timeout=GRACE_S)

    def _gone(self, task: Asked) -> None:
        self._tasks.pop(task).cancel()
        if not task.cancelled():
            task.exception()  # looked at, else asyncio reports it as one that was overlooked


def _complain(task: Asked) -> None:
    _log.warning("a directory does not stop when told to", task=task.get_name())


class Asking:
    """One question that is being asked, for all who wait for its answer."""

    def __init__(  # noqa: PLR0913 - what a question needs; it is built in one place
        self,
        inquiry: Inquiry,
        guards: Sequence[Guard],
        number: E164 | Extension,
        *,
        clock: Callable[[], float],
        farewell: Farewell,
        insists: bool = False,
    ) -> None:
        self._inquiry = inquiry
        self._guards = guards
        self._number = number
        self._clock = clock
        self._farewell = farewell
        self._insists = insists
        self._open: dict[Asked, tuple[int, float]] = {}
        self._listeners: list[Listener] = []
        self._told: Answer | None = None
        self._wake_at = float("inf")

    def advance(self) -> Answer | None:
        """Do what there is to do without waiting; returns the answer when that is all there was to do."""
        while not self._carry_out(self._inquiry.moves(self._clock())):
            pass
        return self._inquiry.answer() if self._inquiry.is_over else None

    async def finish(self) -> Answer:
        """Wait for the answer, where `advance` did not return it."""
        while (answer := self.advance()) is None:
            await self._wait()
        return answer

    def abandon(self) -> None:
        """Give up those who have not answered; does nothing after the answer."""
        for place, _ in tuple(self._open.values()):
            self._give_up(place)

    @contextmanager
    def followed_by(self, listener: Listener | None) -> Iterator[None]:
        """Tell somebody what is known so far, now and whenever that changes."""
        if listener is None:
            yield
            return
        self._listeners.append(listener)
        try:
            if self._told is not None:
                _pass_on(self._told, listener)
            yield
        finally:
            self._listeners.remove(listener)

    def _carry_out(self, moves: Moves) -> bool:
        """Returns whether one has to wait now; False: somebody answered at once, so there are new moves."""
        self._wake_at = moves.wake_at
        for place in moves.too_slow:
            began = self._send_off(place)
            self._guards[place].too_slow(self._clock() - began)
        for place in moves.give_up:
            self._give_up(place)
        if moves.tell is not None:
            self._tell(moves.tell)
        asked = [self._ask(place) for place in moves.ask]
        return all(asked)

    def _ask(self, place: int) -> bool:
        """Returns whether the answer has to be waited for."""
        guard = self._guards[place]
        outcome = guard.spare(insists=self._insists) or guard.ask_at_once(self._number)
        if outcome is not None:
            self._inquiry.hear(place, outcome)
            return False
        self._open[guard.ask(self._number)] = (place, self._clock())
        return True

    def _give_up(self, place: int) -> None:
        self._guards[place].let_go()
        self._send_off(place)

    def _send_off(self, place: int) -> float:
        """Returns when it was asked."""
        task = next(task for task, (its, _) in self._open.items() if its == place)
        _, began = self._open.pop(task)
        self._farewell.send_off(task)
        return began

    def _tell(self, answer: Answer) -> None:
        self._told = answer
        for listener in tuple(self._listeners):
            _pass_on(answer, listener)

    async def _wait(self) -> None:
        """Until somebody has answered, or there is something to do."""
        left_s = max(0.0, self._wake_at - self._clock())
        done, _ = await asyncio.wait(self._open, timeout=left_s, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            place, began = self._open.pop(task)
            self._inquiry.hear(place, self._guards[place].heard(task, self._number, began))


def _pass_on(answer: Answer, listener: Listener) -> None:
    with failing_alone("what is known of a caller so far could not be told"):
        listener(answer)
