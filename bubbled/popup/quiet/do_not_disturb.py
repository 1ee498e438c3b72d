"""Whether the user told the desktop not to disturb, as far as its notification server tells."""

from __future__ import annotations

import asyncio
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NoReturn

import structlog
from dbus_fast import Message, MessageFlag, MessageType, Variant
from dbus_fast.aio import MessageBus

from bubbled import child, session_bus
from bubbled.popup.quiet.port import News
from bubbled.popup.quiet.way import PATH, SERVICE, Question, Setting, Way, way_of

if TYPE_CHECKING:
    from bubbled.popup.quiet.port import OnChanged

RETRY_S: Final = 5.0
"""How often a bus that is away is looked for, and a server asked that does not tell of changes."""

PATIENCE_S: Final = 5.0
"""After so long without an answer a server is taken to hang."""

_BUS: Final = "org.freedesktop.DBus"
_BUS_PATH: Final = "/org/freedesktop/DBus"
_NEW_SERVER: Final = f"type='signal',sender='{_BUS}',member='NameOwnerChanged',arg0='{SERVICE}'"

_NO_BUS: Final = "There is no session bus, on which the desktop would tell"
_NOT_YET: Final = "The desktop was not asked yet"
_NO_SERVER: Final = "No notification server runs, which would tell"
_NO_WAY: Final = "The notification server {name} does not tell it"

_log = structlog.get_logger()


class _LostError(Exception):
    """The session bus is not there."""


class DoNotDisturb:
    """Follows the notification server that runs, whichever it is; see the port.

    Args:
        on_changed: see the port.
        retry_s: how often what is missing is looked for again.
    """

    def __init__(self, on_changed: OnChanged, *, retry_s: float = RETRY_S) -> None:
        self.trouble: str | None = _NOT_YET
        self._told = News(on_changed)
        self._retry_s = retry_s
        self._changed = asyncio.Event()

    async def run(self) -> NoReturn:
        """Follow it until cancelled."""
        while True:
            try:
                await self._visit()
            except _LostError as error:
                _log.debug("whether to disturb is not told", reason=str(error))
                self.trouble = _NO_BUS
            self._told.tell(is_quiet=False)
            await asyncio.sleep(self._retry_s)

    async def _visit(self) -> None:
        """Follow it on one bus until that goes away."""
        bus = await _connect()
        ended = asyncio.create_task(_disconnected(bus), name="quiet: end of the session bus")
        ended.add_done_callback(lambda _: self._changed.set())
        try:
            bus.add_message_handler(self._heard)
            await _ask(bus, _listen(_NEW_SERVER))
            await self._follow(bus, ended)
        finally:
            bus.disconnect()
            await asyncio.wait({ended})

    async def _follow(self, bus: MessageBus, ended: asyncio.Task[None]) -> None:
        heard: set[str] = set()
        while not ended.done():
            self._changed.clear()
            server = await _server(bus)
            way = way_of(server)
            if way is not None and way.hears not in heard:
                heard.add(way.hears)
                await _ask(bus, _listen(way.hears))
            self._told.tell(is_quiet=way is not None and way.is_quiet(await _value(bus, way)))
            self.trouble = None if way else _NO_WAY.format(name=server) if server else _NO_SERVER
            with suppress(TimeoutError):
                async with asyncio.timeout(self._retry_s if way is not None and way.is_silent else None):
                    await self._changed.wait()

    def _heard(self, message: Message) -> None:
        if message.message_type is MessageType.SIGNAL:
            self._changed.set()


async def _connect() -> MessageBus:
    try:
        bus = MessageBus(bus_address=session_bus.address())
    except Exception as error:
        raise _LostError(repr(error)) from error
    try:
        async with asyncio.timeout(PATIENCE_S):
            await bus.connect()
    except BaseException as error:
        bus.disconnect()
        if isinstance(error, Exception):
            raise _LostError(repr(error)) from error
        raise
    return bus


async def _disconnected(bus: MessageBus) -> None:
    with suppress(Exception):  # the library raises what broke the connection, which changes nothing here
        await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]


def _listen(rule: str) -> Message:
    return Message(_BUS, _BUS_PATH, _BUS, "AddMatch", signature="s", body=[rule])


async def _server(bus: MessageBus) -> str:
    """The name of the server that runs; none is started for our sake."""
    asked = Message(SERVICE, PATH, SERVICE, "GetServerInformation", flags=MessageFlag.NO_AUTOSTART)
    match await _ask(bus, asked):
        case [str(name), *_]:
            return name
        case _:
            return ""


async def _value(bus: MessageBus, way: Way) -> Any:
    match way.asks:
        case Setting(schema, key):
            return await _printed("gsettings", "get", schema, key)
        case Question(service, path, interface, member, signature, body):
            asked = Message(
                *(service, path, interface, member),
                flags=MessageFlag.NO_AUTOSTART,
                signature=signature,
                body=list(body),
            )
            answer = await _ask(bus, asked)
            value = answer[0] if answer else None
            return value.value if isinstance(value, Variant) else value


async def _ask(bus: MessageBus, call: Message) -> list[Any]:
    """What is answered; nothing where that is an error, or does not come in time."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            reply = await bus.call(call)
    except TimeoutError:
        return []
    except Exception as error:
        raise _LostError(repr(error)) from error
    return reply.body if reply and reply.message_type is MessageType.METHOD_RETURN else []


async def _printed(*command: str) -> str:
    """What a program prints; nothing where it is not there, fails or hangs."""
    try:
        process = await child.start(*command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except OSError:
        return ""
    try:
        async with asyncio.timeout(PATIENCE_S):
            output, _ = await process.communicate()
    except TimeoutError:
        return ""
    finally:
        await child.end(process)
    return output.decode(errors="replace").strip()
