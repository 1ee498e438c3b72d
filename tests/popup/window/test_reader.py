"""What a screen reader is told, over AT-SPI as Orca hears it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

from bubbled.model import Button, Card, Direction, PopupId, Tone
from tests.popup.window.desk import Desk, running, windows

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

pytestmark = pytest.mark.desktop

BUS = "org.freedesktop.DBus"
EVENTS = "org.a11y.atspi.Event.Object"
LAUNCHER = Path("/usr/libexec/at-spi-bus-launcher")
REGISTRY = "org.a11y.atspi.Registry"
ROOT = "/org/a11y/atspi/accessible/root"
ACCESSIBLE = "org.a11y.atspi.Accessible"
CARD = Card(
    "Jan <b>Jansen</b>",
    ("Bakker & Zn",),
    "Calling you",
    Tone.RINGING,
    buttons=(Button("open", "Open & read"),),
    direction=Direction.INBOUND,
    is_vip=True,
)


@dataclass
class Reader:
    """Hears and reads what programs tell."""

    bus: MessageBus
    announced: asyncio.Queue[str] = field(default_factory=asyncio.Queue)

    def heard(self, message: Message) -> None:
        if message.message_type is MessageType.SIGNAL and message.member == "Announcement":
            self.announced.put_nowait(message.body[3].value)

    async def call(self, name: str, path: str, interface: str, member: str, *body: Any) -> Any:
        signature = "s" * len(body)
        reply = await self.bus.call(
            Message(name, path, interface, member, signature=signature, body=list(body))
        )
        assert reply
        assert reply.message_type is MessageType.METHOD_RETURN, reply.body
        return reply.body[0] if reply.body else None

    async def tree(self, name: str = REGISTRY, path: str = ROOT) -> list[tuple[str, str]]:
        """Role and name of everything that there is."""
        role = await self.call(name, path, ACCESSIBLE, "GetRoleName")
        text = await self.call(name, path, "org.freedesktop.DBus.Properties", "Get", ACCESSIBLE, "Name")
        found = [(role, text.value)]
        for child_name, child_path in await self.call(name, path, ACCESSIBLE, "GetChildren"):
            found += await self.tree(child_name, child_path)
        return found


@asynccontextmanager
async def reader() -> AsyncIterator[Reader]:
    with running(str(LAUNCHER), "--launch-immediately"):
        bus = await MessageBus(bus_address=await _address()).connect()
        it = Reader(bus)
        bus.add_message_handler(it.heard)
        await it.call(BUS, "/org/freedesktop/DBus", BUS, "AddMatch", f"type='signal',interface='{EVENTS}'")
        await it.call(REGISTRY, "/org/a11y/atspi/registry", REGISTRY, "RegisterEvent", "object:announcement")
        yield it
        bus.disconnect()


async def _address() -> str:
    session = await MessageBus().connect()
    try:
        async with asyncio.timeout(10):
            while True:
                reply = await session.call(
                    Message("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress")
                )
                if reply and reply.message_type is MessageType.METHOD_RETURN:
                    return str(reply.body[0])
    finally:
        session.disconnect()


async def test_who_calls_is_said_and_every_button_has_its_name(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_LINUX_ACCESSIBILITY_ALWAYS_ON", "1")
    monkeypatch.delenv("NO_AT_BRIDGE", raising=False)
    assert desk
    async with reader() as orca, windows() as screen:
        await screen.show(PopupId("1"), CARD)
        async with asyncio.timeout(20):
            said = await orca.announced.get()
        assert said == "Important, Calling you, Jan <b>Jansen</b>. Bakker & Zn"
        tree = await orca.tree()
        assert ("label", "Jan <b>Jansen</b>") in tree
        assert ("label", "Calling you") in tree
        assert ("label", "Bakker & Zn") in tree
        assert {("push button", "Open & read"), ("push button", "Close"), ("push button", "Menu")} <= set(
            tree
        )
