"""A line to the PBX by SIP: the calls of one extension, and calling as far as phone or PBX take wishes."""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING, NoReturn

from bubbled.daemon.apart import kept_apart
from bubbled.daemon.line import Line
from bubbled.pbx.sip.referrer import PhoneLink, Referrer
from bubbled.pbx.sip.source import SipSource
from bubbled.pbx.sip.tracker import Tracker
from bubbled.pbx.state import Up

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from bubbled.control.status import Connection
    from bubbled.model import CallChange, Device
    from bubbled.pbx.sip.access import SipAccess
    from bubbled.pbx.sip.exchange import Exchange
    from bubbled.pbx.state import State


class SipLine(Line):
    """A line by SIP, to one extension.

    Attributes:
        access: how the PBX is reached.
    """

    way = "SIP"

    def __init__(  # noqa: PLR0913 - whom to call, whom to follow, whom to tell
        self,
        access: SipAccess,
        *,
        device: Device,
        region: str,
        outside_prefix: str = "",
        on_changes: Callable[[Sequence[CallChange]], None],
        on_click: Callable[[Sequence[CallChange]], None],
        on_connection: Callable[[Connection], None],
        on_can_dial: Callable[[], None],
        now: Callable[[], datetime],
    ) -> None:
        """Prepare; `run` connects. The callbacks must not block nor raise.

        `on_can_dial` is told that `can_dial` may be another.
        """
        super().__init__(access.place, on_connection, now)
        self.access = access
        self._tracker = Tracker(
            device, region, outside_prefix=outside_prefix, serial=f"{secrets.token_hex(6)}."
        )
        self._on_changes = on_changes
        self._on_click = on_click
        self._on_can_dial = on_can_dial
        self._asking: asyncio.Task[None] | None = None
        self._phone = PhoneLink()
        self._source = self._new_source()
        self._referrer = self._new_referrer()

    async def run(self) -> NoReturn:
        """See `Line`."""
        try:
            await super().run()
        finally:
            self._ask_no_more()
            await self._phone.aclose()

    @property
    def source(self) -> SipSource:
        """See `Line`."""
        return self._source

    @property
    def originator(self) -> Referrer:
        """Asks the user's phone for calls, where it or the PBX will."""
        return self._referrer

    @property
    def can_dial(self) -> bool:
        """Whether the user can call by it, as far as is known."""
        return self._referrer.accepts is not False

    def connect_with(self, access: SipAccess) -> None:
        """Leave the PBX and connect by another access; calls go on as far as the PBX tells of them then."""
        self.access = access
        self._source = self._new_source()
        self._referrer = self._new_referrer()
        self._on_can_dial()
        self._reconnect(access.place)

    def follow(self, device: Device, region: str, outside_prefix: str = "") -> None:
        """Tell calls as those of another device from now on."""
        self._tracker.follow(device, region, outside_prefix)

    def _new_source(self) -> SipSource:
        return SipSource(
            self.access,
            self._tracker,
            on_changes=self._on_changes,
            on_state=self._state_changed,
            in_words=self.in_words,
        )

    def _new_referrer(self) -> Referrer:
        return Referrer(
            self._exchange, self.access.extension, self._tracker, self._on_click, self._on_can_dial
        )

    def _state_changed(self, state: State) -> None:
        super()._state_changed(state)
        # Known before the first missed call says "Call back"; where there is AMI, that calls.
        if isinstance(state, Up) and self.other is None:
            self._ask_no_more()
            self._asking = asyncio.create_task(self._find_out(), name="SIP: who takes calls")

    def _ask_no_more(self) -> None:
        if self._asking is not None:
            self._asking.cancel()

    async def _find_out(self) -> None:
        with kept_apart("calling by SIP"):
            await self._referrer.find_out()

    async def _exchange(self) -> Exchange | None:
        """Whom to ask for a call: the phone, where the settings say where it is, else the PBX."""
        if self.access.phone is not None:
            return await self._phone.exchange(self.access)
        session = self._source.session
        return session if session is not None and session.is_active else None
