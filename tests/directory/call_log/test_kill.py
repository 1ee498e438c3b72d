"""bubbled is killed while it writes a call."""

from __future__ import annotations

import asyncio
import sys
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bubbled.directory.call_log.delivery import Stage
from tests.directory.call_log.crm import LOGGING, logging_into

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.directory.call_log.crm import Crm

ROOT = Path(__file__).parents[3]


async def killed_while_writing(crm: Crm, outbox: Path, moment: str) -> None:
    """Let another process begin to write the call, and kill it as it stands still there."""
    command = (
        "-m",
        "tests.directory.call_log.doomed",
        str(outbox),
        crm.fake.url,
        crm.fake.credentials["token"],
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, moment, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    async with asyncio.timeout(30):
        assert await process.stdout.readline() == b"now\n"
        process.kill()
        await process.wait()


@asynccontextmanager
async def after_a_kill(folder: Path, moment: str) -> AsyncIterator[Crm]:
    (hubspot,) = (account for account in LOGGING if account.preset == "hubspot")
    async with logging_into(hubspot, folder) as crm:
        await killed_while_writing(crm, folder / "call-log.sqlite", moment)
        crm.clock.time = datetime.now(UTC)
        await crm.courier.start()
        yield crm


async def test_killed_after_the_call_was_stored_it_is_not_stored_again(tmp_path: Path) -> None:
    async with after_a_kill(tmp_path, "after") as crm:
        assert await crm.deliver() is Stage.DOUBTFUL
        assert await crm.deliver(in_s=crm.late_s) is Stage.WRITTEN
        assert len(crm.logged) == 1


async def test_killed_before_the_call_left_it_is_stored_once(tmp_path: Path) -> None:
    async with after_a_kill(tmp_path, "before") as crm:
        assert await crm.deliver() is Stage.DOUBTFUL
        assert await crm.deliver(in_s=crm.late_s) is Stage.WAITING
        assert await crm.deliver(in_s=60) is Stage.WRITTEN
        assert len(crm.logged) == 1
