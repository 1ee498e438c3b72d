from __future__ import annotations

import asyncio
import socket
import tempfile
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bubbled.control.client import Client
from bubbled.daemon.daemon import Daemon
from bubbled.daemon.port import DaemonPort
from bubbled.pbx.demo import CONTACTS, DemoPbx
from bubbled.settings.loading import load
from bubbled.setup.desk import SetupDesk
from tests.daemon.office import office_with

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from contextlib import AbstractAsyncContextManager

    from tests.daemon.office import Office


SETTINGS = """
[me]
extension = "101"
devices = ["PJSIP/101"]
region = "NL"
[pbx]
host = "127.0.0.1"
port = {port}
username = "bubbled"
secret = "s3cret"
[popup]
screen = "terminal"
[[directory]]
name = "Customers"
kind = "csv"
path = "{contacts}"
"""


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The home of a user; not tmp_path, because the path of a unix socket may have 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="bubbled-") as name:
        for variable in ("HOME", "XDG_RUNTIME_DIR"):
            monkeypatch.setenv(variable, name)
        for variable in ("XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
            monkeypatch.delenv(variable, raising=False)
        yield Path(name)


@pytest.fixture
async def pbx() -> AsyncIterator[DemoPbx]:
    async with DemoPbx(secret="s3cret") as pbx:
        yield pbx


@pytest.fixture
def settings_file(folder: Path, pbx: DemoPbx) -> Path:
    file = folder / "config.toml"
    file.write_text(SETTINGS.format(port=pbx.port, contacts=CONTACTS))
    file.chmod(0o600)
    return file


@asynccontextmanager
async def running(file: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Daemon]:
    """A whole daemon in this process, from the moment when it is ready."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notices:
        address = file.with_name("notify")
        address.unlink(missing_ok=True)
        notices.bind(str(address))
        notices.setblocking(False)  # noqa: FBT003 - the name of the method says it
        monkeypatch.setenv("NOTIFY_SOCKET", str(address))
        control = file.with_name("control.sock")
        setup = partial(SetupDesk, file, Client(control))
        daemon = Daemon(file, load(file).settings, control_path=control, setup=setup)
        task = asyncio.create_task(daemon.run())
        try:
            async with asyncio.timeout(10):
                while b"READY=1" not in await asyncio.get_running_loop().sock_recv(notices, 4096):
                    pass
            yield daemon
        finally:
            task.cancel()
            await asyncio.wait([task])


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], AbstractAsyncContextManager[Daemon]]:
    return lambda file: running(file, monkeypatch)


@pytest.fixture
async def daemon(
    settings_file: Path, run: Callable[[Path], AbstractAsyncContextManager[Daemon]], pbx: DemoPbx
) -> AsyncIterator[Daemon]:
    """A daemon that has logged in at the demo PBX."""
    async with run(settings_file) as daemon:
        await pbx.wait_for_client()
        yield daemon


@pytest.fixture
def port(daemon: Daemon) -> DaemonPort:
    return DaemonPort(daemon)


@pytest.fixture
async def dial_office(tmp_path: Path) -> AsyncIterator[Office]:
    async with office_with(tmp_path) as office:
        yield office
