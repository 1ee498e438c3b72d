"""Measure directories that are copied to this computer: the copy itself, and CardDAV servers to copy from.

    python scripts/bench/synced.py [--contacts 1000000] [--cards 5000]

Prints JSON on standard output: seconds (`_s`), milliseconds (`_ms`), megabytes (`_mb`). `copy` is a source
that costs nothing; `radicale` and `xandikos` are real servers, whose own time counts. `lag_ms` is what the
event loop was held up in 99 of 100 turns while contacts came in. Lookups are told twice: as the clock has it,
and as processor time, which does not count what others do on a busy machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bubbled.directory.entry import Entry
from bubbled.directory.http.authorization import AuthorizedTransport, Basic
from bubbled.directory.http.client import HttpTransport
from bubbled.directory.kinds.carddav.feed import CardDavFeed
from bubbled.directory.local.feed import Fetched
from bubbled.directory.local.index import Index
from bubbled.directory.local.replica import Rules, update
from bubbled.model import E164

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.servers.dav import PASSWORD, USER, vcard
from tests.servers.radicale import radicale
from tests.servers.xandikos import xandikos

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from contextlib import AbstractContextManager

    from tests.servers.dav import DavAccount

LOOKUPS = 20_000
NL = Rules("NL")


def contact(i: int) -> Entry:
    """Two numbers each; every tenth is a company, behind whose number there may be others."""
    name = f"Jan Jansen {i}" if i % 10 else None
    fields = (("email", f"jan{i}@example.com"), ("city", "Utrecht"))
    return Entry("x", name, f"Bedrijf {i} BV", None, fields, (f"0{fixed(i)}", f"+31 {mobile(i)}"))


def fixed(i: int) -> int:
    """The fixed number of contact `i`, one in seven of a block."""
    return 200_000_000 + 7 * i


def mobile(i: int) -> int:
    """The mobile number of contact `i`."""
    return 610_000_000 + 13 * i % 80_000_000


@asynccontextmanager
async def lag_ms(told: dict[str, float]) -> AsyncIterator[None]:
    """Tell how long the event loop was held up."""
    lags: list[float] = []

    async def watch() -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.002)
            lags.append(1000 * (time.perf_counter() - began - 0.002))

    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()
        told["lag_ms"] = percentile_99(sorted(lags))


async def copy(count: int, folder: Path) -> dict[str, float]:
    """All figures for a copy of so many contacts."""
    path, told = folder / "index.sqlite", dict[str, float](contacts=count)
    everything = Fetched({f"/book/{i}.vcf": contact(i) for i in range(count)}, token="t", is_all=True)  # noqa: S106 - not a secret
    async with lag_ms(told):
        told["first_s"] = await taken_in(path, everything)
        changed = Fetched({f"/book/{count // 2}.vcf": contact(count)}, token="t")  # noqa: S106 - not a secret
        told["one_change_ms"] = 1000 * await taken_in(path, changed)
    del everything
    index = Index(path, "bench", is_replica=True)
    # A stride without a factor in common with the count comes to other contacts each time.
    chosen = [i * 7919 % count for i in range(LOOKUPS)]
    told |= lookups_ms("hit", index, (mobile(i) for i in chosen))
    told |= lookups_ms("miss", index, (690_000_000 + i for i in chosen))
    told |= lookups_ms("direct_number", index, (fixed(i) + 3 for i in chosen))
    index.close()
    return told | {"index_mb": path.stat().st_size / 1e6}


async def taken_in(path: Path, fetched: Fetched) -> float:
    """How long it takes until what was fetched is in the copy, as `SyncedDirectory` does it, in seconds."""
    began = time.perf_counter()
    steps = update(path, fetched, NL, time.time())
    while await asyncio.to_thread(next, steps, None) is not None:
        pass
    return time.perf_counter() - began


def lookups_ms(name: str, index: Index, nationals: Iterator[int]) -> dict[str, float]:
    """How long lookups take in 99 of 100 cases."""
    by_clock: list[float] = []
    by_processor: list[float] = []
    for number in nationals:
        began = time.perf_counter(), time.thread_time()
        index.find(E164(f"+31{number}"))
        by_clock.append(1000 * (time.perf_counter() - began[0]))
        by_processor.append(1000 * (time.thread_time() - began[1]))
    return {
        f"{name}_p99_ms": percentile_99(sorted(by_clock)),
        f"{name}_cpu_p99_ms": percentile_99(sorted(by_processor)),
    }


async def fetching(account: DavAccount, count: int) -> dict[str, float]:
    """All figures for a server with so many cards."""
    await account.empty()
    await account.fill([vcard(f"Jan {i}", f"0{mobile(i)}") for i in range(count)])
    feed = CardDavFeed(
        account.url, AuthorizedTransport(HttpTransport(ca_file=account.ca_file), Basic(USER, _password))
    )
    told = dict[str, float](cards=count)
    async with lag_ms(told):
        told["first_cold_s"], _ = await fetched(feed, None)
        told["first_s"], token = await fetched(feed, None)
        took_s, _ = await fetched(feed, token)
        told["nothing_changed_ms"] = 1000 * took_s
        await account.put("new.vcf", vcard("Kees", "06-12345678"))
        took_s, _ = await fetched(feed, token)
        told["one_new_ms"] = 1000 * took_s
    await feed.aclose()
    return told


async def _password() -> str:
    return PASSWORD


async def fetched(feed: CardDavFeed, since: str | None) -> tuple[float, str | None]:
    """How long a fetch takes, in seconds, and its token."""
    began = time.perf_counter()
    told = await feed.fetch(since, lambda _done, _total: None)
    return time.perf_counter() - began, told.token


def percentile_99(ascending: list[float]) -> float:
    """What 99 of 100 stay below."""
    return ascending[len(ascending) * 99 // 100]


def rounded(figures: dict[str, float]) -> dict[str, float]:
    """For the eye."""
    return {name: round(figure, 4 if name.endswith("p99_ms") else 2) for name, figure in figures.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure directories that are copied to this computer.")
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--cards", type=int, default=5000)
    options = parser.parse_args()
    figures: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory(prefix="bubbled-bench-") as folder:
        figures["copy"] = rounded(asyncio.run(copy(options.contacts, Path(folder))))
    servers: dict[str, Callable[[], AbstractContextManager[DavAccount]]] = {
        "radicale": radicale,
        "xandikos": xandikos,
    }
    for name, server in servers.items():
        with server() as account:
            figures[name] = rounded(asyncio.run(fetching(account, options.cards)))
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
