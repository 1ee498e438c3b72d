"""Answers why a call had a popup or none, and why there was none at a moment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from bubbled.control.moment_story import MOST_EVENTS, StoryAt
from bubbled.control.question import Asked as AskedDirectory
from bubbled.control.question import Why
from bubbled.daemon import question_desk
from bubbled.popup.text import one_line
from bubbled.story.absence import reasons
from bubbled.story.circumstance import Heard
from bubbled.story.evidence import GROUPS, WINDOW, Facts, NearCall
from bubbled.story.fact import Asked, NobodyAsked, OnScreen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bubbled.daemon.desk import Desk
    from bubbled.daemon.vigil import Vigil
    from bubbled.history.past_call import PastCall
    from bubbled.history.store import History
    from bubbled.model import CallId
    from bubbled.story.step import Step

MOST_CALLS: Final = 200
"""Calls of which is told around a moment."""

_LONG_AGO: Final = datetime(1970, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class OwnPhones:
    """The user's devices, and whether the PBX tells of the phones of others too."""

    devices: tuple[str, ...]
    tells_others: bool


class StoryDesk:
    """Tells stories out of the history.

    Args:
        desk: has what is known of the latest calls.
        history: has the rest.
        vigil: may not have written down yet what the PBX told within this minute.
        own: tells the user's phones as they are now.
    """

    def __init__(self, desk: Desk, history: History, vigil: Vigil, own: Callable[[], OwnPhones]) -> None:
        self._desk = desk
        self._history = history
        self._annals = history.annals
        self._vigil = vigil
        self._own = own

    async def why(self, call_id: CallId | None) -> Why | None:
        """Tell how it came that the popup of a call (None: the latest) showed what it showed."""
        past = await (self._history.latest() if call_id is None else self._history.call(call_id))
        if past is None:
            return None
        told = await question_desk.why(self._desk, self._history, past.call.id)
        return None if told is None else _from_story(told, await self._story(past))

    async def _story(self, past: PastCall) -> tuple[Step, ...]:
        """The steps of a call, and what concerned all calls while it went on."""
        steps = await self._annals.story(past.call.id)
        if not steps:
            return ()
        end = past.ended_at or self._desk.now()
        events = await self._annals.events(past.started_at, end, MOST_EVENTS)
        around = [step for step in events if not isinstance(step.fact, Heard)]
        return _local(sorted([*steps, *around], key=lambda step: step.at))

    async def why_at(self, at: datetime) -> StoryAt:
        """Tell what happened around a moment, and why there was no popup then."""
        self._vigil.look()
        at = at.astimezone()
        since, until = at - WINDOW, at + WINDOW
        calls = await self._history.calls(MOST_CALLS, since=since, until=until)
        events = _local(await self._annals.events(since, until, MOST_EVENTS))
        return StoryAt(
            at=at,
            since=since,
            until=until,
            reasons=reasons(await self._facts(at, calls, events)),
            calls=tuple(past.to_json() for past in calls),
            events=events,
        )

    async def _facts(self, at: datetime, calls: list[PastCall], events: tuple[Step, ...]) -> Facts:
        own = self._own()
        first = _local(step for step in await self._annals.after(GROUPS, _LONG_AGO) if step is not None)
        return Facts(
            at=at,
            now=self._desk.now(),
            mine=own.devices,
            before=_each_local(await self._annals.before(GROUPS, at)),
            after=_each_local(await self._annals.after(GROUPS, at)),
            around=events,
            calls=tuple([await self._near(past) for past in calls]),
            oldest=min((step.at for step in first), default=None),
            tells_all=own.tells_others,
        )

    async def _near(self, past: PastCall) -> NearCall:
        steps = _local(await self._annals.story(past.call.id))
        return NearCall(past.call.id, _who(past), past.started_at.astimezone(), past.popup, steps)


def _who(past: PastCall) -> str:
    contact = past.contact
    known = (contact and (contact.name or contact.company)) or past.call.name
    return one_line(known or past.call.number)


def _from_story(told: Why, story: tuple[Step, ...]) -> Why:
    """Complete with the story what was known only until the daemon ended."""
    shown = [step.fact.screen for step in story if isinstance(step.fact, OnScreen)]
    screen = told.screen or next(reversed(shown), None)
    whole = replace(told, story=story, screen=screen)
    if told.reason is None:
        return whole
    last = next((step.at for step in reversed(story) if isinstance(step.fact, Asked | NobodyAsked)), None)
    asked = [step.fact for step in story if step.at == last and isinstance(step.fact, Asked)]
    return replace(whole, reason=None, asked=tuple(map(_told, asked))) if asked else whole


def _told(asked: Asked) -> AskedDirectory:
    return AskedDirectory(
        directory=asked.directory,
        outcome=asked.outcome,
        ms=asked.ms,
        error=asked.error,
        remark=asked.remark,
        cached=asked.cached,
    )


def _local(steps: Iterable[Step]) -> tuple[Step, ...]:
    return tuple(step.local() for step in steps)


def _each_local(steps: Iterable[Step | None]) -> tuple[Step | None, ...]:
    return tuple(step and step.local() for step in steps)
