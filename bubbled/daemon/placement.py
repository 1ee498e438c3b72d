"""Placing calls, each once: which phone rings, what the PBX is asked, and what it answers."""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import structlog

from bubbled.control.dialling import Answer, Choice, Dialling
from bubbled.dialing.destination import Kind
from bubbled.dialing.guard import Guard
from bubbled.dialing.wording import failed
from bubbled.error import BubbledError
from bubbled.model import CallId, CallState, Failure
from bubbled.number import shortened
from bubbled.pbx.ami.click_to_call import Click

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bubbled.daemon.phones import Phones
    from bubbled.daemon.switchboard import PlacesCalls
    from bubbled.dialing.destination import Destination
    from bubbled.dialing.plan import DialPlan
    from bubbled.model import Call, Device

log = structlog.get_logger()


class NotDialledError(BubbledError):
    """Nobody was called; the text says why.

    Attributes:
        is_told: whether the screen has told the user already.
    """

    def __init__(self, text: str, *, is_told: bool = False) -> None:
        super().__init__(text)
        self.is_told = is_told


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRules:
    """What the settings say about the calls that the PBX is asked for.

    Attributes:
        context: the dialplan context in which the user may dial.
        ring_s: how long the own phone rings.
        extension: the user's own.
        auto_answer: a SIP header that makes the own phone lift by itself.
    """

    context: str
    ring_s: float
    extension: str
    auto_answer: str | None = None


class Placement:
    """Places calls on the PBX, and knows those that it has just placed."""

    def __init__(
        self, phones: Phones, originator: Callable[[], PlacesCalls], calls: Mapping[CallId, Call]
    ) -> None:
        """Place calls by what `originator` gives at that moment; `calls` are those that go on."""
        self._phones = phones
        self._originator = originator
        self._calls = calls
        self._guard = Guard()
        self._placing: dict[CallId, asyncio.Task[Dialling]] = {}
        run = f"{secrets.token_hex(8)}-{int(time.time())}"
        self._ids = (CallId(f"bubbled-{run}.{number}") for number in count(1))

    def is_new_press(self) -> bool:
        """Take a press of the hotkey; tell whether it is more than the second half of a double one."""
        return self._guard.is_new_press(_now_s())

    async def place(
        self, destination: Destination, wished_phone: str | None, plan: DialPlan, rules: CallRules
    ) -> Dialling:
        """Call somebody, unless that call is being made already: then give that one.

        A call that is asked for goes on also when whoever asked is gone.

        Raises:
            NotDialledError: the PBX refuses, or the same call has just come to nothing.
            ControlError: the wished phone is none.
        """
        earlier = self._guard.earlier(destination.dialled, _now_s(), self._ringing())
        if earlier is not None:
            return await self._again(earlier, destination, plan)
        call_id = next(self._ids)
        self._guard.placed(destination.dialled, call_id, _now_s())
        task = asyncio.create_task(self._place(call_id, destination, wished_phone, plan, rules), name="dial")
        self._placing[call_id] = task
        task.add_done_callback(lambda _: self._placing.pop(call_id))
        return await asyncio.shield(task)

    async def aclose(self) -> None:
        """Wait for no answer any more."""
        tasks = list(self._placing.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _again(self, call_id: CallId, destination: Destination, plan: DialPlan) -> Dialling:
        if (placing := self._placing.get(call_id)) is not None:
            return await asyncio.shield(placing)
        if (call := self._calls.get(call_id)) is not None:
            return self._dialled(call_id, call.device, destination, plan)
        raise NotDialledError(
            f"{destination.shown} was tried a moment ago, so it was not called again: look at the popup or "
            "your phone, then try again."
        )

    async def _place(
        self,
        call_id: CallId,
        destination: Destination,
        wished_phone: str | None,
        plan: DialPlan,
        rules: CallRules,
    ) -> Dialling:
        try:
            device = await self._phones.choose(wished_phone)
            # Not on which phone: a mobile has its number in its name.
            log.info("dialling", call=call_id, number=shortened(destination.dialled))
            failure = await self._originator().dial(_click(call_id, device, destination, plan, rules))
        except BubbledError:
            self._guard.failed(destination.dialled)
            raise
        if failure is None:
            return self._dialled(call_id, device, destination, plan)
        if failure is not Failure.UNKNOWN:
            self._guard.failed(destination.dialled)
        text = failed(failure, number=destination.shown, phone=self._phones.name(device))
        raise NotDialledError(text, is_told=True)  # by the popup of the call

    def _dialled(self, call_id: CallId, device: Device, destination: Destination, plan: DialPlan) -> Dialling:
        return Dialling(
            answer=Answer.DIALLED,
            choices=(Choice(plan.typed(destination), destination.shown),),
            call=call_id,
            device=device,
            phone=self._phones.name(device),
        )

    def _ringing(self) -> set[CallId]:
        ringing = {call_id for call_id, call in self._calls.items() if call.state is CallState.RINGING}
        return ringing | self._placing.keys()


def _click(
    call_id: CallId, device: Device, destination: Destination, plan: DialPlan, rules: CallRules
) -> Click:
    return Click(
        id=call_id,
        device=device,
        exten=destination.dialled,
        number=plan.number_of(destination),
        e164=destination.e164,
        internal=destination.kind is Kind.INTERNAL,
        context=rules.context,
        ring_s=rules.ring_s,
        extension=rules.extension,
        auto_answer=rules.auto_answer,
    )


def _now_s() -> float:
    return asyncio.get_running_loop().time()
