"""The order of directories: what it costs, and how it holds up when asked all the time.

    python scripts/bench/lookup.py [--questions 1000] [--rate 1000] [--seconds 30]

`overhead_ms`: how much longer five directories together take than the slowest of them, whose answers come
after up to five milliseconds; nobody knows the numbers, so that all five are awaited. `gather_p50`: what bare
`asyncio.gather` takes longer, in the same run. `local_ms`: the same five, answering at once.

`sustained`: questions at a steady rate, each about another number, to five directories over HTTP; their
servers run in a process of their own on loopback. `late_ms` is how far the questions fell behind their times,
`cpu_ms` what one costs the process that asks, `rss_mb` the memory of that process after two seconds, in the
middle and at the end. `alone_per_s` is how many a second servers and transports stand without the order, flat
out, and `alone_cpu_ms` what one costs then. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections import Counter
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import TYPE_CHECKING

from aiohttp import web

from bubbled.directory.http.client import HttpTransport
from bubbled.directory.http.port import Request
from bubbled.directory.order.answer import Question
from bubbled.directory.order.lookup import Lookup
from bubbled.directory.order.plan import Place, Rules
from bubbled.directory.port import Phase, State
from bubbled.model import E164, Contact

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from bubbled.directory.order.answer import Answer
    from bubbled.directory.port import Disclosure
    from bubbled.model import Extension

DIRECTORIES = 5
KNOWN_EVERY = 10
MOST_OPEN = 40
"""Questions in flight; more than that only pile up."""


class Source:
    """What every directory here is like."""

    timeout_s = 2.0
    count = None
    state = State(Phase.READY)
    is_local = False
    may_be_kept = False
    rate = None

    def __init__(self, name: str) -> None:
        """Be called so."""
        self.name = name

    def disclosures(self, number: E164 | Extension) -> tuple[Disclosure, ...]:  # noqa: ARG002 - nobody is told
        """Nobody but this computer."""
        return ()

    async def start(self) -> None:
        """Nothing."""

    async def aclose(self) -> None:
        """Nothing."""


class Waiting(Source):
    """Knows nobody, and says so after a while."""

    def __init__(self, name: str, delay_s: float) -> None:
        """Answer after so many seconds; 0: at once."""
        super().__init__(name)
        self.is_local = not delay_s
        self.took_s = 0.0
        self._delay_s = delay_s

    async def lookup(self, number: E164 | Extension) -> tuple[Contact, ...]:  # noqa: ARG002 - knows nobody
        """Wait."""
        began = perf_counter()
        if self._delay_s:
            await asyncio.sleep(self._delay_s)
        self.took_s = perf_counter() - began
        return ()


class Remote(Source):
    """Asks a server."""

    may_be_kept = True

    def __init__(self, name: str, port: int) -> None:
        """Ask the one on this port."""
        super().__init__(name)
        self._url = f"http://127.0.0.1:{port}/contacts"
        self._transport = HttpTransport()

    async def lookup(self, number: E164 | Extension) -> tuple[Contact, ...]:
        """Ask it."""
        response = await self._transport.send(Request("GET", f"{self._url}?phone={number[1:]}"))
        return tuple(Contact(directory=self.name, name=name) for name in json.loads(response.body)["names"])

    async def aclose(self) -> None:
        """Close the connections."""
        await self._transport.aclose()


def number(index: int) -> E164:
    """One of many numbers."""
    return E164(f"+316{10_000_000 + index}")


def lookup(directories: Sequence[Waiting] | Sequence[Remote]) -> Lookup:
    """Ask all at once, and spare none, because here a slow answer is no fault of the server."""
    return Lookup([Place(directory=each) for each in directories], Rules(trips_after=sys.maxsize))


async def overhead(delays_s: Sequence[float], questions: int) -> dict[str, float]:
    """How much longer the question takes than the slowest answer, with the order and without."""
    directories = [Waiting(str(place), delay_s) for place, delay_s in enumerate(delays_s)]
    asking = lookup(directories)
    ordered: list[float] = []
    gathered: list[float] = []
    for index in range(questions):
        began = perf_counter()
        await asking.ask(Question(number(index)))
        ordered.append(perf_counter() - began - max(each.took_s for each in directories))
        began = perf_counter()
        await asyncio.gather(*(each.lookup(number(index)) for each in directories))
        gathered.append(perf_counter() - began - max(each.took_s for each in directories))
    return percentiles(ordered) | {"gather_p50": percentiles(gathered)["p50"]}


def percentiles(seconds: list[float]) -> dict[str, float]:
    """In milliseconds."""
    ascending = sorted(seconds)
    at_99 = ascending[len(ascending) * 99 // 100]
    return {"p50": round(1000 * median(ascending), 3), "p99": round(1000 * at_99, 3)}


# Servers.


async def answer(request: web.Request) -> web.Response:
    """Know every tenth number, each on the server whose turn it is."""
    index = int(request.query["phone"][-8:])
    is_here = index // KNOWN_EVERY % DIRECTORIES == request.app[PLACE]
    names = [f"Jan {index}"] if index % KNOWN_EVERY == 0 and is_here else []
    return web.json_response({"names": names})


PLACE: web.AppKey[int] = web.AppKey("place", int)


async def serve() -> None:
    """Run the servers, and tell their ports, until standard input ends."""
    async with AsyncExitStack() as stack:
        ports = []
        for place in range(DIRECTORIES):
            app = web.Application()
            app[PLACE] = place
            app.router.add_get("/contacts", answer)
            runner = web.AppRunner(app, access_log=None)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            ports.append(runner.addresses[0][1])
        print(json.dumps(ports), flush=True)
        await asyncio.to_thread(sys.stdin.read)


@asynccontextmanager
async def servers() -> AsyncIterator[list[int]]:
    """The ports of servers in another process."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, __file__, "serve", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdin  # noqa: S101 - it was asked for
    assert process.stdout  # noqa: S101 - the same
    try:
        yield json.loads(await process.stdout.readline())
    finally:
        process.stdin.close()
        await process.wait()


