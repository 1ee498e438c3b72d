"""Telling a press of a key from its repeats while it is held down. Pure."""

from __future__ import annotations

from typing import Final

REPEAT_S: Final = 1.0
"""Presses closer to each other than this, with no release between them, are one; keys repeat after less."""


class HeldKey:
    """A key of which the desktop tells when it is pressed, and mostly also when it is released."""

    def __init__(self) -> None:
        self._pressed_at: float | None = None

    def pressed(self, now: float) -> bool:
        """Tell whether this is a press of its own; `now` is in seconds, of a clock that only goes forward."""
        repeated = self._pressed_at is not None and now - self._pressed_at < REPEAT_S
        self._pressed_at = now
        return not repeated

    def released(self) -> None:
        """Take it that whatever is pressed next is a press of its own."""
        self._pressed_at = None
