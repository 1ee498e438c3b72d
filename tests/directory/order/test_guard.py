from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from bubbled.directory.order.breaker import LONGEST_PAUSE_S, REFUSED_REST_S
from bubbled.directory.order.plan import Place, Rules
from bubbled.directory.port import BusyError, CredentialsError, Phase, Rate, State
from bubbled.error import DirectoryError
from tests.directory.order.source import NUMBER, OTHER, Source, asker, now

if TYPE_CHECKING:
    from bubbled.directory.order.answer import Asked
    from bubbled.directory.order.lookup import Lookup
    from tests.directory.order.source import InVirtualTime


async def said(asking: Lookup) -> Asked:
    return (await asking.ask(NUMBER)).trace[0]


def test_a_directory_that_hangs_is_soon_left_in_peace_and_then_found_again(
    in_virtual_time: InVirtualTime,
) -> None:
    async def scene() -> None:
        source = Source("A", 9, "Ann")
        asking = asker(source)
        assert [(await said(asking)).outcome for _ in range(4)] == [
            "timeout",
            "timeout",
            "timeout",
            "breaker",
        ]
        assert now() == pytest.approx(6)
        asked = await said(asking)
        assert (asked.ms, asked.error) == (0, "rests after failures; again in 30 s (no answer within 2 s)")
        source.delay_s = 0.1
        await asyncio.sleep(30)
        assert (await said(asking)).outcome == "hit"
        assert len(source.asked) == 4

    in_virtual_time(scene())


def test_one_that_hangs_for_longer_than_anybody_waits_is_left_in_peace_too(
    in_virtual_time: InVirtualTime,
) -> None:
    async def scene() -> None:
        hanging = Source("B", 99, timeout_s=10)
        asking = asker(Source("A", 0.1), Place(directory=hanging, tier=2), rules=Rules(budget_s=3))
        outcomes = [(await asking.ask(NUMBER)).trace[1].outcome for _ in range(4)]
        assert outcomes == ["timeout", "timeout", "timeout", "breaker"]
        assert str(asking.state_of(hanging)) == "failed: no answer within 2.9 s"

    in_virtual_time(scene())


