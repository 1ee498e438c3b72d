"""A directory elsewhere that cannot be searched by number: its contacts are copied to this computer."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from bubbled.directory.local.database import remove
from bubbled.directory.local.index import DamageError, Index
from bubbled.directory.local.indexed import IndexedDirectory
from bubbled.directory.local.replica import Rules, update
from bubbled.directory.local.standing import standing, unread
from bubbled.directory.local.timetable import Timetable
from bubbled.directory.port import Phase, State
from bubbled.error import DirectoryError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bubbled.directory.local.feed import Feed, Fetched
    from bubbled.directory.local.timetable import Pause
    from bubbled.directory.port import Disclosure
    from bubbled.model import E164, Contact, Extension

_LATE_AFTER = 2  # times the interval in which the source should have been asked

_log = structlog.get_logger()


class SyncedDirectory(IndexedDirectory):
    """The contacts that a feed delivers, answered from their copy on this computer.

    The copy answers at once, also without a network and after a restart. Whatever goes wrong, what was
    fetched before stays, also when the source suddenly holds no contacts; `state` says so.
    """

    def __init__(  # noqa: PLR0913 - a directory has that many settings, and each is named where it is given
        self,
        name: str,
        feed: Feed,
        *,
        index_path: Path,
        region: str,
        timeout_s: float,
        every_s: float = 900.0,
        internal: bool = False,
        timetable: Timetable | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Do nothing before `start`.

        Args:
            name: what the user calls it.
            feed: where the contacts come from; closed with the directory.
            index_path: where the copy is kept; another one for another source or account.
            region: where national notation in the source belongs: `NL`.
            timeout_s: how long an answer may take.
            every_s: how often the source is asked what has changed.
            internal: whether it holds the extensions of colleagues rather than numbers outside.
            timetable: all of `every_s` and more.
            clock: the time in seconds since 1970.
        """
        super().__init__(name, timeout_s)
        self._feed = feed
        self._path = index_path
        self._rules = Rules(region, internal)
        self._timetable = timetable or Timetable(every_s=every_s)
        self._clock = clock
        self._trouble: DirectoryError | None = None
        self._failures = 0
        self._progress = State(Phase.INDEXING)
        self._wanted = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def state(self) -> State:
        """How it does now."""
        about = self._index.about if self._index else None
        age_s = self._clock() - about.at if about else 0.0
        late_after_s = _LATE_AFTER * self._timetable.every_s
        return standing(about, self._trouble, self._progress, age_s, late_after_s)

    def disclosures(self, number: E164 | Extension) -> tuple[Disclosure, ...]:  # noqa: ARG002 - none is told
        """Where the contacts come from; no number is sent there."""
        return self._feed.disclosures()

    async def start(self) -> None:
        """Open the copy of the last time and begin to keep it up to date; returns at once."""
        if self._task is None:
            with suppress(OSError):  # told when the next index cannot be written there either
                self._open()
            self._task = asyncio.create_task(self._keep_up(), name=f"synchronise {self.name}")

    async def lookup(self, number: E164 | Extension) -> tuple[Contact, ...]:
        """See `port.Directory`; it takes some microseconds, but waits a moment for the very first fetch.

        A number that nobody has lets the source be asked soon: the caller may be a new contact.
        """
        if self._index is None:
            await self._wait_a_moment(lambda: self._trouble is None)
        if self._index is None:
            raise unread(self.name, self.state)
        try:
            found = self._index.find(number)
        except DamageError:
            self._discard()
            raise
        if all(contact.probable for contact in found):
            self._wanted.set()
        return found

    async def aclose(self) -> None:
        """Stop fetching, and close the copy and the feed."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait((self._task,))
            self._task = None
        self._close()
        await self._feed.aclose()

    async def _keep_up(self) -> None:
        while True:
            self._wanted.clear()
            pause = await self._synchronise()
            with suppress(TimeoutError):
                async with asyncio.timeout(pause.longest_s):
                    await asyncio.sleep(pause.shortest_s)
                    await self._wanted.wait()

    async def _synchronise(self) -> Pause:
        """Fetch what is new. Returns how long to wait until the next time."""
        try:
            await self._apply(await self._fetch())
            self._open()
        except DirectoryError as problem:
            return self._fail(problem)
        except (OSError, sqlite3.Error) as problem:
            return self._fail(self._unwritable(problem))
        except Exception as fault:  # noqa: BLE001 - a fault in one feed must not end its fetching for good
            return self._fail(DirectoryError(f"fetching its contacts failed ({type(fault).__name__})"))
        self._failures = 0
        self._tell(None)
        return self._timetable.after_success()

    async def _fetch(self) -> Fetched:
        is_current = self._index is not None and self._index.about.identity == self._rules.identity
        since = self._index.about.token if self._index is not None and is_current else None
        loop, silent_s = asyncio.get_running_loop(), self._timetable.silent_s
        try:
            async with asyncio.timeout(silent_s) as limit:

                def progress(done: int, total: int | None) -> None:
                    limit.reschedule(loop.time() + silent_s)
                    self._show(done, total)

                fetched = await self._feed.fetch(since, progress)
        except TimeoutError:
            raise DirectoryError(f"its source sent nothing for {silent_s:g} seconds") from None
        return fetched if since is not None else replace(fetched, is_all=True)

    async def _apply(self, fetched: Fetched) -> None:
        """Take what was fetched into the copy, a step at a time, in threads: the loop goes on meanwhile."""
        total = len(fetched.entries)
        steps = update(self._path, fetched, self._rules, self._clock())
        try:
            while (done := await _step(steps)) is not None:
                self._show(done, total)
        finally:
            steps.close()  # when cancelled, what it began is undone

    def _show(self, done: int, total: int | None) -> None:
        if self._index is None and done:
            self._trouble = None
            self._progress = State(Phase.INDEXING, done, total)
            self._announce()

    def _unwritable(self, problem: OSError | sqlite3.Error) -> DirectoryError:
        if isinstance(problem, sqlite3.DatabaseError) and not isinstance(problem, sqlite3.OperationalError):
            self._discard()
            return DirectoryError("its copy on this computer is damaged; it is being fetched anew")
        reason = problem.strerror if isinstance(problem, OSError) else problem
        return DirectoryError(f"its copy cannot be written to {self._path.parent}: {reason}")

    def _fail(self, problem: DirectoryError) -> Pause:
        self._failures += 1
        self._tell(problem)
        return self._timetable.after_failure(problem, self._failures)

    def _open(self) -> None:
        """Take the copy as it is now in place of the one that was open; a damaged one is removed."""
        with suppress(FileNotFoundError):
            try:
                index = Index(self._path, self.name, is_replica=True)
            except DamageError:
                remove(self._path)
                return
            self._take(index)
            self._announce()

    def _discard(self) -> None:
        self._close()
        remove(self._path)
        self._progress = State(Phase.INDEXING)
        self._wanted.set()
        self._announce()

    def _tell(self, trouble: DirectoryError | None) -> None:
        """Log what is new: the same trouble, and trouble after trouble, once."""
        before, self._trouble = self._trouble, trouble
        if trouble is None:
            log = _log.info if before is not None else _log.debug
            log("a directory is synchronised", directory=self.name, contacts=self.count)
        elif before is None:
            _log.warning("a directory cannot be synchronised", directory=self.name, reason=str(trouble))
        else:
            _log.debug("a directory still cannot be synchronised", directory=self.name, reason=str(trouble))
        self._announce()


async def _step(steps: Iterator[int]) -> int | None:
    """The next step in a thread; None after the last. When cancelled, it still waits for the step to end."""
    work = asyncio.ensure_future(asyncio.to_thread(next, steps, None))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait((work,))
        raise
