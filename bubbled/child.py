"""Processes of their own, which end with all that they have started, also when nobody waits for them."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asyncio.subprocess import Process


async def start(*command: str, **options: Any) -> Process:
    """Start a process, with the `options` of `asyncio.create_subprocess_exec`.

    Ctrl-C in a terminal does not reach it: that is for us, who then end it. Who is cancelled while it starts
    leaves none behind; asyncio by itself ends the process at best, and not its pipes and what it started.

    Raises:
        OSError: there is no such program, or it may not be run.
    """
    starting = asyncio.ensure_future(
        asyncio.create_subprocess_exec(*command, start_new_session=True, **options)
    )
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        with suppress(OSError):
            await end(await starting)
        raise


async def end(process: Process) -> None:
    """End a process that may have ended already, and wait until it is gone."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    if process.stdin is not None:
        process.stdin.close()
    await process.wait()