def test_a_loser_does_not_count_as_failed(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        slow = Source("B", 1, "Bob")
        first = Source("A", 0.01, "Ann")
        asking = asker(first, slow)
        for _ in range(5):
            await asking.ask(NUMBER)
        first.knows = None
        assert (await asking.ask(NUMBER)).contact is not None

    in_virtual_time(scene())


def test_a_pause_that_it_asks_for_is_kept(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        source = Source("A", 0, BusyError("A is busy", 17))
        asking = asker(source)
        assert ((await said(asking)).outcome, (await said(asking)).outcome) == ("error", "breaker")
        assert (await said(asking)).error == "it asked for a pause; again in 17 s"
        source.knows = "Ann"
        await asyncio.sleep(16.5)
        assert (await said(asking)).outcome == "breaker"
        await asyncio.sleep(0.5)
        assert (await said(asking)).outcome == "hit"

    in_virtual_time(scene())


@pytest.mark.parametrize("retry_after_s", [-1, 0, float("nan"), float("inf"), 1e300, None])
def test_an_absurd_pause_does_no_harm(in_virtual_time: InVirtualTime, retry_after_s: float | None) -> None:
    async def scene() -> None:
        source = Source("A", 0, BusyError("A is busy", retry_after_s))
        asking = asker(source)
        await asking.ask(NUMBER)
        assert (await said(asking)).outcome == "breaker"
        source.knows = "Ann"
        await asyncio.sleep(LONGEST_PAUSE_S)
        assert (await said(asking)).outcome == "hit"

    in_virtual_time(scene())


def test_an_allowance_that_is_used_up_spares_the_directory(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        source = Source("A", 0, "Ann", rate=Rate(2, 60))
        asking = asker(source)
        assert [(await said(asking)).outcome for _ in range(3)] == ["hit", "hit", "breaker"]
        assert (await said(asking)).error == "asked as often as it allows; again in 60 s"
        assert asking.state_of(source).phase is Phase.READY
        await asyncio.sleep(60)
        assert (await said(asking)).outcome == "hit"

    in_virtual_time(scene())


def test_a_refused_account_is_not_tried_at_every_call_and_logged_once(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        source = Source("A", 0, CredentialsError("A refuses the token; get a new one"))
        asking = asker(source)
        with capture_logs() as logs:
            for _ in range(5):
                asked = await said(asking)
                assert (asked.outcome, asked.error) == ("refused", "A refuses the token; get a new one")
            await asyncio.sleep(REFUSED_REST_S)
            await asking.ask(NUMBER)
        assert len(source.asked) == 2
        assert [entry["log_level"] for entry in logs] == ["warning", "debug"]
        assert str(asking.state_of(source)) == "failed: A refuses the token; get a new one"
        source.knows = "Ann"
        assert (await asking.ask_every(NUMBER)).contact is not None
        assert str(asking.state_of(source)) == "ready"
        assert (await said(asking)).outcome == "hit"

    in_virtual_time(scene())


def test_failures_are_logged_once_until_it_works_again(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        source = Source("A", 0, DirectoryError("A is\n closed"))
        asking = asker(source)
        with capture_logs() as logs:
            for number in (NUMBER, OTHER):
                await asking.ask(number)
            source.knows = "Ann"
            await asking.ask(NUMBER)
            source.knows = ValueError(f"password=hunter2 {NUMBER.number}")
            await asking.ask(NUMBER)
        assert [(entry["log_level"], entry.get("reason")) for entry in logs] == [
            ("warning", "A is closed"),
            ("debug", "A is closed"),
            ("info", None),
            ("warning", "the directory failed unexpectedly (ValueError)"),
        ]
        assert "31612345678" not in repr(logs)

    in_virtual_time(scene())


def test_the_state_tells_trouble_until_it_answers_again(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        source = Source("A", 9, "Ann")
        asking = asker(source)
        assert str(asking.state_of(source)) == "ready"
        await asking.ask(NUMBER)
        assert str(asking.state_of(source)) == "failed: no answer within 2 s"
        source.delay_s = 0.1
        await asking.ask(NUMBER)
        assert str(asking.state_of(source)) == "ready"

    in_virtual_time(scene())


def test_the_state_is_its_own_where_it_says_why_it_cannot_answer(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        reading = State(Phase.INDEXING, 1, 4)
        source = Source("A", 9, "Ann", is_local=True, state=reading)
        asking = asker(source)
        for _ in range(5):
            await asking.ask(NUMBER)
        assert asking.state_of(source) == reading
        source.state, source.delay_s = State(Phase.READY), 0.001
        assert (await said(asking)).outcome == "hit"

    in_virtual_time(scene())


def test_a_directory_on_this_computer_that_hangs_is_left_in_peace_too(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        asking = asker(Source("A", 9, is_local=True))
        assert [(await said(asking)).outcome for _ in range(4)] == [
            "timeout",
            "timeout",
            "timeout",
            "breaker",
        ]

    in_virtual_time(scene())


def test_only_one_question_tries_a_directory_after_its_rest(in_virtual_time: InVirtualTime) -> None:
    async def scene() -> None:
        source = Source("A", 0, DirectoryError("down"))
        asking = asker(source)
        for _ in range(3):
            await asking.ask(NUMBER)
        await asyncio.sleep(30)
        source.delay_s = 1
        answers = await asyncio.gather(asking.ask(NUMBER), asking.ask(OTHER))
        assert sorted(answer.trace[0].outcome for answer in answers) == ["breaker", "error"]
        assert len(source.asked) == 4

    in_virtual_time(scene())


def test_one_that_was_given_up_when_it_was_tried_after_its_rest_is_tried_again(
    in_virtual_time: InVirtualTime,
) -> None:
    async def scene() -> None:
        better, source = Source("A", 0.1), Source("B", 0, DirectoryError("down"))
        asking = asker(better, source)
        for _ in range(3):
            await asking.ask(NUMBER)
        await asyncio.sleep(30)
        better.knows, source.knows, source.delay_s = "Ann", "Bob", 1
        assert (await asking.ask(NUMBER)).trace[1].outcome == "cancelled"
        better.knows = None
        assert (await asking.ask(NUMBER)).trace[1].outcome == "hit"

    in_virtual_time(scene())


def test_one_whose_allowance_is_used_up_when_it_would_be_tried_after_its_rest_is_tried_later(
    in_virtual_time: InVirtualTime,
) -> None:
    async def scene() -> None:
        source = Source("A", 0, DirectoryError("down"), rate=Rate(3, 60))
        asking = asker(source)
        for _ in range(3):
            await asking.ask(NUMBER)
        source.knows = "Ann"
        await asyncio.sleep(30)
        assert (await said(asking)).error == "asked as often as it allows; again in 30 s"
        await asyncio.sleep(30)
        assert (await said(asking)).outcome == "hit"

    in_virtual_time(scene())
