"""Why there was a popup or not, in words for `bubbled why`, `calls` and the control API. Pure."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

    from bubbled.model import CallId, Mute

SHOWN: Final = "shown"
UNKNOWN: Final = "not known: the call is not among the latest since bubbled started"

MOST_VERDICTS: Final = 200
"""The history keeps older ones; here they only bridge the moment in which a call ends."""


class Verdicts:
    """Remembers the verdicts of the latest calls."""

    def __init__(self) -> None:
        self._by_call: OrderedDict[CallId, tuple[str, str]] = OrderedDict()

    def note(self, call_id: CallId, verdict: str, setting: str = "") -> None:
        """Note what became of a call's popup, and by which setting; once it was shown, it was shown."""
        if self[call_id] != SHOWN:
            self._by_call[call_id] = verdict, setting
        self._by_call.move_to_end(call_id)
        if len(self._by_call) > MOST_VERDICTS:
            self._by_call.popitem(last=False)

    def __getitem__(self, call_id: CallId) -> str:
        return self._by_call.get(call_id, (UNKNOWN, ""))[0]

    def setting(self, call_id: CallId) -> str:
        """The setting to blame, such as `popup.hours`; empty: none is."""
        return self._by_call.get(call_id, (UNKNOWN, ""))[1]


def muted(mute: Mute | None, now: datetime) -> str | None:
    """Say "muted" or "muted until 14:00", in the zone of `now`; None when it is not, or no longer."""
    if mute is None:
        return None
    if mute.until is None:
        return "muted"
    if mute.until <= now:
        return None
    until = mute.until.astimezone(now.tzinfo)
    return (
        f"muted until {until:%H:%M}" if until.date() == now.date() else f"muted until {until:%Y-%m-%d %H:%M}"
    )
