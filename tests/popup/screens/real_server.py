"""Notification servers that run, hang and die on command, and the desktops that some of them need."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.popup.screens.desktop import program

_ACTIVITY = "b0bb1ed0-0000-4000-8000-000000000001"
_ACTIVITIES = f"""[activities]
{_ACTIVITY}=Default
[main]
currentActivity={_ACTIVITY}
"""
_PLASMA = f"""[Containments][1]
activityId={_ACTIVITY}
plugin=org.kde.plasma.folder
lastScreen=0
wallpaperplugin=org.kde.color
[Containments][1][Wallpaper][org.kde.color][General]
Color=255,255,255
[Containments][2]
plugin=org.kde.panel
formfactor=2
location=4
lastScreen=0
[Containments][2][Applets][3]
plugin=org.kde.plasma.notifications
"""

# Its own notifications would come first, of the lock and of the user who is root; urgent ones come anyway.
_GNOME = """[org/gnome/desktop/notifications]
show-banners=false
"""

_SOFTWARE = {"LIBGL_ALWAYS_SOFTWARE": "1", "QT_QUICK_BACKEND": "software"}

_SWAY = """xwayland disable
output * resolution 1000x640
output * bg #ffffff solid_color
"""


@dataclass(frozen=True)
class Kind:
    """How a server is started.

    Attributes:
        command: of the server.
        beside: commands of programs that it needs.
        environment: what all of them are told.
        files: settings, by their path within the home, which is the folder of settings too.
        ready: what it says when it shows what comes: GNOME keeps back what comes before.
    """

    command: tuple[str, ...]
    beside: tuple[tuple[str, ...], ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    ready: bytes = b""


SERVICE = """[D-BUS Service]
Name=org.gnome.Shell.Notifications
Exec=/usr/bin/gjs /usr/share/gnome-shell/org.gnome.Shell.Notifications
"""
"""What GNOME Shell has the bus start to speak to us; the bus has to know it."""

KINDS: Mapping[str, Kind] = {
    "dunst": Kind(("dunst",)),
    "xfce4-notifyd": Kind(("xfce4-notifyd",)),
    "mate-notification-daemon": Kind(("mate-notification-daemon",)),
    "lxqt-notificationd": Kind(("lxqt-notificationd",)),
    "mako": Kind(("mako", "--font", "DejaVu Sans 11")),
    "plasmashell": Kind(
        ("plasmashell", "--no-respawn"),
        beside=(("kactivitymanagerd",),),
        environment={**_SOFTWARE, "KDE_FULL_SESSION": "true", "KDE_SESSION_VERSION": "5"},
        files={"kactivitymanagerdrc": _ACTIVITIES, "plasma-org.kde.plasma.desktop-appletsrc": _PLASMA},
    ),
    "gnome-shell": Kind(
        ("gnome-shell", "--x11"),
        environment={**_SOFTWARE, "XDG_SESSION_TYPE": "x11", "GSETTINGS_BACKEND": "keyfile"},
        files={"glib-2.0/settings/keyfile": _GNOME},
        ready=b"GNOME Shell started",
    ),
}


class RealServer:
    """A server of one of these kinds, in the environment of whoever starts it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._kind = KINDS[name]
        self._processes: list[subprocess.Popen[bytes]] = []
        self._sway = Sway() if name == "mako" else None

    def start(self) -> None:
        environment, log = self._furnished(), Path(os.environ["HOME"], f"{self.name}.log")
        with log.open("wb") as file:
            for command in (self._kind.command, *self._kind.beside):
                process = subprocess.Popen(  # noqa: S603 - nothing in it comes from outside
                    [program(command[0]), *command[1:]],
                    env=environment,
                    stdout=subprocess.DEVNULL,
                    stderr=file,
                )
                self._processes.append(process)
        while self._kind.ready not in log.read_bytes():
            assert self._processes[0].poll() is None, log.read_text()

    def kill(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait()
        self._processes.clear()
        for pid in _started_by_the_bus():
            with suppress(ProcessLookupError):  # it ended with the others
                os.kill(pid, signal.SIGKILL)

    def close(self) -> None:
        """End it, and what was started for it."""
        self.kill()
        if self._sway:
            self._sway.close()

    def hang(self) -> None:
        self._processes[0].send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._processes[0].send_signal(signal.SIGCONT)

    @property
    def environment(self) -> dict[str, str]:
        """What its own programs need to find it."""
        system_bus = {"DBUS_SYSTEM_BUS_ADDRESS": os.environ["DBUS_SESSION_BUS_ADDRESS"]}
        own = {**os.environ, **system_bus, **self._kind.environment}
        return {**own, **self._sway.environment()} if self._sway else own

    def _furnished(self) -> dict[str, str]:
        home = Path(os.environ["HOME"])
        for name, text in self._kind.files.items():
            path = home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return self.environment


def _started_by_the_bus() -> Iterator[int]:
    mark = f"DBUS_STARTER_ADDRESS={os.environ['DBUS_SESSION_BUS_ADDRESS']}".encode()
    for each in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):  # it has just ended, or is somebody else's
            if mark in each.read_bytes():
                yield int(each.parent.name)


_NOBODY = 65534


class Sway:
    """The compositor that mako needs, in a window of the virtual display, where its pixels can be read."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._runtime = ""

    def environment(self) -> dict[str, str]:
        """Start it, unless it runs, and tell how to reach it."""
        if self._process is None:
            self._process = self._started()
        (socket,) = Path(self._runtime).glob("wayland-?")
        return {"XDG_RUNTIME_DIR": self._runtime, "WAYLAND_DISPLAY": socket.name}

    def close(self) -> None:
        if self._process:
            with self._process as process:
                process.kill()
        shutil.rmtree(self._runtime, ignore_errors=True)

    def _started(self) -> subprocess.Popen[bytes]:
        # It does not run as root; everybody else may run it.
        other = _NOBODY if os.geteuid() == 0 else None
        self._runtime = tempfile.mkdtemp(prefix="bubbled-sway-")
        settings = Path(self._runtime, "config")
        settings.write_text(f"{_SWAY}exec echo ready\n", encoding="utf-8")
        if other is not None:
            for path in (Path(self._runtime), settings):
                os.chown(path, other, other)
        process = subprocess.Popen(  # noqa: S603 - see above
            [program("sway"), "--config", str(settings)],
            env={
                "PATH": os.environ["PATH"],
                "DISPLAY": os.environ["DISPLAY"],
                "HOME": self._runtime,
                "XDG_RUNTIME_DIR": self._runtime,
                "WLR_BACKENDS": "x11",
                "WLR_RENDERER": "pixman",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            user=other,
            group=other,
            extra_groups=None if other is None else (),
        )
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        return process
