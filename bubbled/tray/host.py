"""Brings the icon to whoever shows icons on this desktop, and brings it there again when that begins anew."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Final, NoReturn

import structlog
from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

from bubbled import session_bus
from bubbled.error import BubbledError
from bubbled.tray import item
from bubbled.tray.dbusmenu import DbusMenu
from bubbled.tray.item import Face, Item
from bubbled.tray.menu import Entry, Numbering

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from typing import Any

    from bubbled.tray.port import Listener

WATCHER: Final = "org.kde.StatusNotifierWatcher"
WATCHER_PATH: Final = "/StatusNotifierWatcher"
BUS: Final = "org.freedesktop.DBus"
BUS_PATH: Final = "/org/freedesktop/DBus"
_PROPERTIES: Final = "org.freedesktop.DBus.Properties"

RETRY_S: Final = 5.0
GRACE_S: Final = 15.0
"""A desktop that is just starting brings its panel within this."""
_PATIENCE_S: Final = 5.0
_PANEL_PATIENCE_S: Final = 60.0
"""GNOME answers only when all of it has started."""

NO_BUS: Final = "there is no session bus, so there is no icon; it comes when a desktop is there"
NO_HOST: Final = (
    "nothing on this desktop shows icons, so there is none; on GNOME install the extension AppIndicator, in "
    "other panels switch on the status icons (system tray)"
)

_MATCHES: Final = (
    f"type='signal',sender='{BUS}',interface='{BUS}',member='NameOwnerChanged',arg0='{WATCHER}'",
    f"type='signal',sender='{WATCHER}',interface='{WATCHER}',member='StatusNotifierHostRegistered'",
)

_Watchers = asyncio.Queue["str | None"]
"""Who watches for icons from now on: "" nobody, None nobody any more, because the bus is gone."""

_PANEL_CAME: Final = "panel"
"""Whoever watches has somebody to show icons only now."""

log = structlog.get_logger()


class TrayError(BubbledError):
    """The desktop refuses the icon, or does not answer."""


class Tray:
    """The icon and its menu, on whatever session bus and panel there is.

    Attributes:
        trouble: why no icon is to be seen, in one line; None while there is one.
    """

    def __init__(self, listener: Listener, *, retry_s: float = RETRY_S, grace_s: float = GRACE_S) -> None:
        """Prepare; `run` shows it.

        Args:
            listener: told what the user wants.
            retry_s: how long to wait before a bus is looked for again.
            grace_s: how long to wait for a panel before the log says that there is none.
        """
        self.trouble: str | None = NO_BUS
        self._listener = listener
        self._retry_s = retry_s
        self._grace_s = grace_s
        self._face = Face()
        self._numbering = Numbering()
        self._root = Entry(name="menu")
        self._shown: tuple[Item, DbusMenu] | None = None
        self._has_said_so = False

    def show(self, face: Face, menu: Entry) -> None:
        """Look so from now on; never waits, and nothing goes over the bus where nothing changed."""
        self._face, self._root = face, self._numbering.number(menu)
        if self._shown is not None:
            icon, entries = self._shown
            icon.look(face)
            entries.show(self._root)

    async def run(self) -> NoReturn:
        """Show the icon until cancelled, through the end of panels and of buses."""
        while True:
            try:
                async with self._connected() as (bus, watchers):
                    await self._serve(bus, watchers)
            except Exception as error:  # noqa: BLE001 - whatever the library raises means that there is no bus
                log.debug("there is no way to show an icon now", reason=repr(error))
            self.trouble = NO_BUS
            await asyncio.sleep(self._retry_s)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[tuple[MessageBus, _Watchers]]:
        bus, watchers = MessageBus(bus_address=session_bus.address()), _Watchers()
        await bus.connect()
        end = asyncio.create_task(_disconnected(bus), name="tray: end of the session bus")
        end.add_done_callback(lambda _: watchers.put_nowait(None))
        icon = Item(self._face, self._listener)
        entries = DbusMenu(self._root, self._numbering, self._listener)
        try:
            bus.export(item.PATH, icon)
            bus.export(item.MENU_PATH, entries)
            bus.add_message_handler(partial(_note_watcher, watchers))
            self._shown = icon, entries
            yield bus, watchers
        finally:
            self._shown = None
            bus.disconnect()
            await asyncio.wait({end})

    async def _serve(self, bus: MessageBus, watchers: _Watchers) -> None:
        """Have the icon at each panel that comes, until the bus goes."""
        for rule in _MATCHES:
            await _ask_bus(bus, "AddMatch", "s", rule)
        watchers.put_nowait(await _watcher(bus))
        owner, self.trouble = "", NO_HOST
        while (news := await self._next(watchers)) is not None:
            # Who is told twice of an icon may lose it: GNOME takes it down while it is still putting it up.
            is_new = self.trouble is not None if news == _PANEL_CAME else news != owner
            owner = owner if news == _PANEL_CAME else news
            if not owner:
                self.trouble = NO_HOST
            elif is_new:
                await self._register(bus)

    async def _next(self, watchers: _Watchers) -> str | None:
        if self.trouble == NO_HOST and not self._has_said_so:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._grace_s):
                    return await watchers.get()
            self._has_said_so = True
            log.info("bubbled goes on without an icon", reason=NO_HOST)
        return await watchers.get()

    async def _register(self, bus: MessageBus) -> None:
        # By the name of the connection: one of our own, as the specification has it, would make GNOME look
        # twice for who has it, and lose the icon on the way.
        call = Message(
            WATCHER,
            WATCHER_PATH,
            WATCHER,
            "RegisterStatusNotifierItem",
            signature="s",
            body=[bus.unique_name],
        )
        try:
            await _ask(bus, call, _PANEL_PATIENCE_S)
        except TrayError as error:
            self.trouble = f"the panel refuses the icon: {error}"
            log.warning("the panel refuses the icon of bubbled", reason=str(error))
            return
        self.trouble = None if await _has_panel(bus) else NO_HOST
        log.debug("the icon is registered", trouble=self.trouble)


def _note_watcher(watchers: _Watchers, message: Message) -> None:
    # Not at once: a reply that came before this signal wakes its task first, so both keep their order.
    loop = asyncio.get_running_loop()
    match message.message_type, message.sender, message.member, message.body:
        case MessageType.SIGNAL, sender, "NameOwnerChanged", [name, _, str(owner)] if (
            sender == BUS and name == WATCHER
        ):
            loop.call_soon(watchers.put_nowait, owner)
        case MessageType.SIGNAL, _, "StatusNotifierHostRegistered", _:
            loop.call_soon(watchers.put_nowait, _PANEL_CAME)
        case _:
            pass


async def _watcher(bus: MessageBus) -> str:
    """Who watches for icons now; empty when nobody does."""
    try:
        (owner,) = await _ask_bus(bus, "GetNameOwner", "s", WATCHER)
    except TrayError:
        return ""
    return str(owner)


async def _has_panel(bus: MessageBus) -> bool:
    """Whether the watcher knows somebody who shows icons; one that does not tell is taken to do so."""
    body = [WATCHER, "IsStatusNotifierHostRegistered"]
    call = Message(WATCHER, WATCHER_PATH, _PROPERTIES, "Get", signature="ss", body=body)
    try:
        (found,) = await _ask(bus, call)
    except TrayError:
        return True
    return found.value is not False


async def _disconnected(bus: MessageBus) -> None:
    with suppress(Exception):  # the library raises what broke the connection, which changes nothing here
        await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]


async def _ask_bus(bus: MessageBus, member: str, signature: str, *body: Any) -> list[Any]:
    """Ask the bus itself. Raises TrayError."""
    return await _ask(bus, Message(BUS, BUS_PATH, BUS, member, signature=signature, body=list(body)))


async def _ask(bus: MessageBus, call: Message, patience_s: float = _PATIENCE_S) -> list[Any]:
    """Call a method; a reply that does not come in time is a refusal. Raises TrayError."""
    try:
        async with asyncio.timeout(patience_s):
            reply = await bus.call(call)
    except TimeoutError:
        raise TrayError(f"{call.destination} does not answer.") from None
    if reply is None or reply.message_type is MessageType.ERROR:
        raise TrayError("The bus was left." if reply is None else " ".join(map(str, reply.body)))
    return reply.body
