"""What `bubbled why --at 14:03` tells: what happened around a moment, and why there was no popup then."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from bubbled.control.question import story_json
from bubbled.story.explanation import explain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bubbled.control.status import JsonObject
    from bubbled.story.reason import Reason
    from bubbled.story.step import Step

MOST_EVENTS: Final = 500
"""Events that are told of one moment."""

_CLOCK: Final = re.compile(r"\d{2}:\d{2}", re.ASCII)
_MOMENT: Final = re.compile(
    r"(?:19|20)\d{2}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?", re.ASCII
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryAt:
    """What happened around a moment; every moment is in the computer's zone.

    Attributes:
        at: the moment.
        since: from when on is told.
        until: until when.
        reasons: why there was no popup, the likeliest first; one at least. `explain` says them.
        calls: the user's own within that time, as JSON objects with `popup`: "shown", or why there was none.
        events: what concerned all calls alike, in order.
    """

    at: datetime
    since: datetime
    until: datetime
    reasons: tuple[Reason, ...]
    calls: tuple[JsonObject, ...] = ()
    events: tuple[Step, ...] = ()


def moment_story_json(story: StoryAt) -> JsonObject:
    """Give the answer of `GET /v1/why`; `summary` is the likeliest reason, in English."""
    reasons = [_reason_json(reason, story.at) for reason in story.reasons]
    return {
        "at": story.at.isoformat(),
        "from": story.since.isoformat(),
        "to": story.until.isoformat(),
        "summary": reasons[0]["text"],
        "reasons": reasons,
        "calls": list(story.calls),
        "events": story_json(story.events),
    }


def moment(query: Mapping[str, str], now: datetime) -> datetime:
    """Read `at`: `2026-11-26T14:03`, with a zone or in the computer's, or `14:03`, the last time that it was.

    Raises:
        ValueError: it is neither; the text is for the user.
    """
    text = query.get("at", "").strip()
    try:
        if _CLOCK.fullmatch(text):
            return _last_time(time.fromisoformat(text), now)
        return datetime.fromisoformat(text if _MOMENT.fullmatch(text) else "").astimezone()
    except (ValueError, OverflowError):
        raise ValueError("at must be a moment such as 2026-11-26T14:03, or a time such as 14:03.") from None


def _last_time(clock: time, now: datetime) -> datetime:
    today = datetime.combine(now.date(), clock).astimezone()
    if today <= now:
        return today
    return datetime.combine(now.date() - timedelta(days=1), clock).astimezone()


def _reason_json(reason: Reason, at: datetime) -> JsonObject:
    return {
        "kind": reason.kind,
        "setting": getattr(reason, "setting", ""),
        "call": getattr(reason, "call", ""),
        "text": explain(reason, at),
    }
