"""Stands in for the daemon under a real user manager: reports what happens, and gets stuck on demand."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from bubbled.action.launch import finish
from bubbled.service import Service
from bubbled.web.server import serving

HOSTILE = ("${HOME} $HOME $$", "%h %n", "'; rm -rf ~ #", "-x", "a b")
"""What a caller may be called, for the program that a button starts."""


def report(text: str) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.sendto(text.encode(), os.environ["REPORT"])


def work_as_the_daemon_does() -> None:
    """Use what the daemon uses, so that a hardening that forbids it is seen."""
    sqlite3.connect(Path.home() / "history.sqlite").execute("CREATE TABLE IF NOT EXISTS call (id)")
    socket.getaddrinfo("localhost", 5038)
    for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):
        socket.socket(family).close()


def secret() -> str:
    return Path(os.environ["CREDENTIALS_DIRECTORY"], "ami").read_text().strip()


async def open_browser() -> None:
    report(f"ended {await finish((str(Path.home() / 'browser'), *HOSTILE), os.environ)}")


async def serve_pages(stopped: asyncio.Event) -> None:
    """Have pages, though none is there, for as long as the daemon runs."""
    nobody = cast("Any", None)
    async with serving(nobody, lambda _site: [], now=lambda: datetime.now(UTC)) as door:
        report(door.invite())
        await stopped.wait()


async def main() -> None:
    service, stopped = Service(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def reload() -> None:
        service.reloading()
        service.ready("reloaded")
        report("reloaded")

    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    loop.add_signal_handler(signal.SIGHUP, reload)
    loop.add_signal_handler(signal.SIGUSR1, time.sleep, 60)
    opened = set()
    loop.add_signal_handler(signal.SIGUSR2, lambda: opened.add(asyncio.create_task(open_browser())))
    loop.add_signal_handler(signal.SIGURG, lambda: opened.add(asyncio.create_task(serve_pages(stopped))))
    work_as_the_daemon_does()
    service.ready("connected")
    report(f"started, credential {secret()}")
    feeding = asyncio.create_task(service.feed_watchdog())
    await stopped.wait()
    service.stopping()
    feeding.cancel()
    await asyncio.gather(*opened)
    report("stopped")


if __name__ == "__main__":
    asyncio.run(main())
