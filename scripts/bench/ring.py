"""How long the whole daemon takes from the last byte of `Newstate Ringing` to Notify on the session bus.

Three processes, as in life: the daemon, a dbus-daemon of its own, and this one, which is both the PBX and the
notification server, so that one clock tells both moments. A bare D-Bus round trip is measured beside each
ring, from a fourth process that does nothing else. Prints JSON, milliseconds.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

from tests.pbx.ami.scripted_pbx import ScriptedPbx
from tests.pbx.ami.story import event, hung_up, on_the_wire, snapshot

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bubbled.pbx.ami.framing import Message as AmiMessage
    from tests.pbx.ami.scripted_pbx import Peer

RINGS = 400
WARM_UP = 20
PAUSE_S = 0.02
"""Between two rings, so that the daemon is idle when the next begins."""

SERVICE, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
<allow own="*"/></policy></busconfig>"""
SETTINGS = """
[me]
extension = "101"
devices = ["PJSIP/101"]
region = "NL"
[pbx]
host = "127.0.0.1"
port = {port}
username = "bench"
secret = "bench"
"""


class Desktop:
    """The least that serves notifications (the freedesktop specification 1.2); notes when Notify came."""

    def __init__(self, bus: MessageBus) -> None:
        self.notified: asyncio.Queue[float] = asyncio.Queue()
        self.closed: asyncio.Queue[int] = asyncio.Queue()
        self._bus = bus
        self._ids = 0
        bus.add_message_handler(self._received)

    def _received(self, call: Message) -> Message | bool:
        if call.message_type is not MessageType.METHOD_CALL or call.interface != SERVICE:
            return False
        match call.member:
            case "Notify":
                if call.body[1] == 0:  # a new popup, no update
                    self._ids += 1
                    self.notified.put_nowait(time.perf_counter())
                return Message.new_method_return(call, "u", [self._ids])
            case "CloseNotification":
                self.closed.put_nowait(call.body[0])
                return Message.new_method_return(call)
            case "GetCapabilities":
                return Message.new_method_return(call, "as", [["body", "body-markup"]])
            case _:
                return Message.new_method_return(call, "ssss", ["bench", "bubbled", "1", "1.2"])


@asynccontextmanager
async def session_bus(folder: Path) -> AsyncIterator[str]:
    """A dbus-daemon; gives its address."""
    configuration = folder / "bus.conf"
    configuration.write_text(BUS)
    process = await asyncio.create_subprocess_exec(
        "dbus-daemon",
        "--nofork",
        "--nopidfile",
        "--print-address",
        f"--config-file={configuration}",
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield (await cast("asyncio.StreamReader", process.stdout).readline()).decode().strip()
    finally:
        process.terminate()
        await process.wait()


def user(folder: Path, bus: str) -> dict[str, str]:
    """What a user's programs have."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "XDG_RUNTIME_DIR": str(folder),
        "DBUS_SESSION_BUS_ADDRESS": bus,
    }


@asynccontextmanager
async def daemon(pbx: ScriptedPbx, environment: dict[str, str]) -> AsyncIterator[Peer]:
    """The daemon, logged in; gives the PBX's end of its connection."""
    folder = Path(environment["HOME"])
    settings = folder / "config.toml"
    settings.write_text(SETTINGS.format(port=pbx.port))
    settings.chmod(0o600)
    with (folder / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bubbled", "run", "--config", str(settings), env=environment, stderr=log
        )
    try:
        peer = await pbx.accept()
        await peer.let_in()
        asked = await peer.asked("Status")
        peer.answer(asked, EventList="start")
        peer.say({"Event": "StatusComplete", "ActionID": asked["ActionID"], "EventList": "Complete"})
        yield peer
    finally:
        process.terminate()
        await process.wait()


def call(number: int) -> tuple[list[AmiMessage], AmiMessage, list[AmiMessage]]:
    """A call from outside: what comes before the ringing, the ringing, and how it ends."""
    trunk, alice = f"PJSIP/trunk-{2 * number:08x}", f"PJSIP/101-{2 * number + 1:08x}"
    line = f"+3161{number:07d}"
    caller = snapshot(trunk, "Ring", own=line, exten="+31201000101")
    rung = {"own": "101", "line": line, "began_with": trunk}
    before = [
        event("Newchannel", caller),
        event("Newchannel", snapshot(alice, own="101", began_with=trunk)),
        event("DialBegin", caller, snapshot(alice, prefix="Dest", **rung)),
    ]
    answered = event("Newstate", snapshot(alice, "Up", **rung))
    return (
        before,
        event("Newstate", snapshot(alice, "Ringing", **rung)),
        [answered, hung_up(alice), hung_up(trunk)],
    )


async def ring(peer: Peer, desktop: Desktop, number: int) -> float:
    """One call; gives the milliseconds from its ringing to its popup."""
    before, ringing, after = call(number)
    peer.writer.write(b"".join(map(on_the_wire, before)))
    await asyncio.sleep(PAUSE_S)
    begun = time.perf_counter()
    peer.writer.write(on_the_wire(ringing))
    shown = await desktop.notified.get()
    peer.writer.write(b"".join(map(on_the_wire, after)))
    await desktop.closed.get()
    return 1000 * (shown - begun)


async def round_trips(bus: str) -> None:
    """The fourth process: asks the desktop who it is, again and again, and prints the milliseconds."""
    connection = await MessageBus(bus_address=bus).connect()
    taken = []
    for _ in range(RINGS):
        await asyncio.sleep(PAUSE_S)
        begun = time.perf_counter()
        await connection.call(Message(SERVICE, PATH, SERVICE, "GetServerInformation"))
        taken.append(1000 * (time.perf_counter() - begun))
    connection.disconnect()
    print(json.dumps(taken))


async def bare(bus: str) -> list[float]:
    """The milliseconds of bare round trips."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, __file__, "round-trips", bus, stdout=subprocess.PIPE
    )
    said, _ = await process.communicate()
    taken: list[float] = json.loads(said)
    return taken


def percentiles(values: list[float]) -> dict[str, float]:
    """The middle and the slowest in a hundred."""
    cuts = statistics.quantiles(values, n=100)
    return {"p50": round(cuts[49], 2), "p99": round(cuts[98], 2)}


async def measure(folder: Path) -> dict[str, object]:
    """Ring, then measure the bare round trip, on the same bus."""
    async with AsyncExitStack() as stack:
        bus = await stack.enter_async_context(session_bus(folder))
        connection = await MessageBus(bus_address=bus).connect()
        stack.callback(connection.disconnect)
        desktop = Desktop(connection)
        await connection.request_name(SERVICE)
        pbx = await stack.enter_async_context(ScriptedPbx.listening())
        peer = await stack.enter_async_context(daemon(pbx, user(folder, bus)))
        rings = [await ring(peer, desktop, number) for number in range(1, RINGS + WARM_UP + 1)][WARM_UP:]
        trips = await bare(bus)
    popup, trip = percentiles(rings), percentiles(trips)
    over = {name: round(popup[name] - trip[name], 2) for name in popup}
    return {"rings": len(rings), "ring_to_notify_ms": popup, "bare_round_trip_ms": trip, "over_ms": over}


def main() -> None:
    """Measure and print."""
    if sys.argv[1:2] == ["round-trips"]:
        asyncio.run(round_trips(sys.argv[2]))
        return
    with tempfile.TemporaryDirectory(prefix="bubbled-bench-") as folder:
        print(json.dumps(asyncio.run(measure(Path(folder))), indent=2))


if __name__ == "__main__":
    main()
