"""From a wish to call somebody to the call: reads the number, asks where it must, lets the phone ring."""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING, Final

import structlog

from bubbled.control.dialling import Answer, Choice, Dialling
from bubbled.dialing.destination import Caution, Destination, Kind, Source
from bubbled.dialing.guard import Guard
from bubbled.dialing.text.reading import read
from bubbled.dialing.wording import FAILURES, NO, Sentences
from bubbled.error import BubbledError
from bubbled.model import CallId, CallState, Device, Failure, PopupId
from bubbled.number import shortened
from bubbled.pbx.ami.click_to_call import Click

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping, Sequence

    from bubbled.daemon.notice import Notices
    from bubbled.daemon.phones import Phones
    from bubbled.dialing.destination import Reading
    from bubbled.dialing.plan import DialPlan
    from bubbled.model import Call
    from bubbled.pbx.ami.originator import Originator

NOTICE: Final = PopupId("dial")
"""One place on the screen for all that is asked and told before there is a call."""

_QUESTION_S: Final = 45.0
_NOTICE_S: Final = 10.0
_AT_THE_SCREEN: Final = frozenset({Source.SELECTION, Source.LINK, Source.POPUP})
"""Whoever calls from there looks at the screen, not at a terminal."""

_ENGLISH: Final = Sentences()
"""What commands say."""

log = structlog.get_logger()


