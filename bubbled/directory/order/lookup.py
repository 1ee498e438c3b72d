"""Asks all directories of one user and believes them in the user's order, however fast each is.

Not a TaskGroup, in which one error ends the siblings, and no race for the fastest answer.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import structlog

from bubbled.directory.order.asking import Asking, Farewell
from bubbled.directory.order.guard import Guard, failing_alone
from bubbled.directory.order.inquiry import Inquiry
from bubbled.directory.order.memory import Memory
from bubbled.directory.order.plan import Rules, in_order
from bubbled.directory.order.turn import Turn
from bubbled.error import DirectoryError
from bubbled.number import shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bubbled.directory.order.answer import Answer, Question
    from bubbled.directory.order.asking import Listener
    from bubbled.directory.order.plan import Place
    from bubbled.directory.port import Directory, Disclosure, State
    from bubbled.model import E164, Extension

CLOSING_S: Final = 4.0
"""For all directories together to close, in seconds; systemd kills who takes five to stop."""

_CLOSED: Final = "the directories were closed meanwhile, as when the settings are read again; ask again"

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Shared:
    """A question in flight, which all who ask the same wait for."""

    asking: Asking
    task: asyncio.Task[Answer]


class Lookup:
    """Knows who has a number, from the user's directories.

    Equal questions at the same time are asked once. `clock` tells seconds, and goes as the loop's does.

    Attributes:
        directories: all of them, as they were given; they are believed by tier first.
    """

    def __init__(
        self,
        places: Sequence[Place],
        rules: Rules | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.directories: Final = tuple(place.directory for place in places)
        self._rules = rules or Rules()
        self._clock = clock
        self._memory = Memory(self._rules)
        self._guards = [Guard(place, self._rules, self._memory, clock) for place in in_order(places)]
        self._farewell = Farewell()
        self._in_flight: dict[Question, _Shared] = {}
        self._to_all: set[asyncio.Task[Answer]] = set()
        self._is_closed = False

    async def start(self) -> None:
        """Begin what the directories do in the background; returns without waiting for it."""
        for directory in self.directories:
            with failing_alone("a directory cannot start", directory=directory.name):
                await directory.start()

    async def ask(self, question: Question, on_provisional: Listener | None = None) -> Answer:
        """The first match in order, as soon as nothing before it can match; no directory makes it raise.

        Args:
            question: whose number is asked about.
            on_provisional: told what is known so far, when that changes: a match of a directory whose betters
                take their time, or one that is remembered and being asked about again. Also that there is
                none, after a match that was told is no more.

        Raises:
            DirectoryError: they are closed.
        """
        shared = self._in_flight.get(question)
        if shared is None:
            asking = self._asking(question)
            if (answer := asking.advance()) is not None:
                return answer
            shared = self._share(question, asking)
        with shared.asking.followed_by(on_provisional):
            # A caller who gives up must not take the answer from the others who asked the same.
            return await asyncio.shield(shared.task)

    async def ask_every(self, question: Question) -> Answer:
        """What each directory says now, whoever wins; takes as long as the slowest may.

        Nothing is answered from memory. Those that rest after failures are asked, but not those that asked
        for a pause, and strangers and those with `after_errors` False only by the rules for these.

        Raises:
            DirectoryError: they are closed, or were meanwhile.
        """
        asking = self._asking(question, is_for_all=True)
        task = asyncio.create_task(asking.finish(), name=f"lookup {shortened(question.number)}")
        self._to_all.add(task)
        try:
            await asyncio.wait((task,))
        finally:
            task.cancel()
            asking.abandon()
            self._to_all.discard(task)
        if task.cancelled():
            raise DirectoryError(_CLOSED)
        return task.result()

    def explain(self, question: Question) -> tuple[tuple[str, tuple[Disclosure, ...]], ...]:
        """What a question may tell to whom, by the name of the directory, in the order of their turns."""
        return tuple(
            (guard.directory.name, guard.directory.disclosures(question.number))
            for guard in self._guards
            if guard.place.objection(question) is None
        )

    def state_of(self, directory: Directory) -> State:
        """How a directory does: what it says itself, else `FAILED` after a question it did not answer."""
        return next(guard.state for guard in self._guards if guard.directory is directory)

    def forget(self, number: E164 | Extension) -> None:
        """Remember nothing more about a number, nor what is being asked about it."""
        self._memory.forget(number, self._clock())

    async def aclose(self) -> None:
        """Give up open questions and close the directories; one that takes too long is left behind."""
        self._is_closed = True
        questions = (*(shared.task for shared in self._in_flight.values()), *self._to_all)
        for question in questions:
            question.cancel()
        await asyncio.gather(*questions, return_exceptions=True)
        await self._farewell.aclose()
        if self.directories:
            await _close(reversed(self.directories))

    def _asking(self, question: Question, *, is_for_all: bool = False) -> Asking:
        if self._is_closed:
            raise DirectoryError(_CLOSED)
        turns = [self._turn(guard, question, recalls=not is_for_all) for guard in self._guards]
        inquiry = Inquiry(turns, self._rules, self._clock(), is_for_all=is_for_all)
        return Asking(
            inquiry,
            self._guards,
            question.number,
            clock=self._clock,
            farewell=self._farewell,
            insists=is_for_all,
        )

    def _turn(self, guard: Guard, question: Question, *, recalls: bool) -> Turn:
        objection = guard.place.objection(question)
        return Turn(
            directory=guard.directory.name,
            timeout_s=min(guard.directory.timeout_s, self._rules.budget_s),
            tier=guard.place.tier,
            is_local=guard.directory.is_local,
            after_errors=guard.place.after_errors,
            is_stranger=guard.place.is_stranger,
            objection=objection,
            remembered=guard.recall(question.number) if recalls and objection is None else None,
        )

    def _share(self, question: Question, asking: Asking) -> _Shared:
        task = asyncio.create_task(asking.finish(), name=f"lookup {shortened(question.number)}")
        shared = self._in_flight[question] = _Shared(asking, task)

        def over(_: asyncio.Task[Answer]) -> None:
            self._in_flight.pop(question, None)
            asking.abandon()  # not in the task: one that is cancelled before its first step runs nothing

        task.add_done_callback(over)
        return shared


async def _close(directories: Iterable[Directory]) -> None:
    """Close all at once; one that does not come to its end is left behind."""
    closing = [asyncio.create_task(_close_one(each), name=f"close {each.name}") for each in directories]
    _, late = await asyncio.wait(closing, timeout=CLOSING_S)
    for task in late:
        _log.warning("a directory does not close in time", task=task.get_name())
        task.cancel()


async def _close_one(directory: Directory) -> None:
    with failing_alone("a directory cannot be closed", directory=directory.name):
        await directory.aclose()
