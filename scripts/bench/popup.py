"""How long a ringing call takes until its Notify is on the bus, over a bare D-Bus round trip in the same run.

Prints JSON. Needs dbus-daemon; starts a private one, and serves notifications on it with what just answers.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

from bubbled.daemon import journal
from bubbled.model import (
    E164,
    Call,
    CallChange,
    CallId,
    CallState,
    ChangeKind,
    Device,
    Direction,
    PopupId,
)
from bubbled.popup.command import ShowPopup
from bubbled.popup.layout import Layout
from bubbled.popup.presenter import PopupRules, Presenter
from bubbled.popup.screens.native import NativeScreen
from bubbled.popup.screens.notification import SIGNATURE, arguments
from bubbled.popup.screens.notification_bus import PATH, SERVICE
from bubbled.popup.screens.notification_server import Server
from bubbled.settings.schema import Log, LogLevel

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bubbled.model import Card

ROUNDS = 1000
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
</busconfig>"""


class Answering:
    """Serves notifications, and tells when a Notify has arrived."""

    def __init__(self, bus: MessageBus) -> None:
        self._bus = bus
        self.arrived = asyncio.Event()

    def received(self, call: Message) -> Message | bool:
        """Answer a call."""
        if call.message_type is not MessageType.METHOD_CALL:
            return False
        match call.member:
            case "Notify":
                self.arrived.set()
                return Message.new_method_return(call, "u", [call.serial])
            case "GetServerInformation":
                return Message.new_method_return(call, "ssss", ["bench", "bubbled", "1", "1.2"])
            case "GetCapabilities":
                return Message.new_method_return(call, "as", [["body", "body-markup"]])
            case _:
                return Message.new_method_return(call)


def ringing(number: int) -> CallChange:
    """Make a call that has not been seen before."""
    digits = f"+316{number:08}"
    call = Call(
        id=CallId(str(number)),
        device=Device("PJSIP/101"),
        direction=Direction.INBOUND,
        state=CallState.RINGING,
        number=digits,
        e164=E164(digits),
        name="Jan Jansen",
        dialled="+31201000101",
    )
    return CallChange(ChangeKind.STARTED, call)


async def timed(server: Answering, begin: Callable[[], Awaitable[object]]) -> float:
    """Milliseconds until the Notify that `begin` causes has arrived."""
    server.arrived.clear()
    start = time.perf_counter()
    await begin()
    await server.arrived.wait()
    return (time.perf_counter() - start) * 1000


async def measure() -> dict[str, dict[str, float]]:
    """Time popups and bare calls in turn, so that both meet the same machine."""
    server_bus = await MessageBus().connect()
    server = Answering(server_bus)
    server_bus.add_message_handler(server.received)
    await server_bus.request_name(SERVICE)
    client = await MessageBus().connect()
    screen = NativeScreen(lambda *_: None, lambda *_: None)
    await screen.start()
    await screen.describe()
    presenter = Presenter(PopupRules(layout=Layout(region="NL")))
    now = datetime.now().astimezone()

    async def pop_up(change: CallChange) -> None:
        for command in presenter.call_changed(change, now):
            if isinstance(command, ShowPopup):
                await screen.show(command.id, command.card)

    async def bare(body: list[object]) -> None:
        await client.send(Message(SERVICE, PATH, SERVICE, "Notify", signature=SIGNATURE, body=body))

    body = arguments(sample(presenter, now), 0, Server("bench", "", "", "", frozenset({"body-markup"})))
    popups, bares = [], []
    for number in range(ROUNDS):
        change = ringing(number)
        bares.append(await timed(server, partial(bare, body)))
        popups.append(await timed(server, partial(pop_up, change)))
        presenter.call_changed(CallChange(ChangeKind.ENDED, change.call), now)
        await screen.close(PopupId(change.call.id))
        await screen.describe()  # until the popup has gone
    await screen.aclose()
    for bus in (client, server_bus):
        bus.disconnect()
    return {"bare_ms": spread(bares), "popup_ms": spread(popups)}


def sample(presenter: Presenter, now: datetime) -> Card:
    """The card of a call like those that are timed."""
    change = ringing(99_999_999)
    (card,) = (c.card for c in presenter.call_changed(change, now) if isinstance(c, ShowPopup))
    presenter.call_changed(CallChange(ChangeKind.ENDED, change.call), now)
    return card


def spread(times: list[float]) -> dict[str, float]:
    """Summarise milliseconds."""
    hundredths = statistics.quantiles(times, n=100)
    return {"p50": round(hundredths[49], 3), "p99": round(hundredths[98], 3)}


def main() -> None:
    """Measure on a bus of our own."""
    journal.configure(Log(level=LogLevel.WARNING))  # standard output is for the figures
    with tempfile.TemporaryDirectory() as folder:
        configuration = Path(folder, "bus.conf")
        configuration.write_text(BUS, encoding="utf-8")
        with subprocess.Popen(  # noqa: S603 - nothing in it comes from outside
            [
                shutil.which("dbus-daemon") or "dbus-daemon",
                "--nofork",
                "--nopidfile",
                "--print-address",
                f"--config-file={configuration}",
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as bus:
            os.environ["DBUS_SESSION_BUS_ADDRESS"] = (bus.stdout.readline() if bus.stdout else "").strip()
            try:
                figures = asyncio.run(measure())
            finally:
                bus.terminate()
    over = figures["popup_ms"]["p99"] - figures["bare_ms"]["p99"]
    json.dump({**figures, "rounds": ROUNDS, "p99_over_bare_ms": round(over, 3)}, sys.stdout)
    print()


if __name__ == "__main__":
    main()
