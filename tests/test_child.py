from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from bubbled import child

PIPE = asyncio.subprocess.PIPE
FOR_EVER = (sys.executable, "-c", "import time; print('here', flush=True); time.sleep(600)")


async def test_a_process_is_ended_with_what_it_started() -> None:
    grandchild = f"import subprocess; subprocess.run({list(FOR_EVER)!r})"
    process = await child.start(sys.executable, "-c", grandchild, stdout=PIPE, stdin=PIPE)
    assert process.stdout is not None
    assert await process.stdout.readline() == b"here\n"
    await child.end(process)
    # Its end of the pipe is closed only when the grandchild, too, is gone.
    assert await process.stdout.read() == b""
    await child.end(process)


def children() -> set[str]:
    """The processes that this one has started and not yet seen the end of (proc(5))."""
    return {pid for path in Path("/proc/self/task").glob("*/children") for pid in path.read_text().split()}


@pytest.mark.parametrize("steps", range(12))
async def test_who_is_cancelled_while_it_starts_leaves_none_behind(steps: int) -> None:
    before = children()
    starting = asyncio.ensure_future(child.start(*FOR_EVER, stdout=PIPE, stdin=PIPE))
    for _ in range(steps):
        await asyncio.sleep(0)
    starting.cancel()
    await asyncio.wait([starting])
    if not starting.cancelled():
        await child.end(starting.result())
    assert children() == before


async def test_what_is_no_program_is_told() -> None:
    with pytest.raises(FileNotFoundError):
        await child.start("/no/such/program")
