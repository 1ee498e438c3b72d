"""What all real servers share: a free port, a folder, a start that waits, and an end that is sure."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

LOOPBACK = "127.0.0.1"

_START_LIMIT_S = 60.0
_STOP_LIMIT_S = 20.0
_LOOK_AGAIN_S = 0.01
# Where Debian keeps programs that nobody starts by hand.
_ASIDE = ("/usr/sbin", *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"))))


def free_port() -> int:
    """A port of this computer on which nothing listens now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def program(name: str) -> str:
    """Where a program of a server is.

    Raises:
        FileNotFoundError: it is not installed; tests that need it are marked `server`, and left out.
    """
    found = shutil.which(name, path=os.pathsep.join((os.environ["PATH"], *_ASIDE)))
    if found is None:
        raise FileNotFoundError(f"{name} is not installed; scripts/setup installs it (as root on Debian)")
    return found


def unprivileged(user: str) -> str | None:
    """The user as whom to run what refuses to run as root; None when these tests run as somebody else."""
    return user if os.geteuid() == 0 else None


@contextmanager
def folder(user: str | None = None) -> Iterator[Path]:
    """A folder for one server, which `user` owns; those of pytest are closed to everybody else."""
    with TemporaryDirectory(prefix="bubbled-server-") as path:
        if user is not None:
            shutil.chown(path, user)
        yield Path(path)


def run(command: Sequence[str], user: str | None = None) -> str:
    """Run a program to its end; what it says.

    Raises:
        RuntimeError: it failed; its words are in the text.
    """
    # The folder in which the tests run may be closed to the user.
    done = subprocess.run(  # noqa: S603 - nothing in it comes from outside
        [*_as(user), *command], cwd="/", capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stdout}{done.stderr}")
    return done.stdout


def accepts(port: int) -> bool:
    """Whether something listens on a port of this computer."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1):
            return True
    except OSError:
        return False


@dataclass(slots=True)
class Server:
    """A program that answers on a port until it is stopped; as a context, from its beginning to its end.

    Attributes:
        command: what to run; it must stay in the foreground.
        port: where it will listen.
        log: where its words go; they are told when it does not start.
        user: as whom to run; None: as the tests run.
        stop_signal: what makes it end in good order without waiting for its clients.
        is_ready: whether it answers; usually that it accepts a connection.
    """

    command: Sequence[str]
    port: int
    log: Path
    user: str | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    is_ready: Callable[[], bool] | None = None
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Start it, and wait until it answers. It ends with the thread that calls this.

        Raises:
            RuntimeError: it ended instead, or did not answer in time.
        """
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - nothing in it comes from outside
                [*_as(self.user), *self.command],
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            self._wait_until_ready(self._process)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End it; it may have ended already, and may be started again."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(self.stop_signal)
        try:
            process.wait(_STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def kill(self) -> None:
        """End it as a power cut does."""
        if self._process is not None:
            self._process.kill()
            self.stop()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Have it, and all that it started, do nothing for a while, as if its network were cut."""
        assert self._process is not None
        pids = [self._process.pid, *_children(self._process.pid)]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + _START_LIMIT_S
        while time.monotonic() < until:
            if process.poll() is not None:
                raise RuntimeError(
                    f"{self.command[0]} ended with status {process.returncode}: {self._words()}"
                )
            if self.is_ready() if self.is_ready else accepts(self.port):
                return
            time.sleep(_LOOK_AGAIN_S)
        raise RuntimeError(f"{self.command[0]} did not answer within {_START_LIMIT_S:g} s: {self._words()}")

    def _words(self) -> str:
        return self.log.read_text(errors="replace")[-2000:]


def _children(pid: int) -> list[int]:
    """The processes that one has started, of its first thread, which is the one that does so."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _as(user: str | None) -> list[str]:
    """What to write before a command: it ends with the tests even if these are killed, and runs as `user`."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return []
    identity: list[str] = []
    if user is not None:
        group = str(pwd.getpwnam(user).pw_gid)
        identity = ["--reuid", user, "--regid", group, "--init-groups"]
    return [setpriv, "--pdeathsig", "TERM", *identity, "--"]
