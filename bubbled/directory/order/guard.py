"""The one guard around a directory: whatever it does, the others go on; one that fails is left in peace."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING, Final

import structlog

from bubbled.directory.order.allowance import Allowance
from bubbled.directory.order.answer import Asked, Reply
from bubbled.directory.order.breaker import Breaker, Rest
from bubbled.directory.port import BusyError, CredentialsError, Phase, State
from bubbled.directory.verification import Verified
from bubbled.error import DirectoryError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bubbled.directory.order.memory import Memory, Remembered
    from bubbled.directory.order.plan import Place, Rules
    from bubbled.model import E164, Contact, Extension

_LONGEST_TEXT = 300

_log = structlog.get_logger()


class Guard:
    """Asks one directory, and keeps what is known of its health; `clock` tells seconds.

    Attributes:
        trouble: why it did not answer the last time, in one line for the user; None when it did.
    """

    def __init__(self, place: Place, rules: Rules, memory: Memory, clock: Callable[[], float]) -> None:
        self.place: Final = place
        self.directory: Final = place.directory
        self.trouble: str | None = None
        self._memory = memory
        self._clock = clock
        self._breaker = Breaker(trips_after=rules.trips_after, rests_s=rules.rests_s)
        self._allowance = Allowance(place.directory.rate)
        self._may_keep = place.directory.may_be_kept and not place.directory.is_local
        self._answers_at_once: bool | None = None if place.directory.is_local else False

    @property
    def state(self) -> State:
        """How it does, by what it says itself and else by what came of the last question."""
        own = self._own_state
        if self.trouble is None or own.phase is not Phase.READY:
            return own
        return State(Phase.FAILED, reason=self.trouble)

    def recall(self, number: E164 | Extension) -> Remembered | None:
        """What it answered earlier."""
        return self._memory.recall(self.directory.name, number, self._clock()) if self._may_keep else None

    def spare(self, *, insists: bool) -> Asked | None:
        """None when it may be asked now; else what the trace says instead.

        Whoever hears None has to ask, and to call `heard`, `too_slow` or `let_go`. `insists`: see `Breaker`.
        """
        now = self._clock()
        if not self._breaker.admits(now, insists=insists):
            return self._resting(now)
        wait_s = self._allowance.take(now)
        if wait_s <= 0:
            return None
        self._breaker.let_go()
        return self._asked(Reply.BREAKER, 0.0, f"asked as often as it allows; again in {ceil(wait_s)} s")

    def _resting(self, now: float) -> Asked:
        again = f"again in {ceil(self._breaker.left_s(now))} s"
        match self._breaker.rest:
            case Rest.REFUSED:
                return self._asked(Reply.REFUSED, 0.0, self.trouble)
            case Rest.PAUSED:
                return self._asked(Reply.BREAKER, 0.0, f"it asked for a pause; {again}")
            case _:
                return self._asked(Reply.BREAKER, 0.0, f"rests after failures; {again} ({self.trouble})")

    def ask_at_once(self, number: E164 | Extension) -> Asked | None:
        """The answer of a directory on this computer that once answered without waiting, which saves a task.

        None: it has to be asked in one. One that begins to wait after all is never asked in this way again.
        """
        if not self._answers_at_once or self._own_state.phase is not Phase.READY:
            return None
        began = self._clock()
        question = self.directory.lookup(number)
        try:
            question.send(None)
        except StopIteration as answered:
            return self._answered(number, answered.value, began)
        except (Exception, asyncio.CancelledError) as problem:  # noqa: BLE001 - it must not break the question
            return self._failed(problem, began)
        self._answers_at_once = False
        question.close()
        return None

    def ask(self, number: E164 | Extension) -> asyncio.Task[tuple[Contact, ...]]:
        """Begin to ask; once the task is done, it goes to `heard`."""
        task = asyncio.create_task(self.directory.lookup(number), name=f"ask {self.directory.name}")
        if self._answers_at_once is None:
            asyncio.get_running_loop().call_soon(self._note_pace, task)
        return task

    def _note_pace(self, task: asyncio.Task[tuple[Contact, ...]]) -> None:
        """After the first step of a question: was there a second?"""
        if task.done() and not task.cancelled() and task.exception() is None:
            self._answers_at_once = True

    def heard(self, task: asyncio.Task[tuple[Contact, ...]], number: E164 | Extension, began: float) -> Asked:
        """What became of a question that was asked at `began`."""
        problem = asyncio.CancelledError() if task.cancelled() else task.exception()
        if problem is None:
            return self._answered(number, task.result(), began)
        return self._failed(problem, began)

    def too_slow(self, after_s: float) -> None:
        """It did not answer in the time it may take, or in what there was of it."""
        if self._says_why:
            self._breaker.let_go()
            return
        self._breaker.failed(self._clock())
        self._note(f"no answer within {round(min(after_s, self.directory.timeout_s), 2):g} s")

    def let_go(self) -> None:
        """The question was given up for no fault of the directory."""
        self._breaker.let_go()

    def _answered(self, number: E164 | Extension, matches: tuple[Contact, ...], began: float) -> Asked:
        now = self._clock()
        self._breaker.worked(now)
        if self.trouble is not None:
            self.trouble = None
            _log.info("a directory answers again", directory=self.directory.name)
        if self._may_keep and not any(contact.transient for contact in matches):
            self._memory.keep(self.directory.name, number, matches, began)
        ms = 1000 * (now - began)
        asked = self._asked(Reply.HIT if matches else Reply.MISS, ms, matches=matches)
        return asked if matches else replace(asked, remark=_why_none(matches))

    def _failed(self, problem: BaseException, began: float) -> Asked:
        now, outcome, told = self._clock(), Reply.ERROR, _told(problem)
        if self._says_why:
            self._breaker.let_go()
            return self._asked(outcome, 1000 * (now - began), told)
        match problem:
            case CredentialsError():
                outcome = Reply.REFUSED
                self._breaker.refused(now)
            case BusyError():
                self._breaker.paused(now, problem.retry_after_s)
            case TimeoutError():
                outcome = Reply.TIMEOUT
                self._breaker.failed(now)
            case _:
                self._breaker.failed(now)
        self._note(told)
        return self._asked(outcome, 1000 * (now - began), told)

    @property
    def _says_why(self) -> bool:
        """Whether it tells itself that it cannot answer, as one does that is still reading its contacts.

        Its state shows that, and asking it costs nothing, so that it is found as soon as it can answer.
        """
        return self.directory.is_local and self._own_state.phase is not Phase.READY

    @property
    def _own_state(self) -> State:
        with failing_alone("a directory cannot tell its state", directory=self.directory.name):
            return self.directory.state
        return State(Phase.FAILED, reason="it fails even to tell how it does, by a defect of bubbled")

    def _note(self, trouble: str) -> None:
        """Warn of the first failure; those after it, until it works again, are for developers."""
        log = _log.warning if self.trouble is None else _log.debug
        log("a directory does not answer", directory=self.directory.name, reason=trouble)
        self.trouble = trouble

    def _asked(
        self, outcome: Reply, ms: float, error: str | None = None, matches: tuple[Contact, ...] = ()
    ) -> Asked:
        return Asked(self.directory.name, outcome, ms, error, matches)


def _why_none(matches: tuple[Contact, ...]) -> str | None:
    dropped = matches.dropped if isinstance(matches, Verified) else 0
    if not dropped:
        return None
    whom = "a contact, without this number" if dropped == 1 else f"{dropped} contacts, none with this number"
    return f"it answered with {whom}"


def _told(problem: BaseException) -> str:
    match problem:
        case DirectoryError():
            return " ".join(str(problem).split())[:_LONGEST_TEXT]
        case TimeoutError():
            return "no answer in time"
        case asyncio.CancelledError():  # from inside: its own helper task was cancelled
            return "the directory gave up by itself"
        case _:
            # Its text may hold a password or the caller's number, so the user is told its kind alone.
            return f"the directory failed unexpectedly ({type(problem).__name__})"


@contextmanager
def failing_alone(what: str, **about: str) -> Iterator[None]:
    """Keep a failure from those whose turn is next; the log says what could not be done."""
    try:
        yield
    except Exception as problem:  # noqa: BLE001 - whatever it is, it must hurt nobody else
        _log.warning(what, error=type(problem).__name__, **about)
