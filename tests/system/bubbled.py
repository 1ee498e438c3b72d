"""`bubbled run` as a process of its own, with folders of its own, seen through what a user has."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, Self

from bubbled.control.client import Client
from bubbled.error import ControlError

if TYPE_CHECKING:
    import signal
    from collections.abc import AsyncIterator, Callable, Mapping
    from pathlib import Path

PATIENCE_S = 20.0
CONTACTS = "Name,Company,Phone\nJan Jansen,Bakker & Zn,06-12345678\nPiet Pietersen,,+31 6 8765 4321\n"

Json = dict[str, Any]


class Home:
    """The folders of a user, by default Alice at 101, with a settings file and an address book in them."""

    def __init__(self, folder: Path, extension: str = "101") -> None:
        self.folder, self.extension = folder, extension
        self.settings = folder / "config.toml"
        self.log = folder / "log"
        self.control = folder / "run" / "bubbled" / "control.sock"
        self.history = folder / "history" / "history.sqlite"
        for name in ("run", "history", "home"):
            (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / "customers.csv").write_text(CONTACTS)

    def configure(
        self,
        pbx: tuple[str, int],
        *,
        account: tuple[str, str] = ("cti", "ctisecret"),
        directories: str | None = None,
        team: str = "",
        more: str = "",
    ) -> None:
        """Write the settings; Bob at 102 is Alice's colleague, and she his.

        The only directory is an address book, unless `directories` holds other sections; `team` holds more of
        that section, and `more` any further ones. Popups are notifications, unless `more` says otherwise.
        """
        host, port = pbx
        user, secret = account
        popup = "" if "[popup]" in more else '[popup]\nscreen = "native"'
        colleague = '102 = "Bob"' if self.extension == "101" else '101 = "Alice"'
        self.settings.write_text(f"""
