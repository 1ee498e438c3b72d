"""The unit file under a real user manager, in a mount namespace of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from ast import literal_eval
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.systemd.stand_in import HOSTILE

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.systemd

PROJECT = Path(__file__).parents[2]
UNIT = PROJECT / "systemd" / "bubbled.service"
RUNTIME = "/run/user/0"

# systemd looks for its folder in /run; shared mounts let it pass credentials on to what it starts.
ENTER = f"""
set -e
mount --make-rprivate / && mount --make-rshared / && mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/system {RUNTIME}
exec systemd --user
"""

BROWSER = """\
import os, socket, sys
from pathlib import Path

if os.fork() == 0:
    (rights,) = (each for each in open("/proc/self/status") if each.startswith("NoNewPrivs"))
    facts = repr((os.getpid(), rights.split()[1], sys.argv[1:])).encode()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.sendto(facts, str(Path.home() / "reports"))
    open(Path.home() / "end").read()
else:
    os._exit(7)
"""
"""Goes on in another process, as browsers do that are started by a program for addresses."""

DROP_IN = """
[Service]
WatchdogSec=1
RestartSec=0
LoadCredential=ami:%h/secret
Environment=REPORT={report} PYTHONPATH={project}
StandardOutput=append:%h/log
StandardError=append:%h/log
"""


@dataclass(frozen=True)
class Manager:
    """A running user manager."""

    pid: int
    home: Path
    reports: socket.socket

    def systemctl(self, *arguments: str) -> str:
        command = ["nsenter", "--mount", f"--target={self.pid}", "systemctl", "--user", *arguments]
        environ = {"PATH": os.environ["PATH"], "XDG_RUNTIME_DIR": RUNTIME}
        answer = subprocess.run(command, env=environ, check=True, capture_output=True, text=True, timeout=20)  # noqa: S603  # fixed words
        return answer.stdout

    def shown(self, what: str) -> str:
        return self.systemctl("show", "bubbled", "--value", f"--property={what}").strip()

    def heard(self) -> str:
        return self.reports.recv(1000).decode()


@contextmanager
def mailbox(path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(path))
        listener.settimeout(20)
        yield listener


def install(home: Path) -> None:
    """Lay out a home folder as the unit expects it, with the stand-in as the daemon."""
    units, program = home / ".config" / "systemd" / "user", home / ".local" / "bin" / "bubbled"
    (units / "bubbled.service.d").mkdir(parents=True)
    shutil.copy(UNIT, units)
    (units / "bubbled.service.d" / "test.conf").write_text(
        DROP_IN.format(report=home / "reports", project=PROJECT)
    )
    program.parent.mkdir(parents=True)
    program.write_text(f"#!{sys.executable}\n{(Path(__file__).parent / 'stand_in.py').read_text()}")
    program.chmod(0o755)
    (home / "secret").write_text("swordfish\n")


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Manager]:
    install(tmp_path)
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "XDG_RUNTIME_DIR": RUNTIME}
    environ["NOTIFY_SOCKET"] = str(tmp_path / "up")
    enter = ["unshare", "--mount", "bash", "-c", ENTER]
    with mailbox(tmp_path / "up") as up, mailbox(tmp_path / "reports") as reports:
        with (tmp_path / "manager.log").open("w") as log:
            process = subprocess.Popen(enter, env=environ, stdout=log, stderr=log)  # noqa: S603  # fixed words
        try:
            while b"READY=1" not in up.recv(1000):
                pass
            yield Manager(process.pid, tmp_path, reports)
        finally:
            process.terminate()
            process.wait(20)


def test_nothing_in_the_unit_is_misspelt(tmp_path: Path) -> None:
    install(tmp_path)
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
    command = ["systemd-analyze", "verify", "--user", str(UNIT)]
    verified = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)  # noqa: S603  # fixed words
    # Its exit status is 0 even for a key that does not exist.
    assert (verified.returncode, verified.stderr) == (0, "")


def test_the_daemon_starts_reloads_and_stops_in_time(manager: Manager) -> None:
    manager.systemctl("start", "bubbled")
    assert manager.heard() == "started, credential swordfish"
    assert (manager.shown("ActiveState"), manager.shown("StatusText")) == ("active", "connected")

    manager.systemctl("reload", "bubbled")
    assert manager.heard() == "reloaded"
    assert manager.shown("StatusText") == "reloaded"

    before = time.monotonic()
    manager.systemctl("stop", "bubbled")
    assert time.monotonic() - before < 5
    assert manager.heard() == "stopped"
    assert (manager.shown("Result"), manager.shown("NRestarts")) == ("success", "0")


def test_a_stuck_daemon_is_restarted_and_its_log_says_where_it_stood(manager: Manager) -> None:
    manager.systemctl("start", "bubbled")
    assert manager.heard().startswith("started")

    manager.systemctl("kill", "--signal=USR1", "bubbled")

    assert manager.heard().startswith("started")
    assert manager.shown("NRestarts") == "1"
    assert "most recent call first" in (manager.home / "log").read_text()


def test_the_daemon_can_gain_no_rights(manager: Manager) -> None:
    manager.systemctl("start", "bubbled")
    assert manager.heard().startswith("started")
    status = Path(f"/proc/{manager.shown('MainPID')}/status").read_text()
    assert "NoNewPrivs:\t1" in status
    assert "Seccomp:\t2" in status


def test_the_pages_let_a_browser_in(manager: Manager) -> None:
    """The unit must let the daemon listen, read whose a connection is, and compile templates."""
    manager.systemctl("start", "bubbled")
    assert manager.heard().startswith("started")
    manager.systemctl("kill", "--kill-whom=main", "--signal=URG", "bubbled")
    invitation = urlsplit(manager.heard())
    browser = HTTPConnection(invitation.netloc, timeout=20)
    try:
        browser.request("GET", f"{invitation.path}?{invitation.query}")
        answer = browser.getresponse()
        assert (answer.status, answer.headers["Location"], answer.read()) == (303, "/", b"")
        browser.request("GET", "/", headers={"Cookie": answer.headers["Set-Cookie"].partition(";")[0]})
        assert browser.getresponse().status == 404  # which only those are told who are in
    finally:
        browser.close()
    manager.systemctl("stop", "bubbled")
    assert manager.heard() == "stopped"
    assert manager.shown("Result") == "success"


def test_a_browser_that_a_button_opened_has_no_restrictions_and_outlives_the_daemon(manager: Manager) -> None:
    browser, end = manager.home / "browser", manager.home / "end"
    browser.write_text(f"#!{sys.executable}\n{BROWSER}")
    browser.chmod(0o755)
    os.mkfifo(end)
    manager.systemctl("start", "bubbled")
    assert manager.heard().startswith("started")

    manager.systemctl("kill", "--kill-whom=main", "--signal=USR2", "bubbled")

    told = {manager.heard(), manager.heard()}
    assert "ended 7" in told
    (pid, restricted, arguments) = literal_eval((told - {"ended 7"}).pop())
    assert (restricted, arguments) == ("0", list(HOSTILE))
    manager.systemctl("stop", "bubbled")
    assert manager.heard() == "stopped"
    assert Path(f"/proc/{pid}").exists()
    end.write_text("")  # which it reads, and ends
