from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bubbled.daemon.renewal import MOST_ASKED, Renewal
from bubbled.directory.order.lookup import Lookup
from bubbled.directory.order.plan import Place
from bubbled.error import DirectoryError
from bubbled.history.past_call import PastCall
from bubbled.model import Contact
from tests.daemon.stand_in import JAN, Book, a_call

if TYPE_CHECKING:
    from collections.abc import Sequence

BAKERY = Contact(directory="Maps", name="Bakery", id="place-1", transient=True)
ID_ALONE = Contact(directory="Maps", id="place-1", transient=True)


@dataclass
class Maps(Book):
    """A directory that knows a place by its id."""

    says: Contact | Exception | None = BAKERY
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__({}, name="Maps")
        self.timeout_s = 0.01

    async def refresh(self, contact_id: str, /) -> Contact | None:
        self.asked.append(contact_id)
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


class HangingMaps(Maps):
    async def refresh(self, contact_id: str, /) -> Contact | None:
        await asyncio.Event().wait()
        return await super().refresh(contact_id)


def renewal(*directories: Book) -> Renewal:
    lookup = Lookup([Place(directory=each) for each in directories])
    return Renewal(lambda: lookup)


def past(*contacts: Contact | None) -> Sequence[PastCall]:
    began = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    return [
        PastCall(call=a_call(str(index)), started_at=began, contact=contact)
        for index, contact in enumerate(contacts)
    ]


async def test_who_may_not_be_kept_is_asked_for_again_once() -> None:
    maps = Maps()
    kept = Contact(directory="Customers", name="Jan")
    calls = await renewal(Book({JAN: "Jan"}), maps).calls(past(ID_ALONE, kept, None, ID_ALONE))
    assert [call.contact for call in calls] == [BAKERY, kept, None, BAKERY]
    assert maps.asked == ["place-1"]


async def test_what_cannot_be_had_again_stays_as_it_was_kept() -> None:
    failing = (Maps(says=DirectoryError("closed")), Maps(says=KeyError("no such word")))
    for maps in (Maps(says=None), *failing, HangingMaps(), Book({})):
        (call,) = await renewal(maps).calls(past(ID_ALONE))
        assert call.contact == ID_ALONE


async def test_a_long_list_asks_for_its_latest_calls_only() -> None:
    maps = Maps()
    ids = [str(index) for index in range(MOST_ASKED + 5)]
    contacts = [Contact(directory="Maps", id=each, transient=True) for each in ids]
    calls = await renewal(maps).calls(past(*contacts))
    assert maps.asked == ids[: -MOST_ASKED - 1 : -1]
    assert [call.contact == BAKERY for call in calls] == [False] * 5 + [True] * MOST_ASKED
