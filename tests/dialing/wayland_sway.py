"""A real sway on a screen of its own that nobody sees, with its own runtime and settings folders."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOBODY = 65534
_HEADLESS = {"WLR_BACKENDS": "headless", "WLR_RENDERER": "pixman", "WLR_LIBINPUT_NO_DEVICES": "1"}


def program(name: str) -> str:
    return shutil.which(name) or pytest.fail(f"{name} is missing; scripts/setup installs it")


@dataclass
class Sway:
    """What runs there as a desktop, and what its programs are told by their environment."""

    home: Path
    process: subprocess.Popen[bytes]
    owners: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        runtime = self.home / "run"
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "XDG_RUNTIME_DIR": str(runtime),
            "XDG_CURRENT_DESKTOP": "sway",
            "WAYLAND_DISPLAY": next(runtime.glob("wayland-?")).name,
            "SWAYSOCK": str(next(runtime.glob("sway-ipc.*.sock"))),
        }

    def select(self, text: str | bytes, *, kind: str = "text/plain;charset=utf-8") -> subprocess.Popen[bytes]:
        """Have a program of its own hold this selection, as if it were marked in its window."""
        data = text.encode() if isinstance(text, str) else text
        owner = subprocess.Popen(  # noqa: S603 - nothing in it comes from outside
            [program("wl-copy"), "--primary", "--foreground", "--type", kind],
            env=self.environment,
            stdin=subprocess.PIPE,
        )
        assert owner.stdin
        owner.stdin.write(data)
        owner.stdin.close()
        self._until_selected(kind)
        for former in self.owners:  # they end when somebody else selects something
            former.wait()
        self.owners = [owner]
        return owner

    def clear(self) -> None:
        """Have nothing selected."""
        self._run("wl-copy", "--primary", "--clear")
        while self._run("wl-paste", "--primary", "--list-types"):
            assert self.process.poll() is None

    def clients(self) -> set[int]:
        """The processes that were told of this desktop."""
        mark = f"XDG_RUNTIME_DIR={self.home}".encode()
        return {int(each.parent.name) for each in Path("/proc").glob("[0-9]*/environ") if mark in _read(each)}

    def _until_selected(self, kind: str) -> None:
        while kind not in self._run("wl-paste", "--primary", "--list-types"):
            assert self.process.poll() is None

    def ask(self, *message: str) -> Any:
        return json.loads(self._run("swaymsg", "--raw", *message))

    def press(self, *arguments: str) -> None:
        """Press keys on a virtual keyboard, in the words of wtype."""
        subprocess.run([program("wtype"), *arguments], env=self.environment, check=True)  # noqa: S603 - see above

    def _run(self, name: str, *arguments: str) -> str:
        done = subprocess.run(  # noqa: S603 - see above
            [program(name), *arguments], env=self.environment, capture_output=True, text=True, check=False
        )
        return done.stdout


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:  # it has just ended, or is somebody else's
        return b""


@contextmanager
def running_sway(config: str | None = "", *options: str) -> Iterator[Sway]:
    """Run it with this as the user's configuration; None: there is none, so that it takes the system's."""
    with tempfile.TemporaryDirectory(prefix="bubbled-sway-") as folder:
        home = Path(folder)
        _furnish(home, config)
        with _started(home, *options) as process:
            sway = Sway(home, process)
            try:
                yield sway
            finally:
                for each in (*sway.owners, process):
                    each.kill()
                    each.wait()


def _furnish(home: Path, config: str | None) -> None:
    (home / "run").mkdir(mode=0o700)
    (home / "config" / "sway").mkdir(parents=True)
    if config is not None:
        (home / "config" / "sway" / "config").write_text(config)
    if os.geteuid() == 0:
        for path in (home, *home.rglob("*")):
            os.chown(path, _NOBODY, _NOBODY)


@contextmanager
def _started(home: Path, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    # sway does not run as root; everybody else may run it.
    other = _NOBODY if os.geteuid() == 0 else None
    folders = {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_RUNTIME_DIR": str(home / "run"),
    }
    with subprocess.Popen(  # noqa: S603 - see above
        [program("sway"), "--verbose", *options],
        env={"PATH": os.environ["PATH"], **folders, **_HEADLESS},
        stderr=subprocess.PIPE,
        user=other,
        group=other,
        extra_groups=None if other is None else (),
    ) as process:
        assert process.stderr
        for line in process.stderr:
            if b"Running compositor" in line:
                break
        reader = Thread(target=deque, args=(process.stderr, 0))  # else sway would wait for its log to be read
        reader.start()
        yield process
        reader.join()  # to the end: whoever still runs there closes it when sway has gone
