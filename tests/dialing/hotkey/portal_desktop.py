"""Desktops with a portal: the real xdg-desktop-portal with KDE's backend, or one that does as tests want."""

from __future__ import annotations

import asyncio
import os
import shutil
from asyncio.subprocess import DEVNULL
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.unpack import unpack_variants

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

PORTAL = "org.freedesktop.portal.Desktop"
PATH = "/org/freedesktop/portal/desktop"
BACKEND = "org.freedesktop.impl.portal.desktop.test"
SHORTCUTS = "org.freedesktop.impl.portal.GlobalShortcuts"

# Where Debian keeps programs that nobody starts by hand.
_ASIDE = ("/usr/libexec", "/usr/lib/x86_64-linux-gnu/libexec")


def program(name: str) -> str:
    path = os.pathsep.join((os.environ["PATH"], *_ASIDE))
    return shutil.which(name, path=path) or pytest.fail(f"{name} is missing; scripts/setup installs it")


@asynccontextmanager
async def running(name: str, *, serves: str, **environment: str) -> AsyncIterator[None]:
    """Run a program of the desktop; go on when it has taken its name on the session bus."""
    process = await asyncio.create_subprocess_exec(
        program(name), env=os.environ | environment, stdout=DEVNULL, stderr=DEVNULL
    )
    try:
        await served(serves)
        yield
    finally:
        with suppress(ProcessLookupError):  # it may have gone with the bus
            process.kill()
        await process.wait()


async def served(name: str) -> None:
    """Wait until somebody has this name on the session bus."""
    bus = await MessageBus().connect()
    news = asyncio.Event()
    bus.add_message_handler(lambda message: news.set() if message.member == "NameOwnerChanged" else None)
    try:
        await _ask_bus(bus, "AddMatch", f"type='signal',member='NameOwnerChanged',arg0='{name}'")
        async with asyncio.timeout(20):
            while not await _ask_bus(bus, "NameHasOwner", name):
                await news.wait()
                news.clear()
    finally:
        await _hang_up(bus)


async def _ask_bus(bus: MessageBus, member: str, argument: str) -> Any:
    call = Message("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", member)
    call.signature, call.body = "s", [argument]
    reply = await bus.call(call)
    assert reply
    return reply.body[0] if reply.body else None


async def _hang_up(bus: MessageBus) -> None:
    bus.disconnect()
    with suppress(EOFError):  # the bus may have gone first
        await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]


@asynccontextmanager
async def frontend(folder: Path, *, shortcuts: bool = True, backend: str = BACKEND) -> AsyncIterator[None]:
    """Run the real xdg-desktop-portal, which knows of our backend, or of none for shortcuts."""
    portals = folder / ("with" if shortcuts else "without")
    portals.mkdir(exist_ok=True)
    if shortcuts:
        told = f"[portal]\nDBusName={backend}\nInterfaces={SHORTCUTS};\nUseIn=test\n"
        (portals / "test.portal").write_text(told)
    environment = {"XDG_DESKTOP_PORTAL_DIR": str(portals), "XDG_CURRENT_DESKTOP": "test"}
    async with running("xdg-desktop-portal", serves=PORTAL, **environment):
        yield


