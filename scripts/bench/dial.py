"""How long it takes from a key to Originate on the wire: by F7, and by `bubbled dial --selection`.

As in life: an X server (Xvfb), a program that holds the selection, the daemon, and this process, which
presses the key by XTEST and is the PBX, so that one clock tells both moments. Each press has another number
selected, and comes more than a second after the one before, since the same press twice is one call. Prints
JSON, milliseconds.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from dbus_fast.aio import MessageBus
from Xlib import XK, X
from Xlib.display import Display
from Xlib.ext import xtest
from Xlib.protocol import event

from scripts.bench.ring import SERVICE, Desktop, daemon, percentiles, session_bus, user
from tests.pbx.ami.scripted_pbx import ScriptedPbx

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from tests.pbx.ami.scripted_pbx import Peer

PRESSES = int(os.environ.get("PRESSES", "200"))
COMMANDS = 30
WARM_UP = 3
APART_S = 1.05


def number(press: int) -> str:
    """What is selected at a press: another one each time, as people write it."""
    return f"020 - {1000000 + 37 * press:07d}"


def hold_selection() -> None:
    """Another process: gives out a number on each request, and the next on the next."""
    display = Display()
    window = display.screen().root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
    primary, utf8 = display.intern_atom("PRIMARY"), display.intern_atom("UTF8_STRING")
    window.set_selection_owner(primary, X.CurrentTime)
    display.sync()
    print("holding", flush=True)
    given = 0
    while True:
        asked: Any = display.next_event()
        if asked.type != X.SelectionRequest:
            continue
        if asked.target == utf8:
            given += 1
            asked.requestor.change_property(asked.property, utf8, 8, number(given).encode())
        told = event.SelectionNotify(
            time=asked.time,
            requestor=asked.requestor,
            selection=asked.selection,
            target=asked.target,
            property=asked.property if asked.target == utf8 else X.NONE,
        )
        asked.requestor.send_event(told)
        display.flush()


@contextmanager
def x_server() -> Iterator[str]:
    """An X server; gives its name."""
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "640x480x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL) as server:  # noqa: S603 - fixed words
        os.close(writer)
        try:
            with os.fdopen(reader) as told:
                yield f":{told.readline().strip()}"
        finally:
            server.terminate()


@asynccontextmanager
async def selection(display: str) -> AsyncIterator[None]:
    """The program that holds the selection."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        __file__,
        "hold-selection",
        env=os.environ | {"DISPLAY": display},
        stdout=subprocess.PIPE,
    )
    await cast("asyncio.StreamReader", process.stdout).readline()
    try:
        yield
    finally:
        process.terminate()
        await process.wait()


class Keyboard:
    """Presses F7 as a finger does."""

    def __init__(self, display: str) -> None:
        self._display = Display(display)
        self._key = self._display.keysym_to_keycode(XK.string_to_keysym("F7"))

    def press(self) -> float:
        """Press and let go; gives when."""
        begun = time.perf_counter()
        for kind in (X.KeyPress, X.KeyRelease):
            xtest.fake_input(self._display, kind, self._key)
        self._display.flush()
        return begun


async def originated(peer: Peer, *, within_s: float = 5.0) -> float:
    """Wait for Originate, which fails then; gives when it came."""
    async with asyncio.timeout(within_s):
        asked = await peer.asked("Originate")
    came = time.perf_counter()
    # Not that the extension does not exist, which a PBX that still boots says too, so that it is tried again.
    peer.say({"Response": "Error", "ActionID": asked["ActionID"], "Message": "Permission denied"})
    return came


async def by_key(peer: Peer, keyboard: Keyboard) -> list[float]:
    """The milliseconds of presses."""
    taken: list[float] = []
    while len(taken) < PRESSES + WARM_UP:
        begun = keyboard.press()
        taken.append(1000 * (await originated(peer) - begun))
        await asyncio.sleep(APART_S)
    return taken[WARM_UP:]


async def has_key(peer: Peer, keyboard: Keyboard) -> None:
    """Press until the daemon has the key, which takes it a moment from its start."""
    while True:
        keyboard.press()
        try:
            await originated(peer, within_s=APART_S)
        except TimeoutError:
            continue
        return


async def by_command(peer: Peer, environment: dict[str, str]) -> list[float]:
    """The milliseconds of whole processes."""
    taken: list[float] = []
    while len(taken) < COMMANDS + WARM_UP:
        begun = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bubbled", "dial", "--selection"),
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        taken.append(1000 * (await originated(peer) - begun))
        await process.wait()
        await asyncio.sleep(APART_S)
    return taken[WARM_UP:]


async def measure(folder: Path) -> dict[str, object]:
    """Press, then run commands, on one desktop with one daemon."""
    async with AsyncExitStack() as stack:
        display = stack.enter_context(x_server())
        bus = await stack.enter_async_context(session_bus(folder))
        connection = await MessageBus(bus_address=bus).connect()
        stack.callback(connection.disconnect)
        Desktop(connection)
        await connection.request_name(SERVICE)
        await stack.enter_async_context(selection(display))
        pbx = await stack.enter_async_context(ScriptedPbx.listening())
        environment = user(folder, bus) | {"DISPLAY": display}
        peer = await stack.enter_async_context(daemon(pbx, environment))
        keyboard = Keyboard(display)
        await has_key(peer, keyboard)
        await asyncio.sleep(APART_S)
        pressed = await by_key(peer, keyboard)
        commanded = await by_command(peer, environment)
    return {
        "presses": len(pressed),
        "key_to_originate_ms": percentiles(pressed),
        "commands": len(commanded),
        "command_to_originate_ms": percentiles(commanded),
    }


def main() -> None:
    """Measure and print."""
    if sys.argv[1:2] == ["hold-selection"]:
        hold_selection()
        return
    with tempfile.TemporaryDirectory(prefix="bubbled-bench-") as folder:
        print(json.dumps(asyncio.run(measure(Path(folder))), indent=2))


if __name__ == "__main__":
    main()
