"""The session bus, as far as the portal for shortcuts needs it: calls, requests that end later, signals.

After the D-Bus interfaces org.freedesktop.portal.Request, Session and GlobalShortcuts, and
org.freedesktop.host.portal.Registry, as xdg-desktop-portal documents them.
"""

from __future__ import annotations

import asyncio
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Self

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.unpack import unpack_variants

from bubbled import session_bus
from bubbled.error import BubbledError

if TYPE_CHECKING:
    from collections.abc import Callable

SERVICE: Final = "org.freedesktop.portal.Desktop"
PATH: Final = "/org/freedesktop/portal/desktop"
SHORTCUTS: Final = "org.freedesktop.portal.GlobalShortcuts"
REQUEST: Final = "org.freedesktop.portal.Request"
SESSION: Final = "org.freedesktop.portal.Session"
REGISTRY: Final = "org.freedesktop.host.portal.Registry"

PATIENCE_S: Final = 5.0
"""How long the portal may take to answer where no user is asked."""

_MISSING: Final = frozenset(
    {
        "org.freedesktop.DBus.Error.ServiceUnknown",
        "org.freedesktop.DBus.Error.NameHasNoOwner",
        "org.freedesktop.DBus.Error.InvalidArgs",  # GLib's word for a property of an unknown interface
        "org.freedesktop.DBus.Error.UnknownInterface",
        "org.freedesktop.DBus.Error.UnknownMethod",
        "org.freedesktop.DBus.Error.UnknownProperty",
    }
)
_CANNOT_START: Final = "org.freedesktop.DBus.Error.Spawn."

_BUS: Final = "org.freedesktop.DBus"
_BUS_PATH: Final = "/org/freedesktop/DBus"

_MATCHES: Final = (
    f"type='signal',sender='{SERVICE}',path_namespace='{PATH}'",
    f"type='signal',sender='{_BUS}',interface='{_BUS}',member='NameOwnerChanged',arg0='{SERVICE}'",
)


class PortalError(BubbledError):
    """A call of the portal was answered with an error, or never.

    Attributes:
        kind: the D-Bus name of the error; empty when nobody answered.
    """

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(text or kind)
        self.kind = kind


class NoPortalError(PortalError):
    """There is no portal, or none for shortcuts."""


class RefusedError(BubbledError):
    """The portal did not carry a request out.

    Attributes:
        by_user: whether the user said no, as far as the portal can tell.
    """

    def __init__(self, *, by_user: bool) -> None:
        super().__init__("the user said no" if by_user else "the desktop could not do it")
        self.by_user = by_user


