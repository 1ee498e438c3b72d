"""Steps of stories that the file does not hold yet. Pure."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from bubbled.history.erasure import Spellings
    from bubbled.model import CallId
    from bubbled.story.step import Step

LIMIT: Final = 20_000
"""Steps that wait while the file cannot be written; about 10 MB. Beyond it the oldest are given up."""


@dataclass(frozen=True, slots=True)
class Written:
    """A step, and of which call it is; None: of all alike."""

    call_id: CallId | None
    step: Step


class UnsavedSteps:
    """Steps in the order in which they came."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._steps: deque[Written] = deque(maxlen=limit)

    def __len__(self) -> int:
        return len(self._steps)

    def add(self, call_id: CallId | None, step: Step) -> None:
        """Add a step."""
        self._steps.append(Written(call_id, step))

    def first(self, count: int) -> tuple[Written, ...]:
        """Give the steps that have waited longest."""
        return tuple(islice(self._steps, count))

    def saved(self, steps: tuple[Written, ...]) -> None:
        """Let go of steps; of those that were given up or forgotten meanwhile there is nothing to let go."""
        for step in steps:
            if self._steps and self._steps[0] is step:
                self._steps.popleft()

    def of_call(self, call_id: CallId) -> list[Step]:
        """Give the steps of a call."""
        return [each.step for each in self._steps if each.call_id == call_id]

    def events(self, wanted: Callable[[Step], bool]) -> list[Step]:
        """Give what concerns all calls, as far as it is wanted."""
        return [each.step for each in self._steps if each.call_id is None and wanted(each.step)]

    def forget(self, spellings: Spellings, tells: Callable[[Step, Spellings], bool]) -> None:
        """Let go of the whole story of each call of which a step tells a number."""
        told = {each.call_id for each in self._steps if each.call_id and tells(each.step, spellings)}
        left = [each for each in self._steps if each.call_id not in told]
        self._steps.clear()
        self._steps.extend(left)
