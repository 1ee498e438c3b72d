"""From a wish to call somebody to the call: reads the number, asks where it must, has it placed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import structlog

from bubbled.control.dialling import Answer, Choice, Dialling
from bubbled.daemon.placement import NotDialledError
from bubbled.dialing.destination import Caution, Destination, Source
from bubbled.dialing.text.reading import read
from bubbled.dialing.wording import DEFECT, TOO_MANY_QUESTIONS, Sentences
from bubbled.error import BubbledError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from bubbled.daemon.inquiry import Inquiries
    from bubbled.daemon.phones import Phones
    from bubbled.daemon.placement import CallRules, Placement
    from bubbled.dialing.destination import Reading
    from bubbled.dialing.plan import DialPlan

_AT_THE_SCREEN: Final = frozenset({Source.SELECTION, Source.LINK, Source.POPUP})
"""Whoever calls from there looks at the screen, not at a terminal."""

_ENGLISH: Final = Sentences()
"""What commands say."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class DialRules:
    """What the settings say about wishes to call.

    Attributes:
        sentences: for popups, in the user's language.
        trusts_links: whether a link calls without a question.
    """

    plan: DialPlan
    call: CallRules
    sentences: Sentences
    trusts_links: bool = False


class Dialler:
    """Fulfils the user's wishes to call."""

    def __init__(
        self,
        rules: DialRules,
        *,
        phones: Phones,
        placement: Placement,
        inquiries: Inquiries,
        screen_trouble: Callable[[], str | None],
    ) -> None:
        """Ask and tell by `inquiries`; `screen_trouble` tells why nobody can be asked on the screen."""
        self._rules = rules
        self._phones = phones
        self._placement = placement
        self._inquiries = inquiries
        self._screen_trouble = screen_trouble
        self._tasks: set[asyncio.Task[object]] = set()

    def rules_changed(self, rules: DialRules) -> None:
        """Dial by other rules from now on; what was asked by the old ones is not asked any more."""
        if rules != self._rules:
            self._inquiries.drop_all()
        self._rules = rules

    async def dial(  # noqa: PLR0913 - as many facts as a wish has
        self,
        text: str,
        source: Source,
        *,
        wished_phone: str | None = None,
        is_confirmed: bool = False,
        chosen: str | None = None,
        asks_here: bool = False,
    ) -> Dialling:
        """Call the number in a text; see `Wish`.

        Raises:
            NotDialledError: there is no number, or it may not be dialled, or the PBX refuses.
            ControlError: the wished phone is none.
        """
        reading = read(text, source, self._rules.plan)
        if not reading.destinations:
            raise self._refused(reading, source)
        if wished_phone is not None:
            self._phones.named(wished_phone)
        destinations = [
            self._considered(each, is_confirmed=is_confirmed)
            for each in reading.destinations
            if chosen in {None, self._rules.plan.typed(each)}
        ]
        if not destinations:
            raise NotDialledError(
                "That number is not among those to choose from: nobody was called. Try again."
            )
        if len(destinations) == 1 and destinations[0].ask is None:
            return await self._place(destinations[0], wished_phone)
        question = self._question(destinations)
        if asks_here:
            return question
        self._may_ask(question, destinations, source)
        self._ask(destinations, source, wished_phone)
        return replace(question, answer=Answer.ASKED)

    def tell(self, reason: str) -> None:
        """Say on the screen why nobody is called."""
        self._inquiries.tell(self._rules.sentences.trouble(reason))

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
        await self._placement.aclose()

    def _ended(self, task: asyncio.Task[object]) -> None:
        self._tasks.discard(task)
        match None if task.cancelled() else task.exception():
            case None | NotDialledError(is_told=True):
                pass
            case BubbledError() as error:
                log.warning("nobody was called", reason=str(error))
                self.tell(str(error))
            case error:
                log.error("a call could not be placed by a defect of bubbled", exc_info=error)
                self.tell(DEFECT)

    # What the user is told and asked.

    def _refused(self, reading: Reading, source: Source) -> NotDialledError:
        is_told = source in _AT_THE_SCREEN
        if is_told:
            self._inquiries.tell(self._rules.sentences.refusal(reading, source))
        # Where the screen tells it, the command does not repeat what was selected: a desktop may keep that.
        about = replace(reading, about="...") if is_told else reading
        card = _ENGLISH.refusal(about, source)
        text = f"{card.headline}: nobody was called. {' '.join(card.lines)}"
        return NotDialledError(text, is_told=is_told)

    def _considered(self, destination: Destination, *, is_confirmed: bool) -> Destination:
        trusted = destination.ask is Caution.LINK and self._rules.trusts_links
        return replace(destination, ask=None) if is_confirmed or trusted else destination

    def _question(self, destinations: Sequence[Destination]) -> Dialling:
        plan, (first, *others) = self._rules.plan, destinations
        card = _ENGLISH.choice(destinations) if others else _ENGLISH.question(first, plan.typed(first))
        return Dialling(
            answer=Answer.QUESTION,
            question=card.headline if others else card.status,
            choices=tuple(Choice(plan.typed(each), each.shown) for each in destinations),
        )

    def _may_ask(self, question: Dialling, destinations: Sequence[Destination], source: Source) -> None:
        program, number = self._rules.sentences.program, question.choices[0].number
        if trouble := self._screen_trouble():
            raise NotDialledError(
                f"You are to be asked first ({question.question}), but cannot be: {trouble} "
                f"Nobody was called; `{program} dial --yes {number}` asks nothing."
            )
        if not self._inquiries.has_room(destinations, source):
            self.tell(TOO_MANY_QUESTIONS)
            raise NotDialledError(TOO_MANY_QUESTIONS, is_told=True)

    def _ask(self, destinations: Sequence[Destination], source: Source, wished_phone: str | None) -> None:
        sentences, (first, *others) = self._rules.sentences, destinations
        typed = self._rules.plan.typed(first)
        card = sentences.choice(destinations) if others else sentences.question(first, typed)

        def chosen(destination: Destination) -> None:
            if others and destination.ask not in {None, Caution.LINK}:
                self._ask([destination], source, wished_phone)
            else:
                self.start(self._place(destination, wished_phone))

        self._inquiries.ask(card, destinations, source, chosen)

    async def _place(self, destination: Destination, wished_phone: str | None) -> Dialling:
        self._inquiries.settle(destination.dialled)
        return await self._placement.place(destination, wished_phone, self._rules.plan, self._rules.call)
