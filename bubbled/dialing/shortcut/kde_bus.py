"""KDE's global shortcuts, as its service on the session bus keeps them: org.kde.KGlobalAccel.

The service is part of Plasma; System Settings sets shortcuts the same way. Tried with Plasma 5.27 and 6.3.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from bubbled import session_bus
from bubbled.dialing.shortcut.port import ShortcutError

if TYPE_CHECKING:
    from collections.abc import Mapping

PATIENCE_S: Final = 5.0

_SERVICE: Final = "org.kde.kglobalaccel"
_PATH: Final = "/kglobalaccel"
_INTERFACE: Final = "org.kde.KGlobalAccel"

# SetPresent, or the key works only after the next login, and NoAutoloading, or the former key stays.
_NOW_AND_ANEW: Final = 2 | 4

_NO_SERVICE: Final = (
    "KDE's shortcuts cannot be reached, so nothing was changed; run this within your Plasma session."
)


class GlobalShortcuts:
    """Asks the service. Each call is a connection of its own; all of them raise ShortcutError when it fails.

    An action is known by four words: its component, its own name, and both as users read them.

    Args:
        environment: the variables that tell where the session bus is.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def owner(self, code: int) -> tuple[str, ...]:
        """Tell which action has a key; empty for none."""
        return tuple(self._call("actionList", "(ai)", _sequence(code)))

    def keys(self, action: tuple[str, ...]) -> tuple[int, ...]:
        """Give the keys of an action."""
        return tuple(first for ((first, *_),) in self._call("shortcutKeys", "as", list(action)))

    def set(self, action: tuple[str, ...], code: int) -> None:
        """Let an action have this key alone."""
        self._call("doRegister", "as", list(action))
        self._call("setShortcutKeys", "asa(ai)u", list(action), [_sequence(code)], _NOW_AND_ANEW)

    def forget(self, component: str, name: str) -> None:
        """Let an action have no key, and be known no more."""
        self._call("unregister", "ss", component, name)

    def _call(self, member: str, signature: str, *arguments: Any) -> Any:
        return asyncio.run(self._called(member, signature, list(arguments)))

    async def _called(self, member: str, signature: str, body: list[Any]) -> Any:
        from dbus_fast import Message, MessageFlag, MessageType  # noqa: PLC0415 - 40 ms that only KDE is worth
        from dbus_fast.aio import MessageBus  # noqa: PLC0415 - the same

        # Never started for this: where it does not run, this is no Plasma.
        call = Message(_SERVICE, _PATH, _INTERFACE, member, MessageType.METHOD_CALL, MessageFlag.NO_AUTOSTART)
        call.signature, call.body = signature, body
        address, bus = self._address(), None
        try:
            # Making it opens the socket already.
            bus = MessageBus(bus_address=address)
            async with asyncio.timeout(PATIENCE_S):
                await bus.connect()
                reply = await bus.call(call)
        except Exception as error:
            raise ShortcutError(_NO_SERVICE) from error
        finally:
            if bus:
                bus.disconnect()
        if reply is None or reply.message_type is MessageType.ERROR:
            raise ShortcutError(_NO_SERVICE)
        return reply.body[0] if reply.body else None

    def _address(self) -> str:
        if where := session_bus.address(self._environment):
            return where
        raise ShortcutError(_NO_SERVICE)


def _sequence(code: int) -> list[list[int]]:
    """A QKeySequence, which has room for four keys one after the other."""
    return [[code, 0, 0, 0]]
