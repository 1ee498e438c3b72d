"""The calls of one extension by SIP, for as long as it runs, whatever happens to the network and the PBX."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING, Final, NoReturn

import structlog

from bubbled.error import PbxError
from bubbled.pbx.reconnect import Backoff
from bubbled.pbx.sip.address import Addresses
from bubbled.pbx.sip.error import SipRefusedError, SipUnreachableError, may_do_elsewhere
from bubbled.pbx.sip.session import Session
from bubbled.pbx.state import Connecting, Down, Refused, Up

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bubbled.model import CallChange
    from bubbled.pbx.sip.access import SipAccess
    from bubbled.pbx.sip.dialog_info import DialogInfo
    from bubbled.pbx.sip.tracker import Tracker
    from bubbled.pbx.state import State

_LONGEST_WISH_S: Final = 600
"""For how long a PBX may ask to be left alone; longer would rather be a mistake of it."""

log = structlog.get_logger()


class SipSource:
    """Keeps a subscription to an extension.

    Attributes:
        session: the one that is tried or stands now; None in between.
    """

    def __init__(  # noqa: PLR0913 - whom to ask, what to keep, whom to tell
        self,
        access: SipAccess,
        tracker: Tracker,
        *,
        on_changes: Callable[[Sequence[CallChange]], None],
        on_state: Callable[[State], None],
        tap: Callable[[bytes], None] | None = None,
        uniform: Callable[[float, float], float] = random.uniform,
        in_words: Callable[[PbxError], str] = str,
    ) -> None:
        """Tell changes of calls and of the connection to the callbacks, which must not block nor raise.

        `tap` sees every message of the PBX as it comes; `uniform` draws the jitter; `in_words` says for
        the log why nothing is followed.
        """
        self.session: Session | None = None
        self._access = access
        self._tracker = tracker
        self._on_changes = on_changes
        self._on_state = on_state
        self._tap = tap
        self._uniform = uniform
        self._addresses = Addresses()
        self._backoff = Backoff(access.patience, uniform)
        self._in_words = in_words

    async def run(self) -> NoReturn:
        """Follow the extension until cancelled."""
        while True:
            self._on_state(Connecting())
            lasted_s, reason = await self._one_session()
            await self._pause(lasted_s, reason)

    async def _one_session(self) -> tuple[float, PbxError]:
        """Return how long the subscription stood, in seconds, and why it ended."""
        loop = asyncio.get_running_loop()
        up_since: list[float] = []

        def active() -> None:
            up_since.append(loop.time())
            self._up()

        try:
            self.session = await Session.begin(
                self._access,
                on_info=self._learned,
                on_active=active,
                tap=self._tap,
                addresses=self._addresses,
                uniform=self._uniform,
            )
        except PbxError as reason:
            return 0.0, reason
        try:
            # Not the future itself: it would be cancelled with us, and so look as if the link were gone.
            await asyncio.wait((self.session.over,))
            ending = self.session.over.result()
        finally:
            session, self.session = self.session, None
            await session.aclose()
        if up_since:
            return loop.time() - up_since[0], ending
        if may_do_elsewhere(ending):
            self._addresses.failed()
        return 0.0, ending

    def _up(self) -> None:
        """A subscription stands, the first of this session or a later one, and tells the whole first."""
        self._tracker.subscribed()
        if self.session is not None and self.session.subscription.renewals:
            log.info("the PBX had lost the subscription; it is made anew", place=self._access.place)
            return
        version = "" if self.session is None else self.session.agent.software
        log.info("following calls by SIP", place=self._access.place, pbx=version)
        self._on_state(Up(version))

    def _learned(self, info: DialogInfo) -> None:
        if changes := self._tracker.apply(info):
            self._on_changes(changes)

    async def _pause(self, lasted_s: float, reason: PbxError) -> None:
        """Tell why nothing is followed, and wait; what goes on is told once, then only to debuggers."""
        refused = isinstance(reason, SipRefusedError)
        wait_s = self._backoff.after_refusal() if refused else self._backoff.after_loss(lasted_s)
        if isinstance(reason, SipUnreachableError):
            wait_s = max(wait_s, min(reason.retry_after_s, _LONGEST_WISH_S))
        words = self._in_words(reason)
        tell = log.warning if self._backoff.is_news(words) else log.debug
        tell("not following calls by SIP", reason=words, retry_in_s=round(wait_s, 1))
        self._on_state(Refused(reason, wait_s) if refused else Down(reason, wait_s))
        await asyncio.sleep(wait_s)
