"""What the tests of this room share: a directory that takes its (virtual) time, and an asker of such."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bubbled.directory.order.answer import Question
from bubbled.directory.order.lookup import Lookup
from bubbled.directory.order.plan import Place, Rules
from bubbled.directory.port import Disclosure, Phase, Rate, State
from bubbled.model import E164, Contact, Extension

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from bubbled.directory.order.answer import Answer, Asked

    InVirtualTime = Callable[[Coroutine[None, None, None]], None]

NUMBER = Question(E164("+31612345678"))
OTHER = Question(E164("+31201234567"))
COLLEAGUE = Question(Extension("102"), is_internal=True)


@dataclass
class Source:
    """A directory that takes its time. `knows`: what it answers; an error instead is raised.

    With a negative `delay_s` it answers without waiting for anything.
    """

    name: str
    delay_s: float = 0.01
    knows: str | Exception | None = None
    timeout_s: float = 2.0
    probable: bool = False
    count: int | None = None
    state: State = field(default_factory=lambda: State(Phase.READY))
    is_local: bool = False
    may_be_kept: bool = False
    transient: bool = False
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
            if self.delay_s >= 0:
                await asyncio.sleep(self.delay_s)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if isinstance(self.knows, Exception):
            raise self.knows
        if self.knows is None:
            return ()
        return (
            Contact(directory=self.name, name=self.knows, probable=self.probable, transient=self.transient),
        )

    async def aclose(self) -> None:
        self.closed += 1


def asker(*directories: Source | Place, rules: Rules | None = None) -> Lookup:
    places = [each if isinstance(each, Place) else Place(directory=each) for each in directories]
    return Lookup(places, rules, clock=now)


def name_in(answer: Answer) -> str | None:
    return None if answer.contact is None else answer.contact.name


def outcomes(trace: Sequence[Asked]) -> list[str]:
    return [f"{asked.directory} {asked.outcome}" for asked in trace]


def now() -> float:
    return asyncio.get_running_loop().time()
