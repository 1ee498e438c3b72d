"""A session bus of our own, and a notification server on it that does as the tests want."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

from tests.popup.screens.desktop import display, wide_display

__all__ = ["display", "wide_display"]

SERVICE = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"

# Unlike the system's own configuration it starts no services, so that only a test brings up a server.
BUS_CONFIGURATION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <auth>EXTERNAL</auth>
  {services}
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


@dataclass
class SessionBus:
    """A running dbus-daemon."""

    address: str
    process: subprocess.Popen[str]

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


@pytest.fixture
def services(tmp_path: Path) -> Path:
    """The folder in which the bus finds services that it may start."""
    folder = tmp_path / "services"
    folder.mkdir()
    return folder


@pytest.fixture
def session_bus(tmp_path: Path, services: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SessionBus]:
    configuration = tmp_path / "bus.conf"
    configuration.write_text(
        BUS_CONFIGURATION.format(services=f"<servicedir>{services}</servicedir>"), encoding="utf-8"
    )
    program = shutil.which("dbus-daemon") or pytest.fail(
        "dbus-daemon is missing: apt-get install dbus-daemon"
    )
    with subprocess.Popen(  # noqa: S603 - nothing in it comes from outside
        [program, "--nofork", "--nopidfile", "--print-address", f"--config-file={configuration}"],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        bus = SessionBus(process.stdout.readline().strip(), process)
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        try:
            yield bus
        finally:
            bus.stop()


@dataclass
class Notification:
    """What Notify was called with."""

    application: str
    icon: str
    summary: str
    body: str
    actions: list[str]
    hints: dict[str, Any]
    timeout: int


@dataclass
class FakeServer:
    """A notification server after the freedesktop Desktop Notifications Specification 1.2.

    It shows nothing, but keeps what would be on the screen in `up`, and can do on command what real servers
    do seldom: refuse, hang, number anew.
    """

    capabilities: tuple[str, ...] = ("body", "body-markup")
    name: str = "fake"
    first_id: int = 1
    refuses: bool = False
    speaks_nonsense: bool = False
    up: dict[int, Notification] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    """What was asked, in order: `+1 Jan`, `~1 Jan`, `-1`."""

    def __post_init__(self) -> None:
        self._answers = asyncio.Event()
        self._answers.set()
        self._changed = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()
        self._bus: MessageBus | None = None

    async def start(self) -> None:
        self._bus = await MessageBus().connect()
        self._bus.add_message_handler(self._received)
        await self._bus.request_name(SERVICE)

    async def stop(self) -> None:
        assert self._bus
        for task in self._tasks:
            task.cancel()
        self._bus.disconnect()
        with suppress(EOFError):  # the bus may have gone first
            await self._bus.wait_for_disconnect()  # type: ignore[no-untyped-call]
        self.up.clear()

    def hang(self) -> None:
        self._answers.clear()

    def go_on(self) -> None:
        self._answers.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something to be true after a call."""
        async with asyncio.timeout(10), self._changed:
            await self._changed.wait_for(condition)

    async def shows(self, *summaries: str) -> None:
        """Wait until exactly these are on the screen."""
        await self.until(lambda: [shown.summary for shown in self.up.values()] == list(summaries))

    async def close_as(self, notification_id: int, reason: int) -> None:
        """Close a notification: 1 expired, 2 by the user."""
        assert self._bus
        self.up.pop(notification_id, None)
        await self._bus.send(
            Message.new_signal(PATH, SERVICE, "NotificationClosed", "uu", [notification_id, reason])
        )

    async def press(self, notification_id: int, button: str) -> None:
        """Press a button as the user would."""
        assert self._bus
        await self._bus.send(
            Message.new_signal(PATH, SERVICE, "ActionInvoked", "us", [notification_id, button])
        )

    async def reply(self, notification_id: int, text: str) -> None:
        """Type a text on a notification, as Plasma lets the user do."""
        assert self._bus
        await self._bus.send(
            Message.new_signal(PATH, SERVICE, "NotificationReplied", "us", [notification_id, text])
        )

    def _received(self, call: Message) -> bool:
        if call.message_type is not MessageType.METHOD_CALL or call.interface != SERVICE:
            return False
        task = asyncio.create_task(self._serve(call))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    async def _serve(self, call: Message) -> None:
        assert self._bus
        await self._answers.wait()
        await self._bus.send(self._reply(call))
        async with self._changed:
            self._changed.notify_all()

    def _reply(self, call: Message) -> Message:  # noqa: PLR0911 - one for each method of the specification
        match call.member, call.body:
            case "GetServerInformation", []:
                return Message.new_method_return(call, "ssss", [self.name, "bubbled tests", "1", "1.2"])
            case "GetCapabilities", [] if self.speaks_nonsense:
                return Message.new_method_return(call, "i", [1])
            case "GetCapabilities", []:
                return Message.new_method_return(call, "as", [list(self.capabilities)])
            case "Notify", _ if self.refuses:
                return Message.new_error(call, f"{SERVICE}.Error.Refused", "no room left")
            case "Notify", [application, replaced, icon, summary, body, actions, hints, timeout]:
                plain = {key: variant.value for key, variant in hints.items()}
                notification = Notification(application, icon, summary, body, actions, plain, timeout)
                return Message.new_method_return(call, "u", [self._put_up(replaced, notification)])
            case "CloseNotification", [notification_id]:
                self.calls.append(f"-{notification_id}")
                if self.up.pop(notification_id, None) is None:
                    return Message.new_error(call, f"{SERVICE}.Error.Unknown", "")
                return Message.new_method_return(call)
            case member, body:
                return Message.new_error(call, f"{SERVICE}.Error.Unknown", f"{member} {body}")

    def _put_up(self, replaced: int, notification: Notification) -> int:
        known = replaced in self.up
        notification_id = replaced if known else self.first_id
        self.first_id += not known
        self.up[notification_id] = notification
        self.calls.append(f"{'~' if known else '+'}{notification_id} {notification.summary}")
        return notification_id


@pytest.fixture
def make_server() -> type[FakeServer]:
    return FakeServer


@pytest.fixture
async def server(session_bus: SessionBus) -> AsyncIterator[FakeServer]:  # noqa: ARG001 - it needs the bus up
    fake = FakeServer()
    await fake.start()
    yield fake
    await fake.stop()


@pytest.fixture
def no_bus(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert os.environ["HOME"]
