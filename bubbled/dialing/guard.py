"""Keeps one wish from making two calls. Pure: seconds of any clock are passed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Container

    from bubbled.model import CallId

TWICE_S: Final = 1.0
"""Whoever presses a key or a link again so soon, does so by accident or impatience."""

_MOST_NUMBERS: Final = 32
"""Nobody calls more within moments; older ones do not count any more."""


class Guard:
    """Remembers the latest presses and the calls that came of them."""

    def __init__(self) -> None:
        self._pressed_s: float | None = None
        self._calls: dict[str, tuple[CallId, float]] = {}

    def is_new_press(self, now_s: float) -> bool:
        """Take a press of the hotkey; tell whether it is more than the second half of a double one."""
        before, self._pressed_s = self._pressed_s, now_s
        return before is None or now_s - before >= TWICE_S

    def earlier(self, dialled: str, now_s: float, ringing: Container[CallId]) -> CallId | None:
        """Name the call to a number that was just begun, or whose own phone still rings (`ringing`)."""
        if (call := self._calls.get(dialled)) is None:
            return None
        call_id, placed_s = call
        return call_id if now_s - placed_s < TWICE_S or call_id in ringing else None

    def placed(self, dialled: str, call_id: CallId, now_s: float) -> None:
        """Take note of a call that begins."""
        self._calls.pop(dialled, None)
        self._calls[dialled] = (call_id, now_s)
        if len(self._calls) > _MOST_NUMBERS:
            del self._calls[next(iter(self._calls))]

    def failed(self, dialled: str) -> None:
        """Take note that nothing came of a call: the user may try again at once."""
        self._calls.pop(dialled, None)
