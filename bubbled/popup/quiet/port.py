"""What tells whether the desktop wants quiet: the port."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn, Protocol

OnChanged = Callable[[bool], None]
"""Told whether it is quiet now, within the event loop, when that changes; must not block nor raise."""


class News:
    """Passes on only what is new; at first it is not quiet."""

    def __init__(self, on_changed: OnChanged) -> None:
        self._on_changed = on_changed
        self._is_quiet = False

    def tell(self, *, is_quiet: bool) -> None:
        """Take whether it is quiet now."""
        if is_quiet != self._is_quiet:
            self._is_quiet = is_quiet
            self._on_changed(is_quiet)


class Quiet(Protocol):
    """Follows one reason for quiet for as long as `run` runs, so that nobody has to ask when a phone rings.

    Nothing here raises because the desktop is missing, slow or cannot tell: then it is not quiet, and it is
    looked again after a while.
    """

    @property
    def trouble(self) -> str | None:
        """Why it is not known now, or only partly, in one line for the user; None while it is."""

    async def run(self) -> NoReturn:
        """Follow it until cancelled. Raises nothing but what is a defect of bubbled."""
