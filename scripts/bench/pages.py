"""The pages of a whole daemon at the largest history, as a browser beside it gets them, and the loop then.

Usage: scripts/bench/pages.py [--calls N] [--days D] [--visits N] [--file FILE]

Two processes, as in life: the daemon, on the demo PBX, with the history of `history_search.py` (FILE is used,
or made and kept, and gets its index), and a visitor that fetches all pages N times (default 100) over one
connection, each in its turn. Times are milliseconds until the last byte. `lag` is how much later than wished
a task of the daemon awoke that wished so every millisecond; `lag_idle` is the same while nobody asks, which
is what the machine does by itself. `held` is the processor time that the loop used between two such moments,
which other work on the machine does not lengthen. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import sys
import tempfile
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from time import perf_counter, thread_time
from typing import TYPE_CHECKING, Final

import structlog
from aiohttp import ClientSession, CookieJar
from yarl import URL

from bubbled.control.search import ALL, Search
from bubbled.daemon.daemon import Daemon
from bubbled.daemon.port import DaemonPort
from bubbled.pbx.demo import CONTACTS, DemoPbx
from bubbled.settings.loading import load
from scripts.bench.history_search import BUSIEST, LAST_NAMES, NOW, fill, lag, people, percentiles

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping

    from bubbled.control.port import ControlPort

SETTINGS: Final = """
[me]
extension = "101"
devices = ["PJSIP/101"]
region = "NL"
[team]
names = {{ 102 = "Bob", 103 = "Carol" }}
[pbx]
host = "127.0.0.1"
port = {port}
username = "bubbled"
secret = "s3cret"
[popup]
screen = "terminal"
[history]
retention_days = 0
path = "{history}"
[[directory]]
name = "Customers"
kind = "csv"
path = "{contacts}"
"""
IDLE_S: Final = 5.0


def pages(days: int) -> Mapping[str, str]:
    """Name the pages that are fetched."""
    deep = f"{int(NOW.timestamp() - days * 0.99 * 86_400) * 1_000_000}:"
    someone = people(1000)[7][0]
    addresses = {
        "now": URL("/"),
        "calls": URL("/history"),
        "calls of everybody": URL("/history").with_query(whose="all"),
        "calls, a common word": URL("/history").with_query(whose="all", text="jansen"),
        "calls, a rare word": URL("/history").with_query(whose="all", text=LAST_NAMES[17]),
        "calls, a number": URL("/history").with_query(whose="all", text="06-10017770"),
        "calls, first digits": URL("/history").with_query(whose="all", text="06"),
        "calls, a day": URL("/history").with_query(whose="all", since="2025-11-20", until="2025-11-20"),
        "calls, missed with a note": URL("/history").with_query(missed="1", noted="1"),
        "calls, nothing found": URL("/history").with_query(whose="all", text="jansen xylophone"),
        "calls, beginnings alone": URL("/history").with_query(whose="all", text="j p v b d"),
        "calls, far down": URL("/history").with_query(whose="all", before=deep),
        "results alone, as one types": URL("/history/results").with_query(whose="all", text="jan"),
        "to call back": URL("/history/to-call-back"),
        "a number": URL("/history/person").with_query(number=str(someone)),
        "the busiest number": URL("/history/person").with_query(number=str(BUSIEST)),
        "an unknown number": URL("/history/person").with_query(number="+31201234567"),
        "what directories say": URL("/history/person/answers").with_query(number=str(someone)),
        "diagnosis": URL("/diagnosis"),
        "settings": URL("/settings"),
        "settings: directories": URL("/settings/directories"),
        "settings: layout": URL("/settings/layout"),
        "settings: buttons": URL("/settings/buttons"),
        "settings: phones": URL("/settings/phones"),
        "settings: file": URL("/settings/file"),
        "about": URL("/about"),
    }
    return {name: str(address) for name, address in addresses.items()}


async def visit(invitation: str, days: int, visits: int) -> dict[str, dict[str, float]]:
    """Fetch each page, in turns, and tell its times and what a browser is sent."""
    times: dict[str, list[float]] = {}
    sizes: dict[str, int] = {}
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as http:
        async with http.get(invitation) as answer:
            base = answer.url.origin()
        for _ in range(visits + 1):
            for name, address in pages(days).items():
                began = perf_counter()
                async with http.get(base.join(URL(address))) as answer:
                    sizes[name] = len(await answer.read())
                    answer.raise_for_status()
                times.setdefault(name, []).append(perf_counter() - began)
    return {name: {**percentiles(some[1:]), "kb": round(sizes[name] / 1000)} for name, some in times.items()}


async def serve(folder: Path, history: Path, visits: int, days: int) -> dict[str, object]:
    """Run the daemon, have it visited, and tell how its loop fared."""
    async with DemoPbx(secret="s3cret") as pbx:  # noqa: S106 - the demo's
        file = folder / "config.toml"
        file.write_text(SETTINGS.format(port=pbx.port, contacts=CONTACTS, history=history))
        file.chmod(0o600)
        with notices(folder) as told:
            daemon = Daemon(file, load(file).settings, control_path=folder / "control.sock")
            running = asyncio.create_task(daemon.run())
            while b"READY=1" not in await asyncio.get_running_loop().sock_recv(told, 4096):
                pass
        await indexed(DaemonPort(daemon))
        async with lag() as idle:
            await asyncio.sleep(IDLE_S)
        async with lag() as lags, held() as holds:
            child = await asyncio.create_subprocess_exec(
                sys.executable, __file__, "--visit", await daemon.pages.invite("/"),
                "--visits", str(visits), "--days", str(days),
                stdout=asyncio.subprocess.PIPE,
            )  # fmt: skip
            measured, _ = await child.communicate()
        running.cancel()
        await asyncio.wait([running])
    return {
        "pages": json.loads(measured),
        "lag": percentiles(lags),
        "lag_idle": percentiles(idle),
        "held": percentiles(holds),
    }


@asynccontextmanager
async def held() -> AsyncIterator[list[float]]:
    """Collect, in seconds of processor time, how long others keep the loop meanwhile."""
    holds: list[float] = []

    async def watch() -> None:
        while True:
            began = thread_time()
            await asyncio.sleep(0.001)
            holds.append(thread_time() - began)

    watching = asyncio.create_task(watch())
    try:
        yield holds
    finally:
        watching.cancel()


async def indexed(port: ControlPort) -> None:
    """Wait until all calls are found, which takes minutes the first time."""
    while (await port.search(Search(text="anything", whose=ALL, limit=1))).gap:  # noqa: ASYNC110 - see below
        await asyncio.sleep(0.5)


@contextmanager
def notices(folder: Path) -> Iterator[socket.socket]:
    """Hear what the daemon tells its service manager."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.bind(str(folder / "notify"))
        told.setblocking(False)  # noqa: FBT003 - the name of the method says it
        os.environ["NOTIFY_SOCKET"] = str(folder / "notify")
        yield told


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=1000)
    parser.add_argument("--visits", type=int, default=100)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--visit", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("error"))
    if arguments.visit:
        json.dump(asyncio.run(visit(arguments.visit, arguments.days, arguments.visits)), sys.stdout)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ |= {"HOME": name, "XDG_RUNTIME_DIR": name}
        path = (arguments.file or folder / "history.sqlite").absolute()
        if not path.exists():
            fill(path, arguments.calls, arguments.days)
        result = asyncio.run(serve(folder, path, arguments.visits, arguments.days))
    json.dump({"calls": arguments.calls, **result}, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
