"""The one task that writes: it opens the file, saves what is new, and goes on without when it must."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC
from typing import TYPE_CHECKING, Final

import structlog

from bubbled.error import HistoryError
from bubbled.history import place
from bubbled.history.fault import (
    FileDamagedError,
    FileRefusedError,
    FileUnusableError,
    IndexDamagedError,
)
from bubbled.history.file import HistoryFile
from bubbled.history.trouble import Trouble
from bubbled.history.unsaved import Unsaved
from bubbled.history.unsaved_steps import UnsavedSteps

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime
    from pathlib import Path

    from bubbled.model import Mute

_log = structlog.get_logger()

_BATCH: Final = 500  # calls in one transaction
_BREATH_S: Final = 0.01
"""Between two steps in which older calls are indexed; the processor is for those that ring."""


class Writer:
    """Saves what waits in `unsaved`, and does chores on the file, one after the other.

    Attributes:
        unsaved: what is not in the file yet; all that is remembered while there is no file.
        steps: the same of stories.
        file: the open file; None while it cannot be used.
    """

    def __init__(self, path: Path, now: Callable[[], datetime], retry_s: float) -> None:
        self.unsaved = Unsaved()
        self.steps = UnsavedSteps()
        self.file: HistoryFile | None = None
        self._path = path
        self._now = now
        self._retry_s = retry_s
        self._mute: Mute | None = None
        self._mute_is_saved = True
        self._claim: place.Claim | None = None
        self._damage: FileDamagedError | IndexDamagedError | None = None
        self._is_checked = True
        self._trouble = Trouble()
        self._chores: list[tuple[Callable[[], Awaitable[int]], asyncio.Future[int]]] = []
        self._woken = asyncio.Event()
        self._stopping = False
        self._task: asyncio.Task[None] | None = None

    @property
    def trouble(self) -> str | None:
        """What is wrong, in one line for the user: now, or since the start; None when all is well."""
        return self._trouble.text(self.unsaved.lost)

    @property
    def mute(self) -> Mute | None:
        """The mute state as it was set, saved or not."""
        return self._mute

    @mute.setter
    def mute(self, mute: Mute | None) -> None:
        self._mute, self._mute_is_saved = mute, False
        self.wake()

    async def start(self) -> None:
        """Open the file, whatever state it is in, and begin to save. Pages are checked in the background."""
        try:
            await self._turn()
        except BaseException:  # given up: nobody is left who would close what is open by now
            await self._close()
            raise
        self._is_checked = False
        self.wake()
        self._task = asyncio.create_task(self._run(), name="history writer")

    async def stop(self) -> None:
        """Save what can be saved and close the file."""
        self._stopping = True
        self.wake()
        if self.file:
            await self.file.stop_checking()
        if self._task:
            await self._task

    def wake(self) -> None:
        """Say that there is something to save."""
        self._woken.set()

    def report(self, damage: FileDamagedError | IndexDamagedError) -> None:
        """Say that the file, or its index, turned out to be damaged while it was read."""
        self._damage = damage
        self.wake()

    def usable_file(self) -> HistoryFile:
        """Give the file for a chore.

        Raises:
            FileUnusableError: there is none now.
        """
        if self.file is None:
            raise FileUnusableError(self.trouble or "The call history is closed: bubbled is stopping.")
        return self.file

    async def do(self, chore: Callable[[], Awaitable[int]]) -> int:
        """Have a chore done between two savings, after what waits now has been saved.

        Raises:
            HistoryError: it failed, or the writer has stopped.
        """
        if self._task is None or self._stopping:
            raise HistoryError("The call history is closed: bubbled is stopping.")
        done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._chores.append((chore, done))
        self.wake()
        return await done

    async def _run(self) -> None:
        try:
            while not self._stopping:
                await self._wait()
                await self._round()
            await self._round()
        finally:
            await self._close()

    async def _wait(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience_s):
                await self._woken.wait()
        self._woken.clear()

    @property
    def _patience_s(self) -> float | None:
        """How long to wait for something to save; None: for ever."""
        if self._trouble.is_passing:
            return self._retry_s
        return _BREATH_S if self.file is not None and self.file.index.is_behind else None

    async def _round(self) -> None:
        """Save what is new and do the chores that were asked for before that began."""
        chores, self._chores = self._chores, []
        await self._turn()
        for chore, done in chores:
            await self._do(chore, done)

    async def _turn(self) -> None:
        """Save what is new; into a new file, if the old one turns out to be damaged."""
        if self._trouble.is_lasting:
            return
        try:
            try:
                await self._save()
            except IndexDamagedError:
                await self._index_afresh()
                await self._save()
            except FileDamagedError as damage:
                await self._begin_afresh(damage)
                await self._save()
        except FileRefusedError as refusal:
            self._trouble.refuse(refusal)
        except HistoryError as delay:
            self._trouble.put_off(str(delay))
        except Exception as bug:  # noqa: BLE001 - the one guard: whatever it is, calls are kept and tried again
            self._trouble.put_off(f"The call history failed ({bug!r}): calls wait in memory; report this.")
        else:
            self._trouble.catch_up()

    async def _save(self) -> None:
        file = self.file or await self._open()
        await self._check(file)
        if not self._mute_is_saved:
            mute = self._mute
            await file.save_mute(mute)
            self._mute_is_saved = mute is self._mute
        while batch := self.unsaved.first(_BATCH):
            await file.save(batch)
            self.unsaved.saved(batch)
        if told := self.unsaved.told():
            await file.save_told(told)
            self.unsaved.saved_told(told)
        while steps := self.steps.first(_BATCH):
            await file.save_steps(steps)
            self.steps.saved(steps)
        if file.index.is_behind and self._is_checked and not self._stopping:
            await file.go_on_indexing()

    async def _open(self) -> HistoryFile:
        if self._claim is None:
            self._claim = place.Claim(self._path)
        self.file = await HistoryFile.open(self._path)
        if self._mute_is_saved:
            self._mute = await self.file.reader.mute()
        return self.file

    async def _check(self, file: HistoryFile) -> None:
        if self._damage:
            raise self._damage
        if self._is_checked or self._stopping:
            return
        try:
            await file.check()
        except FileUnusableError:
            if not self._stopping:  # else it was `stop` that ended the check; the next start makes it good
                raise
        self._is_checked = True

    async def _index_afresh(self) -> None:
        """Have the index made anew; this goes on from one saving to the next."""
        if isinstance(self._damage, IndexDamagedError):
            self._damage = None
        self._is_checked = False  # what has damaged the index may have damaged more
        if self.file is not None:
            _log.warning("The index of the history was damaged and is made anew")
            await self.file.index_afresh()

    async def _begin_afresh(self, damage: FileDamagedError) -> None:
        """Set the damaged file aside; the next saving opens a new one, with what this daemon knows."""
        await self._close_file()
        aside = place.set_aside(self._path, self._now().astimezone(UTC))
        self._damage, self._is_checked = None, True
        self._mute_is_saved = self._mute is None
        self._trouble.set_aside(aside, damage)

    async def _do(self, chore: Callable[[], Awaitable[int]], done: asyncio.Future[int]) -> None:
        try:
            result = await chore()
        except Exception as error:  # noqa: BLE001 - whoever asked gets it, whatever it is
            if isinstance(error, FileDamagedError | IndexDamagedError):
                self.report(error)
            _answer(done, error)
        else:
            _answer(done, result)

    async def _close(self) -> None:
        """Close the file. What could not be saved by now is lost."""
        if self.unsaved:
            _log.error("The history could not save its last calls", lost=len(self.unsaved))
        await self._close_file()
        if self._claim:
            self._claim.release()

    async def _close_file(self) -> None:
        file, self.file = self.file, None
        if file:
            await file.close()


def _answer(done: asyncio.Future[int], result: int | Exception) -> None:
    if done.done():  # whoever asked has gone away
        return
    if isinstance(result, Exception):
        done.set_exception(result)
    else:
        done.set_result(result)
