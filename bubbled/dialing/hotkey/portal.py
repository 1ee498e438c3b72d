"""The hotkey by the desktop's portal for shortcuts, for Wayland, where no program may grab a key.

org.freedesktop.portal.GlobalShortcuts as xdg-desktop-portal documents it; KDE has it from 5.27, GNOME from
48, Hyprland too. The user decides on the key, in a window or the settings of the desktop.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NoReturn

import structlog

from bubbled.dialing.hotkey.held_key import HeldKey
from bubbled.dialing.hotkey.portal_bus import (
    PATIENCE_S,
    NoPortalError,
    PortalBus,
    PortalError,
    RefusedError,
)
from bubbled.dialing.hotkey.portal_session import APPLICATION, SHORTCUT, begin, bind, key_in
from bubbled.dialing.hotkey.portal_wording import (
    ASKED,
    DENIED,
    GONE,
    NO_BUS,
    NO_KEY,
    NO_PORTAL,
    NOT_GIVEN,
    TAKEN_BACK,
)

if TYPE_CHECKING:
    from bubbled.dialing.hotkey.port import OnPressed
    from bubbled.keystroke import Keystroke

RETRY_S: Final = 30.0
"""How often what is missing is looked for again."""

GRACE_S: Final = 1.0
"""How long the next portal may take to appear by itself."""

_log = structlog.get_logger()


async def portal_available(*, limit_s: float = 1.0) -> bool:
    """Tell whether this desktop has a portal for shortcuts, which need not give a key. Never raises."""
    try:
        async with asyncio.timeout(limit_s):
            bus = await PortalBus.connect(lambda _member, _arguments: None)
            try:
                return await bus.version() > 0
            finally:
                await bus.aclose()
    except Exception:  # noqa: BLE001 - the library raises all kinds, and all mean the same
        return False


@dataclass(slots=True)
class _Attempt:
    """How far asking for the key came.

    Attributes:
        owner: the portal that was asked.
        session: where it keeps the key for us; "" while it does not.
        retry_s: after how long it is worth asking the same portal again; None: never.
    """

    owner: str = ""
    session: str = ""
    retry_s: float | None = None


class PortalHotkey:
    """Has the key that the user grants on the desktop.

    Args:
        keystroke: the key to propose; where the user chose another, now or earlier, that one counts.
        on_pressed: see the port.
        retry_s: how often what is missing is looked for again.
    """

    name = "portal"

    def __init__(self, keystroke: Keystroke, on_pressed: OnPressed, *, retry_s: float = RETRY_S) -> None:
        self._keystroke = keystroke
        self._on_pressed = on_pressed
        self._retry_s = retry_s
        self._trouble: str | None = self._worded(ASKED)
        self._reported: str | None = None
        self._attempt = _Attempt()
        self._held = HeldKey()

    @property
    def trouble(self) -> str | None:
        """Why the key does nothing now and what to do; None while it works."""
        return self._trouble

    async def run(self) -> NoReturn:
        """Have the key until cancelled; see the port."""
        while True:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    bus = await PortalBus.connect(self._told)
            except Exception as error:  # noqa: BLE001 - the library raises all kinds, and all mean the same
                _log.debug("The session bus cannot be used", reason=repr(error))
            else:
                await self._stay(bus)
            self._report(NO_BUS)
            await asyncio.sleep(self._retry_s)

    # -- having the key

    async def _stay(self, bus: PortalBus) -> None:
        """Have the key for as long as this connection lasts."""
        try:
            while not bus.lost:
                attempt = self._attempt = _Attempt(retry_s=self._retry_s)
                self._held = HeldKey()  # of another session no release is told any more
                await self._try(bus, attempt)
                await self._until_over(bus, attempt)
        finally:
            self._attempt = _Attempt()
            await bus.aclose()

    async def _try(self, bus: PortalBus, attempt: _Attempt) -> None:
        try:
            await self._obtain(bus, attempt)
        except RefusedError as error:
            # To ask again would be one more window in which the user has to say no.
            attempt.retry_s = None
            self._report(DENIED if error.by_user else NOT_GIVEN)
            await self._let_go(bus, attempt)
        except NoPortalError as error:
            _log.debug("There is no portal for shortcuts", reason=str(error), kind=error.kind)
            # To look again would have the bus try to start one, in vain; a new one tells of itself.
            attempt.retry_s = None
            if not bus.lost:
                self._report(NO_PORTAL)
        except PortalError as error:
            _log.debug("The portal did not give the key", reason=str(error), kind=error.kind)
            if not bus.lost:
                self._report(NOT_GIVEN)
            await self._let_go(bus, attempt)
        attempt.owner = bus.owner

    async def _obtain(self, bus: PortalBus, attempt: _Attempt) -> None:
        session = await begin(bus, self._keystroke)
        attempt.session = session.path
        self._trouble = self._worded(ASKED)
        self._given(await bind(bus, session, self._keystroke))

    async def _let_go(self, bus: PortalBus, attempt: _Attempt) -> None:
        attempt.session = ""
        await bus.close_session(bus.session_path(APPLICATION))  # else the next could not have its name

    async def _until_over(self, bus: PortalBus, attempt: _Attempt) -> None:
        def over() -> bool:
            return bus.lost or bus.owner != attempt.owner

        if attempt.session:
            await bus.until(lambda: over() or not attempt.session)
        await bus.until(over, attempt.retry_s)
        if attempt.owner and not bus.owner and not bus.lost:
            self._report(GONE)
            # The next is mostly there at once; if not, our call starts one. Or the whole desktop is ending.
            await bus.until(lambda: bus.lost or bool(bus.owner), GRACE_S)

    # -- what the portal tells

    def _told(self, member: str, arguments: list[Any]) -> None:
        match member, arguments:
            case _, [session, *_] if not session or session != self._attempt.session:
                pass
            case "Activated", [_, shortcut, *_] if shortcut == SHORTCUT:
                self._activated()
            case "Deactivated", [_, shortcut, *_] if shortcut == SHORTCUT:
                self._held.released()
            case "ShortcutsChanged", [_, shortcuts]:
                changed = key_in(shortcuts)
                if changed is not None:
                    self._given(changed)
            case "Closed", _:
                self._attempt.session = ""
                self._report(TAKEN_BACK)
            case _:
                pass

    def _activated(self) -> None:
        self._works()  # whatever the desktop told of its key: Hyprland tells nothing
        if self._held.pressed(asyncio.get_running_loop().time()):
            self._on_pressed()

    def _given(self, shown: str) -> None:
        if not shown:
            self._report(NO_KEY)
            return
        _log.info("The desktop gives bubbled a key", key=shown, asked_for=str(self._keystroke))
        self._works()

    # -- trouble

    def _works(self) -> None:
        self._trouble = self._reported = None

    def _report(self, text: str) -> None:
        """Warn, unless the same was said last; then it is only for those who debug."""
        self._trouble = self._worded(text)
        (_log.debug if self._trouble == self._reported else _log.warning)(self._trouble)
        self._reported = self._trouble

    def _worded(self, text: str) -> str:
        return text.format(key=self._keystroke)
