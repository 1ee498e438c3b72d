"""The history at its largest: questions and recording, beside bare sqlite3 on the same file in the same run.

Usage: scripts/bench/history.py [--calls N] [--questions N]

The file holds N calls (default 1,000,000) of the user and of nine colleagues with N/20 numbers, one in ten
with a note, and a busy number that every hundredth call is with. Times are in milliseconds as the asking task
sees them. `record_us` is how long the loop is kept by one change; `saved_per_s` counts whole calls of four
changes each, on the disk. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sqlite3
import sys
import tempfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from bubbled.history.note import Note
from bubbled.history.past_call import PastCall
from bubbled.history.row import COLUMNS, to_row
from bubbled.history.schema import migrations
from bubbled.history.store import History
from bubbled.history.wanted import Wanted
from bubbled.model import (
    E164,
    ME,
    Call,
    CallChange,
    CallId,
    CallState,
    ChangeKind,
    Contact,
    Device,
    Direction,
    Outcome,
    Owner,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
CONTACT = Contact(directory="Customers", name="Jan Jansen", company="Acme", fields=(("city", "Utrecht"),))
OWNERS = (ME, *(Owner(str(extension)) for extension in range(102, 111)))
BUSIEST = E164("+31201000100")
CHANCE = random.Random(1)  # noqa: S311 - no secret


def number(index: int) -> E164:
    """Give the n-th made-up number."""
    return E164(f"+316{10_000_000 + index}")


def call(index: int, numbers: int, prefix: str = "old") -> Call:
    """Give the n-th made-up call, which has ended."""
    remote = number(index % numbers) if index % 100 else BUSIEST
    return Call(
        id=CallId(f"{prefix}-1732093200.{index}"),
        device=Device("PJSIP/101"),
        direction=Direction.INBOUND,
        state=CallState.ENDED,
        owner=OWNERS[index % len(OWNERS)],
        number=remote,
        e164=remote,
        name="Jan Jansen",
        dialled="+31201000101",
        outcome=Outcome.ANSWERED,
    )


def fill(path: Path, count: int, numbers: int) -> None:
    """Write the calls as the daemon would have over the years."""
    with closing(sqlite3.connect(path)) as connection:
        for sql in migrations():
            connection.executescript(sql)
        rows = (to_row(past(index, count, numbers)) for index in range(count))
        columns, marks = ", ".join(COLUMNS), ", ".join("?" * len(COLUMNS))
        connection.executemany(f"INSERT INTO calls ({columns}) VALUES ({marks})", rows)  # noqa: S608 - ours
        connection.execute(f"PRAGMA user_version = {len(migrations())}")
        connection.commit()


def past(index: int, count: int, numbers: int) -> PastCall:
    """Give the n-th call of `count`, half a minute after the one before."""
    began = NOW - timedelta(seconds=30 * (count - index))
    return PastCall(
        call=call(index, numbers),
        started_at=began,
        answered_at=began + timedelta(seconds=5),
        ended_at=began + timedelta(seconds=25),
        contact=CONTACT,
        popup="shown",
        note=None
        if index % 10
        else Note("Wants to be called back on Monday", began, call(index, numbers).e164),
    )


def percentiles(times: Iterable[float]) -> dict[str, float]:
    """Give median and 99th percentile in milliseconds of times in seconds."""
    ordered = sorted(times)
    return {
        name: round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000, 3)
        for name, share in (("p50_ms", 0.5), ("p99_ms", 0.99))
    }


async def timed(ask: Callable[[], Awaitable[object]]) -> float:
    """Measure one question, in seconds."""
    began = perf_counter()
    await ask()
    return perf_counter() - began


async def asked(history: History, questions: int, numbers: int) -> dict[str, object]:
    """Measure the questions that a ringing call and the command line ask."""
    some = [number(CHANCE.randrange(numbers)) for _ in range(questions)]
    return {
        "dealings": percentiles(
            [
                await timed(lambda e164=e164: history.dealings(e164, before=CallId("now"), names={}))  # type: ignore[misc]  # mypy has no types for defaults of lambdas
                for e164 in some
            ]
        ),
        "dealings_with_the_busiest": percentiles(
            [
                await timed(lambda: history.dealings(BUSIEST, before=CallId("now"), names={}))
                for _ in range(questions // 10)
            ]
        ),
        "calls_10": percentiles([await timed(lambda: history.calls(10)) for _ in range(questions // 10)]),
        "calls_1000": percentiles([await timed(lambda: history.calls(1000)) for _ in range(questions // 50)]),
    }


def bare(path: Path, questions: int, numbers: int) -> dict[str, float]:
    """Measure sqlite3 with the question of the last contact and nothing else, in the same thread."""
    times = []
    with closing(sqlite3.connect(path)) as connection:
        for _ in range(questions):
            began = perf_counter()
            connection.execute(
                "SELECT * FROM calls WHERE e164 = ? ORDER BY ended_at DESC LIMIT 1",
                [number(CHANCE.randrange(numbers))],
            ).fetchall()
            times.append(perf_counter() - began)
    return percentiles(times)


async def recorded(history: History, calls: int, numbers: int) -> dict[str, float]:
    """Measure how long recording keeps the loop, and how fast it comes to the disk."""
    kinds = (ChangeKind.STARTED, ChangeKind.UPDATED, ChangeKind.ANSWERED, ChangeKind.ENDED)
    told, began = 0.0, perf_counter()
    for index in range(calls):
        new = call(index, numbers, "new")
        before = perf_counter()
        for kind in kinds:
            history.record(CallChange(kind, new), NOW)
        told += perf_counter() - before
        if index % 1000 == 999:  # noqa: PLR2004 - well below what may wait
            await history.settled()
    await history.settled()
    return {
        "record_us": round(told / calls / len(kinds) * 1e6, 2),
        "saved_per_s": round(calls / (perf_counter() - began)),
    }


async def measure(path: Path, count: int, questions: int) -> dict[str, object]:
    """Open the filled file and put everything to it."""
    numbers = max(1, count // 20)
    result: dict[str, object] = {"calls": count, "file_mb": round(path.stat().st_size / 1e6)}  # noqa: ASYNC240 - nothing else runs
    began = perf_counter()
    history = await History.open(path, now=lambda: NOW)
    result["open_ms"] = round((perf_counter() - began) * 1000, 1)
    result["first_dealings_ms"] = round(
        await timed(lambda: history.dealings(number(7), before=CallId("now"), names={})) * 1000, 1
    )
    await history.settled()
    result["check_s"] = round(perf_counter() - began, 2)
    while (await history.catalogue.search(Wanted(), 1)).gap:  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0.1)
    result["index_s"] = round(perf_counter() - began, 1)
    result |= await asked(history, questions, numbers)
    result["bare_last_contact"] = bare(path, questions, numbers)
    result |= await recorded(history, 20_000, numbers)
    began = perf_counter()
    result["forgotten_calls"] = await history.forget(number(7))
    result["forget_s"] = round(perf_counter() - began, 2)
    began = perf_counter()
    result["pruned_calls"] = await history.prune(NOW - timedelta(seconds=30 * count * 0.99))
    result["prune_s"] = round(perf_counter() - began, 2)
    await history.aclose()
    return result


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--questions", type=int, default=2000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.sqlite"
        fill(path, arguments.calls, max(1, arguments.calls // 20))
        json.dump(asyncio.run(measure(path, arguments.calls, arguments.questions)), sys.stdout, indent=2)
        print()


if __name__ == "__main__":
    main()
