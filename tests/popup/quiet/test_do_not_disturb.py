"""With real notification servers, switched as their users do, and with a bus that comes and goes."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING

import pytest
from dbus_fast import Message, Variant
from dbus_fast.aio import MessageBus

from bubbled import child
from bubbled.popup.quiet.do_not_disturb import DoNotDisturb
from bubbled.popup.quiet.way import PATH, SERVICE
from tests.dialing.wayland_sway import running_sway
from tests.dialing.x11_server import running_x_server
from tests.popup.quiet.told import following
from tests.popup.screens.conftest import FakeServer, make_server, services, session_bus
from tests.popup.screens.real_server import RealServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from bubbled.popup.quiet.port import OnChanged
    from tests.popup.screens.conftest import SessionBus

__all__ = ["make_server", "services", "session_bus"]


def do_not_disturb(on_changed: OnChanged) -> DoNotDisturb:
    return DoNotDisturb(on_changed, retry_s=0.05)


BESIDE = (
    "/usr/lib/x86_64-linux-gnu/xfce4/notifyd",
    "/usr/lib/x86_64-linux-gnu/xfce4/xfconf",
    "/usr/lib/mate-notification-daemon",
    "/usr/libexec",
)


def program(name: str) -> str:
    path = shutil.which(name, path=os.pathsep.join((os.environ["PATH"], *BESIDE)))
    return path or pytest.fail(f"{name} is missing; scripts/setup installs it")


async def run(*command: str) -> None:
    # In a thread, because a test that gives up waiting must not leave half a process behind.
    await asyncio.to_thread(subprocess.run, [program(command[0]), *command[1:]], check=True)


@asynccontextmanager
async def serving(name: str, **environment: str) -> AsyncIterator[None]:
    """Run a notification server, and wait until it is one."""
    process = await child.start(program(name), env=os.environ | environment)
    try:
        await until_served()
        yield
    finally:
        await child.end(process)


@asynccontextmanager
async def a_bus() -> AsyncIterator[MessageBus]:
    bus = await MessageBus().connect()
    try:
        yield bus
    finally:
        bus.disconnect()
        with suppress(EOFError):
            await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]


async def until_served() -> None:
    asked = Message(
        "org.freedesktop.DBus",
        "/org/freedesktop/DBus",
        "org.freedesktop.DBus",
        "NameHasOwner",
        signature="s",
        body=[SERVICE],
    )
    async with asyncio.timeout(20), a_bus() as bus:
        while (reply := await bus.call(asked)) is None or reply.body != [True]:  # noqa: ASYNC110 - one question after the other
            await asyncio.sleep(0.02)


@pytest.fixture
def desktop(session_bus: SessionBus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An X display and a home of its own."""
    assert session_bus.address
    for name in ("HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    (tmp_path / "run").mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    with running_x_server() as server:
        monkeypatch.setenv("DISPLAY", server.name)
        yield


@pytest.fixture
def dconf(services: Path, tmp_path: Path) -> None:
    """What keeps the settings of GNOME and MATE; the bus starts it in its own environment."""
    (services / "dconf.service").write_text(
        "[D-BUS Service]\nName=ca.desrt.dconf\n"
        f"Exec={program('env')} XDG_CONFIG_HOME={tmp_path} {program('dconf-service')}\n"
    )


@contextmanager
def plasma() -> Iterator[None]:
    server = RealServer("plasmashell")
    server.start()
    try:
        yield
    finally:
        server.close()


@pytest.mark.desktop
@pytest.mark.usefixtures("desktop")
class TestRealServers:
    async def test_dunst_is_paused_and_goes_on(self) -> None:
        async with following(do_not_disturb) as told, serving("dunst"):
            await run("dunstctl", "set-paused", "true")
            await told.says(is_quiet=True)
            await run("dunstctl", "set-paused", "false")
            await told.says(is_quiet=False)

    async def test_a_server_that_ends_leaves_no_quiet_behind(self) -> None:
        async with following(do_not_disturb) as told:
            async with serving("dunst"):
                await run("dunstctl", "set-paused", "true")
                await told.says(is_quiet=True)
            await told.says(is_quiet=False)

    async def test_xfce(self, services: Path) -> None:
        (services / "xfconf.service").write_text(
            f"[D-BUS Service]\nName=org.xfce.Xfconf\nExec={program('xfconfd')}\n"
        )
        switch = ("xfconf-query", "-c", "xfce4-notifyd", "-p", "/do-not-disturb")
        async with following(do_not_disturb) as told, serving("xfce4-notifyd"):
            await run(*switch, "-n", "-t", "bool", "-s", "true")
            await told.says(is_quiet=True)
            await run(*switch, "-r")
            await told.says(is_quiet=False)

    @pytest.mark.usefixtures("dconf")
    async def test_mate(self) -> None:
        switch = ("gsettings", "set", "org.mate.NotificationDaemon", "do-not-disturb")
        async with following(do_not_disturb) as told, serving("mate-notification-daemon"):
            await run(*switch, "true")
            await told.says(is_quiet=True)
            await run(*switch, "false")
            await told.says(is_quiet=False)

    @pytest.mark.usefixtures("dconf")
    async def test_gnome_by_its_setting(self, make_server: type[FakeServer]) -> None:
        shell = make_server(name="gnome-shell")
        await shell.start()
        switch = ("gsettings", "set", "org.gnome.desktop.notifications", "show-banners")
        async with following(do_not_disturb) as told:
            await run(*switch, "false")
            await told.says(is_quiet=True)
            await run(*switch, "true")
            await told.says(is_quiet=False)
        await shell.stop()

    async def test_plasma_as_its_user_switches_it(self, tmp_path: Path) -> None:
        (tmp_path / "plasmanotifyrc").write_text("[DoNotDisturb]\nUntil=2999,1,1,0,0,0\n")
        with plasma():
            async with following(do_not_disturb) as told:
                await told.says(is_quiet=True)

    async def test_plasma_as_a_program_asks_for_it(self) -> None:
        with plasma():
            async with following(do_not_disturb) as told:
                await until_served()
                async with a_bus() as bus:
                    asked = Message(SERVICE, PATH, SERVICE, "Inhibit", signature="ssa{sv}")
                    asked.body = ["bubbled", "a presentation", {}]
                    assert (await bus.call(asked)) is not None
                    await told.says(is_quiet=True)
                await told.says(is_quiet=False)  # since whoever wanted it has gone


@pytest.mark.desktop
async def test_mako_by_its_mode(session_bus: SessionBus) -> None:
    assert session_bus.address
    with running_sway() as sway:
        async with following(do_not_disturb) as told, serving("mako", **sway.environment):
            await run("makoctl", "mode", "-a", "do-not-disturb")
            await told.says(is_quiet=True)
            await run("makoctl", "mode", "-r", "do-not-disturb")
            await told.says(is_quiet=False)


@pytest.fixture
async def server(session_bus: SessionBus) -> AsyncIterator[FakeServer]:
    assert session_bus.address
    fake = FakeServer(name="Plasma")
    await fake.start()
    yield fake
    await fake.stop()


class Plasma:
    """Has the property by which Plasma tells that nothing is to pop up, and the signal of its change."""

    def __init__(self, bus: MessageBus) -> None:
        self._bus = bus
        self.is_inhibited = False
        bus.add_message_handler(self._answer)

    async def inhibit(self, *, is_inhibited: bool) -> None:
        self.is_inhibited = is_inhibited
        changed = {"Inhibited": Variant("b", is_inhibited)}
        await self._bus.send(
            Message.new_signal(
                PATH,
                "org.freedesktop.DBus.Properties",
                "PropertiesChanged",
                "sa{sv}as",
                [SERVICE, changed, []],
            )
        )

    def _answer(self, call: Message) -> Message | None:
        if call.member == "Get" and call.body == [SERVICE, "Inhibited"]:
            return Message.new_method_return(call, "v", [Variant("b", self.is_inhibited)])
        return None


@pytest.mark.desktop
async def test_plasma_by_the_property_that_it_documents(server: FakeServer) -> None:
    assert server._bus is not None
    server_of_plasma = Plasma(server._bus)
    async with following(do_not_disturb) as told:
        for is_inhibited in (True, False, True):
            await server_of_plasma.inhibit(is_inhibited=is_inhibited)
            await told.says(is_quiet=is_inhibited)


@pytest.mark.desktop
async def test_it_is_known_from_the_beginning(server: FakeServer) -> None:
    assert server._bus is not None
    Plasma(server._bus).is_inhibited = True
    async with following(do_not_disturb) as told:
        await told.says(is_quiet=True)


@pytest.mark.desktop
async def test_a_bus_that_goes_away_leaves_no_quiet_behind(
    server: FakeServer, session_bus: SessionBus
) -> None:
    assert server._bus is not None
    Plasma(server._bus).is_inhibited = True
    async with following(do_not_disturb) as told:
        await told.says(is_quiet=True)
        session_bus.stop()
        await told.says(is_quiet=False)


@pytest.mark.desktop
async def test_why_it_is_not_known_is_told(
    session_bus: SessionBus, make_server: type[FakeServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with following(do_not_disturb) as told:
        await told.has_trouble("No notification server")
        silent, telling = make_server(name="lxqt-notificationd"), make_server(name="Plasma")
        await silent.start()
        await told.has_trouble("lxqt-notificationd does not tell")
        await silent.stop()
        await telling.start()
        await told.has_trouble(None)
        await telling.stop()
        session_bus.stop()
        for name in ("XDG_RUNTIME_DIR", "DISPLAY", "DBUS_SESSION_BUS_ADDRESS"):
            monkeypatch.delenv(name, raising=False)
        await told.has_trouble("no session bus")
        assert told.is_quiet is None
