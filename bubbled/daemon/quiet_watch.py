"""Follows the reasons for quiet that the settings name, and tells the desk which of them hold."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Final, NoReturn

import structlog

from bubbled.settings.popup import Quiet as Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from bubbled.popup.quiet.port import OnChanged, Quiet

WORDS: Final[Mapping[Reason, str]] = {
    Reason.DO_NOT_DISTURB: "do not disturb is on",
    Reason.FULL_SCREEN: "full screen on this display",
    Reason.SCREEN_SHARED: "the screen is shared",
}
"""Why there is no popup, for `bubbled why`."""

_PAUSE_AFTER_DEFECT_S: Final = 30.0

log = structlog.get_logger()


def _do_not_disturb(on_changed: OnChanged) -> Quiet:
    from bubbled.popup.quiet.do_not_disturb import DoNotDisturb  # noqa: PLC0415 - only where the settings want it

    return DoNotDisturb(on_changed)


def _full_screen(on_changed: OnChanged) -> Quiet:
    from bubbled.popup.quiet.full_screen import FullScreen  # noqa: PLC0415 - the same

    return FullScreen(on_changed)


def _screen_shared(on_changed: OnChanged) -> Quiet:
    from bubbled.popup.quiet.screen_shared import ScreenShared  # noqa: PLC0415 - the same

    return ScreenShared(on_changed)


SOURCES: Final[Mapping[Reason, Callable[[OnChanged], Quiet]]] = {
    Reason.DO_NOT_DISTURB: _do_not_disturb,
    Reason.FULL_SCREEN: _full_screen,
    Reason.SCREEN_SHARED: _screen_shared,
}
"""What tells of each."""


class QuietWatch:
    """Keeps the answer ready before a phone rings; a defect in one source costs only its reason.

    Args:
        on_changed: told why it is to be quiet, in words and in the order of `WORDS`; empty: it is not.
        sources: what tells of each reason.
    """

    def __init__(
        self,
        on_changed: Callable[[tuple[str, ...]], None],
        sources: Mapping[Reason, Callable[[OnChanged], Quiet]] = SOURCES,
    ) -> None:
        self._on_changed = on_changed
        self._sources = sources
        self._wanted: frozenset[Reason] = frozenset()
        self._holding: set[Reason] = set()
        self._following: dict[Reason, Quiet] = {}
        self._changed = asyncio.Event()

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it is to be quiet now, in words; empty: it need not be."""
        return tuple(words for reason, words in WORDS.items() if reason in self._holding)

    @property
    def troubles(self) -> Mapping[Reason, str | None]:
        """Why it is not known, or only partly, whether a reason holds; None where it is known."""
        return {reason: source.trouble for reason, source in self._following.items()}

    def follow(self, wanted: Collection[Reason]) -> None:
        """Follow these from now on, and no others."""
        self._wanted = frozenset(wanted)
        self._changed.set()

    async def run(self) -> NoReturn:
        """Follow them until cancelled."""
        followed: dict[Reason, asyncio.Task[None]] = {}
        try:
            while True:
                self._changed.clear()
                await self._drop(followed, followed.keys() - self._wanted)
                for reason in self._wanted - followed.keys():
                    followed[reason] = asyncio.create_task(self._run(reason), name=f"quiet: {reason.value}")
                await self._changed.wait()
        finally:
            await self._drop(followed, set(followed))

    async def _drop(self, followed: dict[Reason, asyncio.Task[None]], reasons: Collection[Reason]) -> None:
        for reason in tuple(reasons):
            task = followed.pop(reason)
            self._following.pop(reason, None)
            task.cancel()
            await asyncio.wait([task])
            self._told(reason, False)  # noqa: FBT003 - the port's signature

    async def _run(self, reason: Reason) -> NoReturn:
        while True:
            try:
                source = self._following[reason] = self._sources[reason](partial(self._told, reason))
                await source.run()
            except Exception:
                log.exception(
                    "a reason for quiet is not followed, by a defect of bubbled", reason=reason.value
                )
            self._told(reason, False)  # noqa: FBT003 - the port's signature
            await asyncio.sleep(_PAUSE_AFTER_DEFECT_S)

    def _told(self, reason: Reason, is_quiet: bool) -> None:  # noqa: FBT001 - the port's signature
        before = frozenset(self._holding)
        (self._holding.add if is_quiet else self._holding.discard)(reason)
        if before != self._holding:
            self._on_changed(self.reasons)
