"""What the tests of the call log share: a clock, records, and a CRM in memory with a writer for it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from bubbled.directory.call_log.delivery import Event, News
from bubbled.directory.call_log.record import CallRecord, Result
from bubbled.model import CallId, Direction

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bubbled.model import Contact

AMSTERDAM = timezone(timedelta(hours=1))
BEGAN = datetime(2026, 11, 1, 10, 30, tzinfo=AMSTERDAM)
ENDED = BEGAN + timedelta(seconds=70)
UUID = "5f0c6a1e-9b7d-4c32-8a11-2f3b4c5d6e7f"

RECORD = CallRecord(
    mark=UUID,
    call_id=CallId("1730453400.17"),
    directory="CRM",
    account="crm.example.com",
    contact_id="1",
    kind=None,
    contact_name="Jan Jansen",
    direction=Direction.INBOUND,
    result=Result.ANSWERED,
    started_at=BEGAN,
    duration_s=62,
    number="+31612345678",
    colleague="Alice",
    note="Wants 20 more",
)


def a_record(serial: int, **changes: object) -> CallRecord:
    """Another call."""
    facts = {"call_id": CallId(f"1730453400.{serial}"), "mark": f"{UUID[:-2]}{serial:02}"}
    return replace(RECORD, **(facts | changes))  # type: ignore[arg-type]  # the facts are a record's own


class Clock:
    """Stands still until it is moved; to set `time` is to set the computer's clock."""

    def __init__(self, now: datetime = ENDED) -> None:
        self.time = now
        self.passed_s = 0.0

    def __call__(self) -> datetime:
        return self.time

    def steady(self) -> float:
        return self.passed_s

    def pass_s(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)
        self.passed_s += seconds


@dataclass
class MemoryWriter:
    """Writes into a list, and says what it is told to say; see `CallWriter`.

    Attributes:
        answers: what is said to the next ones that are written; then all goes well.
        stored: what the CRM has.
        sent: what was ever sent there.
        meanwhile: what goes on while one is written; may give what is said to it.
    """

    account: str = RECORD.account
    after_s: float = 0.0
    look_after_s: float | None = 120.0
    answers: list[News] = field(default_factory=list)
    stored: list[CallRecord] = field(default_factory=list)
    sent: list[CallRecord] = field(default_factory=list)
    looked: int = 0
    meanwhile: Callable[[CallRecord], Awaitable[News | None]] | None = None
    found: News | None = None
    kinds: Sequence[str | None] = (None,)

    def kind_of(self, contact: Contact) -> str | None:
        return dict(contact.fields).get("record")

    def takes(self, kind: str | None) -> bool:
        return kind in self.kinds

    async def write(self, record: CallRecord) -> News:
        self.sent.append(record)
        told = None if self.meanwhile is None else await self.meanwhile(record)
        news = told or (self.answers.pop(0) if self.answers else News(Event.WRITTEN))
        if news.event is Event.WRITTEN:
            self.stored.append(record)
        return news

    async def look(self, record: CallRecord) -> News:
        self.looked += 1
        is_there = record.mark in [each.mark for each in self.stored]
        return self.found or News(Event.FOUND if is_there else Event.ABSENT)
