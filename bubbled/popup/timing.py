"""Until when a popup stays, and when the next thing is to be done by itself. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bubbled.model import Direction, Outcome
from bubbled.popup.phase import Phase
from bubbled.template import parse

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from bubbled.model import Call
    from bubbled.popup.layout import Layout
    from bubbled.popup.popup import Popup
    from bubbled.popup.presenter import PopupRules
    from bubbled.popup.rule import Circumstances

FAREWELL_S: Final = 4.0
"""How long a popup says that a colleague answered: long enough to read a name."""

EXPLANATION_S: Final = 12.0
"""How long a popup says why nothing came of an own call: long enough to read what to do, and to do it."""

RECALL_S: Final = 30.0
"""How long the popup of an ended call stays when the user asks for it again."""

_MINUTE: Final = timedelta(minutes=1)


def until(popup: Popup, rules: PopupRules) -> datetime | None:
    """When a popup has been up for its time; None where it stays until something happens."""
    stays_s = _stays_s(popup, rules)
    return None if stays_s is None else popup.since + timedelta(seconds=stays_s)


def _stays_s(popup: Popup, rules: PopupRules) -> float | None:
    match popup.phase:
        case Phase.UP:
            return rules.hide_after_s or None
        case Phase.FAREWELL:
            return max(
                EXPLANATION_S if _came_to_nothing(popup.subject.call) else FAREWELL_S, rules.keep_after_s
            )
        case Phase.KEPT:
            return rules.keep_after_s
        case Phase.RECALLED:
            return max(RECALL_S, rules.keep_after_s)
        case _:
            return None


def _came_to_nothing(call: Call) -> bool:
    return call.direction is Direction.OUTBOUND and call.outcome is not Outcome.TRANSFERRED


def next_time(
    popups: Collection[Popup], rules: PopupRules, around: Circumstances, now: datetime
) -> datetime | None:
    """When `Presenter.woke` has something to do; None: when something happens, but not by itself."""
    return min(_times(popups, rules, around, now), default=None)


def _times(
    popups: Collection[Popup], rules: PopupRules, around: Circumstances, now: datetime
) -> Iterator[datetime]:
    phases = {popup.phase for popup in popups}
    yield from filter(None, (until(popup, rules) for popup in popups))
    if around.mute and around.mute.until and around.mute.until > now:
        yield around.mute.until
    if Phase.SILENT in phases and (begin := rules.rule.next_begin(now)):
        yield begin
    if Phase.MISSED in phases:
        yield _midnight(now)
    if _tells_duration(rules.layout):
        yield from (_next_minute(popup.subject.answered_at, now) for popup in popups if _is_timed(popup))


def _tells_duration(layout: Layout) -> bool:
    return any("duration" in parse(text).names for text in (layout.headline, *layout.lines, layout.footnote))


def _is_timed(popup: Popup) -> bool:
    return popup.phase is Phase.UP and popup.subject.answered_at is not None


def _next_minute(since: datetime | None, now: datetime) -> datetime:
    """When the duration of a call that was answered at `since` is a whole number of minutes again."""
    begin = since or now
    return begin + ((now - begin) // _MINUTE + 1) * _MINUTE


def _midnight(now: datetime) -> datetime:
    """When "14:03" on a missed-call card has to become "yesterday 14:03"."""
    return (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
