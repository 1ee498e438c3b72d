"""How long a CRM is left in peace, and when a record can be found, by a clock that nobody sets. Pure.

The computer's clock may be set at any moment. Looked for too early because it was set forward, a record would
be missed, and sent again; and where it was set back by a year, nothing would be sent for a year.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bubbled.directory.call_log.delivery import Stage

if TYPE_CHECKING:
    from bubbled.directory.call_log.entry import Entry
    from bubbled.model import CallId


class Patience:
    """Knows what went on since bubbled started; moments are seconds of a steady clock."""

    def __init__(self, started_at: float) -> None:
        """Take what the last run sent for having left just now: of time before the start nothing is sure."""
        self._started_at = started_at
        self._resting_until: dict[str, float] = {}
        self._left_at: dict[CallId, float] = {}

    def rest(self, directory: str, until: float) -> None:
        """Leave a CRM in peace for a while."""
        self._resting_until[directory] = until

    def relieve(self) -> None:
        """Leave nobody in peace any more."""
        self._resting_until.clear()

    def left(self, call_id: CallId, at: float) -> None:
        """A record left, and may have arrived or not."""
        self._left_at[call_id] = at

    def forget(self, call_id: CallId) -> None:
        """Nothing is to be done about a record any more."""
        self._left_at.pop(call_id, None)

    def spared_s(self, entry: Entry, now: float, look_after_s: float) -> float:
        """For how many seconds nothing may be done about a record.

        Args:
            entry: the record, and how far it is.
            now: by the steady clock.
            look_after_s: how long after it was sent a record is found at the latest.
        """
        until = self._resting_until.get(entry.record.directory, now)
        if entry.delivery.stage is Stage.DOUBTFUL:
            left_at = self._left_at.get(entry.record.call_id, self._started_at)
            until = max(until, left_at + look_after_s)
        return max(0.0, until - now)
