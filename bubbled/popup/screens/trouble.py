"""What keeps a screen from showing cards: told to the user once, not with every call."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_log = structlog.get_logger()


class Trouble:
    """The present trouble of a screen, if any.

    Attributes:
        text: one line for the user; None while all is well.
        on_changed: told, within the event loop, when trouble begins, ends or becomes another.
    """

    def __init__(self) -> None:
        self.text: str | None = None
        self.on_changed: Callable[[], None] = lambda: None

    def report(self, text: str) -> None:
        """Warn, unless the same was said last; then it is only for those who debug."""
        (_log.debug if text == self.text else _log.warning)(text)
        self._become(text)

    def over(self) -> None:
        """Say that popups can be shown again, if there was doubt."""
        if self.text:
            _log.info("Popups can be shown again")
        self._become(None)

    def _become(self, text: str | None) -> None:
        before, self.text = self.text, text
        if before != text:
            self.on_changed()

    def no_longer(self, text: str) -> None:
        """Say that this is over, if it is the present trouble."""
        if self.text == text:
            self.over()

    @contextmanager
    def unless_done_in(self, seconds: float, text: str) -> Iterator[None]:
        """Report when what happens inside takes longer; it goes on, and its end takes that back."""
        alarm = asyncio.get_running_loop().call_later(seconds, self.report, text)
        try:
            yield
        finally:
            alarm.cancel()
        self.no_longer(text)
