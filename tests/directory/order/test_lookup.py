from __future__ import annotations

import asyncio
import gc
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from bubbled.directory.order.lookup import CLOSING_S
from bubbled.directory.order.plan import Place, Rules
from bubbled.directory.port import BusyError, Disclosure, Phase
from bubbled.error import DirectoryError
from bubbled.model import E164, Contact, Extension
from tests.directory.order.source import (
    COLLEAGUE,
    NUMBER,
    OTHER,
    Source,
    asker,
    name_in,
    now,
    outcomes,
)

if TYPE_CHECKING:
    from tests.directory.order.source import InVirtualTime


def test_a_slow_first_beats_a_fast_second(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        answer = await asker(Source("A", 0.2, "Ann"), Source("B", 0.01, "Bob")).ask(NUMBER)
        assert answer.contact == Contact(directory="A", name="Ann")
        assert outcomes(answer.trace) == ["A hit", "B hit"]
        assert answer.trace[0].ms == pytest.approx(200)
        assert now() == pytest.approx(0.2)

    in_virtual_time(scene())


def test_a_fast_second_waits_until_the_first_has_missed(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        answer = await asker(Source("A", 0.2), Source("B", 0.01, "Bob")).ask(NUMBER)
        assert answer.contact == Contact(directory="B", name="Bob")
        assert outcomes(answer.trace) == ["A miss", "B hit"]
        assert now() == pytest.approx(0.2)

    in_virtual_time(scene())


def test_losers_are_cancelled_as_soon_as_the_first_matches(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        slow, slower = Source("B", 1, "Bob"), Source("C", 1, "Cas")
        answer = await asker(Source("A", 0.01, "Ann"), slow, slower).ask(NUMBER)
        assert outcomes(answer.trace) == ["A hit", "B cancelled", "C cancelled"]
        assert (slow.cancelled, slower.cancelled) == (1, 1)
        assert now() == pytest.approx(0.01)

    in_virtual_time(scene())


def test_losers_are_cancelled_also_while_a_better_one_is_waited_for(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        loser = Source("C", 9)
        asking = asker(Source("A", 1, "Ann"), Source("B", 0.1, "Bob"), loser)
        question = asyncio.create_task(asking.ask(NUMBER))
        await asyncio.sleep(0.5)
        assert loser.cancelled == 1
        assert name_in(await question) == "Ann"

    in_virtual_time(scene())


def test_a_first_that_hangs_costs_its_own_time_limit_only(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        answer = await asker(Source("A", 9, "Ann", timeout_s=0.15), Source("B", 0.01, "Bob")).ask(NUMBER)
        assert outcomes(answer.trace) == ["A timeout", "B hit"]
        assert now() == pytest.approx(0.15)

    in_virtual_time(scene())


def test_an_error_of_one_hurts_no_other(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        first = Source("A", 0.01, DirectoryError("A is closed on Sundays"))
        answer = await asker(first, Source("B", 0.05, "Bob")).ask(NUMBER)
        assert outcomes(answer.trace) == ["A error", "B hit"]
        assert answer.trace[0].error == "A is closed on Sundays"

    in_virtual_time(scene())


def test_an_unexpected_error_is_told_without_its_text(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        answer = await asker(Source("A", 0.01, OSError("password=hunter2"))).ask(NUMBER)
        assert answer.contact is None
        assert answer.trace[0].error == "the directory failed unexpectedly (OSError)"

    in_virtual_time(scene())


def test_when_the_budget_is_gone_the_best_finished_in_order_wins(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        hanging = Source("A", 9, "Ann", timeout_s=5)
        sources = (hanging, Source("B", 0.02, "Bob"), Source("C", 0.01, "Cas"))
        answer = await asker(*sources, rules=Rules(budget_s=0.3)).ask(NUMBER)
        assert answer.contact == Contact(directory="B", name="Bob")
        assert outcomes(answer.trace) == ["A timeout", "B hit", "C hit"]
        assert hanging.cancelled == 1
        assert now() == pytest.approx(0.3)

    in_virtual_time(scene())


def test_nobody_knows(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        answer = await asker(Source("A"), Source("B")).ask(NUMBER)
        assert (answer.contact, answer.matches) == (None, ())
        assert outcomes(answer.trace) == ["A miss", "B miss"]
        assert (await asker().ask(NUMBER)).trace == ()

    in_virtual_time(scene())


def test_equal_questions_are_asked_once_while_one_is_in_flight(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        source = Source("A", 0.1, "Ann")
        asking = asker(source)
        answers = await asyncio.gather(*(asking.ask(NUMBER) for _ in range(50)), asking.ask(OTHER))
        assert {name_in(answer) for answer in answers} == {"Ann"}
        assert sorted(source.asked) == sorted([NUMBER.number, OTHER.number])
        await asking.ask(NUMBER)
        assert source.asked.count(NUMBER.number) == 2

    in_virtual_time(scene())


def test_one_who_gives_up_leaves_the_answer_to_the_others(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        source = Source("A", 0.1, "Ann")
        asking = asker(source)
        impatient, patient = asyncio.create_task(asking.ask(NUMBER)), asyncio.create_task(asking.ask(NUMBER))
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
        asking = asker(*sources)
        question = asyncio.create_task(asking.ask(NUMBER))
        await asyncio.sleep(0.01)
        await asking.aclose()
        with pytest.raises(asyncio.CancelledError):
            await question
        assert [source.cancelled for source in sources] == [1, 1]
        assert [source.closed for source in sources] == [1, 1]
        assert now() == pytest.approx(0.01)

    in_virtual_time(scene())


def test_a_directory_that_does_not_close_keeps_no_other_from_it(in_virtual_time: InVirtualTime) -> None:
    class Hanging(Source):
        async def aclose(self) -> None:
            await asyncio.sleep(3600)

    async def scene() -> None:
        whole = Source("A")
        await asker(whole, Hanging("B")).aclose()
        assert whole.closed == 1
        assert now() == pytest.approx(CLOSING_S)

    in_virtual_time(scene())


def test_closing_gives_up_a_question_to_all_too_and_nothing_is_asked_afterwards(
    in_virtual_time: InVirtualTime,
) -> None:
    async def scene() -> None:
        source = Source("A", 9)
        asking = asker(source)
        question = asyncio.create_task(asking.ask_every(NUMBER))
        await asyncio.sleep(0.01)
        await asking.aclose()
        assert source.cancelled == 1
        for late in (question, asking.ask_every(NUMBER), asking.ask(NUMBER)):
            with pytest.raises(DirectoryError, match="ask again"):
                await late
        assert len(source.asked) == 1

    in_virtual_time(scene())


def test_cancelling_a_question_to_all_cancels_each(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        source = Source("A", 9)
        question = asyncio.create_task(asker(source).ask_every(NUMBER))
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
        answer = await asker(Confused("A"), Source("B", 0.05, "Bob")).ask(NUMBER)
        assert outcomes(answer.trace) == ["A error", "B hit"]

    in_virtual_time(scene())


def test_so_does_one_that_answered_at_once_before(in_virtual_time: InVirtualTime) -> None:
    class Confused(Source):
        async def lookup(self, number: E164 | Extension) -> tuple[Contact, ...]:
            if self.asked:
                raise asyncio.CancelledError
            return await super().lookup(number)

    async def scene() -> None:
        asking = asker(Confused("A", -1, is_local=True), Source("B", 0.05, "Bob"))
        await asking.ask(NUMBER)
        assert outcomes((await asking.ask(NUMBER)).trace) == ["A error", "B hit"]

    in_virtual_time(scene())


def test_a_directory_that_cannot_even_tell_its_state_hurts_no_other(in_virtual_time: InVirtualTime) -> None:
    class Speechless(Source):
        def __getattribute__(self, name: str) -> object:
            if name == "state":
                raise ValueError
            return super().__getattribute__(name)

    async def scene() -> None:
        broken = Speechless("A", -1, is_local=True)
        asking = asker(broken, Source("B", 0.05, "Bob"))
        for _ in range(2):
            assert outcomes((await asking.ask(NUMBER)).trace) == ["A miss", "B hit"]
        assert asking.state_of(broken).phase is Phase.FAILED

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
        answer = await asker(Source("A", 0.01, "Ann"), Deaf("B")).ask(NUMBER)
        assert outcomes(answer.trace) == ["A hit", "B cancelled"]
        assert now() < 1
        with capture_logs() as logs:
            await asyncio.sleep(1)
        assert [(entry["event"], entry["task"]) for entry in logs] == [
            ("a directory does not stop when told to", "ask B")
        ]

    in_virtual_time(scene())


def test_a_directory_that_stops_when_told_to_is_not_complained_of_whatever_it_says_at_the_end(
    in_virtual_time: InVirtualTime,
) -> None:
    class Sulking(Source):
        async def lookup(self, number: E164 | Extension) -> tuple[Contact, ...]:
            try:
                return await super().lookup(number)
            except asyncio.CancelledError:
                raise ValueError from None

    async def scene() -> None:
        overlooked: list[object] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, problem: overlooked.append(problem))
        with capture_logs() as logs:
            await asker(Source("A", 0.01, "Ann"), Source("B", 9), Sulking("C", 9)).ask(NUMBER)
            await asyncio.sleep(1)
        gc.collect()
        assert (logs, overlooked) == ([], [])

    in_virtual_time(scene())


def test_a_guess_gives_way_to_one_who_knows_the_number(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        guess = Source("A", 0.01, "Acme", probable=True)
        answer = await asker(guess, Source("B"), Source("C", 0.1, "Cas"), Source("D", 9)).ask(NUMBER)
        assert answer.contact == Contact(directory="C", name="Cas")
        assert outcomes(answer.trace) == ["A hit", "B miss", "C hit", "D cancelled"]
        answer = await asker(guess, Source("B")).ask(NUMBER)
        assert answer.contact == Contact(directory="A", name="Acme", probable=True)

    in_virtual_time(scene())


def test_asked_to_every_directory_each_answers(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        ann, cas = Contact(directory="A", name="Ann"), Contact(directory="C", name="Cas")
        sources = (Source("A", 0.01, "Ann"), Source("B", 0.1), Source("C", 0.2, "Cas"), Source("D", 9))
        answer = await asker(*sources).ask_every(NUMBER)
        assert answer.contact == ann
        assert answer.matches == (ann, cas)
        assert outcomes(answer.trace) == ["A hit", "B miss", "C hit", "D timeout"]
        assert [asked.matches for asked in answer.trace] == [(ann,), (), (cas,), ()]

    in_virtual_time(scene())


def test_a_directory_that_blocks_delays_the_others_but_takes_no_answer_from_them(
    in_virtual_time: InVirtualTime,
) -> None:
    class Blocking(Source):
        async def lookup(self, number: E164 | Extension) -> tuple[Contact, ...]:
            asyncio.get_running_loop().jump(1.0)  # type: ignore[attr-defined] # the loop of the fixture
            return await super().lookup(number)

    async def scene() -> None:
        answer = await asker(Source("A", 0.01, "Ann"), Blocking("B", 0.02, "Bob")).ask(NUMBER)
        assert answer.contact == Contact(directory="A", name="Ann")

    in_virtual_time(scene())


def test_all_who_wait_are_told_what_is_known_so_far(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        asking = asker(Source("A", 1, "Ann"), Source("B", 0.1, "Bob"))
        told: dict[str, list[tuple[float, str | None]]] = {"early": [], "late": []}

        async def follow(who: str) -> None:
            answer = await asking.ask(NUMBER, lambda a: told[who].append((round(now(), 3), name_in(a))))
            assert answer.contact == Contact(directory="A", name="Ann")
            assert not answer.provisional

        early = asyncio.create_task(follow("early"))
        await asyncio.sleep(0.5)
        await follow("late")
        await early
        assert told == {"early": [(0.3, "Bob")], "late": [(0.5, "Bob")]}

    in_virtual_time(scene())


def test_one_who_cannot_listen_takes_the_answer_from_nobody(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        asking = asker(Source("A", 1), Source("B", 0.1, "Bob"))
        told: list[str | None] = []

        def fail(_: object) -> None:
            raise ValueError

        answers = await asyncio.gather(
            asking.ask(NUMBER, fail), asking.ask(NUMBER, lambda a: told.append(name_in(a)))
        )
        assert [name_in(answer) for answer in answers] == ["Bob", "Bob"]
        assert told == ["Bob"]

    in_virtual_time(scene())


def test_one_who_cannot_listen_gets_the_answer_all_the_same(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        asking = asker(Source("A", knows="Ann", may_be_kept=True), rules=Rules(keep_hit_s=0))
        await asking.ask(NUMBER)

        def fail(_: object) -> None:
            raise ValueError

        assert name_in(await asking.ask(NUMBER, fail)) == "Ann"

    in_virtual_time(scene())


def test_who_gave_up_is_told_nothing_more(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        asking = asker(Source("A", 1), Source("B", 0.1, "Bob"))
        told: list[object] = []
        impatient = asyncio.create_task(asking.ask(NUMBER, told.append))
        patient = asyncio.create_task(asking.ask(NUMBER))
        await asyncio.sleep(0.2)
        impatient.cancel()
        await patient
        assert told == []

    in_virtual_time(scene())


def test_what_was_answered_is_remembered_and_told_while_it_is_asked_about_again(
    in_virtual_time: InVirtualTime,
) -> None:
    async def scene() -> None:
        source = Source("A", 0.1, "Ann", may_be_kept=True)
        asking = asker(source)
        await asking.ask(NUMBER)
        again = await asking.ask(NUMBER)
        assert (again.contact, again.trace[0].cached) == (Contact(directory="A", name="Ann"), True)
        assert len(source.asked) == 1
        await asyncio.sleep(700)
        source.knows = "Anna"
        told: list[tuple[str | None, bool]] = []
        answer = await asking.ask(NUMBER, lambda a: told.append((name_in(a), a.provisional)))
        assert told == [("Ann", True)]
        assert (answer.contact, answer.trace[0].cached) == (Contact(directory="A", name="Anna"), False)

    in_virtual_time(scene())


def test_what_is_remembered_serves_while_the_directory_is_down(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        source = Source("A", 0.1, "Ann", may_be_kept=True)
        asking = asker(source)
        await asking.ask(NUMBER)
        await asyncio.sleep(700)
        source.knows = DirectoryError("A is closed")
        answer = await asking.ask(NUMBER)
        assert answer.contact == Contact(directory="A", name="Ann")
        assert outcomes(answer.trace) == ["A error"]
        assert (answer.trace[0].error, answer.trace[0].cached) == ("A is closed", True)
        await asyncio.sleep(86_400)
        assert (await asking.ask(NUMBER)).contact is None

    in_virtual_time(scene())


def test_a_failure_is_not_remembered_as_a_miss(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        source = Source("A", 0.1, DirectoryError("A is closed"), may_be_kept=True)
        asking = asker(source, Source("B", 0.2, "Bob", may_be_kept=True))
        await asking.ask(NUMBER)
        source.knows = "Ann"
        assert (await asking.ask(NUMBER)).contact == Contact(directory="A", name="Ann")

    in_virtual_time(scene())


@pytest.mark.parametrize(
    "source",
    [
        Source("A", knows="Ann", may_be_kept=False),
        Source("A", knows="Ann", may_be_kept=True, is_local=True),
        Source("A", knows="Ann", may_be_kept=True, transient=True),
    ],
    ids=["its terms forbid it", "it answers at once anyway", "the terms for this contact forbid it"],
)
def test_nothing_is_remembered_when(in_virtual_time: InVirtualTime, source: Source) -> None:
    async def scene() -> None:
        asking = asker(source)
        answers = [await asking.ask(NUMBER) for _ in range(2)]
        assert len(source.asked) == 2
        assert not any(answer.trace[0].cached for answer in answers)

    in_virtual_time(scene())


def test_a_number_that_is_to_be_forgotten_is_asked_about_anew(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        source = Source("A", knows="Ann", may_be_kept=True)
        asking = asker(source)
        await asking.ask(NUMBER)
        asking.forget(NUMBER.number)
        await asking.ask(NUMBER)
        assert source.asked == [NUMBER.number, NUMBER.number]

    in_virtual_time(scene())


def test_what_was_being_asked_about_a_number_when_it_was_forgotten_is_not_remembered(
    in_virtual_time: InVirtualTime,
) -> None:
    async def scene() -> None:
        source = Source("A", knows="Ann", may_be_kept=True)
        asking = asker(source)
        question = asyncio.create_task(asking.ask(NUMBER))
        await asyncio.sleep(0.005)
        asking.forget(NUMBER.number)
        assert name_in(await question) == "Ann"
        await asking.ask(NUMBER)
        assert source.asked == [NUMBER.number, NUMBER.number]

    in_virtual_time(scene())


def test_internal_numbers_are_told_to_internal_directories_alone(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        outside, inside = Source("CRM", knows="Acme"), Source("Colleagues", knows="Bob")
        asking = asker(outside, Place(directory=inside, is_internal=True))
        for question, asked, spared in ((COLLEAGUE, inside, outside), (NUMBER, outside, inside)):
            answer = await asking.ask(question)
            every = await asking.ask_every(question)
            assert answer.matches == every.matches == (Contact(directory=asked.name, name=asked.knows),)  # type: ignore[arg-type] # they know a name
            assert asked.asked == [question.number, question.number]
            assert spared.asked == []
            assert [name for name, _ in asking.explain(question)] == [asked.name]
            asked.asked.clear()

    in_virtual_time(scene())


def test_it_tells_beforehand_what_is_told_to_whom_in_the_order_of_their_turns() -> None:
    asking = asker(Place(directory=Source("Google"), tier=9), Source("CRM"))
    told = (Disclosure("source.example", (NUMBER.number,)),)
    assert asking.explain(NUMBER) == (("CRM", told), ("Google", told))
    assert [directory.name for directory in asking.directories] == ["Google", "CRM"]


def test_asking_all_asks_strangers_only_about_numbers_that_nobody_knows(
    in_virtual_time: InVirtualTime,
) -> None:
    async def scene() -> None:
        crm, books = Source("CRM", 0.2, "Acme"), Source("Books", 0.1)
        google = Place(directory=Source("Google", 0.1, "Acme Ltd"), tier=9, after_errors=False)
        asking = asker(google, crm, Place(directory=books, tier=2))
        answer = await asking.ask_every(NUMBER)
        assert outcomes(answer.trace) == ["CRM hit", "Books miss", "Google not asked"]
        assert now() == pytest.approx(0.2)
        crm.knows = None
        answer = await asking.ask_every(NUMBER)
        assert outcomes(answer.trace) == ["CRM miss", "Books miss", "Google hit"]

    in_virtual_time(scene())


def test_asking_all_asks_strangers_also_after_errors_but_never_about_numbers_that_somebody_knows(
    in_virtual_time: InVirtualTime,
) -> None:
    async def scene() -> None:
        crm, books = Source("CRM", 0.2, "Acme"), Source("Books", 0.1, DirectoryError("down"))
        google = Source("Google", 0.1, "Acme Ltd")
        asking = asker(crm, books, Place(directory=google, tier=2, is_stranger=True))
        answer = await asking.ask_every(NUMBER)
        assert outcomes(answer.trace) == ["CRM hit", "Books error", "Google not asked"]
        assert google.asked == []
        crm.knows = None
        answer = await asking.ask_every(NUMBER)
        assert outcomes(answer.trace) == ["CRM miss", "Books error", "Google hit"]

    in_virtual_time(scene())


def test_asking_all_answers_nothing_from_memory_and_tries_those_that_rest(
    in_virtual_time: InVirtualTime,
) -> None:
    async def scene() -> None:
        known, broken = Source("A", knows="Ann", may_be_kept=True), Source("B", knows=DirectoryError("down"))
        busy = Source("C", knows=BusyError("busy", 60))
        asking = asker(known, broken, busy)
        for _ in range(3):
            await asking.ask_every(NUMBER)
        broken.knows, busy.knows = "Bob", "Cas"
        answer = await asking.ask_every(NUMBER)
        assert outcomes(answer.trace) == ["A hit", "B hit", "C breaker"]
        assert not answer.trace[0].cached

    in_virtual_time(scene())


def test_a_directory_that_can_neither_start_nor_stop_keeps_no_other_from_it(
    in_virtual_time: InVirtualTime,
) -> None:
    class Broken(Source):
        async def start(self) -> None:
            raise OSError

        async def aclose(self) -> None:
            raise OSError

    class Started(Source):
        async def start(self) -> None:
            self.state = type(self.state)(Phase.INDEXING)

    async def scene() -> None:
        whole = Started("B")
        asking = asker(whole, Broken("A"), whole)
        await asking.start()
        assert whole.state.phase is Phase.INDEXING
        await asking.aclose()
        assert whole.closed == 2

    in_virtual_time(scene())


def test_what_answers_at_once_is_known_without_a_pause(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        local, remote = Source("A", -1, "Ann", is_local=True), Source("B", 0.1, "Bob")
        asking = asker(local, Place(directory=remote, tier=2))
        await asking.ask(NUMBER)
        question = asking.ask(NUMBER)
        with pytest.raises(StopIteration) as answered:
            question.send(None)
        assert answered.value.value.contact == Contact(directory="A", name="Ann")
        assert remote.asked == []

    in_virtual_time(scene())


def test_what_answered_at_once_may_still_have_to_wait(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        local = Source("A", -1, "Ann", is_local=True)
        asking = asker(local)
        await asking.ask(NUMBER)
        local.delay_s = 0.1
        assert (await asking.ask(NUMBER)).contact == Contact(directory="A", name="Ann")
        local.delay_s, local.knows = -1, ValueError("password=hunter2")
        assert outcomes((await asking.ask(NUMBER)).trace) == ["A error"]

    in_virtual_time(scene())
