from __future__ import annotations

import sqlite3
import stat
from contextlib import aclosing, closing
from typing import TYPE_CHECKING

import pytest
import structlog

from bubbled.directory.call_log.delivery import begin
from bubbled.directory.call_log.entry import Entry
from bubbled.directory.call_log.outbox import Outbox, OutboxError
from tests.directory.call_log.office import ENDED, RECORD, a_record

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

ENTRY = Entry(RECORD, begin(ENDED, 60))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "call-log.sqlite"


@pytest.fixture
async def outbox(path: Path) -> AsyncIterator[Outbox]:
    outbox = await Outbox.open(path)
    yield outbox
    await outbox.aclose()


async def test_what_was_saved_is_there_after_a_restart(outbox: Outbox, path: Path) -> None:
    later = Entry(a_record(2), begin(ENDED, 0))
    await outbox.save(ENTRY)
    await outbox.save(later)
    await outbox.remove(later.record.call_id)
    await outbox.aclose()
    again = await Outbox.open(path)
    assert await again.entries() == [ENTRY]
    await again.aclose()


async def test_only_its_owner_can_read_it(outbox: Outbox, path: Path) -> None:
    await outbox.save(ENTRY)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_two_daemons_cannot_have_it(outbox: Outbox, path: Path) -> None:
    await outbox.save(ENTRY)
    with pytest.raises(OutboxError, match="Another bubbled uses"):
        await Outbox.open(path)
    assert await outbox.entries() == [ENTRY]


async def test_a_removed_call_leaves_no_bytes_behind(outbox: Outbox, path: Path) -> None:
    await outbox.save(ENTRY)
    await outbox.remove(RECORD.call_id)
    for file in path.parent.iterdir():
        assert RECORD.number.encode() not in file.read_bytes()


@pytest.fixture
def damaged(path: Path) -> Path:
    path.parent.mkdir()
    path.write_bytes(b"this is no database" * 100)
    return path


async def test_a_damaged_file_is_set_aside_and_a_new_one_begun(damaged: Path) -> None:
    outbox = await Outbox.open(damaged)
    await outbox.save(ENTRY)
    assert await outbox.entries() == [ENTRY]
    await outbox.aclose()
    assert "call-log.sqlite.damaged" in [file.name for file in damaged.parent.iterdir()]


async def test_a_file_with_a_damaged_page_inside_is_set_aside_as_well(outbox: Outbox, path: Path) -> None:
    for serial in range(50):
        await outbox.save(Entry(a_record(serial), begin(ENDED, 0)))
    await outbox.aclose()
    spoil(path)
    async with aclosing(await Outbox.open(path)) as again:
        assert await again.entries() == []
        await again.save(ENTRY)
        assert await again.entries() == [ENTRY]


def spoil(path: Path) -> None:
    """Leave the first page, which holds the schema, as it is."""
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"rubbish." * ((len(data) - 4096) // 8))


@pytest.fixture
def readable(path: Path) -> Path:
    path.parent.mkdir()
    path.touch(0o644)
    return path


async def test_others_cannot_read_a_file_any_more_that_was_copied_there(readable: Path) -> None:
    async with aclosing(await Outbox.open(readable)) as outbox:
        await outbox.save(ENTRY)
        assert {stat.S_IMODE(file.stat().st_mode) for file in readable.parent.iterdir()} == {0o600}


@pytest.fixture
def link(path: Path) -> Path:
    path.parent.mkdir()
    path.symlink_to(path.parent / "elsewhere")
    return path


async def test_a_link_to_elsewhere_is_not_followed(link: Path) -> None:
    with pytest.raises(OutboxError, match="symbolic links"):
        await Outbox.open(link)


async def test_a_file_of_a_newer_bubbled_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as newer:
        newer.execute("PRAGMA user_version = 2")
    with pytest.raises(OutboxError, match="newer bubbled"):
        await Outbox.open(path)


async def test_a_row_that_nobody_understands_is_passed_over(outbox: Outbox, path: Path) -> None:
    await outbox.save(ENTRY)
    await outbox.save(Entry(a_record(2), begin(ENDED, 0)))
    await outbox.aclose()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE entry SET stage = 'lost' WHERE call_id = ?", [RECORD.call_id])
        connection.commit()
    again = await Outbox.open(path)
    with structlog.testing.capture_logs() as logs:
        assert [each.record.call_id for each in await again.entries()] == ["1730453400.2"]
    assert [(each["log_level"], each["calls"]) for each in logs] == [("error", 1)]
    await again.aclose()


async def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutboxError, match="cannot be kept"):
        await Outbox.open(tmp_path / "file" / "call-log.sqlite")
