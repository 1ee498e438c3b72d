"""A screen and a directory in memory, by the rules of their ports, and the calls they are told of."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING

from bubbled.directory.port import Disclosure, Phase, State
from bubbled.error import DirectoryError
from bubbled.model import E164, Call, CallChange, CallId, CallState, ChangeKind, Contact, Device, Direction

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bubbled.model import Card, Extension, PopupId

JAN = E164("+31612345678")
PIET = E164("+31687654321")


class Wall:
    """A screen that keeps what is up, and everything that ever was.

    Attributes:
        up: what can be seen now.
        seen: every card that could ever be seen, in order.
    """

    name = "wall"
    trouble: str | None = None

    def __init__(self) -> None:
        self.up: dict[PopupId, Card] = {}
        self.seen: list[Card] = []
        self.breaks_at: str | None = None
        self._news = asyncio.Condition()

    async def start(self) -> None: ...

    async def show(self, popup_id: PopupId, card: Card) -> None:
        if popup_id == self.breaks_at:
            raise RuntimeError("the wall fell down")
        self.up[popup_id] = card
        self.seen.append(card)
        await self._tell()

    async def update(self, popup_id: PopupId, card: Card) -> None:
        if popup_id in self.up:
            await self.show(popup_id, card)

    async def close(self, popup_id: PopupId) -> None:
        self.up.pop(popup_id, None)
        await self._tell()

    async def describe(self) -> str:
        return "a wall"

    async def aclose(self) -> None:
        self.up.clear()

    @property
    def headlines(self) -> list[str]:
        return [card.headline for card in self.up.values()]

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(10), self._news:
            await self._news.wait_for(condition)

    async def shows(self, *headlines: str) -> None:
        """Wait until exactly these are up."""
        await self.until(lambda: self.headlines == list(headlines))

    async def _tell(self) -> None:
        async with self._news:
            self._news.notify_all()


class Book:
    """A directory that answers when it is let; a number may be that of several.

    `down` makes it fail as directories do, `broken` as none should.
    """

    count = None
    timeout_s = 10.0
    is_local = False
    may_be_kept = False
    rate = None

    def __init__(
        self, names: Mapping[E164 | Extension, str | tuple[str, ...]], *, name: str = "Customers"
    ) -> None:
        self.name = name
        self.open = asyncio.Event()
        self.open.set()
        self.broken = self.down = False
        self._asked: dict[E164 | Extension, asyncio.Event] = defaultdict(asyncio.Event)
        self.closed = False
        self.names = names

    @property
    def state(self) -> State:
        return State(Phase.READY)

    async def start(self) -> None:
        if self.broken:
            raise RuntimeError("the book has no cover")

    def disclosures(self, number: E164 | Extension) -> tuple[Disclosure, ...]:
        return (Disclosure("book.example", (number,)),)

    async def lookup(self, number: E164 | Extension) -> tuple[Contact, ...]:
        self._asked[number].set()
        await self.open.wait()
        if self.broken:
            raise RuntimeError("the book fell apart")
        if self.down:
            raise DirectoryError("The book is lent out.")
        known = self.names.get(number, ())
        names = (known,) if isinstance(known, str) else known
        return tuple(Contact(directory=self.name, name=name) for name in names)

    async def aclose(self) -> None:
        self.closed = True

    @property
    def was_asked(self) -> bool:
        return bool(self._asked)

    async def is_asked(self, number: E164) -> None:
        """Wait until somebody wants to know who has a number."""
        async with asyncio.timeout(10):
            await self._asked[number].wait()


def a_call(call_id: str = "1795341808.20", number: E164 | None = JAN, **more: object) -> Call:
    """A call from outside that rings."""
    facts: dict[str, object] = {
        "id": CallId(call_id),
        "device": Device("PJSIP/101"),
        "direction": Direction.INBOUND,
        "state": CallState.RINGING,
        "number": number,
        "e164": number,
    }
    return Call(**(facts | more))  # type: ignore[arg-type]  # the facts are a call's own


def started(call: Call) -> CallChange:
    return CallChange(ChangeKind.STARTED, call)


def updated(call: Call) -> CallChange:
    return CallChange(ChangeKind.UPDATED, call)


def answered(call: Call) -> CallChange:
    return CallChange(ChangeKind.ANSWERED, call)


def ended(call: Call) -> CallChange:
    return CallChange(ChangeKind.ENDED, call)
