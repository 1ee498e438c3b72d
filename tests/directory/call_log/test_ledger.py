from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bubbled.directory.call_log import ledger as ledger_module
from bubbled.directory.call_log.delivery import Event, News, after
from bubbled.directory.call_log.ledger import Ledger
from bubbled.directory.call_log.outbox import OutboxError
from tests.directory.call_log.office import ENDED, RECORD, a_record

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bubbled.directory.call_log.entry import Entry


def as_it_is(entry: Entry) -> Entry:
    return entry


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "call-log.sqlite"


@pytest.fixture
async def ledger(path: Path) -> AsyncIterator[Ledger]:
    ledger = Ledger(path, as_it_is)
    yield ledger
    await ledger.aclose()


def is_made(path: Path) -> bool:
    return path.exists()


def holds(path: Path, text: str) -> bool:
    return any(text.encode() in file.read_bytes() for file in path.parent.iterdir())


async def known_after_restart(ledger: Ledger, path: Path) -> tuple[Entry, ...]:
    await ledger.aclose()
    again = Ledger(path, as_it_is)
    await again.start()
    await again.aclose()
    return again.entries


async def test_nothing_is_made_before_there_is_something_to_keep(ledger: Ledger, path: Path) -> None:
    await ledger.start()
    await ledger.flush()
    assert not is_made(path)


async def test_a_call_survives_a_restart(ledger: Ledger, path: Path) -> None:
    ledger.accept(RECORD, ENDED, 60)
    assert await known_after_restart(ledger, path) == ledger.entries != ()


async def test_a_better_record_takes_the_place_of_the_first_under_its_mark(ledger: Ledger) -> None:
    ledger.accept(RECORD, ENDED, 60)
    ledger.accept(replace(RECORD, mark="another", contact_id="2"), ENDED, 60)
    (entry,) = ledger.entries
    assert (entry.record.contact_id, entry.record.mark) == ("2", RECORD.mark)


async def test_what_may_have_left_is_neither_replaced_nor_taken_back(ledger: Ledger) -> None:
    ledger.accept(RECORD, ENDED, 0)
    (entry,) = ledger.entries
    ledger.put(replace(entry, delivery=after(entry.delivery, News(Event.BEGUN), ENDED)))
    ledger.accept(replace(RECORD, contact_id="2"), ENDED, 0)
    ledger.withdraw(RECORD.call_id)
    (entry,) = ledger.entries
    assert entry.record.contact_id == "1"


async def test_what_turns_out_to_be_with_nobody_is_taken_back(ledger: Ledger, path: Path) -> None:
    ledger.accept(RECORD, ENDED, 60)
    await ledger.flush()
    ledger.withdraw(RECORD.call_id)
    assert await known_after_restart(ledger, path) == ()


async def test_a_number_is_forgotten_on_disk_too(ledger: Ledger, path: Path) -> None:
    ledger.accept(RECORD, ENDED, 60)
    ledger.accept(a_record(2, number="+31687654321"), ENDED, 60)
    await ledger.flush()
    assert await ledger.forget(RECORD.number) == 1
    assert not holds(path, RECORD.number)
    (left,) = await known_after_restart(ledger, path)
    assert left.record.number == "+31687654321"


async def test_a_number_is_forgotten_in_an_outbox_that_could_not_be_opened_before(
    ledger: Ledger, path: Path
) -> None:
    ledger.accept(RECORD, ENDED, 60)
    await ledger.flush()
    other = Ledger(path, as_it_is)
    with pytest.raises(OutboxError, match="Another bubbled"):
        await other.forget(RECORD.number)
    await ledger.aclose()
    assert await other.forget(RECORD.number) == 1
    await other.aclose()
    assert not holds(path, RECORD.number)


async def test_a_call_that_is_taken_back_before_the_outbox_can_be_used_stays_away(
    ledger: Ledger, path: Path
) -> None:
    ledger.accept(RECORD, ENDED, 60)
    await ledger.flush()
    other = Ledger(path, as_it_is)
    other.accept(RECORD, ENDED, 60)
    other.withdraw(RECORD.call_id)
    await ledger.aclose()
    assert await known_after_restart(other, path) == ()


@pytest.fixture
def damaged(path: Path) -> Path:
    path.write_bytes(b"no database: +31612345678" * 100)
    return path


async def test_a_damaged_file_that_may_hold_the_number_goes_as_well(damaged: Path) -> None:
    ledger = Ledger(damaged, as_it_is)
    ledger.accept(a_record(2, number="+31687654321"), ENDED, 60)
    await ledger.flush()
    assert holds(damaged, RECORD.number)
    await ledger.forget(RECORD.number)
    assert not holds(damaged, RECORD.number)
    await ledger.aclose()


async def test_no_more_wait_than_there_is_room_for(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_module, "MOST_WAITING", 2)
    for serial in range(3):
        ledger.accept(a_record(serial), ENDED, 60)
    assert (len(ledger.entries), ledger.lost) == (2, 1)
