"""The computer of Alice, 101, on a Friday afternoon: the whole daemon, on the demo PBX and with a display."""

from __future__ import annotations

import asyncio
import shutil
import socket
import time
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import pytest

from bubbled.control.client import Client
from bubbled.daemon import assembly
from bubbled.daemon.daemon import Daemon
from bubbled.directory.local.file import FileDirectory
from bubbled.directory.port import Phase
from bubbled.history.store import History
from bubbled.pbx.ami.framing import Message
from bubbled.pbx.demo import CONTACTS, DemoPbx
from bubbled.settings.loading import load
from bubbled.setup.desk import SetupDesk
from tests.directory.fakes.base import Person
from tests.directory.fakes.espocrm import EspoCrm
from tests.popup.screens.desktop import virtual_display
from tests.web.pictures.past import remember

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

NOW: Final = datetime(2026, 11, 27, 14, 3, 20, tzinfo=ZoneInfo("Europe/Amsterdam"))

_SETTINGS: Final = """\
[me]
extension = "101"
devices = ["PJSIP/101", "PJSIP/201"]
region = "NL"
name = "Alice"
numbers = {{ "+31201000101" = "Sales" }}

[pbx]
host = "localhost"
username = "bubbled"
secret = {{ file = "~/.config/bubbled/ami-secret" }}

[team]
devices = ["PJSIP/10?"]
names = {{ 102 = "Bob", 103 = "Carol" }}

[dial]
hotkey = "none"
[dial.names]
"PJSIP/101" = "Desk phone"
"PJSIP/201" = "Headset"
"Local/0612345670@from-internal" = "Mobile"

# The address book of our shop; Bob keeps it up to date.
[[directory]]
name = "Customers"
kind = "csv"
path = "~/customers.csv"

[[directory]]
name = "CRM"
kind = "rest"
preset = "espocrm"
variables = {{ base_url = "{crm}" }}
secrets = {{ key = {{ file = "~/.config/bubbled/crm-key" }} }}

[popup]
screen = "window"

[tray]
show = false

[log]
level = "error"
"""

_PERSON_OF_THE_CRM: Final = Person(
    "1",
    "Sanne de Vries",
    "Tulip Cycles",
    mobile="06 12345678",
    email="sanne@tulip-cycles.example",
    city="Utrecht",
)


_NOT_HERS: Final = (
    "LC_ALL",
    "LC_MESSAGES",
    "LANGUAGE",
    "XDG_STATE_HOME",
    "XDG_CACHE_HOME",
    "DBUS_SESSION_BUS_ADDRESS",
)
"""What the environment says of whoever takes the pictures."""


