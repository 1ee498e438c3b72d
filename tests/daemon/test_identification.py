from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bubbled.daemon.identification import Identification
from bubbled.directory.choice import Choices
from bubbled.directory.order.answer import Question, Reply
from bubbled.directory.order.lookup import Lookup
from bubbled.directory.order.plan import Place, Rules
from bubbled.model import CallId
from tests.daemon.stand_in import JAN, PIET, Book

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bubbled.popup.subject import Finding

CALL = CallId("1")
RULES = Rules(budget_s=30.0, provisional_after_s=0.01)


class Ear:
    """An identification that asks a slow directory and a quick one, and what it told."""

    def __init__(self, folder: Path) -> None:
        self.slow, self.quick = Book({JAN: "Jan", PIET: "Piet"}), Book({JAN: "Jan?"}, name="CRM")
        self.slow.open.clear()
        self.slow.timeout_s = 30.0
        self.told: list[tuple[str, str | None, bool]] = []
        self._something = asyncio.Event()
        places = [Place(directory=self.slow), Place(directory=self.quick)]
        self.who = Identification(Lookup(places, RULES), Choices(folder / "choices.json"), self._hear)

    def _hear(self, _call_id: CallId, question: Question, finding: Finding) -> None:
        name = finding.contact.name if finding.contact else None
        self.told.append((question.number, name, finding.is_provisional))
        self._something.set()

    async def hears_something(self) -> None:
        async with asyncio.timeout(10):
            await self._something.wait()


@pytest.fixture
async def ear(tmp_path: Path) -> AsyncIterator[Ear]:
    ear = Ear(tmp_path)
    yield ear
    await ear.who.lookup.aclose()


async def test_what_is_known_so_far_is_told_and_then_what_remains(ear: Ear) -> None:
    finding = asyncio.create_task(ear.who.find(CALL, Question(JAN)))
    await ear.hears_something()
    search = ear.who.searches[CALL]
    assert search is not None
    assert search.is_provisional
    ear.slow.open.set()
    await finding
    assert ear.told == [(JAN, "Jan?", True), (JAN, "Jan", False)]
    search = ear.who.searches[CALL]
    assert search is not None
    assert not search.is_provisional
    assert (search.trace[0].directory, search.trace[0].outcome) == ("Customers", Reply.HIT)
    assert all(asked.matches == () for asked in search.trace)


async def test_an_answer_about_the_caller_before_is_not_told(ear: Ear) -> None:
    first = asyncio.create_task(ear.who.find(CALL, Question(JAN)))
    await ear.slow.is_asked(JAN)
    second = asyncio.create_task(ear.who.find(CALL, Question(PIET)))
    await ear.slow.is_asked(PIET)
    ear.slow.open.set()
    await asyncio.gather(first, second)
    assert [told for told in ear.told if not told[2]] == [(PIET, "Piet", False)]


async def test_an_answer_about_a_number_that_was_forgotten_is_not_told(ear: Ear) -> None:
    finding = asyncio.create_task(ear.who.find(CALL, Question(JAN)))
    await ear.slow.is_asked(JAN)
    assert ear.who.forget(JAN)
    ear.slow.open.set()
    await finding
    assert ear.told == []
