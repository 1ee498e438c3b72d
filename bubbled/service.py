"""Telling systemd how the daemon is: sd_notify(3) with the standard library alone.

Outside systemd, where `$NOTIFY_SOCKET` is not set, everything here does nothing.
"""

from __future__ import annotations

import asyncio
import os
import socket
import time
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_STATUS_LIMIT = 200


class Service:
    """The daemon as systemd sees it, from the environment that systemd gave it."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._address = _address(environ.get("NOTIFY_SOCKET", ""))
        self.watchdog_s = _watchdog_s(environ, os.getpid())

    def ready(self, status: str) -> None:
        """Say that the daemon has started, or that a reload is done; `status` is for `systemctl status`."""
        self._tell("READY=1", _status(status))

    def status(self, text: str) -> None:
        """Say in a few words how the daemon is."""
        self._tell(_status(text))

    def reloading(self) -> None:
        """Say that the settings are being read again; `ready` must follow."""
        # The clock of CLOCK_MONOTONIC, as sd_notify(3) wants it with RELOADING=1.
        self._tell("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def stopping(self) -> None:
        """Say that the daemon is on its way out."""
        self._tell("STOPPING=1")

    async def feed_watchdog(self) -> None:
        """Show systemd, until cancelled, that the event loop turns; return at once where it does not look.

        It runs in the loop itself on purpose: a loop that is stuck feeds no more, and systemd starts it anew.
        """
        if self.watchdog_s is None:
            return
        while True:
            self._tell("WATCHDOG=1")
            await asyncio.sleep(self.watchdog_s / 2)

    def _tell(self, *assignments: str) -> None:
        if self._address is None:
            return
        # A manager that has gone, or is too busy, is no reason for the daemon to go too, nor to wait.
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
            channel.settimeout(0)
            channel.sendto("\n".join(assignments).encode(), self._address)


def _address(notify_socket: str) -> str | None:
    """Give the address of the manager's socket: a path, or after `@` an abstract name (unix(7))."""
    match notify_socket[:1]:
        case "/":
            return notify_socket
        case "@":
            return "\0" + notify_socket[1:]
        case _:
            return None


def _watchdog_s(environ: Mapping[str, str], own_pid: int) -> float | None:
    """Give after how many seconds of silence systemd restarts us (sd_watchdog_enabled(3)); None: never."""
    microseconds, pid = environ.get("WATCHDOG_USEC", ""), environ.get("WATCHDOG_PID", str(own_pid))
    if pid != str(own_pid) or not microseconds.isdecimal() or not int(microseconds):
        return None
    return int(microseconds) / 1_000_000


def _status(text: str) -> str:
    """One line: a second would be read as another assignment."""
    return f"STATUS={' '.join(text.split())[:_STATUS_LIMIT]}"