class Clock:
    """The time of the daemon, which stands still but for calls: so a picture is the same each time."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self._since: float | None = None

    def __call__(self) -> datetime:
        return self.at if self._since is None else self.at + timedelta(seconds=time.monotonic() - self._since)

    def seconds(self) -> float:
        """The same, as seconds since 1970."""
        return self().timestamp()

    @contextmanager
    def running(self, at: datetime) -> Iterator[None]:
        """Let it run on from a moment, and be back afterwards."""
        before, self.at, self._since = self.at, at, time.monotonic()
        try:
            yield
        finally:
            self.at, self._since = before, None


@dataclass(frozen=True, slots=True)
class Office:
    """What there is to look at.

    Attributes:
        settings_file: as Alice could edit it.
    """

    daemon: Daemon
    pbx: DemoPbx
    clock: Clock
    settings_file: Path


@asynccontextmanager
async def office(language: str) -> AsyncIterator[Office]:
    """Run it, with popups in this language."""
    clock = Clock(NOW.replace(hour=8, minute=30))
    with home(language) as (folder, patch):
        patch.setattr("bubbled.daemon.daemon.now", clock)
        crm = EspoCrm(people=[_PERSON_OF_THE_CRM])
        async with crm.serve() as url, DemoPbx(port=5038, secret="made-up", clock=clock.seconds) as pbx:
            for phone in ("PJSIP/201", "Local/0612345670@from-internal"):
                pbx._channels.apply(
                    Message({"Event": "DeviceStateChange", "Device": phone, "State": "NOT_INUSE"})
                )
            file = _furnish(folder, _SETTINGS.format(crm=url), crm.token)
            history = await History.open(assembly.history_path(load(file).settings), now=clock)
            try:
                await remember(history, NOW, language)
            finally:
                await history.aclose()  # else its thread would keep the program from ending
            async with _running(file, patch) as daemon:
                await pbx.wait_for_client()
                await _indexed(daemon)
                clock.at = NOW
                yield Office(daemon, pbx, clock, file)


def _ready(phone: str) -> Message:
    return Message({"Event": "DeviceStateChange", "Device": phone, "State": "NOT_INUSE"})


@contextmanager
def home(language: str) -> Iterator[tuple[Path, pytest.MonkeyPatch]]:
    """Give a home folder and a display to somebody who speaks that language, and is new."""
    # Pages show it, so it must be the same each time; one that is there already is refused.
    folder = Path("/tmp/alice")  # noqa: S108
    folder.mkdir(mode=0o700)
    try:
        with pytest.MonkeyPatch.context() as patch:
            for name in (
                "LC_ALL",
                "LC_MESSAGES",
                "LANGUAGE",
                "XDG_STATE_HOME",
                "XDG_CACHE_HOME",
                "DBUS_SESSION_BUS_ADDRESS",
            ):
                patch.delenv(name, raising=False)
            patch.setenv("LANG", {"en": "en_GB.UTF-8", "nl": "nl_NL.UTF-8"}[language])
            patch.setenv("TZ", "Europe/Amsterdam")
            time.tzset()
            patch.setenv("XDG_RUNTIME_DIR", str(folder))
            with virtual_display(folder, patch, "1280x800"):
                patch.setenv("XDG_CONFIG_HOME", str(folder / ".config"))
                yield folder, patch
    finally:
        shutil.rmtree(folder)


def _furnish(folder: Path, settings: str, key: str) -> Path:
    (folder / "customers.csv").write_text("".join(_with_pages(CONTACTS.read_text())))
    own = folder / ".config" / "bubbled"
    own.mkdir(parents=True, mode=0o700)
    for name, text in {"config.toml": settings, "ami-secret": "made-up", "crm-key": key}.items():
        (own / name).touch(mode=0o600)
        (own / name).write_text(text)
    return own / "config.toml"


def _with_pages(contacts: str) -> Iterator[str]:
    """Give each contact of an address book a page in a CRM, as one that a CRM has exported."""
    heading, *lines = contacts.splitlines()
    yield f"{heading},URL\n"
    for number, line in enumerate(lines, 1041):
        yield f"{line},https://crm.example.com/contacts/{number}\n"


@asynccontextmanager
async def _running(file: Path, patch: pytest.MonkeyPatch) -> AsyncIterator[Daemon]:
    """Run the daemon, from when it says that it is ready."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notices:
        notices.bind(str(file.with_name("notices")))
        notices.setblocking(False)  # noqa: FBT003 - the name of the method says it
        patch.setenv("NOTIFY_SOCKET", str(file.with_name("notices")))
        control = file.with_name("control.sock")
        setup = partial(SetupDesk, file, Client(control))
        daemon = Daemon(file, load(file).settings, control_path=control, setup=setup)
        task = asyncio.create_task(daemon.run())
        try:
            while b"READY=1" not in await asyncio.get_running_loop().sock_recv(notices, 4096):
                pass
            yield daemon
        finally:
            daemon.stop()
            await asyncio.wait([task])


async def _indexed(daemon: Daemon) -> None:
    """Wait for the address book, so that already the first caller has a name."""
    for directory in daemon.desk.lookup.directories:
        if isinstance(directory, FileDirectory):
            async for state in directory.states():
                if state.phase is not Phase.INDEXING:
                    break
