"""Ask all directories at once, believe them in the user's order.

They work in parallel but are awaited in order, so that the first in order that matches wins, however fast a
later one is. Not a TaskGroup, in which one error ends the siblings, and no race for the fastest answer.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import structlog

from bubbled.directory.order.answer import Answer, Asked, Question, Reply
from bubbled.directory.order.plan import Place, Rules, in_order
from bubbled.error import DirectoryError
from bubbled.number import shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bubbled.directory.port import Directory, Disclosure, State
    from bubbled.model import E164, Contact, Extension

_GRACE_S = 0.25  # for losers to let go; a directory that is deaf to it must not hold up the answer

_log = structlog.get_logger()


def decide(trace: Sequence[Asked | None]) -> Asked | None:
    """The directory whose match wins, as far as one can know while some (None) have not answered.

    A guess by a company's main number counts only when no directory knows the number itself.
    """
    for asked in trace:
        if asked is None:
            return None
        if asked.matches and not asked.matches[0].probable:
            return asked
    return best_so_far(trace)


def best_so_far(trace: Sequence[Asked | None]) -> Asked | None:
    """The directory whose match wins when nothing more is waited for."""
    hits = [asked for asked in trace if asked is not None and asked.matches]
    return next((hit for hit in hits if not hit.matches[0].probable), hits[0] if hits else None)


@dataclass(frozen=True, slots=True, eq=False)
class _Question:
    directory: str
    task: asyncio.Task[Asked]


def _heard(question: _Question) -> Asked | None:
    return _outcome(question) if question.task.done() else None


def _outcome(question: _Question) -> Asked:
    if question.task.cancelled():  # from inside: a directory whose own helper task was cancelled
        return Asked(question.directory, Reply.ERROR, 0.0, "the directory gave up by itself")
    return question.task.result()


async def _give_up(questions: tuple[_Question, ...]) -> None:
    for question in questions:
        question.task.cancel()
    if questions:
        _, deaf = await asyncio.wait([question.task for question in questions], timeout=_GRACE_S)
        for task in deaf:
            _log.warning("a directory does not stop when told to", task=task.get_name())


class Lookup:
    """Asks the directories of one user, in the user's order.

    Equal questions at the same time are asked once. `clock` tells seconds, for the trace alone.
    """

    def __init__(
        self,
        places: Sequence[Place],
        rules: Rules | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.directories: Final = tuple(place.directory for place in places)
        self._places = in_order(places)
        self._budget_s = (rules or Rules()).budget_s
        self._clock = clock
        self._in_flight: dict[Question, asyncio.Task[Answer]] = {}

    async def ask(self, question: Question, on_provisional: Callable[[Answer], None] | None = None) -> Answer:
        """The first match in order, as soon as nothing before it can match; no directory makes it raise."""
        task = self._in_flight.get(question)
        if task is None:
            task = asyncio.create_task(self._ask(question), name=f"lookup {shortened(question.number)}")
            self._in_flight[question] = task
            task.add_done_callback(lambda _: self._in_flight.pop(question, None))
        # A caller who gives up must not take the answer from the others who asked the same.
        return await asyncio.shield(task)

    async def ask_every(self, question: Question) -> Answer:
        """What each directory says, whoever wins; takes as long as the slowest may."""
        trace = await self._hear(self._put(question), until_decided=False)
        winner = best_so_far(trace)
        every = tuple(contact for asked in trace for contact in asked.matches)
        return Answer(winner.matches[0] if winner else None, every, trace)

    def explain(self, question: Question) -> tuple[tuple[str, tuple[Disclosure, ...]], ...]:
        """What a question would tell to whom, by the name of the directory."""
        return tuple(
            (place.directory.name, place.directory.disclosures(question.number))
            for place in self._places
            if place.objection(question) is None
        )

    def state_of(self, directory: Directory) -> State:
        """How a directory does."""
        return directory.state

    async def start(self) -> None:
        """Begin what the directories do in the background."""
        for directory in self.directories:
            await directory.start()

    async def aclose(self) -> None:
        """Give up open questions and close the directories, the last first."""
        questions = tuple(self._in_flight.values())
        for question in questions:
            question.cancel()
        await asyncio.gather(*questions, return_exceptions=True)
        for directory in reversed(self.directories):
            await directory.aclose()

    async def _ask(self, question: Question) -> Answer:
        trace = await self._hear(self._put(question), until_decided=True)
        winner = best_so_far(trace)
        return Answer(winner.matches[0], winner.matches, trace) if winner else Answer(None, (), trace)

    def _put(self, question: Question) -> tuple[_Question, ...]:
        return tuple(
            _Question(
                place.directory.name,
                asyncio.create_task(
                    self._ask_one(place.directory, question.number), name=f"ask {place.directory.name}"
                ),
            )
            for place in self._places
            if place.objection(question) is None
        )

    async def _hear(self, questions: tuple[_Question, ...], *, until_decided: bool) -> tuple[Asked, ...]:
        began, late = self._clock(), Reply.CANCELLED
        try:
            async with asyncio.timeout(self._budget_s):
                for question in questions:
                    await asyncio.wait((question.task,))
                    if until_decided and decide([_heard(each) for each in questions]):
                        break
        except TimeoutError:
            late = Reply.TIMEOUT
        finally:
            unheard = tuple(question for question in questions if not question.task.done())
            await _give_up(unheard)
        ms = 1000 * (self._clock() - began)
        return tuple(
            Asked(question.directory, late, ms) if question in unheard else _outcome(question)
            for question in questions
        )

    async def _ask_one(self, directory: Directory, number: E164 | Extension) -> Asked:
        """The one guard around a directory: whatever it does, the others go on."""
        began = self._clock()
        outcome, error = Reply.ERROR, None
        matches: tuple[Contact, ...] = ()
        try:
            async with asyncio.timeout(directory.timeout_s):
                matches = await directory.lookup(number)
            outcome = Reply.HIT if matches else Reply.MISS
        except TimeoutError:
            outcome = Reply.TIMEOUT
        except DirectoryError as problem:
            error = str(problem)
        except Exception as problem:  # noqa: BLE001 - the one place where a broken directory is kept from the others
            # Its text may hold a password or the caller's number, so the user is told its kind alone.
            kind = type(problem).__name__
            error = f"the directory failed unexpectedly ({kind})"
            _log.warning("a directory failed unexpectedly", directory=directory.name, error=kind)
        return Asked(directory.name, outcome, 1000 * (self._clock() - began), error, matches)
