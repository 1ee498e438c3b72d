"""The session bus, as far as notifications need it: calls, signals, and who serves them."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Self

from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

from bubbled import session_bus
from bubbled.error import BubbledError
from bubbled.popup.screens.notification import SIGNATURE
from bubbled.popup.screens.notification_server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SERVICE: Final = "org.freedesktop.Notifications"
PATH: Final = "/org/freedesktop/Notifications"
BUS: Final = "org.freedesktop.DBus"
BUS_PATH: Final = "/org/freedesktop/DBus"

_NOT_AS_SPECIFIED: Final = "org.freedesktop.DBus.Error.InconsistentMessage"

# With `sender=`, because GNOME's server repeats every signal under a second name.
_MATCHES: Final = (
    f"type='signal',sender='{SERVICE}',interface='{SERVICE}',member='NotificationClosed'",
    f"type='signal',sender='{SERVICE}',interface='{SERVICE}',member='ActionInvoked'",
    f"type='signal',sender='{SERVICE}',interface='{SERVICE}',member='NotificationReplied'",
    f"type='signal',sender='{BUS}',interface='{BUS}',member='NameOwnerChanged',arg0='{SERVICE}'",
)


class NotifyError(BubbledError):
    """A call on the bus was answered with an error, or the bus went away.

    Attributes:
        kind: the D-Bus name of the error; empty when the bus went away.
    """

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(text or kind)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Ears:
    """Who is told of what, each within the event loop; what nobody is for is not heard.

    Attributes:
        on_owner: told whenever another notification server takes the service over; with "" when none is left.
        on_closed: told the id and the reason (by the specification) of every closed notification.
        on_action: told the id of a notification and of the button that was pressed on it.
        on_reply: told the id of a notification and the text that was typed on it (Plasma's extension).
    """

    on_owner: Callable[[str], None] = lambda _owner: None
    on_closed: Callable[[int, int], None] = lambda _id, _reason: None
    on_action: Callable[[int, str], None] = lambda _id, _button: None
    on_reply: Callable[[int, str], None] = lambda _id, _text: None


class NotificationBus:
    """One connection to the session bus, and who is told what is heard on it."""

    def __init__(self, bus: MessageBus, ears: Ears) -> None:
        self._bus = bus
        self._ears = ears
        self._server: str | None = None
        self._loop = asyncio.get_running_loop()
        self._end = asyncio.create_task(self._disconnected(), name="popup: end of the session bus")

    @classmethod
    async def connect(cls, ears: Ears) -> Self:
        """Connect and listen. Raises whatever the library does when there is no bus, or no way in."""
        bus = MessageBus(bus_address=session_bus.address())
        try:
            await bus.connect()
            self = cls(bus, ears)
            bus.add_message_handler(self._received)
            for rule in _MATCHES:
                await self._call(Message(BUS, BUS_PATH, BUS, "AddMatch", signature="s", body=[rule]))
        except BaseException:
            bus.disconnect()
            raise
        return self

    async def lost(self) -> None:
        """Wait until the connection has gone."""
        await asyncio.wait({self._end})

    async def aclose(self) -> None:
        """Hang up."""
        self._bus.disconnect()
        await self.lost()

    async def greet(self) -> Server:
        """Ask the server who it is; the bus starts one if it knows how. Raises NotifyError."""
        name, vendor, version, spec_version = await self._ask("GetServerInformation", expects="ssss")
        (capabilities,) = await self._ask("GetCapabilities", expects="as")
        return Server(name, vendor, version, spec_version, frozenset(capabilities))

    async def notify(self, arguments: list[Any]) -> int:
        """Show a notification; returns its id. Raises NotifyError."""
        notification_id: int
        (notification_id,) = await self._ask("Notify", SIGNATURE, arguments, expects="u")
        return notification_id

    async def close(self, notification_id: int) -> None:
        """Take a notification away. Raises NotifyError, also when it is not there."""
        await self._ask("CloseNotification", "u", [notification_id])

    async def _ask(
        self, member: str, signature: str = "", body: Sequence[Any] = (), *, expects: str = ""
    ) -> list[Any]:
        call = Message(SERVICE, PATH, SERVICE, member, signature=signature, body=list(body))
        reply = await self._call(call)
        self._server = reply.sender
        if reply.signature != expects:
            raise NotifyError(_NOT_AS_SPECIFIED, f"{member} returned '{reply.signature}', not '{expects}'")
        return reply.body

    async def _call(self, call: Message) -> Message:
        if not self._bus.connected:  # the library would wait for ever
            raise NotifyError("", "There is no session bus.")
        try:
            reply = await self._bus.call(call)
        except Exception as error:
            raise NotifyError("", f"The session bus went away ({error!r}).") from error
        if reply is None:  # the library's word for having hung up itself
            raise NotifyError("", "The session bus was left.")
        if reply.message_type is MessageType.ERROR:
            raise NotifyError(reply.error_name or "", " ".join(map(str, reply.body)))
        return reply

    async def _disconnected(self) -> None:
        with suppress(Exception):  # the library raises what broke the connection, which changes nothing here
            await self._bus.wait_for_disconnect()  # type: ignore[no-untyped-call]

    def _received(self, message: Message) -> None:
        # Anybody on the bus can send us a signal directly, past the match rules, by any interface.
        if (message.interface, message.sender) not in {(SERVICE, self._server), (BUS, BUS)}:
            return
        # Not at once: a reply that came before this signal wakes its task first, so both keep their order.
        match message.message_type, message.member, message.body:
            case MessageType.SIGNAL, "NotificationClosed", [int(notification_id), int(reason)]:
                self._loop.call_soon(self._deliver, partial(self._ears.on_closed, notification_id, reason))
            case MessageType.SIGNAL, "ActionInvoked", [int(notification_id), str(action)]:
                self._loop.call_soon(self._deliver, partial(self._ears.on_action, notification_id, action))
            case MessageType.SIGNAL, "NotificationReplied", [int(notification_id), str(text)]:
                self._loop.call_soon(self._deliver, partial(self._ears.on_reply, notification_id, text))
            case MessageType.SIGNAL, "NameOwnerChanged", [name, _, str(owner)] if name == SERVICE:
                self._loop.call_soon(self._deliver, partial(self._ears.on_owner, owner))
            case _:
                pass

    def _deliver(self, news: Callable[[], None]) -> None:
        if self._bus.connected:  # else there is only one piece of news
            news()
