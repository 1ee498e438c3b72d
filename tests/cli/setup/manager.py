"""A user manager of systemd, in a mount namespace of its own, for whoever sits at a terminal."""

from __future__ import annotations

import os
import socket
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

# systemd looks for its folder in /run.
_ENTER = """
set -e
mount --make-rprivate / && mount --make-rshared / && mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/system "$XDG_RUNTIME_DIR"
exec systemd --user
"""


@dataclass(frozen=True)
class Manager:
    """One that runs, and how to get in to it."""

    pid: int
    environment: Mapping[str, str]

    @property
    def inside(self) -> tuple[str, ...]:
        """What a command begins with that is to run there."""
        return ("nsenter", "--mount", f"--target={self.pid}")

    def systemctl(self, *arguments: str) -> str:
        command = [*self.inside, "systemctl", "--user", *arguments]
        done = subprocess.run(  # noqa: S603 - fixed words
            command, env=dict(self.environment), capture_output=True, text=True, timeout=30, check=False
        )
        return done.stdout.strip()


@contextmanager
def user_manager(home: Path, environment: Mapping[str, str]) -> Iterator[Manager]:
    """Start one for a user with that home; it hands this environment to what it starts."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as up:
        up.bind(str(home / "up"))
        up.settimeout(20)
        with (home / "manager.log").open("w") as log:
            process = subprocess.Popen(  # noqa: S603 - fixed words
                ["unshare", "--mount", "bash", "-c", _ENTER],  # noqa: S607 - programs of the system
                env={**environment, "NOTIFY_SOCKET": str(home / "up"), "PATH": os.environ["PATH"]},
                stdout=log,
                stderr=log,
            )
        try:
            while b"READY=1" not in up.recv(1000):
                pass
            (home / "up").unlink()
            yield Manager(process.pid, environment)
        finally:
            process.terminate()
            process.wait(20)
