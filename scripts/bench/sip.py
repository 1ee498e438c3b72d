"""What calls by SIP cost: reading NOTIFYs, the way from NOTIFY to the popup, and 10,000 refreshes.

The popup is measured as in ring.py: the whole daemon, a dbus-daemon of its own, and this process, which is
both the PBX (over UDP) and the notification server. Prints JSON.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import tempfile
import time
import tracemalloc
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dbus_fast.aio import MessageBus

from bubbled.pbx.sip import dialog_info
from bubbled.pbx.sip.message import parse
from scripts.bench.ring import PAUSE_S, RINGS, SERVICE, WARM_UP, Desktop, bare, percentiles, session_bus, user
from tests.pbx.sip.notifier import CHALLENGE, CONFIRMED, IDLE, SECRET, Notifier, document, early
from tests.pbx.sip.peer import UdpPbx
from tests.pbx.sip.watch import Watch

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

NOTIFIES = 20_000
ROUNDS = 5
REFRESHES = 10_000
SETTINGS = """
[me]
extension = "101"
region = "NL"
[pbx]
kind = "sip"
host = "127.0.0.1"
port = {port}
domain = "pbx"
username = "101"
secret = "{secret}"
[popup]
screen = "native"
"""


def a_second(work: Callable[[int], object], count: int = NOTIFIES) -> int:
    """How often work can be done in a second; the best of some rounds, for a machine that is shared."""
    best = 0.0
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        for number in range(count):
            work(number)
        best = max(best, count / (time.perf_counter() - begun))
    return round(best)


def reading() -> dict[str, int]:
    """NOTIFYs a second: read alone, and taken by all that is pure, answer and changes of calls included."""
    watch = Watch(Notifier()).begin()
    ringing = watch.pbx.notify(early())
    body = document(0, early())
    states = cycle((early(), CONFIRMED, IDLE))
    notifies = [watch.pbx.notify(next(states)) for _ in range(NOTIFIES * ROUNDS)]
    waiting = iter(notifies)

    def take(_number: int) -> None:
        watch.agent.receive(next(waiting), watch.now)
        watch.agent.outbox.clear()

    return {
        "message_per_s": a_second(lambda _number: parse(ringing)),
        "document_per_s": a_second(lambda _number: dialog_info.parse(body)),
        "notify_to_changes_per_s": a_second(take),
    }


def growth() -> dict[str, int]:
    """Kilobytes that are in use after some refreshes, and after many more."""
    watch = Watch(Notifier(CHALLENGE)).begin()
    tracemalloc.start()
    sizes = []
    for goal in (REFRESHES // 10, REFRESHES):
        done = 0
        while done < goal:
            watch.run(540)
            done += len(watch.pbx.asked) - 1
            watch.pbx.asked, watch.pbx.proofs, watch.infos = watch.pbx.asked[-1:], [], []
            watch.pbx._answered.clear()  # noqa: SLF001 - what the PBX of the bench remembers is not measured
            watch.pbx.replies.clear()
        gc.collect()
        sizes.append(round(tracemalloc.get_traced_memory()[0] / 1024))
    tracemalloc.stop()
    return {"after_1000_kb": sizes[0], "after_11000_kb": sizes[1]}


@asynccontextmanager
async def daemon(pbx: UdpPbx, environment: dict[str, str]) -> AsyncIterator[None]:
    """The daemon, subscribed."""
    folder = Path(environment["HOME"])
    settings = folder / "config.toml"
    settings.write_text(SETTINGS.format(port=pbx.port, secret=SECRET))
    settings.chmod(0o600)
    with (folder / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bubbled", "run", "--config", str(settings), env=environment, stderr=log
        )
    try:
        while not (await pbx.taken.get()).startswith(b"SIP/2.0 200"):
            pass
        yield
    finally:
        process.terminate()
        await process.wait()


async def ring(pbx: UdpPbx, desktop: Desktop, number: int) -> float:
    """One call; gives the milliseconds from its NOTIFY to its popup."""
    await asyncio.sleep(PAUSE_S)
    notify = pbx.notifier.notify(early(f"+3161{number:07d}"))
    begun = time.perf_counter()
    pbx.sends(notify)
    shown = await desktop.notified.get()
    pbx.sends(pbx.notifier.notify(CONFIRMED))
    pbx.sends(pbx.notifier.notify(IDLE))
    await desktop.closed.get()
    return 1000 * (shown - begun)


async def popups(folder: Path) -> dict[str, object]:
    """Ring, and measure the bare round trip on the same bus."""
    async with AsyncExitStack() as stack:
        bus = await stack.enter_async_context(session_bus(folder))
        connection = await MessageBus(bus_address=bus).connect()
        stack.callback(connection.disconnect)
        desktop = Desktop(connection)
        await connection.request_name(SERVICE)
        transport, pbx = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: UdpPbx(Notifier(CHALLENGE)), local_addr=("127.0.0.1", 0)
        )
        stack.callback(transport.close)
        await stack.enter_async_context(daemon(pbx, user(folder, bus)))
        rings = [await ring(pbx, desktop, number) for number in range(1, RINGS + WARM_UP + 1)][WARM_UP:]
        trips = await bare(bus)
    popup, trip = percentiles(rings), percentiles(trips)
    over = {name: round(popup[name] - trip[name], 2) for name in popup}
    return {"rings": len(rings), "notify_to_popup_ms": popup, "bare_round_trip_ms": trip, "over_ms": over}


def main() -> None:
    """Measure and print."""
    result: dict[str, Any] = {"reading": reading(), "refreshes": growth()}
    with tempfile.TemporaryDirectory(prefix="bubbled-bench-") as folder:
        result["popup"] = asyncio.run(popups(Path(folder)))
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
