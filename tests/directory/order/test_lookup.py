from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from bubbled.directory.order.answer import Question
from bubbled.directory.order.lookup import Lookup
from bubbled.directory.order.plan import Place, Rules
from bubbled.directory.port import Disclosure, Phase, Rate, State
from bubbled.error import DirectoryError
from bubbled.model import E164, Contact, Extension

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from bubbled.directory.order.answer import Asked

    InVirtualTime = Callable[[Coroutine[None, None, None]], None]

NUMBER = Question(E164("+31612345678"))
OTHER = Question(E164("+31201234567"))


@dataclass
class Source:
    """A directory that takes its time. `knows`: what it answers; an error instead is raised."""

    name: str
    delay_s: float = 0.01
    knows: str | Exception | None = None
    timeout_s: float = 2.0
    probable: bool = False
    count: int | None = None
    state: State = field(default_factory=lambda: State(Phase.READY))
    is_local: bool = False
    may_be_kept: bool = False
    rate: Rate | None = None
    asked: list[E164 | Extension] = field(default_factory=list)
    cancelled: int = 0
    closed: int = 0

    def disclosures(self, number: E164 | Extension) -> tuple[Disclosure, ...]:
        return (Disclosure("source.example", (number,)),)

    async def start(self) -> None: ...

    async def lookup(self, number: E164 | Extension) -> tuple[Contact, ...]:
        self.asked.append(number)
        try:
            await asyncio.sleep(self.delay_s)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if isinstance(self.knows, Exception):
            raise self.knows
        if self.knows is None:
            return ()
        return (Contact(directory=self.name, name=self.knows, probable=self.probable),)

    async def aclose(self) -> None:
        self.closed += 1


def lookup(*sources: Source, budget_s: float = 3.0) -> Lookup:
    return Lookup(
        [Place(directory=source) for source in sources],
        Rules(budget_s=budget_s),
        clock=asyncio.get_running_loop().time,
    )


def outcomes(trace: Sequence[Asked]) -> list[str]:
    return [f"{asked.directory} {asked.outcome}" for asked in trace]


def now() -> float:
    return asyncio.get_running_loop().time()


