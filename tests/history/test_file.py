from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

from bubbled.history.store import History
from tests.history.index_check import agrees
from tests.history.sample import NINE

if TYPE_CHECKING:
    from pathlib import Path

# Says which calls it has been told are saved, until it is killed.
DAEMON = """
import asyncio, sys
from pathlib import Path
from bubbled.history.store import History
from tests.history.sample import JAN, NINE, NUMBER, minutes, record_whole, ringing

async def main(path, name):
    history = await History.open(path, now=lambda: NINE)
    for number in range(100_000):
        call = ringing(f"{name}-{number}", name="Jan " * (number % 200))
        record_whole(history, call, minutes(number))
        history.contact(call.id, JAN)
        history.note(call.id, "Wants 20", NINE, NUMBER)
        if number % 10 == 9:
            await history.prune(minutes(-1))
        if await history.settled():
            print(call.id, flush=True)

asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
"""


def killed_after(path: Path, name: str, count: int) -> list[str]:
    """Run a daemon, kill it once it has saved some calls, and tell which it said it had saved."""
    command = [sys.executable, "-c", DAEMON, str(path), name]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as daemon:  # noqa: S603 - our own text
        assert daemon.stdout is not None
        saved = [daemon.stdout.readline() for _ in range(count)]
        daemon.kill()
        saved += daemon.stdout.readlines()
    return [line.strip() for line in saved if line.endswith("\n")]


def verdict(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])


async def test_what_was_saved_survives_a_kill_at_any_moment(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    chance = random.Random(1)  # noqa: S311 - no secret
    saved: list[str] = []
    for life in range(8):
        saved += killed_after(path, f"life{life}", chance.randint(0, 60))
        history = await History.open(path, now=lambda: NINE)
        assert await history.settled()
        assert history.trouble is None
        kept = {str(past.call.id): past for past in await history.calls(1_000_000)}
        await history.aclose()
        assert verdict(path) == "ok"
        assert agrees(path)
        assert all(
            kept[call_id].ended_at and kept[call_id].contact and kept[call_id].note for call_id in saved
        )
    assert len(saved) > 100
