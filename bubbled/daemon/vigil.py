"""Keeps watch over what explains a popup that did not come: the line, the phones that rang, the computer."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NoReturn

from bubbled.control.status import ConnectionState
from bubbled.daemon.apart import kept_apart
from bubbled.story.circumstance import Connected, Disconnected, Heard, Rejected, Slept

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bubbled.control.status import Connection
    from bubbled.daemon.chronicle import Chronicle

SIGN_EVERY: Final = timedelta(minutes=5)
"""How often it is kept that bubbled runs, also where nothing happens: a kill leaves no other trace."""

MOST_A_MINUTE: Final = 2
"""Changes of the connection that are kept at once; of more within one minute the last, with how many."""

_SHORTEST_SLEEP_S: Final = 5.0


def suspended_s() -> float:
    """How many seconds the computer has been suspended since it was started, as far as that can be told."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME) - time.monotonic()
    return time.time() - time.monotonic()


class Vigil:
    """Tells the chronicle.

    Args:
        chronicle: writes down what is seen.
        heard: gives what the PBX told of phones since that was asked last; None: it tells of no others.
        now: tells the present moment, aware.
        suspended_s: as the function above.
    """

    def __init__(
        self,
        chronicle: Chronicle,
        heard: Callable[[], Heard | None],
        now: Callable[[], datetime],
        suspended_s: Callable[[], float] = suspended_s,
    ) -> None:
        self._chronicle = chronicle
        self._heard = heard
        self._now = now
        self._suspended_s = suspended_s
        self._slept_s = suspended_s()
        self._looked_at = self._signed_at = now()
        self._line: tuple[ConnectionState, str | None] | None = None
        self._changes = 0
        self._held: Connected | Disconnected | Rejected | None = None

    async def run(self) -> NoReturn:
        """Look at the end of every minute, until cancelled."""
        while True:
            now = self._now()
            await asyncio.sleep((_minute(now) + timedelta(minutes=1) - now).total_seconds())
            with kept_apart("stories"):
                self.look()
                self._tell_held()

    def look(self) -> None:
        """Write down what was seen and heard since this was done last."""
        now, slept_s = self._now(), self._suspended_s()
        if slept_s - self._slept_s >= _SHORTEST_SLEEP_S:
            self._chronicle.happened(Slept(self._looked_at))
        minute, self._slept_s, self._looked_at = _minute(self._looked_at), slept_s, now
        heard, is_due = self._heard() or Heard(), now - self._signed_at >= SIGN_EVERY
        if is_due or heard != Heard():
            self._chronicle.heard(heard, minute, is_urgent=is_due)
        if is_due:
            self._signed_at = now

    def connection_changed(self, connection: Connection) -> None:
        """The connection to the PBX came, went, or is refused; the same again is no news."""
        fact = _told(connection)
        if fact is None or self._line == (connection.state, connection.detail):
            return
        self._line = connection.state, connection.detail
        self._changes += 1
        if self._changes <= MOST_A_MINUTE:
            self._chronicle.happened(fact)
        else:
            self._held = fact

    def _tell_held(self) -> None:
        if self._held is not None:
            self._chronicle.happened(replace(self._held, times=self._changes))
        self._held, self._changes = None, 0


def _told(connection: Connection) -> Connected | Disconnected | Rejected | None:
    host, reason, since = connection.host, connection.detail or "", connection.since
    match connection.state:
        case ConnectionState.CONNECTED:
            return Connected(host)
        case ConnectionState.WAITING:
            return Disconnected(host, reason, since)
        case ConnectionState.REFUSED:
            return Rejected(host, reason, since)
        case ConnectionState.CONNECTING:
            return None


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
