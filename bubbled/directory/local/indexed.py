"""What directories have in common that answer from an index on this computer."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from bubbled.directory.local.standing import FIRST_WAIT_S

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bubbled.directory.local.index import Index
    from bubbled.directory.port import State


class IndexedDirectory(ABC):
    """Answers from an index, while something else fills that; see `port.Directory` and `port.ReadFirst`."""

    is_local: Final = True
    may_be_kept: Final = True
    rate: Final = None
    """It may be asked as often as one likes."""

    def __init__(self, name: str, timeout_s: float) -> None:
        self.name: Final = name
        self.timeout_s: Final = timeout_s
        self._index: Index | None = None
        self._changed = asyncio.Event()

    @property
    @abstractmethod
    def state(self) -> State:
        """How it does now."""

    @property
    def count(self) -> int | None:
        """How many contacts the index holds; None before the first is there."""
        return self._index.about.contacts if self._index else None

    @property
    def columns(self) -> frozenset[str] | None:
        """The names of the fields that any of its contacts has; None before the first index is there."""
        return self._index.columns() if self._index else None

    async def states(self) -> AsyncIterator[State]:
        """The state now and whenever it may have changed, without end, for a progress bar."""
        while True:
            changed = self._changed
            yield self.state
            await changed.wait()

    async def _wait_a_moment(self, may_come: Callable[[], bool]) -> None:
        """For the very first index, as long as it `may_come`: other directories must not wait for it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(FIRST_WAIT_S):
                while self._index is None and may_come():
                    await self._changed.wait()

    def _announce(self) -> None:
        """Say that the state may have changed."""
        self._changed.set()
        self._changed = asyncio.Event()

    def _take(self, index: Index) -> None:
        """Answer from this index from now on."""
        self._close()
        self._index = index

    def _close(self) -> None:
        if self._index is not None:
            self._index.close()
            self._index = None
