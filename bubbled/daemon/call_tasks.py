"""Work that is done for calls, beside the flow of their changes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from bubbled.model import CallId

_log = structlog.get_logger()


class CallTasks:
    """Keeps the tasks of each call, so that they can be given up when they lose their point."""

    def __init__(self) -> None:
        self._tasks: dict[asyncio.Task[None], CallId] = {}

    def start(self, call_id: CallId, work: Coroutine[None, None, None], name: str) -> None:
        """Have something done for a call."""
        task = asyncio.create_task(work, name=name)
        self._tasks[task] = call_id
        task.add_done_callback(self._done)

    def give_up(self, call_id: CallId | None = None) -> None:
        """Cancel what is done for a call, or (None) for all."""
        for task, its_call in list(self._tasks.items()):
            if call_id in {None, its_call}:
                task.cancel()

    def _done(self, task: asyncio.Task[None]) -> None:
        """What fails by a defect of ours must not fail in silence, nor take the call along."""
        del self._tasks[task]
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("a question about a caller failed", question=task.get_name(), exc_info=error)
