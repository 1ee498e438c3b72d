"""The daemon and a demo PBX in one process, in a folder of their own: nothing of the user's is touched."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import signal
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from bubbled.daemon import assembly, journal
from bubbled.daemon.daemon import Daemon, now
from bubbled.directory.local.file import FileDirectory
from bubbled.directory.port import Phase
from bubbled.history.store import History
from bubbled.pbx.demo import CONTACTS, DemoPbx
from bubbled.pbx.demo.past import earlier_calls
from bubbled.settings.loading import load

if TYPE_CHECKING:
    from pathlib import Path

    from bubbled.directory.order.lookup import Lookup
    from bubbled.settings.schema import Settings

Show = Callable[[DemoPbx], Awaitable[None]]
"""Plays scenes, from when the daemon is ready for the first call."""

_SETTINGS: Final = """\
# What `bubbled demo` runs with. Your own settings look like this too; `bubbled example` explains them.

[me]
extension = "101"
devices = ["PJSIP/101"]
region = "NL"
name = "Alice"

[pbx]
host = "127.0.0.1"
port = {port}
username = "bubbled"
secret = {{ file = {secret} }}

[team]
devices = ["PJSIP/1??"]
[team.names]
102 = "Bob"
103 = "Carol"

[dial]
context = "internal"
hotkey = "{hotkey}"
[dial.names]
"PJSIP/101" = "Desk phone"

[[directory]]
name = "Customers"
kind = "csv"
path = {contacts}

[popup]
screen = "{screen}"

[log]
level = "warning"
"""


def control_path(folder: Path) -> Path:
    """Where the daemon of the demo can be asked."""
    return folder / "control.sock"


async def run(folder: Path, *, screen: str, show: Show) -> None:
    """Run the daemon against a demo PBX, until the show is over or a signal stops the daemon.

    Args:
        folder: an empty one, only for the user; it gets the settings, the index, the history and the socket.
        screen: a key of `SCREENS`.
        show: what happens on the PBX.

    Raises:
        BubbledError: the daemon cannot run.
    """
    os.environ |= {"XDG_CACHE_HOME": str(folder / "cache"), "XDG_STATE_HOME": str(folder / "state")}
    secret = secrets.token_urlsafe()
    async with DemoPbx(secret=secret) as pbx:
        settings_path = folder / "config.toml"
        settings_path.write_text(_settings(folder, secret, pbx.port, screen), encoding="utf-8")
        settings = load(settings_path).settings
        journal.configure(settings.log)
        daemon = Daemon(settings_path, settings, control_path=control_path(folder))
        await _take_over_interruption(daemon)
        await _remember_earlier_calls(settings)
        showing = asyncio.create_task(_show_when_ready(pbx, daemon, show), name="show")
        showing.add_done_callback(lambda _: daemon.stop())
        try:
            await daemon.run()
        finally:
            showing.cancel()
            await asyncio.wait((showing,))
        if not showing.cancelled():
            showing.result()


async def _take_over_interruption(daemon: Daemon) -> None:
    """Let Ctrl-C stop the daemon in good order already now; asyncio would break off what is going on."""
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, daemon.stop)
    await asyncio.sleep(0)  # a Ctrl-C of a moment ago, which asyncio took, breaks off here


def _settings(folder: Path, secret: str, port: int, screen: str) -> str:
    secret_path = folder / "secret"
    secret_path.touch(mode=0o600)
    secret_path.write_text(secret, encoding="utf-8")
    return _SETTINGS.format(
        port=port,
        secret=_toml(secret_path),
        contacts=_toml(CONTACTS),
        screen=screen,
        hotkey="none" if screen == "terminal" else "F7",
    )


def _toml(path: Path) -> str:
    return json.dumps(str(path), ensure_ascii=False)


async def _remember_earlier_calls(settings: Settings) -> None:
    history = await History.open(assembly.history_path(settings), now=now)
    for at, change in earlier_calls(now()):
        history.record(change, at)
    await history.aclose()


async def _show_when_ready(pbx: DemoPbx, daemon: Daemon, show: Show) -> None:
    await pbx.wait_for_client()
    await _indexed(daemon.desk.lookup)
    await show(pbx)


async def _indexed(lookup: Lookup) -> None:
    """Wait for the address book, so that already the first caller has a name."""
    for directory in lookup.directories:
        if isinstance(directory, FileDirectory):
            async for state in directory.states():
                if state.phase is not Phase.INDEXING:
                    break
