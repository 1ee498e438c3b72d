"""Measure the local index: importing many contacts from a CSV file, and looking numbers up among them.

    python scripts/bench/index.py [--contacts 1000000]

Prints JSON on standard output and progress on standard error: seconds (`_s`), milliseconds (`_ms`), megabytes
(`_mb`), memory of the process that looks up (`daemon`) and of the one that builds the index (`import`).
`lag_ms` is the longest that the event loop was held up while the index was built. On a busy machine compare
`import_cpu_s`, which does not count the time of others.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bubbled.directory.factory import build, order
from bubbled.directory.port import Phase
from bubbled.model import E164

if TYPE_CHECKING:
    from collections.abc import Callable

    from bubbled.directory.port import Directory

LOOKUPS = 20_000
COMPANY_EVERY = 10


def write_contacts(path: Path, count: int) -> None:
    """Write a CSV file as a CRM exports it: a fixed and a mobile number in each row."""
    with path.open("w", encoding="utf-8") as file:
        file.write("Naam;Bedrijf;Telefoon;Mobiel;E-mail;Plaats\n")
        for i in range(count):
            name = "" if i % COMPANY_EVERY == 0 else f"Jan Jansen {i}"
            fixed = f"0{fixed_number(i)}"
            file.write(
                f"{name};Bedrijf {i} BV;{fixed[:3]}-{fixed[3:]};+31 {mobile_number(i)};"
                f"jan{i}@example.com;Utrecht\n"
            )


def fixed_number(i: int) -> int:
    """The fixed number of contact `i`, one in seven of a block."""
    return 200_000_000 + 7 * i


def mobile_number(i: int) -> int:
    """The mobile number of contact `i`."""
    return 610_000_000 + 13 * i % 80_000_000


async def import_s(directory: Directory, told: Callable[[str], object]) -> tuple[float, float]:
    """How long the import takes, and the longest that the loop was held up meanwhile, in seconds."""
    began = time.perf_counter()
    lag = 0.0
    await directory.start()
    while directory.state.phase is Phase.INDEXING:
        before = time.perf_counter()
        await asyncio.sleep(0.01)
        lag = max(lag, time.perf_counter() - before - 0.01)
        told(f"\r{directory.state}  ")
    told(f"\r{directory.state}, {directory.count} contacts\n")
    return time.perf_counter() - began, lag


async def lookups_ms(directory: Directory, nationals: list[int]) -> list[float]:
    """How long each lookup takes, in milliseconds, in ascending order."""
    took: list[float] = []
    for number in nationals:
        began = time.perf_counter()
        await directory.lookup(E164(f"+31{number}"))
        took.append(1000 * (time.perf_counter() - began))
        await asyncio.sleep(0)
    return sorted(took)


async def measure(count: int, folder: Path) -> dict[str, float]:
    """All figures for a file of so many contacts."""
    told = sys.stderr.write
    told(f"writing {count} contacts\n")
    path = folder / "contacts.csv"
    write_contacts(path, count)
    what = order(kind="csv", name="bench", path=path, region="NL", cache_dir=folder / "index")
    directory = build(what, name="bench", timeout_s=2)
    took_s, lag_s = await import_s(directory, told)
    # A stride without a factor in common with the count comes to other contacts each time.
    chosen = [i * 7919 % count for i in range(LOOKUPS)]
    hits = await lookups_ms(directory, [mobile_number(i) for i in chosen])
    misses = await lookups_ms(directory, [690_000_000 + i for i in chosen])
    direct = await lookups_ms(directory, [fixed_number(i) + 3 for i in chosen])  # beside someone's number
    await directory.aclose()
    return {
        "contacts": count,
        "import_s": round(took_s, 2),
        "import_cpu_s": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime, 2),
        "lag_ms": round(1000 * lag_s, 2),
        "lookup_p50_ms": round(statistics.median(hits), 4),
        "p99_ms": percentile_99(hits),
        "miss_p99_ms": percentile_99(misses),
        "direct_number_p99_ms": percentile_99(direct),
        "index_mb": round(sum(file.stat().st_size for file in (folder / "index").iterdir()) / 1e6, 1),
        "daemon_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "import_rss_mb": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, 1),
    }


def percentile_99(ascending: list[float]) -> float:
    """What 99 of 100 stay below."""
    return round(ascending[len(ascending) * 99 // 100], 4)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure the local index.")
    parser.add_argument("--contacts", type=int, default=1_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bubbled-bench-") as folder:
        print(json.dumps(asyncio.run(measure(options.contacts, Path(folder)))))


if __name__ == "__main__":
    main()
