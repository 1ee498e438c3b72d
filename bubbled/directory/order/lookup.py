"""Ask all directories at once, believe them in the user's order.

They work in parallel but are awaited in order, so that the first in order that matches wins, however fast a
later one is. Not a TaskGroup, in which one error ends the siblings, and no race for the fastest answer.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import structlog

from bubbled.error import DirectoryError
from bubbled.number import shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bubbled.directory.port import Directory
    from bubbled.model import E164, Contact

BUDGET_S: Final = 3.0
"""How long a caller is waited for by all directories together; a popup that comes later helps nobody."""

_GRACE_S = 0.25  # for losers to let go; a directory that is deaf to it must not hold up the answer

_log = structlog.get_logger()


class Reply(StrEnum):
    """What became of the question to one directory. `CANCELLED`: a better placed one had matched."""

    HIT = "hit"
    MISS = "miss"
    ERROR = "error"
    TIMEOUT = "timeout"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Asked:
    """One directory's part in an answer, for `bubbled why` and `bubbled lookup`; `ms` in milliseconds."""

    directory: str
    outcome: Reply
    ms: float
    error: str | None = None
    matches: tuple[Contact, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """Who has a number.

    Attributes:
        contact: the one to show; None when no directory matched.
        matches: all that the deciding directory found, `contact` first; of every directory from `ask_every`.
        trace: each directory that was asked, in the configured order.
    """

    contact: Contact | None
    matches: tuple[Contact, ...]
    trace: tuple[Asked, ...]


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
        directories: Sequence[Directory],
        *,
        budget_s: float = BUDGET_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.directories: Final = tuple(directories)
        self._budget_s = budget_s
        self._clock = clock
        self._in_flight: dict[E164, asyncio.Task[Answer]] = {}

    async def ask(self, number: E164) -> Answer:
        """The first match in order, as soon as nothing before it can match; no directory makes it raise."""
        question = self._in_flight.get(number)
        if question is None:
            question = asyncio.create_task(self._ask(number), name=f"lookup {shortened(number)}")
            self._in_flight[number] = question
            question.add_done_callback(lambda _: self._in_flight.pop(number, None))
        # A caller who gives up must not take the answer from the others who asked the same.
        return await asyncio.shield(question)

    async def ask_every(self, number: E164) -> Answer:
        """What each directory says, whoever wins; takes as long as the slowest may."""
        trace = await self._hear(self._put(number), until_decided=False)
        winner = best_so_far(trace)
        every = tuple(contact for asked in trace for contact in asked.matches)
        return Answer(winner.matches[0] if winner else None, every, trace)

    async def aclose(self) -> None:
        """Give up open questions and close the directories, the last first."""
        questions = tuple(self._in_flight.values())
        for question in questions:
            question.cancel()
        await asyncio.gather(*questions, return_exceptions=True)
        for directory in reversed(self.directories):
            await directory.aclose()

    async def _ask(self, number: E164) -> Answer:
        trace = await self._hear(self._put(number), until_decided=True)
        winner = best_so_far(trace)
        return Answer(winner.matches[0], winner.matches, trace) if winner else Answer(None, (), trace)

    def _put(self, number: E164) -> tuple[_Question, ...]:
        return tuple(
            _Question(each.name, asyncio.create_task(self._ask_one(each, number), name=f"ask {each.name}"))
            for each in self.directories
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

    async def _ask_one(self, directory: Directory, number: E164) -> Asked:
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