# Sustained questions.


class Paced:
    """Asks at a steady rate, and keeps account."""

    def __init__(self, asking: Lookup, per_s: int) -> None:
        """Ask so many questions a second."""
        self.took_s: list[float] = []
        self.late_s: list[float] = []
        self.outcomes: Counter[str] = Counter()
        self._asking = asking
        self._per_s = per_s
        self._open = asyncio.Semaphore(MOST_OPEN)

    async def run(self, seconds: int, first: int) -> None:
        """Ask from the `first` number on."""
        began = perf_counter()
        async with asyncio.TaskGroup() as group:
            for index in range(seconds * self._per_s):
                due = began + index / self._per_s
                if (left_s := due - perf_counter()) > 0:
                    await asyncio.sleep(left_s)
                await self._open.acquire()
                self.late_s.append(max(0.0, perf_counter() - due))
                group.create_task(self._ask(first + index))

    async def _ask(self, index: int) -> None:
        began = perf_counter()
        answer = await self._asking.ask(Question(number(index)))
        self.took_s.append(perf_counter() - began)
        self._open.release()
        self._count(answer)

    def _count(self, answer: Answer) -> None:
        self.outcomes.update(asked.outcome.value for asked in answer.trace)
        self.outcomes["found"] += answer.contact is not None


async def alone(directories: Sequence[Remote], questions: int) -> dict[str, float]:
    """What the servers and the transports stand without the order."""
    left = iter(range(questions))

    async def ask() -> None:
        for index in left:
            await asyncio.gather(*(each.lookup(number(50_000_000 + index)) for each in directories))

    began, cpu_s = perf_counter(), process_time()
    await asyncio.gather(*(ask() for _ in range(MOST_OPEN)))
    return {
        "alone_per_s": round(questions / (perf_counter() - began)),
        "alone_cpu_ms": round(1000 * (process_time() - cpu_s) / questions, 3),
    }


async def sustained(per_s: int, seconds: int) -> dict[str, object]:
    """Ask, and see what becomes of time and memory."""
    async with servers() as ports:
        directories = [Remote(str(place), port) for place, port in enumerate(ports)]
        bare = await alone(directories, 3 * per_s)
        asking = lookup(directories)
        paced = Paced(asking, per_s)
        began, cpu_s, sizes = perf_counter(), process_time(), []
        for part_s in (2, seconds // 2, seconds - seconds // 2):
            await paced.run(part_s, first=len(paced.took_s))
            sizes.append(rss_mb())
        took_s, cpu_s = perf_counter() - began, process_time() - cpu_s
        await asking.aclose()
    return {
        "per_s": round(len(paced.took_s) / took_s),
        "cpu_ms": round(1000 * cpu_s / len(paced.took_s), 3),
        **bare,
        "took_ms": percentiles(paced.took_s),
        "late_ms": percentiles(paced.late_s),
        "rss_mb": sizes,
        "outcomes": dict(paced.outcomes),
    }


def rss_mb() -> float:
    """The memory of this process now."""
    fields = Path("/proc/self/statm").read_text(encoding="ascii").split()
    return round(int(fields[1]) * 4096 / 1e6, 1)


async def measure(options: argparse.Namespace) -> dict[str, object]:
    """All figures."""
    delays_s = [0.001 * (place + 1) for place in range(DIRECTORIES)]
    return {
        "overhead_ms": await overhead(delays_s, options.questions),
        "local_ms": await overhead([0.0] * DIRECTORIES, options.questions),
        "sustained": await sustained(options.rate, options.seconds),
    }


def main() -> None:
    """Measure and print."""
    if sys.argv[1:2] == ["serve"]:
        asyncio.run(serve())
        return
    parser = argparse.ArgumentParser(description="Measure the order of directories.")
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--rate", type=int, default=1000)
    parser.add_argument("--seconds", type=int, default=30)
    print(json.dumps(asyncio.run(measure(parser.parse_args())), indent=2))


if __name__ == "__main__":
    main()
