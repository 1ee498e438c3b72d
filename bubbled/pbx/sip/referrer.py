"""Click-to-call without AMI: the own phone is asked to call somebody (REFER, RFC 3515), where that is taken.

Asterisk answers 501 to it (seen on 22). Proxies hand it to the phone, and many phones take it.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

import structlog

from bubbled.error import PbxError
from bubbled.model import CallState, Failure
from bubbled.pbx.sip.access import Transport
from bubbled.pbx.sip.error import SipUnreachableError
from bubbled.pbx.sip.exchange import Exchange
from bubbled.pbx.sip.message import uri

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bubbled.model import CallChange, Device
    from bubbled.pbx.ami.click_to_call import Click
    from bubbled.pbx.sip.access import SipAccess
    from bubbled.pbx.sip.agent import Asked, UserAgent
    from bubbled.pbx.sip.message import Headers, Message
    from bubbled.pbx.sip.tracker import Tracker

OVERDUE_S: Final = 30.0
"""After which a phone that was asked to call, and of which nothing was heard, will not any more."""

PHONE_ANSWER_S: Final = 4.0
"""A phone is near: one that has not answered by then is switched off, or elsewhere."""

NEEDS_AMI: Final = (
    "Calling from the computer needs AMI: neither your phone nor this PBX takes such wishes by SIP (REFER). "
    "Nobody was called. Ask the PBX administrator for an account in manager.conf."
)
_ACCEPTED = 300
_LACKS_REFER_TO = 400
_NEVER: Final = frozenset({403, 405, 501})
"""Answers that do not depend on whether a phone is switched on just now."""
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


async def accepts_refer(exchange: Exchange, *, extension: str) -> bool | None:
    """Find out whether REFER is taken, without a call: one that names nobody must be answered 400.

    RFC 3515, 2.4.2: "An agent responding to a REFER method MUST return a 400 (Bad Request) if the request
    contained zero or more than one Refer-To header field values." None: it is not taken now, which may
    change: nobody answered, or the phone is away.
    """
    answer = await _refer(exchange, extension, ())
    if answer is not None and answer.status == _LACKS_REFER_TO:
        return True
    return False if answer is not None and answer.status in _NEVER else None


async def _refer(
    exchange: Exchange, extension: str, headers: Headers, serve: Callable[[Asked, float], None] | None = None
) -> Message | None:
    loop = asyncio.get_running_loop()
    answered: asyncio.Future[Message | None] = loop.create_future()

    def settle(answer: Message | None, _now: float) -> None:
        if not answered.done():
            answered.set_result(answer)

    agent = exchange.agent
    dialog = agent.dialog(extension)
    if serve is not None:  # from now on: what the phone tells of the call may overtake its answer
        agent.serving[dialog.call_id] = serve
    agent.ask(dialog, "REFER", headers, loop.time(), settle)
    exchange.attend()
    await asyncio.wait((answered, exchange.over), return_when=asyncio.FIRST_COMPLETED)
    answer = answered.result() if answered.done() else None
    if answer is None or answer.status >= _ACCEPTED:
        agent.serving.pop(dialog.call_id, None)
    return answer


class PhoneLink:
    """A way to the user's phone itself, over UDP, for as long as it is wanted."""

    def __init__(self) -> None:
        self._exchange: Exchange | None = None
        self._access: SipAccess | None = None

    async def exchange(self, access: SipAccess) -> Exchange | None:
        """Give the way to the phone of an account, opened if need be; None where it cannot be had."""
        if self._exchange is None or self._access is not access or self._exchange.over.done():
            await self.aclose()
            self._access = access
            try:
                self._exchange = await Exchange(_towards_phone(access)).open()
            except SipUnreachableError as error:
                log.warning("the phone cannot be reached", reason=str(error))
        return self._exchange

    async def aclose(self) -> None:
        """Let go of it."""
        exchange, self._exchange = self._exchange, None
        if exchange is not None:
            await exchange.aclose()


def _towards_phone(access: SipAccess) -> SipAccess:
    host, port = access.phone or (access.host, access.port)
    limits = replace(access.limits, answer_s=PHONE_ANSWER_S)
    return replace(access, host=host, port=port, transport=Transport.UDP, tls=None, limits=limits)


class Referrer:
    """Asks the own phone for calls, each once.

    Attributes:
        accepts: whether such wishes are taken; None while that is not known.
    """

    def __init__(
        self,
        exchange: Callable[[], Awaitable[Exchange | None]],
        extension: str,
        tracker: Tracker,
        on_click: Callable[[Sequence[CallChange]], None],
        on_found: Callable[[], None] = lambda: None,
    ) -> None:
        """Ask over what `exchange` gives at the moment.

        `on_click` is told what becomes of a wish, `on_found` that `accepts` is another.
        """
        self._exchange = exchange
        self._extension = extension
        self._tracker = tracker
        self._on_click = on_click
        self._on_found = on_found
        self.accepts: bool | None = None

    async def find_out(self) -> None:
        """Find out whether wishes are taken, without a call."""
        exchange = await self._exchange()
        if exchange is not None:
            await self._probe(exchange)

    async def dial(self, click: Click) -> Failure | None:
        """Ask the phone, once, to call somebody.

        Returns:
            None once that is accepted; else why not, which `on_click` is told too.

        Raises:
            NeedsAmiError: nobody here takes such wishes; nothing was begun.
        """
        exchange = await self._exchange()
        if exchange is not None and not self.accepts:
            # Asked anew after a no: the phone may have been switched on since.
            await self._probe(exchange)
            if not self.accepts:
                raise NeedsAmiError
        self._on_click(self._tracker.expect(replace(click.call(), state=CallState.DIALLING)))
        failure = Failure.NOT_CONNECTED if exchange is None else await self._ask_for(exchange, click)
        if failure is None:
            asyncio.get_running_loop().call_later(OVERDUE_S, self._fail, Failure.UNKNOWN, click)
        else:
            self._fail(failure, click)
        return failure

    async def device_state(self, device: Device) -> str | None:  # noqa: ARG002 - as with AMI
        """Tell nothing: SIP says how an extension is, not which of its phones are registered."""
        return None

    async def _probe(self, exchange: Exchange) -> None:
        found = await accepts_refer(exchange, extension=self._extension)
        if found is not None and found is not self.accepts:
            self.accepts = found
            self._on_found()

    async def _ask_for(self, exchange: Exchange, click: Click) -> Failure | None:
        wish: Headers = (
            ("Refer-To", f"<{uri(click.exten, exchange.agent.domain)}>"),
            ("Referred-By", f"<{exchange.agent.address}>"),
        )
        answer = await _refer(exchange, self._extension, wish, partial(self._progress, exchange.agent))
        if answer is None:
            return Failure.UNKNOWN
        if answer.status < _ACCEPTED:
            return None
        log.warning("the phone was not asked to call", status=answer.status, reason=answer.phrase)
        return _REFUSALS.get(answer.status, Failure.PBX_REFUSED)

    def _progress(self, agent: UserAgent, asked: Asked, _now: float) -> None:
        """Take how the phone gets on: the start line of what it was answered (message/sipfrag)."""
        asked.reply = (200, "OK")
        if asked.request.get("Subscription-State").lower().startswith("terminated"):
            agent.serving.pop(asked.request.call_id, None)
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
