"""One directory's part in one question. Pure: `now` is passed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bubbled.directory.order.answer import Asked, Reply
from bubbled.directory.order.decision import is_sure

if TYPE_CHECKING:
    from bubbled.directory.order.memory import Remembered

_FAILURES = frozenset({Reply.ERROR, Reply.TIMEOUT, Reply.BREAKER, Reply.REFUSED})


@dataclass(frozen=True, slots=True)
class Turn:
    """What is settled about a directory before the question begins.

    Attributes:
        timeout_s: how long its answer may take, in seconds; never longer than all have together.
        tier, after_errors, is_stranger: see `plan.Place`.
        objection: why it is never asked this question; None when it may be.
        remembered: what it answered earlier.
    """

    directory: str
    timeout_s: float
    tier: int = 1
    is_local: bool = False
    after_errors: bool = True
    is_stranger: bool = False
    objection: str | None = None
    remembered: Remembered | None = None


class Part:
    """How far a directory is.

    Attributes:
        asked_at: when it was asked; None before.
        heard: what became of that; None before.
        memory: what it answered earlier, as it would stand in the trace; None when there is no such match.
    """

    __slots__ = ("asked_at", "heard", "memory", "turn")

    def __init__(self, turn: Turn) -> None:
        self.turn = turn
        self.asked_at: float | None = None
        self.heard: Asked | None = None
        self.memory: Asked | None = None
        if turn.remembered is not None and turn.remembered.matches:
            self.memory = Asked(turn.directory, Reply.HIT, 0.0, matches=turn.remembered.matches, cached=True)
        if turn.objection is not None:
            self.skip(turn.objection)

    @property
    def is_waiting(self) -> bool:
        """Whether its turn has not come yet."""
        return self.heard is None and self.asked_at is None

    @property
    def is_pending(self) -> bool:
        """Whether it was asked and has not answered."""
        return self.heard is None and self.asked_at is not None

    @property
    def is_sure(self) -> bool:
        """Whether whatever those behind it say does not count."""
        return self.heard is not None and is_sure(self.heard)

    @property
    def is_about_to_answer(self) -> bool:
        """Whether it is worth waiting for, because it need not ask anybody else."""
        return self.turn.is_local and self.is_pending

    @property
    def so_far(self) -> Asked | None:
        """What it says, or what it said earlier while it says nothing."""
        return self.memory if self.heard is None else self.heard

    @property
    def has_missed(self) -> bool:
        """Whether it really answered that it does not know the number."""
        return self.heard is not None and self.heard.outcome is Reply.MISS

    @property
    def was_skipped(self) -> bool:
        """Whether its turn never comes."""
        return self.heard is not None and self.heard.outcome is Reply.NOT_ASKED

    @property
    def due(self) -> float:
        """When its own time is over."""
        return float("inf") if self.asked_at is None else self.asked_at + self.turn.timeout_s

    def asked_for_s(self, now: float) -> float:
        """How long it has been asked, in seconds; 0 before."""
        return 0.0 if self.asked_at is None else now - self.asked_at

    def take_turn(self, now: float) -> bool:
        """Whether it has to be asked; what it answered a moment ago still holds."""
        remembered = self.turn.remembered
        if remembered is not None and remembered.is_fresh:
            self.heard = self.memory or Asked(self.turn.directory, Reply.MISS, 0.0, cached=True)
            return False
        self.asked_at = now
        return True

    def hear(self, asked: Asked) -> None:
        """It has answered, or failed: then what it knew earlier still counts."""
        if self.memory is not None and asked.outcome in _FAILURES:
            matches = self.memory.matches
            asked = Asked(asked.directory, asked.outcome, asked.ms, asked.error, matches, cached=True)
        self.heard = asked

    def skip(self, reason: str) -> None:
        """Its turn never comes."""
        self.heard = Asked(self.turn.directory, Reply.NOT_ASKED, 0.0, reason)

    def give_up(self, outcome: Reply, now: float) -> None:
        """Nobody waits for its answer any more."""
        self.hear(Asked(self.turn.directory, outcome, 1000 * self.asked_for_s(now)))