def test_a_slow_first_beats_a_fast_second(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        answer = await lookup(Source("A", 0.2, "Ann"), Source("B", 0.01, "Bob")).ask(NUMBER)
        assert answer.contact == Contact(directory="A", name="Ann")
        assert outcomes(answer.trace) == ["A hit", "B hit"]
        assert answer.trace[0].ms == pytest.approx(200)
        assert now() == pytest.approx(0.2)

    in_virtual_time(scene())


def test_a_fast_second_waits_until_the_first_has_missed(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        answer = await lookup(Source("A", 0.2), Source("B", 0.01, "Bob")).ask(NUMBER)
        assert answer.contact == Contact(directory="B", name="Bob")
        assert outcomes(answer.trace) == ["A miss", "B hit"]
        assert now() == pytest.approx(0.2)

    in_virtual_time(scene())


def test_losers_are_cancelled_as_soon_as_the_first_matches(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        slow, slower = Source("B", 1, "Bob"), Source("C", 1, "Cas")
        answer = await lookup(Source("A", 0.01, "Ann"), slow, slower).ask(NUMBER)
        assert outcomes(answer.trace) == ["A hit", "B cancelled", "C cancelled"]
        assert (slow.cancelled, slower.cancelled) == (1, 1)
        assert now() == pytest.approx(0.01)

    in_virtual_time(scene())


def test_a_first_that_hangs_costs_its_own_time_limit_only(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        answer = await lookup(Source("A", 9, "Ann", timeout_s=0.15), Source("B", 0.01, "Bob")).ask(NUMBER)
        assert outcomes(answer.trace) == ["A timeout", "B hit"]
        assert now() == pytest.approx(0.15)

    in_virtual_time(scene())


def test_an_error_of_one_hurts_no_other(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        first = Source("A", 0.01, DirectoryError("A is closed on Sundays"))
        answer = await lookup(first, Source("B", 0.05, "Bob")).ask(NUMBER)
        assert outcomes(answer.trace) == ["A error", "B hit"]
        assert answer.trace[0].error == "A is closed on Sundays"

    in_virtual_time(scene())


def test_an_unexpected_error_is_told_without_its_text(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        answer = await lookup(Source("A", 0.01, OSError("password=hunter2"))).ask(NUMBER)
        assert answer.contact is None
        assert answer.trace[0].error == "the directory failed unexpectedly (OSError)"

    in_virtual_time(scene())


def test_when_the_budget_is_gone_the_best_finished_in_order_wins(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        hanging = Source("A", 9, "Ann", timeout_s=5)
        sources = (hanging, Source("B", 0.02, "Bob"), Source("C", 0.01, "Cas"))
        answer = await lookup(*sources, budget_s=0.3).ask(NUMBER)
        assert answer.contact == Contact(directory="B", name="Bob")
        assert outcomes(answer.trace) == ["A timeout", "B hit", "C hit"]
        assert hanging.cancelled == 1
        assert now() == pytest.approx(0.3)

    in_virtual_time(scene())


def test_nobody_knows(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        answer = await lookup(Source("A"), Source("B")).ask(NUMBER)
        assert (answer.contact, answer.matches) == (None, ())
        assert outcomes(answer.trace) == ["A miss", "B miss"]
        assert (await lookup().ask(NUMBER)).trace == ()

    in_virtual_time(scene())


def test_equal_questions_are_asked_once_while_one_is_in_flight(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        source = Source("A", 0.1, "Ann")
        asker = lookup(source)
        answers = await asyncio.gather(*(asker.ask(NUMBER) for _ in range(50)), asker.ask(OTHER))
        assert {answer.contact and answer.contact.name for answer in answers} == {"Ann"}
        assert sorted(source.asked) == sorted([NUMBER.number, OTHER.number])
        await asker.ask(NUMBER)
        assert source.asked.count(NUMBER.number) == 2

    in_virtual_time(scene())


def test_one_who_gives_up_leaves_the_answer_to_the_others(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        source = Source("A", 0.1, "Ann")
        asker = lookup(source)
        impatient, patient = asyncio.create_task(asker.ask(NUMBER)), asyncio.create_task(asker.ask(NUMBER))
        await asyncio.sleep(0.02)
        impatient.cancel()
        with pytest.raises(asyncio.CancelledError):
            await impatient
        assert (await patient).contact == Contact(directory="A", name="Ann")
        assert source.asked == [NUMBER.number]

    in_virtual_time(scene())


def test_closing_gives_up_open_questions_and_closes_every_directory(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        sources = (Source("A", 9), Source("B", 9))
        asker = lookup(*sources)
        question = asyncio.create_task(asker.ask(NUMBER))
        await asyncio.sleep(0.01)
        await asker.aclose()
        with pytest.raises(asyncio.CancelledError):
            await question
        assert [source.cancelled for source in sources] == [1, 1]
        assert [source.closed for source in sources] == [1, 1]
        assert now() == pytest.approx(0.01)

    in_virtual_time(scene())


def test_cancelling_a_question_to_all_cancels_each(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        source = Source("A", 9)
        question = asyncio.create_task(lookup(source).ask_every(NUMBER))
        await asyncio.sleep(0.01)
        question.cancel()
        with pytest.raises(asyncio.CancelledError):
            await question
        assert source.cancelled == 1

    in_virtual_time(scene())


def test_a_directory_that_cancels_itself_counts_as_an_error(in_virtual_time: InVirtualTime) -> None:
    class Confused(Source):
        async def lookup(self, number: E164 | Extension) -> tuple[Contact, ...]:
            self.asked.append(number)
            raise asyncio.CancelledError

    async def scene() -> None:
        answer = await lookup(Confused("A"), Source("B", 0.05, "Bob")).ask(NUMBER)
        assert outcomes(answer.trace) == ["A error", "B hit"]

    in_virtual_time(scene())


def test_a_directory_that_is_deaf_to_cancelling_holds_up_nobody(in_virtual_time: InVirtualTime) -> None:
    class Deaf(Source):
        async def lookup(self, number: E164 | Extension) -> tuple[Contact, ...]:
            self.asked.append(number)
            for _ in range(3):
                try:
                    await asyncio.sleep(60)
                except asyncio.CancelledError:
                    self.cancelled += 1
            return ()

    async def scene() -> None:
        answer = await lookup(Source("A", 0.01, "Ann"), Deaf("B")).ask(NUMBER)
        assert outcomes(answer.trace) == ["A hit", "B cancelled"]
        assert now() < 1

    in_virtual_time(scene())


def test_a_guess_gives_way_to_one_who_knows_the_number(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        guess = Source("A", 0.01, "Acme", probable=True)
        answer = await lookup(guess, Source("B"), Source("C", 0.1, "Cas"), Source("D", 9)).ask(NUMBER)
        assert answer.contact == Contact(directory="C", name="Cas")
        assert outcomes(answer.trace) == ["A hit", "B miss", "C hit", "D cancelled"]
        answer = await lookup(guess, Source("B")).ask(NUMBER)
        assert answer.contact == Contact(directory="A", name="Acme", probable=True)

    in_virtual_time(scene())


def test_asked_to_every_directory_each_answers(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        ann, cas = Contact(directory="A", name="Ann"), Contact(directory="C", name="Cas")
        sources = (Source("A", 0.01, "Ann"), Source("B", 0.1), Source("C", 0.2, "Cas"), Source("D", 9))
        answer = await lookup(*sources).ask_every(NUMBER)
        assert answer.contact == ann
        assert answer.matches == (ann, cas)
        assert outcomes(answer.trace) == ["A hit", "B miss", "C hit", "D timeout"]
        assert [asked.matches for asked in answer.trace] == [(ann,), (), (cas,), ()]

    in_virtual_time(scene())
