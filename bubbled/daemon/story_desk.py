"""Answers why a call had a popup or none, and why there was none at a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bubbled.control.moment_story import StoryAt
from bubbled.daemon import question_desk
from bubbled.story.absence import WINDOW
from bubbled.story.reason import NotRemembered

if TYPE_CHECKING:
    from datetime import datetime

    from bubbled.control.question import Why
    from bubbled.daemon.desk import Desk
    from bubbled.history.store import History
    from bubbled.model import CallId


class StoryDesk:
    """Tells stories out of the history."""

    def __init__(self, desk: Desk, history: History) -> None:
        self._desk = desk
        self._history = history

    async def why(self, call_id: CallId | None) -> Why | None:
        """Tell how it came that the popup of a call (None: the latest) showed what it showed."""
        return await question_desk.why(self._desk, self._history, call_id)

    async def why_at(self, at: datetime) -> StoryAt:
        """Tell what happened around a moment, and why there was no popup then."""
        at = at.astimezone()
        return StoryAt(at=at, since=at - WINDOW, until=at + WINDOW, reasons=(NotRemembered(None),))
