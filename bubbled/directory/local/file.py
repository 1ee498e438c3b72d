"""A directory that is a file: answers from the index of the file, and keeps that up to date."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from bubbled.directory.local.index import Index
from bubbled.directory.local.indexed import IndexedDirectory
from bubbled.directory.local.indexing import build_index_elsewhere
from bubbled.directory.local.standing import unread
from bubbled.directory.port import Phase, State
from bubbled.error import DirectoryError

if TYPE_CHECKING:
    from bubbled.directory.local.indexing import Order
    from bubbled.directory.port import Disclosure
    from bubbled.model import E164, Contact, Extension


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a file is looked at, in seconds.

    Attributes:
        look_every_s: while nobody calls.
        look_again_s: the least time between two looks, however many calls come in.
        settle_s: how long a changed file must keep still, because it may still be being written.
        retry_s: until a file that could not be used is read again; it may have been the disk's fault.
    """

    look_every_s: float = 15.0
    look_again_s: float = 2.0
    settle_s: float = 1.0
    retry_s: float = 600.0


_log = structlog.get_logger()


class FileDirectory(IndexedDirectory):
    """The contacts of one file.

    While the file is read again, the earlier index answers; a file that is gone, or that suddenly holds no
    contacts, leaves it in place, and `state` says so.
    """

    def __init__(self, name: str, order: Order, timeout_s: float, pace: Pace | None = None) -> None:
        super().__init__(name, timeout_s)
        self._pace = pace or Pace()
        self._order = order
        self._index_path = Path(order.index)
        self._state = State(Phase.INDEXING)
        self._look = asyncio.Event()
        self._looked_at = float("-inf")
        self._seen: str | None = None  # the identity of a changed file, which may still be being written
        self._refused: str | None = None  # the identity of a file that could not be used
        self._retry_at = 0.0
        self._task: asyncio.Task[None] | None = None

    @property
    def state(self) -> State:
        """How it does now."""
        return self._state

    def disclosures(self, number: E164 | Extension) -> tuple[Disclosure, ...]:  # noqa: ARG002 - none tells anybody
        """Nothing leaves this computer."""
        return ()

    async def start(self) -> None:
        """Open the earlier index and begin to look after the file; returns at once."""
        if self._task is None:
            with suppress(OSError):  # told when the next index cannot be written there either
                self._open()
            self._task = asyncio.create_task(self._look_after(), name=f"index {self.name}")

    async def lookup(self, number: E164 | Extension) -> tuple[Contact, ...]:
        """See `port.Directory`; it takes some microseconds, but waits a moment for the very first index."""
        self._look_soon()
        if self._index is None:
            await self._wait_a_moment(lambda: self._state.phase is Phase.INDEXING)
        if self._index is None:
            raise unread(self.name, self._state)
        try:
            return self._index.find(number)
        except DirectoryError:
            self._discard()
            raise

    async def aclose(self) -> None:
        """Stop reading the file and close the index."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait((self._task,))
            self._task = None
        self._close()

    def _look_soon(self) -> None:
        if asyncio.get_running_loop().time() - self._looked_at >= self._pace.look_again_s:
            self._look.set()

    async def _look_after(self) -> None:
        while True:
            self._look.clear()
            self._looked_at = asyncio.get_running_loop().time()
            pause_s = await self._look_once()
            with suppress(TimeoutError):
                async with asyncio.timeout(pause_s):
                    await self._look.wait()

    async def _look_once(self) -> float:
        """Build the index anew when the file differs from it. Returns the seconds until the next look."""
        try:
            identity = await asyncio.to_thread(self._order.identity)  # a network share may hang
        except OSError as problem:
            self._fail(f"{self._order.path}: {problem.strerror}")
            return self._pace.look_every_s
        except DirectoryError as problem:
            self._fail(f"{self._order.path}: {problem}")
            return self._pace.look_every_s
        if self._index is not None and self._index.about.identity == identity:
            self._tell(State(Phase.READY, remark=self._index.about.remark))
        elif identity == self._refused and self._looked_at < self._retry_at:
            return self._pace.look_every_s
        elif self._index is not None and identity != self._seen:
            self._seen = identity
            return self._pace.settle_s
        else:
            await self._rebuild(identity)
        return self._pace.look_every_s

    async def _rebuild(self, identity: str) -> None:
        self._tell(State(Phase.INDEXING))
        try:
            async with aclosing(build_index_elsewhere(self._order)) as steps:
                async for step in steps:
                    self._tell(State(Phase.INDEXING, step.done, step.total))
            self._open()
        except (OSError, DirectoryError) as problem:
            self._refused, self._retry_at = identity, self._looked_at + self._pace.retry_s
            self._fail(str(problem))

    def _open(self) -> None:
        """Take the index that is there in place of the one that was open; a damaged one is removed."""
        with suppress(FileNotFoundError):
            try:
                index = Index(self._index_path, self.name)
            except DirectoryError:
                self._index_path.unlink(missing_ok=True)
                return
            self._take(index)
            self._tell(State(Phase.READY, remark=index.about.remark))

    def _discard(self) -> None:
        self._close()
        self._index_path.unlink(missing_ok=True)
        self._tell(State(Phase.INDEXING))
        self._look.set()

    def _fail(self, reason: str) -> None:
        left = f"; the {self.count} contacts read before are still used" if self.count else ""
        self._tell(State(Phase.FAILED, reason=reason + left))

    def _tell(self, state: State) -> None:
        if state == self._state:
            return
        if state.phase is Phase.FAILED:
            _log.warning("an address book cannot be read", directory=self.name, reason=state.reason)
        elif state.phase is Phase.READY:
            # Not the remark: it may quote a number.
            _log.info("an address book is ready", directory=self.name, contacts=self.count)
        self._state = state
        self._announce()
