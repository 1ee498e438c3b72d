"""Click-to-call without AMI: the own phone is asked to call somebody (REFER, RFC 3515), where that is taken.

Asterisk answers 501 to it (seen on 22). Proxies hand it to the phone, and many phones take it.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import structlog

from bubbled.error import PbxError
from bubbled.model import CallState, Failure
from bubbled.pbx.sip.subscription import Phase

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bubbled.model import CallChange, Device
    from bubbled.pbx.ami.click_to_call import Click
    from bubbled.pbx.sip.agent import Asked
    from bubbled.pbx.sip.message import Headers, Message
    from bubbled.pbx.sip.session import Session
    from bubbled.pbx.sip.tracker import Tracker

OVERDUE_S: Final = 30.0
"""After which a phone that was asked to call, and of which nothing was heard, will not any more."""

NEEDS_AMI: Final = (
    "Calling from the computer needs AMI: neither your phone nor this PBX takes such wishes by SIP (REFER). "
    "Nobody was called. Ask the PBX administrator for an account in manager.conf."
)
_ACCEPTED = 300
_LACKS_REFER_TO = 400
_REFUSALS = {
    403: Failure.NOT_PERMITTED,
    404: Failure.PHONE_UNKNOWN,
    408: Failure.PHONE_UNREGISTERED,
    410: Failure.PHONE_UNREGISTERED,
    480: Failure.PHONE_UNREGISTERED,
}

log = structlog.get_logger()


class NeedsAmiError(PbxError):
    """Nobody here takes REFER; nothing was done."""

    def __init__(self) -> None:
        super().__init__(NEEDS_AMI)


async def accepts_refer(session: Session, *, extension: str) -> bool:
    """Find out whether REFER is taken, without a call: one that names nobody must be answered 400.

    RFC 3515, 2.4.2: "An agent responding to a REFER method MUST return a 400 (Bad Request) if the request
    contained zero or more than one Refer-To header field values."
    """
    answer = await _refer(session, extension, ())
    return answer is not None and answer.status == _LACKS_REFER_TO


async def _refer(session: Session, extension: str, headers: Headers) -> Message | None:
    loop = asyncio.get_running_loop()
    answered: asyncio.Future[Message | None] = loop.create_future()

    def settle(answer: Message | None, _now: float) -> None:
        if not answered.done():
            answered.set_result(answer)

    agent = session.agent
    dialog = agent.dialog(f"sip:{extension}@{agent.domain}")
    agent.ask(dialog, "REFER", headers, loop.time(), settle)
    session.attend()
    await asyncio.wait((answered, session.over), return_when=asyncio.FIRST_COMPLETED)
    return answered.result() if answered.done() else None


class Referrer:
    """Asks the own phone for calls, each once."""

    def __init__(
        self,
        session: Callable[[], Session | None],
        extension: str,
        tracker: Tracker,
        on_click: Callable[[Sequence[CallChange]], None],
    ) -> None:
        """Ask over the session that there is at the moment; `on_click` is told what becomes of it."""
        self._session = session
        self._extension = extension
        self._tracker = tracker
        self._on_click = on_click
        self._accepts: bool | None = None

    async def dial(self, click: Click) -> Failure | None:
        """Ask the phone, once, to call somebody.

        Returns:
            None once that is accepted; else why not, which `on_click` is told too.

        Raises:
            NeedsAmiError: nobody here takes such wishes; nothing was begun.
        """
        session = self._session()
        is_connected = session is not None and session.subscription.phase is Phase.ACTIVE
        if session is not None and is_connected and self._accepts is None:
            self._accepts = await accepts_refer(session, extension=self._extension)
        if self._accepts is False:
            self._accepts = None  # asked anew next time: the phone may be switched on by then
            raise NeedsAmiError
        self._on_click(self._tracker.expect(replace(click.call(), state=CallState.DIALLING)))
        failure = Failure.NOT_CONNECTED if session is None else await self._ask_for(session, click)
        if failure is None:
            asyncio.get_running_loop().call_later(OVERDUE_S, self._fail, Failure.UNKNOWN, click)
        else:
            self._fail(failure, click)
        return failure

    async def device_state(self, device: Device) -> str | None:  # noqa: ARG002 - as with AMI
        """Tell nothing: SIP says how an extension is, not which of its phones are registered."""
        return None

    async def _ask_for(self, session: Session, click: Click) -> Failure | None:
        domain = session.agent.domain
        wish: Headers = (
            ("Refer-To", f"<sip:{quote(click.exten, safe='+*')}@{domain}>"),
            ("Referred-By", f"<{session.agent.address}>"),
        )
        answer = await _refer(session, self._extension, wish)
        if answer is None:
            return Failure.UNKNOWN
        if answer.status < _ACCEPTED:
            session.agent.serving[answer.call_id] = self._progress
            return None
        log.warning("the phone was not asked to call", status=answer.status, reason=answer.phrase)
        return _REFUSALS.get(answer.status, Failure.PBX_REFUSED)

    def _progress(self, asked: Asked, _now: float) -> None:
        """Take how the phone gets on: the start line of what it was answered (message/sipfrag)."""
        asked.reply = (200, "OK")
        version, _, rest = asked.request.body.partition(b" ")
        status = rest[:3]
        if version == b"SIP/2.0" and status.isdigit():
            self._tell(self._tracker.progressed(int(status)))

    def _fail(self, failure: Failure, click: Click) -> None:
        ended = self._tracker.give_up(click.id)
        self._tell([replace(change, call=replace(change.call, failure=failure)) for change in ended])

    def _tell(self, changes: Sequence[CallChange]) -> None:
        if changes:
            self._on_click(changes)
