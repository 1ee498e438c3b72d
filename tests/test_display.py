from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

from bubbled.display import Display, desktop_environment, desktop_variables
from tests.dialing.x11_server import program

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

DESK = {
    "DISPLAY": ":0",
    "XAUTHORITY": "/run/user/1000/xauth_x",
    "WAYLAND_DISPLAY": "wayland-0",
    "XDG_RUNTIME_DIR": "/run/user/1000",
}
KNOWN = Display(
    x11=":0", xauthority="/run/user/1000/xauth_x", wayland="wayland-0", runtime_dir="/run/user/1000"
)


def test_a_program_knows_its_display_by_its_variables() -> None:
    assert Display.from_environment({**DESK, "HOME": "/home/jan"}) == KNOWN
    assert Display.from_environment({"DISPLAY": "", "HOME": "/home/jan"}) == Display()


def test_a_path_is_whole_for_whoever_lives_in_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert Display.from_environment({"XAUTHORITY": "cookies"}).xauthority == str(tmp_path / "cookies")


def test_a_desktop_is_there_when_something_shows_it() -> None:
    assert Display(x11=":0").is_there
    assert Display(wayland="wayland-0").is_there
    assert not Display(runtime_dir="/run/user/1000", xauthority="/home/jan/.Xauthority").is_there


@pytest.mark.parametrize("display", [KNOWN, Display(), Display(x11="desk.example.com:10.0")])
def test_it_comes_through_the_control_api_as_it_was(display: Display) -> None:
    assert Display.from_json(json.loads(json.dumps(display.to_json()))) == display


def test_what_is_null_is_not_known() -> None:
    assert Display.from_json({"x11": ":0", "wayland": None}) == Display(x11=":0")


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        (None, "must be an object"),
        (["x11", ":0"], "must be an object"),
        ({"x12": ":0"}, "has no 'x12'"),
        ({"x11": 0}, "x11 of a display"),
        ({"x11": ""}, "x11 of a display"),
        ({"x11": ":0\n"}, "x11 of a display"),
        ({"wayland": "way\0land"}, "wayland of a display"),
        ({"wayland": "w" * 5000}, "wayland of a display"),
        ({"xauthority": "cookies"}, "xauthority of a display must be a path"),
        ({"runtime_dir": "../run"}, "runtime_dir of a display must be a path"),
    ],
)
def test_anything_else_that_a_client_sends_is_refused(sent: object, wrong: str) -> None:
    with pytest.raises(ValueError, match=re.escape(wrong)):
        Display.from_json(sent)


class ServiceManager:
    """What systemd tells of its environment, after org.freedesktop.systemd1(5), since a real one needs root.

    `answers` False: it hangs.
    """

    def __init__(self, environment: dict[str, str]) -> None:
        self.lines = [f"{name}={value}" for name, value in environment.items()]
        self.answers = True
        self._bus: MessageBus | None = None

    async def start(self) -> None:
        self._bus = await MessageBus().connect()
        self._bus.add_message_handler(self._received)
        await self._bus.request_name("org.freedesktop.systemd1")

    async def stop(self) -> None:
        assert self._bus
        self._bus.disconnect()
        await self._bus.wait_for_disconnect()  # type: ignore[no-untyped-call]

    def _received(self, call: Message) -> Message | bool:
        if call.message_type is not MessageType.METHOD_CALL:
            return False
        asked: tuple[Any, ...] = (call.path, call.interface, call.member, *call.body)
        assert asked == (
            *("/org/freedesktop/systemd1", "org.freedesktop.DBus.Properties", "Get"),
            *("org.freedesktop.systemd1.Manager", "Environment"),
        )
        return not self.answers or Message.new_method_return(call, "v", [Variant("as", self.lines)])


@pytest.fixture
def no_desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*DESK, "DBUS_SESSION_BUS_ADDRESS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def bus(tmp_path: Path, no_desktop: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[subprocess.Popen[str]]:
    """Where systemd has it: in the runtime folder, without a variable of its own."""
    assert no_desktop is None
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with subprocess.Popen(  # noqa: S603 - nothing in it comes from outside
        [
            *(program("dbus-daemon"), "--session", "--nofork", "--nopidfile", "--print-address"),
            f"--address=unix:path={tmp_path}/bus",
        ],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        process.stdout.readline()
        yield process
        process.kill()


@pytest.fixture
async def manager(
    bus: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> AsyncIterator[ServiceManager]:
    assert bus.poll() is None
    with monkeypatch.context() as its_own:
        its_own.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/bus")
        systemd = ServiceManager(DESK)
        await systemd.start()
    yield systemd
    await systemd.stop()


@pytest.mark.desktop
@pytest.mark.usefixtures("manager")
async def test_a_daemon_from_before_the_desktop_asks_the_service_manager() -> None:
    assert await desktop_environment() == KNOWN


@pytest.mark.desktop
@pytest.mark.usefixtures("manager")
async def test_its_own_variables_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":7")
    assert await desktop_environment() == Display.from_environment(os.environ)


@pytest.mark.desktop
async def test_a_service_manager_that_knows_of_no_desktop(manager: ServiceManager) -> None:
    manager.lines = ["HOME=/home/jan", "nonsense"]
    assert not (await desktop_environment()).is_there


@pytest.mark.desktop
async def test_a_service_manager_that_hangs_is_given_up(manager: ServiceManager) -> None:
    manager.answers = False
    async with asyncio.timeout(10):
        assert not (await desktop_environment()).is_there


@pytest.mark.desktop
async def test_a_bus_that_hangs_is_given_up(bus: subprocess.Popen[str]) -> None:
    bus.send_signal(signal.SIGSTOP)
    async with asyncio.timeout(10):
        assert not (await desktop_environment()).is_there


@pytest.mark.desktop
@pytest.mark.usefixtures("bus")
async def test_a_session_without_systemd_has_no_desktop_to_tell_of() -> None:
    assert not (await desktop_environment()).is_there


@pytest.mark.usefixtures("no_desktop")
async def test_no_bus_is_no_desktop() -> None:
    assert await desktop_environment() == Display()


@pytest.mark.desktop
async def test_programs_for_the_desktop_are_told_of_it_by_whoever_knows_it(
    manager: ServiceManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager.lines.append("XDG_CURRENT_DESKTOP=KDE")
    monkeypatch.setenv("NOTIFY_SOCKET", "/run/notify")
    monkeypatch.setenv("WATCHDOG_USEC", "30000000")
    told = await desktop_variables()
    assert (told["DISPLAY"], told["XDG_CURRENT_DESKTOP"], told["PATH"]) == (":0", "KDE", os.environ["PATH"])
    assert not told.keys() & {"NOTIFY_SOCKET", "WATCHDOG_USEC"}
    monkeypatch.setenv("DISPLAY", ":7")
    assert (await desktop_variables())["DISPLAY"] == ":7"


@pytest.mark.usefixtures("no_desktop")
async def test_programs_are_told_as_much_as_there_is_where_nobody_knows_a_desktop() -> None:
    assert (await desktop_variables())["PATH"] == os.environ["PATH"]
