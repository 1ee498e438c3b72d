"""The course of one question: whose turn it is, who is given up, what is told meanwhile. Pure.

`now` is passed in, and what is to be done comes back as `Moves`; nothing here waits or asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bubbled.directory.order.answer import Answer, Reply
from bubbled.directory.order.decision import winner
from bubbled.directory.order.plan import Mode, Tier
from bubbled.directory.order.turn import Part

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bubbled.directory.order.answer import Asked
    from bubbled.directory.order.plan import Rules
    from bubbled.directory.order.turn import Turn
    from bubbled.model import Contact

_EARLY_S = 1e-6  # a timer may ring a hair before its time, and would then be set again for ever
_USUAL_TIER = Tier()
_MOST = 2 / 3  # of the time of all: who is silent for so long hangs, whatever more it may take
_NEVER = float("inf")
_KNOWN_BEFORE = "a directory before it knew the number"


@dataclass(frozen=True, slots=True)
class Moves:
    """What is to be done now; directories by their place in order.

    Attributes:
        ask: whom to ask; what becomes of it is told to `Inquiry.hear`.
        too_slow: whom to give up because it hangs: after its own time limit, or most of the time of all.
        give_up: whom to give up for no fault of its own.
        tell: what is known so far, when that is new and worth showing.
        wake_at: when to ask for moves again, if nobody answers before.
    """

    ask: tuple[int, ...] = ()
    too_slow: tuple[int, ...] = ()
    give_up: tuple[int, ...] = ()
    tell: Answer | None = None
    wake_at: float = _NEVER


class Inquiry:
    """One question on its way through the tiers, which are given in order.

    With `is_for_all` a match ends nothing: everybody is asked at once, except strangers, and those who are
    asked only when all before them have answered that they do not know the number.
    """

    def __init__(self, turns: Sequence[Turn], rules: Rules, now: float, *, is_for_all: bool = False) -> None:
        self._parts = [Part(turn) for turn in turns]
        self._rules = rules
        self._is_for_all = is_for_all
        self._deadline = now + rules.budget_s
        self._tell_from = now + rules.provisional_after_s
        self._told: tuple[Contact, ...] = ()

    @property
    def is_over(self) -> bool:
        """Whether the answer is known."""
        return all(part.heard is not None for part in self._parts)

    def answer(self) -> Answer:
        """What is known: the answer, once it is over."""
        trace = tuple(part.heard for part in self._parts if part.heard is not None)
        best = winner(trace)
        matches = best.matches if best else ()
        if self._is_for_all:
            return Answer(matches[0] if matches else None, tuple(c for a in trace for c in a.matches), trace)
        return Answer(matches[0] if matches else None, matches, trace)

    def hear(self, place: int, asked: Asked) -> None:
        """A directory has answered or failed, or was spared for reasons of its own."""
        self._parts[place].hear(asked)

    def moves(self, now: float) -> Moves:
        """What is to be done at this moment, after what was heard."""
        too_slow, cut_off = self._end_of_time(now)
        ask = self._turns(now)
        lost = self._losers(now)
        return Moves(ask, too_slow, cut_off + lost, self._news(now), self._wake_at(now))

    def _end_of_time(self, now: float) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Those who hang, and those whom the end of the time of all cuts off before one can say so."""
        reached = now + _EARLY_S
        over = [
            (place, part)
            for place, part in enumerate(self._parts)
            if part.is_pending and min(part.due, self._deadline) <= reached
        ]
        enough_s = _MOST * self._rules.budget_s
        too_slow = tuple(
            place for place, part in over if part.due <= reached or part.asked_for_s(reached) >= enough_s
        )
        cut_off = tuple(place for place, _ in over if place not in too_slow)
        for place in too_slow + cut_off:
            self._parts[place].give_up(Reply.TIMEOUT, now)
        return too_slow, cut_off

    def _losers(self, now: float) -> tuple[int, ...]:
        """Those who were asked and cannot win any more; the turn of others behind the match never comes."""
        sure = next((place for place, part in enumerate(self._parts) if part.is_sure), None)
        if sure is None or self._is_for_all:
            return ()
        behind = list(enumerate(self._parts))[sure + 1 :]
        lost = tuple(place for place, part in behind if part.is_pending)
        for _, part in behind:
            if part.is_pending:
                part.give_up(Reply.CANCELLED, now)
            elif part.is_waiting:
                part.skip(_KNOWN_BEFORE)
        return lost

    def _turns(self, now: float) -> tuple[int, ...]:
        """Those whose turn has come and who must be asked; nobody behind a match, be it a remembered one."""
        ask = []
        for place, part in enumerate(self._parts):
            if part.is_waiting and self._is_to_be_asked(place, now):
                ask.append(place)
            if part.is_sure and not self._is_for_all:
                break
        return tuple(ask)

    def _is_to_be_asked(self, place: int, now: float) -> bool:
        part = self._parts[place]
        if self._deadline <= now + _EARLY_S:
            part.skip("no time was left for it")
        elif self._turn_at(place) <= now + _EARLY_S:
            objection = self._objection(part.turn)
            if objection is None:
                return part.take_turn(now)
            part.skip(objection)
        return False

    def _turn_at(self, place: int) -> float:
        """When the turn of a directory comes; never, while that depends on those before it."""
        turn = self._parts[place].turn
        if self._is_for_all and turn.after_errors and not turn.is_stranger:
            return 0.0
        if any(part.heard is None for part in self._before(turn.tier)):
            return _NEVER
        return 0.0 if self._is_for_all else self._turn_in_tier_at(place)

    def _turn_in_tier_at(self, place: int) -> float:
        tier = self._parts[place].turn.tier
        way = self._rules.tiers.get(tier, _USUAL_TIER)
        last = next((p for p in reversed(self._parts[:place]) if not p.was_skipped), None)
        if way.mode is Mode.PARALLEL or last is None or last.turn.tier != tier or last.heard is not None:
            return 0.0
        if way.mode is Mode.SEQUENTIAL or last.asked_at is None:
            return _NEVER
        return last.asked_at + way.stagger_s

    def _objection(self, turn: Turn) -> str | None:
        """Why a directory is not asked after what those before it said."""
        asked = [part for part in self._before(turn.tier) if not part.was_skipped]
        if turn.is_stranger and any(part.is_sure for part in asked):
            return _KNOWN_BEFORE
        if not turn.after_errors and not all(part.has_missed for part in asked):
            return "asked only when all before it answer that they do not know the number"
        return None

    def _before(self, tier: int) -> list[Part]:
        return [part for part in self._parts if part.turn.tier < tier]

    def _news(self, now: float) -> Answer | None:
        """The best so far, once the better placed have had a moment, or at once when it is remembered."""
        if self._is_for_all or self.is_over:
            return None
        so_far = [part.so_far for part in self._parts]
        best = winner(so_far)
        matches = best.matches if best else ()
        if matches == self._told or not (self._is_time_to_tell(now) or self._is_known_at_once(best)):
            return None
        self._told = matches
        trace = tuple(asked for asked in so_far if asked is not None)
        return Answer(matches[0] if matches else None, matches, trace, provisional=True)

    def _is_time_to_tell(self, now: float) -> bool:
        return bool(self._told) or now >= self._tell_from - _EARLY_S

    def _is_known_at_once(self, best: Asked | None) -> bool:
        """Whether it is remembered, and no directory on this computer may know better within a moment."""
        return best is not None and best.cached and not any(part.is_about_to_answer for part in self._parts)

    def _wake_at(self, now: float) -> float:
        """The next moment at which there may be something to do."""
        times = [min(part.due, self._deadline) for part in self._parts if part.is_pending]
        times += [self._turn_at(place) for place, part in enumerate(self._parts) if part.is_waiting]
        if now < self._tell_from - _EARLY_S:
            times.append(self._tell_from)
        return min(times, default=_NEVER)