@dataclass
class FakeBackend:
    """A backend after the documented interface org.freedesktop.impl.portal.GlobalShortcuts, version 1.

    It has neither a screen nor a keyboard: tests say what the user answers, and press the key.

    Attributes:
        key: what it shows as the key that the user chose; "" for none.
        response: how asking the user ends: 0 well, 1 the user says no, 2 otherwise.
        gives_at_once: whether it takes the shortcuts with the session, as Plasma 5 does.
        name: by which the portal knows it.
    """

    key: str = "F7"
    response: int = 0
    gives_at_once: bool = False
    name: str = BACKEND
    calls: list[str] = field(default_factory=list)
    wishes: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    session: str = ""
    """Where the portal keeps the latest session, until it is closed."""

    def __post_init__(self) -> None:
        self._answers = asyncio.Event()
        self._answers.set()
        self._changed = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()
        self._bus: MessageBus | None = None

    async def start(self) -> None:
        self._bus = await MessageBus().connect()
        self._bus.add_message_handler(self._received)
        await self._bus.request_name(self.name)

    async def stop(self) -> None:
        assert self._bus
        for task in self._tasks:
            task.cancel()
        await _hang_up(self._bus)

    def ask_the_user(self) -> None:
        """Leave the window open until `answer`."""
        self._answers.clear()

    def answer(self) -> None:
        self._answers.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something to be true after a call."""
        async with asyncio.timeout(10), self._changed:
            await self._changed.wait_for(condition)

    async def press(self, shortcut: str = "dial") -> None:
        await self._signal("Activated", "osta{sv}", [self.session, shortcut, 1, {}])

    async def release(self, shortcut: str = "dial") -> None:
        await self._signal("Deactivated", "osta{sv}", [self.session, shortcut, 2, {}])

    async def change_key(self, key: str, shortcut: str = "dial") -> None:
        """Let the user choose another in the settings of the desktop."""
        told = [[shortcut, {"trigger_description": Variant("s", key)}]]
        await self._signal("ShortcutsChanged", "oa(sa{sv})", [self.session, told])

    async def take_back(self) -> None:
        """Close the session from the side of the desktop."""
        session, self.session = self.session, ""
        await self._signal("Closed", "", [], path=session, interface="org.freedesktop.impl.portal.Session")

    async def _signal(
        self, name: str, signature: str, body: list[Any], *, path: str = PATH, interface: str = SHORTCUTS
    ) -> None:
        assert self._bus
        await self._bus.send(Message.new_signal(path, interface, name, signature, body))

    def _received(self, call: Message) -> bool:
        if call.message_type is not MessageType.METHOD_CALL:
            return False
        task = asyncio.create_task(self._serve(call))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    async def _serve(self, call: Message) -> None:
        assert self._bus
        self.calls.append(call.member or "")
        async with self._changed:
            self._changed.notify_all()
        if call.member == "BindShortcuts":
            await self._answers.wait()
        await self._bus.send(self._reply(call))

    def _reply(self, call: Message) -> Message:
        match call.member, call.body:
            case "GetAll", [_]:
                return Message.new_method_return(call, "a{sv}", [{"version": Variant("u", 1)}])
            case "CreateSession", [_, session, _, options]:
                self.session = session
                none = {"shortcuts": Variant("a(sa{sv})", [])}
                granted = self._grant(unpack_variants(options["shortcuts"])) if self.gives_at_once else none
                return Message.new_method_return(call, "ua{sv}", [0, granted])
            case "BindShortcuts", [_, _, wishes, _, _]:
                results = {} if self.response else self._grant(unpack_variants(wishes))
                return Message.new_method_return(call, "ua{sv}", [self.response, results])
            case "ListShortcuts", [_, _]:
                return Message.new_method_return(call, "ua{sv}", [0, self._grant(self.wishes)])
            case "Close", []:
                self.session = "" if call.path == self.session else self.session
                return Message.new_method_return(call)
            case member, body:
                return Message.new_error(call, f"{SHORTCUTS}.Error.Unknown", f"{member} {body}")

    def _grant(self, wishes: list[tuple[str, dict[str, str]]]) -> dict[str, Variant]:
        self.wishes = [(name, wish) for name, wish in wishes]
        told = {"trigger_description": Variant("s", self.key)}
        return {"shortcuts": Variant("a(sa{sv})", [[name, told] for name, _ in wishes])}


@dataclass
class NewerPortal:
    """A portal as from xdg-desktop-portal 1.20 on, which wants to know programs of the host by name.

    A fake after the documented interfaces org.freedesktop.host.portal.Registry and GlobalShortcuts version 2,
    which are newer than what runs here.

    Attributes:
        calls: what was asked, in order.
    """

    hangs: bool = False
    calls: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._bus: MessageBus | None = None

    async def start(self) -> None:
        self._bus = await MessageBus().connect()
        self._bus.add_message_handler(self._received)
        await self._bus.request_name(PORTAL)

    async def stop(self) -> None:
        assert self._bus
        await _hang_up(self._bus)

    def _received(self, call: Message) -> bool:
        if call.message_type is not MessageType.METHOD_CALL:
            return False
        match call.member, call.body:
            case _ if self.hangs:
                pass
            case "Register", [application, _]:
                self._answer(call, f"Register {application}")
            case "Get", _:
                self._answer(call, "Get", "v", Variant("u", 2))
            case "CreateSession", [options]:
                session = self._path(call, "session", options["session_handle_token"].value)
                self._request(call, options, {"session_handle": Variant("s", session)})
            case "BindShortcuts", [_, [[name, _]], _, options]:
                told = {"trigger_description": Variant("s", "Press F7")}
                self._request(call, options, {"shortcuts": Variant("a(sa{sv})", [[name, told]])})
            case _:
                self._answer(call, call.member or "")
        return True

    def _answer(self, call: Message, told: str, signature: str = "", *body: Any) -> None:
        assert self._bus
        self.calls.append(told)
        self._bus.send(Message.new_method_return(call, signature, list(body)))

    def _request(self, call: Message, options: dict[str, Variant], results: dict[str, Variant]) -> None:
        """Answer the request before the call, as is allowed."""
        assert self._bus
        path = self._path(call, "request", options["handle_token"].value)
        response = Message.new_signal(
            path, "org.freedesktop.portal.Request", "Response", "ua{sv}", [0, results]
        )
        response.destination = call.sender
        self._bus.send(response)
        self._answer(call, call.member or "", "o", path)

    def _path(self, call: Message, kind: str, token: str) -> str:
        sender = (call.sender or "").removeprefix(":").replace(".", "_")
        return f"{PATH}/{kind}/{sender}/{token}"
