"""Searching the history at its largest: its index made, pages, numbers, tables, and the loop meanwhile.

Usage: scripts/bench/history_search.py [--calls N] [--days D] [--questions N] [--file FILE]

The file (FILE is used, or made and kept) is one of before there was an index. It holds N calls (default
1,000,000) of D days (default 1,000) of the user and of five colleagues with N/20 people, three in ten called
Jansen; one call in ten was missed, one in ten has a note. Times are in milliseconds as the asking task sees
them; `lag` is how much later than wished a task awoke that wished so every millisecond; `bare_like` is
sqlite3 looking for the rare word by LIKE in the same file in the same run. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import resource
import shutil
import sqlite3
import sys
import tempfile
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from bubbled.control.search import Search
from bubbled.daemon.history_desk import HistoryDesk
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
    CallId,
    CallState,
    Contact,
    Device,
    Direction,
    Outcome,
    Owner,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
BEFORE_THE_INDEX = 2  # the version of such a file
OWNERS = (*(ME,) * 5, *(Owner(str(extension)) for extension in range(102, 107)))
SYLLABLES = ("ba", "de", "vri", "jan", "ko", "mei", "sta", "ren", "lo", "ga", "zu", "po", "ter", "wij", "hui")
CHANCE = random.Random(1)  # noqa: S311 - no secret
BUSIEST = E164("+31201000100")


def word(syllables: int) -> str:
    """Invent a name."""
    return "".join(CHANCE.choice(SYLLABLES) for _ in range(syllables))


FIRST_NAMES = [word(2).title() for _ in range(300)]
LAST_NAMES = [word(3).title() for _ in range(5000)]
COMPANIES = [f"{word(2)} {word(2)}".title() for _ in range(8000)]
VOCABULARY = [word(3) for _ in range(3000)]


def people(count: int) -> list[tuple[E164, Contact]]:
    """Invent people, the first of whom all calls of one in a hundred are with."""
    invented = [(BUSIEST, Contact(directory="Customers", name="Main Office", company="Acme"))]
    for index in range(1, count):
        last = "Jansen" if index % 10 < 3 else CHANCE.choice(LAST_NAMES)  # noqa: PLR2004 - three in ten
        number = E164(f"+316{10_000_000 + index * 1_777 % 90_000_000}")
        name = f"{CHANCE.choice(FIRST_NAMES)} {last}"
        contact = Contact(
            directory="Customers", name=name, company=CHANCE.choice(COMPANIES), fields=(("city", "Utrecht"),)
        )
        invented.append((number, contact))
    return invented


def calls(count: int, days: int) -> Iterator[PastCall]:
    """Invent calls, the oldest first."""
    known = people(max(100, count // 20))
    for index in range(count):
        number, contact = known[0 if index % 100 == 0 else CHANCE.randrange(len(known))]
        began = NOW - timedelta(days=days) * ((count - index) / count)
        missed = CHANCE.random() < 0.1  # noqa: PLR2004 - one in ten
        noted = CHANCE.random() < 0.1  # noqa: PLR2004 - the same
        yield PastCall(
            call=Call(
                id=CallId(f"1732093200.{index}"),
                device=Device("PJSIP/101"),
                direction=Direction.INBOUND if missed else CHANCE.choice(tuple(Direction)),
                state=CallState.ENDED,
                owner=CHANCE.choice(OWNERS),
                number=number,
                e164=number,
                name=(contact.name or "").upper(),
                dialled="+31201000101",
                outcome=Outcome.MISSED if missed else Outcome.ANSWERED,
            ),
            started_at=began,
            answered_at=None if missed else began + timedelta(seconds=5),
            ended_at=began + timedelta(seconds=25),
            contact=contact,
            popup="shown",
            note=Note(" ".join(CHANCE.choices(VOCABULARY, k=12)), began, number) if noted else None,
        )


def fill(path: Path, count: int, days: int) -> None:
    """Write the calls as a daemon of before there was an index would have over the years."""
    with closing(sqlite3.connect(path)) as connection:
        for sql in migrations()[:BEFORE_THE_INDEX]:
            connection.executescript(sql)
        columns, marks = ", ".join(COLUMNS), ", ".join("?" * len(COLUMNS))
        rows = map(to_row, calls(count, days))
        connection.executemany(f"INSERT INTO calls ({columns}) VALUES ({marks})", rows)  # noqa: S608 - ours
        connection.execute(f"PRAGMA user_version = {BEFORE_THE_INDEX}")
        connection.commit()


def percentiles(times: Iterable[float]) -> dict[str, float]:
    """Give median, 99th percentile and the worst, in milliseconds, of times in seconds."""
    ordered = sorted(times) or [0.0]
    shares = (("p50_ms", 0.5), ("p99_ms", 0.99), ("max_ms", 1.0))
    return {
        name: round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000, 2)
        for name, share in shares
    }


async def timed(ask: Callable[[], Awaitable[object]]) -> float:
    """Measure one question, in seconds."""
    began = perf_counter()
    await ask()
    return perf_counter() - began


@asynccontextmanager
async def lag() -> AsyncIterator[list[float]]:
    """Collect, in seconds, how much too late a task awakes meanwhile."""
    lags: list[float] = []

    async def watch() -> None:
        while True:
            began = perf_counter()
            await asyncio.sleep(0.001)
            lags.append(perf_counter() - began - 0.001)

    watching = asyncio.create_task(watch())
    try:
        yield lags
    finally:
        watching.cancel()


async def indexed(history: History, numbers: list[E164]) -> dict[str, object]:
    """Wait until all calls are searched, asking now and then what a popup asks."""
    began, asked = perf_counter(), []
    async with lag() as lags:
        while (await history.catalogue.search(Wanted(), 1)).gap:
            number = CHANCE.choice(numbers)
            asked.append(
                await timed(lambda number=number: history.dealings(number, before=CallId("now"), names={}))  # type: ignore[misc]  # mypy has no types for defaults of lambdas
            )
            await asyncio.sleep(0.02)
    return {
        "index_s": round(perf_counter() - began, 1),
        "lag_while_indexing": percentiles(lags),
        "last_contact_while_indexing": percentiles(asked),
    }


def searches(days: int) -> dict[str, Search]:
    """Name the searches that are measured."""
    middle = (NOW - timedelta(days=days // 2)).date()
    deep = f"{int((NOW - timedelta(days=days * 0.99)).timestamp()) * 1_000_000}:"
    return {
        "my_latest": Search(),
        "everybodys_latest": Search(whose="all"),
        "my_latest_deep": Search(before=deep),
        "everybodys_latest_deep": Search(whose="all", before=deep),
        "rare_word": Search(text=LAST_NAMES[17], whose="all"),
        "rare_word_of_mine": Search(text=LAST_NAMES[18]),
        "common_word": Search(text="jansen", whose="all"),
        "common_word_deep": Search(text="jansen", whose="all", before=deep),
        "common_beginning": Search(text="j", whose="all"),
        "common_and_rare": Search(text=f"jansen {VOCABULARY[5]} {VOCABULARY[6]}", whose="all"),
        "no_such_word": Search(text="xylophone", whose="all"),
        "common_and_no_such_word": Search(text="jansen xylophone", whose="all"),
        "words_that_never_meet": Search(text=f"jansen {LAST_NAMES[17]} {LAST_NAMES[18]}", whose="all"),
        "beginnings": Search(text="j p v b d", whose="all"),
        "number": Search(text="06-10017770", whose="all"),
        "first_digits": Search(text="06", whose="all"),
        "first_digits_and_rare": Search(text=f"{LAST_NAMES[20]} 06", whose="all"),
        "last_digits": Search(text="7770", whose="all"),
        "date_range": Search(whose="all", since=middle, until=middle + timedelta(days=6)),
        "date_range_and_common": Search(text="jansen", since=middle, until=middle + timedelta(days=6)),
        "my_missed": Search(missed=True),
        "my_missed_with_note_outbound": Search(missed=True, noted=True, direction="outbound"),
        "a_colleagues_notes": Search(whose="102", noted=True),
        "thousand_of_common": Search(text="jansen", whose="all", limit=1000),
    }


async def measured(desk: HistoryDesk, questions: int, days: int) -> dict[str, object]:
    """Measure each search, and the loop meanwhile."""
    result: dict[str, object] = {}
    for name, wanted in searches(days).items():
        count = questions if wanted.limit <= Search().limit else max(1, questions // 10)
        found = await desk.search(wanted)
        async with lag() as lags:
            times = [await timed(lambda wanted=wanted: desk.search(wanted)) for _ in range(count)]  # type: ignore[misc]  # as above
        result[name] = {
            "found": len(found.calls),
            **percentiles(times),
            "lag_max_ms": percentiles(lags)["max_ms"],
        }
    return result


async def walked(desk: HistoryDesk, pages: int) -> dict[str, float]:
    """Measure page after page of everything."""
    times, place = [], ""
    for _ in range(pages):
        began = perf_counter()
        found = await desk.search(Search(text="jansen", whose="all", before=place))
        times.append(perf_counter() - began)
        if found.older is None:
            break
        place = found.older
    return percentiles(times)


async def table(desk: HistoryDesk) -> dict[str, object]:
    """Measure all calls as a table."""
    began, size = perf_counter(), 0
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    async with lag() as lags:
        async for piece in await desk.calls_csv(Search(whose="all")):
            size += len(piece)
    return {
        "s": round(perf_counter() - began, 1),
        "mb": round(size / 1e6),
        "more_memory_mb": round((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024, 1),
        "lag": percentiles(lags),
    }


def bare_like(path: Path) -> float:
    """Measure sqlite3 looking for a rare word without an index."""
    with closing(sqlite3.connect(path)) as connection:
        began = perf_counter()
        like = f"%{LAST_NAMES[17]}%"
        connection.execute(
            "SELECT * FROM calls WHERE name LIKE ? OR contact LIKE ? OR note LIKE ?"
            " ORDER BY started_at DESC LIMIT 50",
            [like] * 3,
        ).fetchall()
        return round((perf_counter() - began) * 1000, 1)


async def measure(path: Path, count: int, days: int, questions: int) -> dict[str, object]:
    """Open the file of an older bubbled and put everything to it."""
    numbers = [number for number, _ in people(1000)]
    result: dict[str, object] = {"calls": count, "file_mb": round(path.stat().st_size / 1e6)}  # noqa: ASYNC240 - nothing else runs
    began = perf_counter()
    history = await History.open(path, now=lambda: NOW)
    result["open_ms"] = round((perf_counter() - began) * 1000, 1)
    result |= await indexed(history, numbers)
    desk = HistoryDesk(history.catalogue, {}, "NL")
    result["searches"] = await measured(desk, questions, days)
    result["walked_pages"] = await walked(desk, questions * 5)
    result["to_call_back"] = percentiles([await timed(lambda: desk.to_call_back(NOW)) for _ in range(10)])
    result["person"] = percentiles([await timed(lambda: desk.person(numbers[7])) for _ in range(questions)])
    result["busiest_person"] = percentiles([await timed(lambda: desk.person(BUSIEST)) for _ in range(20)])
    result["table"] = await table(desk)
    result["bare_like_ms"] = bare_like(path)
    began = perf_counter()
    result["forgotten_calls"] = await history.forget(numbers[7])
    result["forget_s"] = round(perf_counter() - began, 1)
    result["file_mb_with_index"] = round(path.stat().st_size / 1e6)  # noqa: ASYNC240 - as above
    await history.aclose()
    return result


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=1000)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--file", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.sqlite"
        kept = arguments.file or path
        if not kept.exists():
            fill(kept, arguments.calls, arguments.days)
        if kept != path:
            shutil.copy(kept, path)
        result = asyncio.run(measure(path, arguments.calls, arguments.days, arguments.questions))
    json.dump(result, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