class NotDialledError(BubbledError):
    """Nobody was called; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DialRules:
    """What the settings say about placing calls.

    Attributes:
        sentences: for popups, in the user's language.
        extension: the user's own.
    """

    plan: DialPlan
    sentences: Sentences
    context: str
    ring_s: float
    extension: str
    auto_answer: str | None = None
    trusts_links: bool = False


class Dialler:
    """Places the user's calls, each once.

    Attributes:
        rules: may be exchanged.
    """

    def __init__(  # noqa: PLR0913 - what a call takes: rules, a phone, a PBX, and somebody to ask
        self,
        rules: DialRules,
        *,
        phones: Phones,
        notices: Notices,
        originator: Callable[[], Originator],
        calls: Mapping[CallId, Call],
        screen_trouble: Callable[[], str | None],
    ) -> None:
        """Place calls by what `originator` gives at that moment.

        `calls` are those that go on; `screen_trouble` tells why nobody can be asked on the screen.
        """
        self.rules = rules
        self._phones = phones
        self._notices = notices
        self._originator = originator
        self._calls = calls
        self._screen_trouble = screen_trouble
        self._guard = Guard()
        self._tasks: set[asyncio.Task[object]] = set()
        run = f"{secrets.token_hex(4)}-{int(time.time())}"
        self._ids = (CallId(f"bubbled-{run}.{number}") for number in count(1))

    async def dial(
        self,
        text: str,
        source: Source,
        *,
        wished_phone: str | None = None,
        is_confirmed: bool = False,
        asks_here: bool = False,
    ) -> Dialling:
        """Call the number in a text; see `Wish`.

        Raises:
            NotDialledError: there is no number, or it may not be dialled, or the PBX refuses.
            ControlError: the wished phone is none.
        """
        reading = read(text, source, self.rules.plan)
        if not reading.destinations:
            raise self._refused(reading, source)
        if wished_phone:
            self._phones.named(wished_phone)
        destinations = [self._considered(each, is_confirmed=is_confirmed) for each in reading.destinations]
        if len(destinations) == 1 and destinations[0].ask is None:
            return await self._place(destinations[0], wished_phone)
        if asks_here:
            return self._question(destinations)
        question = replace(self._question(destinations), answer=Answer.ASKED)
        if trouble := self._screen_trouble():
            raise NotDialledError(
                f"You are to be asked first ({question.question}), but cannot be: {trouble} "
                f"Nobody was called; `bubbled dial --yes {question.choices[0].number}` asks nothing."
            )
        self._ask(destinations, wished_phone)
        return question

    def is_new_press(self) -> bool:
        """Take a press of the hotkey; tell whether it is more than the second half of a double one."""
        return self._guard.is_new_press(asyncio.get_running_loop().time())

    def tell(self, reason: str) -> None:
        """Say on the screen why nobody is called."""
        headline, _, advice = reason.partition(": ")
        self._notices.show(NOTICE, self.rules.sentences.trouble(headline, advice), for_s=_NOTICE_S)

    def start(self, work: Coroutine[None, None, object]) -> None:
        """Let a call be placed for which nobody waits: what goes wrong is told on the screen."""
        task = asyncio.create_task(work, name="dial")
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    async def aclose(self) -> None:
        """Place no more calls."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # What the user is told and asked.

    def _refused(self, reading: Reading, source: Source) -> NotDialledError:
        if source in _AT_THE_SCREEN:
            self._notices.show(NOTICE, self.rules.sentences.refusal(reading, source), for_s=_NOTICE_S)
        card = _ENGLISH.refusal(reading, source)
        return NotDialledError(f"{card.headline}: nobody was called. {' '.join(card.lines)}")

    def _considered(self, destination: Destination, *, is_confirmed: bool) -> Destination:
        trusted = destination.ask is Caution.LINK and self.rules.trusts_links
        return replace(destination, ask=None) if is_confirmed or trusted else destination

    def _question(self, destinations: Sequence[Destination]) -> Dialling:
        first, *others = destinations
        card = _ENGLISH.choice(destinations) if others else _ENGLISH.question(first, self._plain(first))
        return Dialling(
            answer=Answer.QUESTION,
            question=card.headline if others else card.status,
            choices=tuple(Choice(self._plain(each), each.shown) for each in destinations),
        )

    def _ask(self, destinations: Sequence[Destination], wished_phone: str | None) -> None:
        first, *others = destinations
        sentences = self.rules.sentences
        card = sentences.choice(destinations) if others else sentences.question(first, self._plain(first))
        offered = dict(zip((button.id for button in card.buttons), destinations, strict=False))
        offered.pop(NO, None)

        def answered(button: str) -> None:
            if (chosen := offered.get(button)) is None:
                return
            if others and chosen.ask not in {None, Caution.LINK}:
                self._ask([chosen], wished_phone)
            else:
                self.start(self._place(chosen, wished_phone))

        self._notices.show(NOTICE, card, for_s=_QUESTION_S, on_answer=answered)

    def _ended(self, task: asyncio.Task[object]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, BubbledError):  # the popup of the call told those
            log.error("a call could not be placed by a defect of bubbled", exc_info=error)

    # The call.

    async def _place(self, destination: Destination, wished_phone: str | None) -> Dialling:
        now_s = asyncio.get_running_loop().time()
        call_id = self._guard.earlier(destination.dialled, now_s, self._ringing())
        if call_id is None:
            call_id = next(self._ids)
            self._guard.placed(destination.dialled, call_id, now_s)
            device = await self._phones.choose(wished_phone)
            await self._originate(self._click(call_id, device, destination), destination)
        else:
            device = self._calls[call_id].device if call_id in self._calls else Device("")
        return Dialling(
            answer=Answer.DIALLED,
            choices=(Choice(self._plain(destination), destination.shown),),
            call=call_id,
            device=device,
            phone=self._phones.name(device),
        )

    async def _originate(self, click: Click, destination: Destination) -> None:
        log.info("dialling", call=click.id, number=shortened(click.number), device=click.device)
        failure = await self._originator().dial(click)
        if failure is None:
            return
        if failure is not Failure.UNKNOWN:
            self._guard.failed(destination.dialled)
        reason = FAILURES[failure].format(phone=self._phones.name(click.device))
        raise NotDialledError(f"{destination.shown} was not called: {reason}.")

    def _ringing(self) -> set[CallId]:
        return {call_id for call_id, call in self._calls.items() if call.state is CallState.RINGING}

    def _click(self, call_id: CallId, device: Device, destination: Destination) -> Click:
        rules = self.rules
        return Click(
            id=call_id,
            device=device,
            exten=destination.dialled,
            number=self._without_prefix(destination),
            e164=destination.e164,
            internal=destination.kind is Kind.INTERNAL,
            context=rules.context,
            ring_s=rules.ring_s,
            extension=rules.extension,
            auto_answer=rules.auto_answer,
        )

    def _plain(self, destination: Destination) -> str:
        """As it can be typed, so that the same is called."""
        return destination.e164 or self._without_prefix(destination)

    def _without_prefix(self, destination: Destination) -> str:
        if destination.kind in {Kind.OUTSIDE, Kind.SHORT}:
            return self.rules.plan.without_outside_prefix(destination.dialled)
        return destination.dialled
