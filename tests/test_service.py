from __future__ import annotations

import asyncio
import os
import socket
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bubbled.service import Service

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(params=["path", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[socket.socket, str]]:
    """Give what systemd would listen on, and what it would call that."""
    name = str(tmp_path / "notify") if request.param == "path" else f"@bubbled-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(name.replace("@", "\0", 1))
        listener.settimeout(5)
        yield listener, name


def heard(listener: socket.socket) -> list[str]:
    return listener.recv(4096).decode().split("\n")


def test_systemd_hears_of_each_state(manager: tuple[socket.socket, str]) -> None:
    listener, name = manager
    service = Service({"NOTIFY_SOCKET": name})

    service.ready("connected to pbx.example.com")
    assert heard(listener) == ["READY=1", "STATUS=connected to pbx.example.com"]
    service.status("waiting")
    assert heard(listener) == ["STATUS=waiting"]
    before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    service.reloading()
    reloading, moment = heard(listener)
    assert reloading == "RELOADING=1"
    assert before <= int(moment.removeprefix("MONOTONIC_USEC=")) <= time.monotonic_ns() // 1000 + 1
    service.stopping()
    assert heard(listener) == ["STOPPING=1"]


def test_a_status_cannot_say_anything_else(manager: tuple[socket.socket, str]) -> None:
    listener, name = manager
    Service({"NOTIFY_SOCKET": name}).status("calling\nSTOPPING=1\nMAINPID=1 " + "x" * 10_000)
    (line,) = heard(listener)
    assert line.startswith("STATUS=calling STOPPING=1")
    assert len(line) < 300


async def test_a_loop_that_turns_feeds_the_watchdog(manager: tuple[socket.socket, str]) -> None:
    listener, name = manager
    listener.settimeout(0)
    service = Service({"NOTIFY_SOCKET": name, "WATCHDOG_USEC": "20000", "WATCHDOG_PID": str(os.getpid())})
    feeding = asyncio.create_task(service.feed_watchdog())
    async with asyncio.timeout(5):
        for _ in range(3):
            assert await asyncio.get_running_loop().sock_recv(listener, 100) == b"WATCHDOG=1"
    feeding.cancel()
    with pytest.raises(asyncio.CancelledError):
        await feeding


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"WATCHDOG_USEC": "0"},
        {"WATCHDOG_USEC": "soon"},
        {"WATCHDOG_USEC": "1000", "WATCHDOG_PID": "1"},
    ],
)
async def test_where_nobody_watches_nobody_is_fed(environ: dict[str, str]) -> None:
    async with asyncio.timeout(5):
        await Service(environ).feed_watchdog()


@pytest.mark.parametrize(
    "notify_socket", ["", "nonsense", "vsock:2:1234", "/nowhere/notify", "@", "/" + "x" * 500]
)
def test_without_a_manager_the_daemon_goes_on(notify_socket: str) -> None:
    service = Service({"NOTIFY_SOCKET": notify_socket})
    service.ready("up")
    service.stopping()


def test_a_manager_that_does_not_listen_holds_nothing_up(tmp_path: Path) -> None:
    path = tmp_path / "notify"
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as busy:
        busy.bind(str(path))
        service = Service({"NOTIFY_SOCKET": str(path)})
        for count in range(1000):
            service.status(f"{count}")