[me]
extension = "{self.extension}"
devices = ["PJSIP/{self.extension}"]
region = "NL"
[pbx]
host = "{host}"
port = {port}
tls = false
username = "{user}"
secret = "{secret}"
[team]
devices = ["PJSIP/10?"]
{team}
[team.names]
{colleague}
[history]
path = "{self.history}"
{self.address_book if directories is None else directories}
{popup}
{more}
""")

    @property
    def address_book(self) -> str:
        """The section of the usual directory."""
        path = self.folder / "customers.csv"
        return f'[[directory]]\nname = "Customers"\nkind = "csv"\npath = "{path}"\n'

    def environment(self, **more: str) -> Mapping[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder / "home"),
            "XDG_RUNTIME_DIR": str(self.folder / "run"),
            "LANGUAGE": "en",
            "PYTHONWARNINGS": "error",
            **more,
        }


class Bubbled:
    """A daemon that runs, until `stop` or `kill`."""

    def __init__(self, home: Home, process: subprocess.Popen[bytes], notices: socket.socket) -> None:
        self.home, self.process = home, process
        self._notices = notices
        self._client = Client(home.control)

    @classmethod
    def start(cls, home: Home, **environment: str) -> Self:
        """Start the process; `ready` waits for it."""
        address = home.folder / "notify"
        address.unlink(missing_ok=True)
        notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        notices.bind(str(address))
        notices.setblocking(False)  # noqa: FBT003 - the name of the method says it
        with home.log.open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-m", "bubbled", "run", "--config", str(home.settings)],
                env=home.environment(NOTIFY_SOCKET=str(address), **environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        return cls(home, process, notices)

    async def ready(self) -> Self:
        """Wait until it tells its service manager that it is ready."""
        await self.told("READY=1")
        return self

    async def told(self, text: str) -> None:
        """Wait until it tells its service manager something."""
        loop = asyncio.get_running_loop()
        async with self._patience(f"it never told {text}"):
            while text not in (await loop.sock_recv(self._notices, 4096)).decode():
                pass

    async def is_connected(self) -> Self:
        """Wait until it has logged in and its address book is ready."""
        await self.status(lambda it: it["pbx"]["state"] == "connected")
        await self.status(lambda it: all(each["state"] == "ready" for each in it["directories"]))
        return self

    async def status(self, fits: Callable[[Json], bool] = lambda _: True) -> Json:
        """The status, as soon as it fits."""
        return await self._until("/v1/status", fits)

    async def calls(self, fits: Callable[[list[Json]], bool]) -> list[Json]:
        """The calls of the user, the newest last, as soon as they fit."""
        answer = await self._until("/v1/calls", lambda it: fits(it["calls"]))
        calls: list[Json] = answer["calls"]
        return calls

    async def call(self, **facts: object) -> Json:
        """The newest call, as soon as these facts of it are so."""
        calls = await self.calls(lambda calls: bool(calls) and facts.items() <= calls[-1].items())
        return calls[-1]

    async def ask(self, *arguments: str) -> tuple[int, str]:
        """Run a command; gives its exit status and all that it says."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bubbled",
            *arguments,
            env=self.home.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        assert process.returncode is not None
        return process.returncode, said.decode()

    @asynccontextmanager
    async def changes(self) -> AsyncIterator[asyncio.Queue[Json]]:
        """Follow `status --follow --json`; the first line, the status itself, is awaited."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bubbled",
            "status",
            "--json",
            "--follow",
            env=self.home.environment(),
            stdout=subprocess.PIPE,
        )
        assert process.stdout
        await process.stdout.readline()
        queue: asyncio.Queue[Json] = asyncio.Queue()
        reading = asyncio.create_task(_read(process.stdout, queue))
        try:
            yield queue
        finally:
            with suppress(ProcessLookupError):  # it ends with the daemon
                process.terminate()
            await process.wait()
            await reading

    async def stop(self) -> int:
        """Stop it as systemd does; gives its exit status."""
        self.process.terminate()
        return await self.ended()

    async def kill(self) -> None:
        """End it as a power cut does."""
        self.process.kill()
        await self.ended()

    async def ended(self) -> int:
        """Wait until it has ended."""
        return await asyncio.to_thread(self.process.wait, PATIENCE_S)

    def dispose(self) -> None:
        """End it, however it is."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._notices.close()

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def log(self) -> str:
        return self.home.log.read_text()

    def lines(self) -> list[str]:
        """What the screen in the terminal has said."""
        return [line for line in self.log().splitlines() if not line.startswith("{")]

    async def says(self, *texts: str, after: int = 0) -> None:
        """Wait until one line of the terminal, after the first so many, has all these texts."""
        async with self._patience(f"it never said {texts}"):
            while not any(all(text in line for text in texts) for line in self.lines()[after:]):  # noqa: ASYNC110 - nothing tells of a line in a file
                await asyncio.sleep(0.01)

    async def logs(self, event: str) -> Json:
        """What it logged under that name, as soon as it has."""
        async with self._patience(f"it never logged {event}"):
            while not (found := [entry for entry in self._entries() if entry["event"] == event]):  # noqa: ASYNC110 - nothing tells of a line in a file
                await asyncio.sleep(0.01)
        (only,) = found
        return only

    def _entries(self) -> list[Json]:
        lines = self.log().splitlines(keepends=True)
        return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("\n")]

    async def _until(self, resource: str, fits: Callable[[Json], bool]) -> Json:
        """Ask until the answer fits; a busy wait, because the daemon need not know that it is watched."""
        answer: Json = {}
        async with self._patience(lambda: json.dumps(answer, indent=1)):
            while True:
                with suppress(ControlError):
                    answer = await asyncio.to_thread(self._client.get, resource)
                    if fits(answer):
                        return answer
                assert self.process.poll() is None, f"the daemon ended:\n{self.log()}"
                await asyncio.sleep(0.01)

    @asynccontextmanager
    async def _patience(self, wanted: str | Callable[[], str]) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(PATIENCE_S):
                yield
        except TimeoutError as error:
            said = wanted if isinstance(wanted, str) else wanted()
            raise TimeoutError(f"{said}\nthe daemon's log:\n{self.log()}") from error


async def _read(stream: asyncio.StreamReader, queue: asyncio.Queue[Json]) -> None:
    async for line in stream:
        queue.put_nowait(json.loads(line))
