"""Stories as they are remembered: the steps of each call, and what concerned all calls alike."""

from __future__ import annotations

from datetime import timedelta
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from bubbled.story.evidence import first_of
from bubbled.story.step import Step, clipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from bubbled.history.view import View
    from bubbled.history.writer import Writer
    from bubbled.model import CallId
    from bubbled.story.circumstance import OfAll
    from bubbled.story.fact import Fact, OfCall

KEPT: Final = timedelta(days=14)
"""How long stories are kept; a call that goes earlier takes its story along."""


class Annals:
    """Remembers steps, in the background; by the rules of `History`, nothing here waits or raises."""

    def __init__(self, writer: Writer, view: View) -> None:
        self._writer = writer
        self._view = view

    def add(self, call_id: CallId, fact: OfCall, at: datetime) -> None:
        """Remember what happened to a call."""
        self._add(call_id, fact, at)
        self._writer.wake()

    def happened(self, fact: OfAll, at: datetime, *, is_urgent: bool = True) -> None:
        """Remember what concerns all calls; what is not urgent waits until something else is saved."""
        self._add(None, fact, at)
        if is_urgent:
            self._writer.wake()

    async def story(self, call_id: CallId) -> list[Step]:
        """Give the steps of a call, in order."""
        unsaved = self._writer.steps.of_call(call_id)
        return _in_order(await self._view.read(lambda read: read.steps.of_call(call_id)), unsaved)

    async def events(self, since: datetime, until: datetime, limit: int) -> list[Step]:
        """Give what concerned all calls from a moment on and before another, in order, at most `limit`."""
        unsaved = self._writer.steps.events(lambda step: since <= step.at < until)
        stored = await self._view.read(lambda read: read.steps.between(since, until, limit))
        return _in_order(stored, unsaved)[:limit]

    async def before(self, groups: Sequence[Sequence[str]], at: datetime) -> tuple[Step | None, ...]:
        """Give for each group of kinds the latest event at a moment or before it."""
        kinds = {kind for group in groups for kind in group}
        unsaved = self._writer.steps.events(lambda step: step.at <= at)
        steps = _in_order(await self._view.read(lambda read: read.steps.latest(kinds, at)), unsaved)
        return tuple(first_of(reversed(steps), group) for group in groups)

    async def after(self, groups: Sequence[Sequence[str]], at: datetime) -> tuple[Step | None, ...]:
        """Give for each group of kinds the first event after a moment."""
        kinds = {kind for group in groups for kind in group}
        unsaved = self._writer.steps.events(lambda step: step.at > at)
        steps = _in_order(await self._view.read(lambda read: read.steps.next(kinds, at)), unsaved)
        return tuple(first_of(steps, group) for group in groups)

    def _add(self, call_id: CallId | None, fact: Fact, at: datetime) -> None:
        self._writer.steps.add(call_id, Step(at, clipped(fact)))


def _in_order(stored: Iterable[Step], unsaved: Iterable[Step]) -> list[Step]:
    # Some may have been saved while the file was read.
    return sorted(dict.fromkeys((*stored, *unsaved)), key=attrgetter("at"))