class PortalBus:
    """One connection to the session bus.

    Args:
        bus: the connection.
        on_signal: told the name and the arguments of each signal of the shortcuts, and of `Closed` with the
            path of the session, within the event loop.

    Attributes:
        owner: the unique name of the portal that runs; "" for none.
    """

    def __init__(self, bus: MessageBus, on_signal: Callable[[str, list[Any]], None]) -> None:
        self.owner = ""
        self._bus = bus
        self._on_signal = on_signal
        self._requests: dict[str, asyncio.Future[tuple[int, dict[str, Any]] | None]] = {}
        self._news = asyncio.Event()
        self._end = asyncio.create_task(self._disconnected(), name="hotkey: end of the session bus")

    @classmethod
    async def connect(cls, on_signal: Callable[[str, list[Any]], None]) -> Self:
        """Connect and listen. Raises whatever the library does when there is no bus, or no way in."""
        bus = MessageBus(bus_address=session_bus.address())
        try:
            await bus.connect()
            self = cls(bus, on_signal)
            bus.add_message_handler(self._received)
            for rule in _MATCHES:
                await self._call(Message(_BUS, _BUS_PATH, _BUS, "AddMatch", signature="s", body=[rule]))
        except BaseException:
            bus.disconnect()
            raise
        return self

    @property
    def lost(self) -> bool:
        """Whether the connection has gone."""
        return not self._bus.connected

    async def aclose(self) -> None:
        """Hang up, which ends the session with the portal too."""
        self._bus.disconnect()
        await asyncio.wait({self._end})

    async def until(self, condition: Callable[[], bool], timeout_s: float | None = None) -> None:
        """Wait until something is true after news of the bus, or the time is up."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                while not condition():
                    self._news.clear()
                    await self._news.wait()

    async def call(self, interface: str, member: str, signature: str, *arguments: Any) -> Any:
        """Call the portal and give the first thing it returns; the bus starts it if it knows how.

        Raises:
            PortalError: it does not do it, or not answer within `PATIENCE_S`.
        """
        call = Message(SERVICE, PATH, interface, member, signature=signature, body=list(arguments))
        reply = await self._call(call)
        self.owner = reply.sender or ""
        return unpack_variants(reply.body)[0] if reply.body else None

    async def version(self) -> int:
        """Give the version of the interface for shortcuts.

        Raises:
            NoPortalError: there is none.
            PortalError: it does not answer.
        """
        try:
            version = await self.call("org.freedesktop.DBus.Properties", "Get", "ss", SHORTCUTS, "version")
        except PortalError as error:
            if error.kind in _MISSING or error.kind.startswith(_CANNOT_START):
                raise NoPortalError(error.kind, str(error)) from error
            raise
        return int(version)

    async def has_owner(self, name: str) -> bool:
        """Tell whether somebody has a name on the bus. Raises PortalError."""
        reply = await self._call(Message(_BUS, _BUS_PATH, _BUS, "NameHasOwner", signature="s", body=[name]))
        return bool(reply.body[0])

    async def request(
        self, member: str, signature: str, *arguments: Any, wait_s: float | None
    ) -> dict[str, Any]:
        """Ask for something that may take until the user decides, and give the results.

        Args:
            member: a method of the interface for shortcuts.
            signature: of its arguments.
            arguments: the last are its options, to which the handle of the request is added.
            wait_s: for how long it may take; None: until the user decides.

        Raises:
            RefusedError: it is over without success.
            PortalError: it cannot be asked, or the portal went away meanwhile.
        """
        token = f"bubbled_{secrets.token_hex(8)}"
        path = f"{PATH}/request/{self._sender}/{token}"
        *others, options = arguments
        answer = self._requests[path] = asyncio.get_running_loop().create_future()
        try:
            # The portal may answer the request before the call.
            named = {**options, "handle_token": Variant("s", token)}
            await self.call(SHORTCUTS, member, signature, *others, named)
            async with asyncio.timeout(wait_s):
                return _results(await answer)
        except TimeoutError:
            raise PortalError("", f"{member} was not answered.") from None
        finally:
            del self._requests[path]

    def session_path(self, token: str) -> str:
        """Tell where the session with this token is found."""
        return f"{PATH}/session/{self._sender}/{token}"

    async def close_session(self, path: str) -> None:
        """End a session, if it is still there."""
        with suppress(PortalError):
            await self._call(Message(SERVICE, path, SESSION, "Close"))

    @property
    def _sender(self) -> str:
        return (self._bus.unique_name or "").removeprefix(":").replace(".", "_")

    async def _call(self, call: Message) -> Message:
        try:
            async with asyncio.timeout(PATIENCE_S):
                reply = await self._bus.call(call) if self._bus.connected else None
        except Exception as error:
            raise PortalError("", f"{call.member} was not answered ({error!r}).") from error
        if reply is None:
            raise PortalError("", "The session bus went away.")
        if reply.message_type is MessageType.ERROR:
            raise PortalError(reply.error_name or "", " ".join(map(str, reply.body)))
        return reply

    async def _disconnected(self) -> None:
        with suppress(Exception):  # the library raises what broke the connection, which changes nothing here
            await self._bus.wait_for_disconnect()  # type: ignore[no-untyped-call]
        self._portal_is("")

    def _portal_is(self, owner: str) -> None:
        if self.owner and owner != self.owner:
            for answer in self._requests.values():
                if not answer.done():
                    answer.set_result(None)
        self.owner = owner
        self._news.set()

    def _received(self, message: Message) -> None:
        if message.message_type is not MessageType.SIGNAL:
            return
        match message.interface, message.member, message.body:
            case interface, "NameOwnerChanged", [name, _, str(owner)] if (interface, name) == (_BUS, SERVICE):
                self._portal_is(owner)
            case _ if message.sender == self.owner:
                self._portal_says(message)
            case _:
                pass

    def _portal_says(self, message: Message) -> None:
        match message.interface, message.member, unpack_variants(message.body):
            case interface, "Response", [int(response), dict(results)] if interface == REQUEST:
                answer = self._requests.get(message.path or "")
                if answer and not answer.done():
                    answer.set_result((response, results))
            case interface, "Closed", _ if interface == SESSION:
                self._on_signal("Closed", [message.path])
            case interface, str(member), arguments if interface == SHORTCUTS:
                self._on_signal(member, arguments)
        self._news.set()


def _results(ended: tuple[int, dict[str, Any]] | None) -> dict[str, Any]:
    if ended is None:
        raise PortalError("", "The portal went away.")
    response, results = ended
    if response:
        raise RefusedError(by_user=response == 1)
    return results
