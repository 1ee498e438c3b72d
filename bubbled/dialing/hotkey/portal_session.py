"""A session with the portal for shortcuts, in which the desktop keeps the key for us.

Desktops differ: Plasma 5.27 gives the key with the session, Plasma 6.0 to 6.4 may have it from the last time,
all others ask the user when they are told to bind it, the first time at least.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import structlog
from dbus_fast import Variant

from bubbled.dialing.hotkey.portal_bus import PATIENCE_S, REGISTRY, PortalError, RefusedError
from bubbled.dialing.hotkey.portal_wording import DESCRIPTION
from bubbled.keystroke import Modifier

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bubbled.dialing.hotkey.portal_bus import PortalBus
    from bubbled.keystroke import Keystroke

KDE: Final = "org.freedesktop.impl.portal.desktop.kde"
"""Who stands behind the portal on KDE."""

SHORTCUT: Final = "dial"
APPLICATION: Final = "bubbled"

# The shortcuts specification of freedesktop.org.
_MODIFIERS: Final[Mapping[Modifier, str]] = {
    Modifier.CTRL: "CTRL",
    Modifier.ALT: "ALT",
    Modifier.SHIFT: "SHIFT",
    Modifier.SUPER: "LOGO",
}

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Session:
    """A session that has begun.

    Attributes:
        path: where the portal has it.
        key: what the desktop shows as our key already, "" for none; None while nobody was asked for it.
    """

    path: str
    key: str | None


def trigger(keystroke: Keystroke) -> str:
    """Write a key as portals read it: `CTRL+ALT+d`."""
    held = [word for modifier, word in _MODIFIERS.items() if modifier in keystroke.modifiers]
    return "+".join((*held, keystroke.key))


def key_in(shortcuts: object) -> str | None:
    """Give what the desktop shows as our key, "" for none; None when our shortcut is not among these."""
    for each in shortcuts if isinstance(shortcuts, list) else ():
        match each:
            case [name, dict(told)] if name == SHORTCUT:
                shown = str(told.get("trigger_description", ""))
                return "".join(c for c in shown if c.isprintable())[:60].strip()
            case _:
                pass
    return None


async def begin(bus: PortalBus, keystroke: Keystroke) -> Session:
    """Begin a session, of which no user is asked.

    Raises:
        NoPortalError: there is no portal for shortcuts.
        PortalError: there is one, but it does not do it.
    """
    await _introduce(bus)
    version = await bus.version()
    options = {
        # Not a random one: KDE remembers the key by it where it knows no application of this name.
        "session_handle_token": Variant("s", APPLICATION),
        # Only Plasma 5 takes the shortcuts here; when it is told to bind them, it opens its settings.
        "shortcuts": _wishes(keystroke),
    }
    try:
        created = await bus.request("CreateSession", "a{sv}", options, wait_s=PATIENCE_S)
    except RefusedError as error:
        raise PortalError("", "There is no session.") from error
    path = str(created.get("session_handle") or bus.session_path(APPLICATION))
    key = key_in(created.get("shortcuts"))
    if key is None and version == 1 and await bus.has_owner(KDE):
        # Plasma 6.0 to 6.4 opens its settings whenever it is told to bind, also what it has already.
        key = key_in(await _shortcuts(bus, "ListShortcuts", "oa{sv}", path))
    return Session(path, key)


async def bind(bus: PortalBus, session: Session, keystroke: Keystroke) -> str:
    """Give what the desktop shows as our key, "" for none; waits until the user has decided.

    Raises:
        RefusedError: the user said no, or the desktop could not ask.
        PortalError: the portal went away meanwhile.
    """
    if session.key is not None:
        return session.key
    wishes = _wishes(keystroke).value
    bound = await _shortcuts(bus, "BindShortcuts", "oa(sa{sv})sa{sv}", session.path, wishes, "", wait_s=None)
    return key_in(bound) or ""


def _wishes(keystroke: Keystroke) -> Variant:
    wish = {
        "description": Variant("s", DESCRIPTION),
        "preferred_trigger": Variant("s", trigger(keystroke)),
    }
    return Variant("a(sa{sv})", [[SHORTCUT, wish]])


async def _shortcuts(
    bus: PortalBus, member: str, signature: str, *arguments: Any, wait_s: float | None = PATIENCE_S
) -> object:
    return (await bus.request(member, signature, *arguments, {}, wait_s=wait_s)).get("shortcuts")


async def _introduce(bus: PortalBus) -> None:
    """Say who we are, so that the desktop can name bubbled; most portals only know programs of the menu."""
    try:
        await bus.call(REGISTRY, "Register", "sa{sv}", APPLICATION, {})
    except PortalError as error:
        _log.debug("The portal does not take our name", reason=str(error))
