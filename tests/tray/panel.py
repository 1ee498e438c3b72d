"""A panel that shows nothing, but asks on the bus all that panels ask."""

from __future__ import annotations

import asyncio
from typing import Any, Self

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

BUS = "org.freedesktop.DBus"
WATCHER = "org.kde.StatusNotifierWatcher"
ITEM = "org.kde.StatusNotifierItem"
MENU = "com.canonical.dbusmenu"
ITEM_PATH, MENU_PATH = "/StatusNotifierItem", "/MenuBar"


class BusError(Exception):
    """A call was answered with an error."""


class Panel:
    """Watches for icons (org.kde.StatusNotifierWatcher), and reads the one that comes."""

    def __init__(self, bus: MessageBus, *, refuses: bool, shows: bool | None) -> None:
        self.icons: asyncio.Queue[str] = asyncio.Queue()
        self.signals: asyncio.Queue[tuple[str, list[Any]]] = asyncio.Queue()
        self._bus = bus
        self._refuses = refuses
        self._shows = shows
        self.icon = ""

    @classmethod
    async def start(cls, *, refuses: bool = False, shows: bool | None = None) -> Self:
        """Start one that refuses icons, or that shows them or not; None: it does not tell."""
        bus = await MessageBus().connect()
        panel = cls(bus, refuses=refuses, shows=shows)
        bus.add_message_handler(panel._received)
        for interface in (ITEM, MENU):
            rule = f"type='signal',interface='{interface}'"
            await panel._call(BUS, "/org/freedesktop/DBus", BUS, "AddMatch", "s", rule)
        await bus.request_name(WATCHER)
        return panel

    async def stop(self) -> None:
        self._bus.disconnect()
        await self._bus.wait_for_disconnect()  # type: ignore[no-untyped-call]

    async def begins_to_show(self) -> None:
        """Show icons from now on, as a panel that comes after its watcher."""
        self._shows = True
        await self._bus.send(
            Message.new_signal("/StatusNotifierWatcher", WATCHER, "StatusNotifierHostRegistered")
        )

    async def gets_icon(self) -> str:
        """Wait until an icon comes, and read that one from now on."""
        async with asyncio.timeout(10):
            self.icon = await self.icons.get()
        return self.icon

    async def told(self, member: str) -> list[Any]:
        """Wait for a signal of the icon or of its menu."""
        async with asyncio.timeout(10):
            while (signal := await self.signals.get())[0] != member:
                pass
        return signal[1]

    async def properties(self, interface: str = ITEM) -> dict[str, Any]:
        path = ITEM_PATH if interface == ITEM else MENU_PATH
        (found,) = await self._call(
            self.icon, path, "org.freedesktop.DBus.Properties", "GetAll", "s", interface
        )
        return {name: variant.value for name, variant in found.items()}

    async def click(self, member: str, signature: str, *arguments: Any) -> None:
        await self._call(self.icon, ITEM_PATH, ITEM, member, signature, *arguments)

    async def menu(self, member: str, signature: str = "", *arguments: Any) -> list[Any]:
        return await self._call(self.icon, MENU_PATH, MENU, member, signature, *arguments)

    async def introspected(self, path: str) -> str:
        (text,) = await self._call(self.icon, path, "org.freedesktop.DBus.Introspectable", "Introspect", "")
        return str(text)

    async def layout(self, parent: int = 0, depth: int = -1, names: tuple[str, ...] = ()) -> dict[str, Any]:
        """The menu as {"id", the properties by name, "children"}."""
        _, root = await self.menu("GetLayout", "iias", parent, depth, list(names))
        return _plain(root)

    async def number(self, label: str) -> int:
        """The number of the entry whose label begins so."""
        return next(
            int(each["id"])
            for each in flat(await self.layout())
            if str(each.get("label", "")).startswith(label)
        )

    async def choose(self, number: int) -> None:
        """Click on an entry."""
        await self.menu("Event", "isvu", number, "clicked", Variant("s", ""), 0)

    async def _call(
        self, service: str, path: str, interface: str, member: str, signature: str, *arguments: Any
    ) -> list[Any]:
        call = Message(service, path, interface, member, signature=signature, body=list(arguments))
        async with asyncio.timeout(10):
            reply = await self._bus.call(call)
        assert reply
        if reply.message_type is MessageType.ERROR:
            raise BusError(reply.error_name, *reply.body)
        return reply.body

    def _received(self, message: Message) -> Message | None:
        match message.message_type, message.member, message.body:
            case MessageType.METHOD_CALL, "RegisterStatusNotifierItem", _ if self._refuses:
                return Message.new_error(message, f"{WATCHER}.Error.Full", "no room for icons")
            case MessageType.METHOD_CALL, "RegisterStatusNotifierItem", [name]:
                self.icons.put_nowait(name)
                return Message.new_method_return(message)
            case MessageType.METHOD_CALL, "Get", [_, "IsStatusNotifierHostRegistered"] if (
                self._shows is not None
            ):
                return Message.new_method_return(message, "v", [Variant("b", self._shows)])
            case MessageType.SIGNAL, str(member), body if message.interface in {ITEM, MENU}:
                self.signals.put_nowait((member, body))
        return None


def _plain(layout: Any) -> dict[str, Any]:
    number, properties, children = layout
    named = {name: variant.value for name, variant in properties.items()}
    return {"id": number} | named | {"children": [_plain(child.value) for child in children]}


def flat(layout: dict[str, Any]) -> list[dict[str, Any]]:
    return [layout, *(each for child in layout["children"] for each in flat(child))]
