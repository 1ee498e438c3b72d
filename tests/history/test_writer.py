from __future__ import annotations

import asyncio
import os
import subprocess
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from bubbled.error import HistoryError
from bubbled.history.file import HistoryFile
from bubbled.history.schema import migrations
from bubbled.history.store import History
from bubbled.model import ME, CallId
from tests.history.sample import JAN, NINE, files_in, minutes, record_whole, ringing, started

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

ASIDE = "history.sqlite.damaged-20261120T090000Z"
PAGE = 4096


@asynccontextmanager
async def opened(path: Path, retry_s: float = 60) -> AsyncIterator[History]:
    history = await History.open(path, now=lambda: NINE, retry_s=retry_s)
    try:
        yield history
    finally:
        await history.aclose()


async def fill(history: History, count: int, name: str = "old") -> None:
    for number in range(count):
        record_whole(history, ringing(f"{name}-{number}", name="Jan " * 40), minutes(number))
    assert await history.settled()


async def ids(history: History) -> list[str]:
    return [past.call.id for past in await history.calls(100_000)]


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    """A history with a hundred calls, closed."""
    path = tmp_path / "history.sqlite"
    async with opened(path) as history:
        await fill(history, 100)
    return path


@pytest.mark.parametrize("turns", range(0, 60, 4))
async def test_a_start_that_is_given_up_leaves_nothing_open(path: Path, turns: int) -> None:
    """Wherever it was: what stays open keeps the process from ending, and others from the history."""
    starting = asyncio.create_task(History.open(path, now=lambda: NINE))
    for _ in range(turns):
        await asyncio.sleep(0)
    starting.cancel()
    await asyncio.wait([starting])
    if not starting.cancelled():
        await starting.result().aclose()
    async with opened(path) as history:
        assert history.trouble is None
        assert len(await ids(history)) == 100


def overwrite(path: Path, offset: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(content)


def content(path: Path) -> bytes:
    return path.read_bytes()


def lay(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def remove(*paths: Path) -> None:
    for path in paths:
        path.unlink()


def is_there(path: Path) -> bool:
    return path.exists()


def cut(path: Path, size: int) -> None:
    os.truncate(path, size)


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "precious").touch()


async def assert_begun_afresh(history: History, path: Path) -> None:
    """The damage is told, the old file kept beside, and a new one in use."""
    assert history.trouble is not None
    assert ASIDE in history.trouble
    assert is_there(path.with_name(ASIDE))
    record_whole(history, ringing("new"), NINE)
    assert await history.settled()
    assert "new" in await ids(history)


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda path: overwrite(path, 0, b"\xa5" * 100), id="garbage for a header"),
        pytest.param(lambda path: overwrite(path, 0, b"id;name\n1;Jan\n" * 400), id="another format"),
        pytest.param(lambda path: cut(path, 3 * PAGE), id="cut between pages"),
        pytest.param(lambda path: cut(path, 5 * PAGE + 77), id="cut within a page"),
        pytest.param(lambda path: cut(path, 50), id="cut within the header"),
        pytest.param(lambda path: overwrite(path, 44, b"\0\0\0c"), id="an unknown format in the header"),
        pytest.param(lambda path: lay(path, content(path).replace(b"Jan", b"J\xff\xff")), id="no text"),
        pytest.param(replace_by_folder, id="a folder"),
    ],
)
async def test_a_damaged_file_is_set_aside_at_the_start(path: Path, damage: Callable[[Path], None]) -> None:
    damage(path)
    async with opened(path) as history:
        await assert_begun_afresh(history, path)
    async with opened(path) as history:
        assert history.trouble is None
        assert await ids(history) == ["new"]


async def test_each_page_that_is_overwritten_is_found_soon_after_the_start(path: Path) -> None:
    sound = content(path)
    for page in range(len(sound) // PAGE):
        lay(path, sound)
        overwrite(path, page * PAGE, os.urandom(PAGE))
        async with opened(path) as history:
            await history.settled()
            await assert_begun_afresh(history, path)
        remove(path, path.with_name(ASIDE))


async def test_a_page_that_breaks_while_the_daemon_runs_is_found_when_it_is_read(path: Path) -> None:
    async with opened(path) as history:
        await history.settled()
        for page in range(2, 8):
            overwrite(path, page * PAGE, os.urandom(PAGE))
        history.record(started(ringing("running")), minutes(200))
        assert "running" in await ids(history)
        await history.settled()
        await assert_begun_afresh(history, path)


async def test_a_row_that_nobody_could_have_written_is_damage(path: Path) -> None:
    overwrite(path, content(path).index(b"PJSIP/101inbound") + len(b"PJSIP/101"), b"unheard")
    async with opened(path) as history:
        assert await ids(history) == []
        await history.settled()
        await assert_begun_afresh(history, path)


async def test_mute_state_outlives_a_file_that_breaks_while_the_daemon_runs(path: Path) -> None:
    async with opened(path) as history:
        history.mute(None)
        await history.settled()
        overwrite(path, 2 * PAGE, os.urandom(20 * PAGE))
        await ids(history)
        await history.settled()
        await assert_begun_afresh(history, path)
    async with opened(path) as history:
        assert history.mute_state() is not None


async def test_a_file_of_a_newer_bubbled_stays_and_calls_are_kept_in_memory(path: Path) -> None:
    newer = await HistoryFile.open(path, [*migrations(), "CREATE TABLE mood (x)"])
    await newer.close()
    before = content(path)
    async with opened(path) as history:
        assert history.trouble is not None
        assert "update bubbled" in history.trouble
        record_whole(history, ringing("new"), NINE)
        history.contact(CallId("new"), JAN)
        history.mute(None)
        assert not await history.settled()
        assert await ids(history) == ["new"]
        assert history.mute_state() is not None
        with pytest.raises(HistoryError, match="update bubbled"):
            await history.forget("+31612345678")
        assert await ids(history) == []
    assert content(path) == before


async def test_a_second_daemon_on_the_same_file_keeps_its_calls_to_itself(path: Path) -> None:
    async with opened(path) as first, opened(path) as second:
        assert first.trouble is None
        assert second.trouble is not None
        assert "Another bubbled" in second.trouble
        second.record(started(ringing("second")), NINE)
        assert await ids(second) == ["second"]
        assert len(await ids(first)) == 100
    async with opened(path) as third:
        assert (third.trouble, len(await ids(third))) == (None, 100)


async def test_where_no_file_can_be_calls_are_kept_in_memory(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    async with opened(tmp_path / "file" / "history.sqlite") as history:
        assert history.trouble is not None
        assert "cannot be used" in history.trouble
        record_whole(history, ringing(), NINE)
        assert await ids(history) == ["1"]
        assert await history.calls(1, ME)


async def test_a_file_that_comes_within_reach_is_used(tmp_path: Path) -> None:
    (tmp_path / "place").touch()
    async with opened(tmp_path / "place" / "history.sqlite") as history:
        record_whole(history, ringing(), NINE)
        assert not await history.settled()
        (tmp_path / "place").unlink()
        assert await history.settled()
        assert history.trouble is None
    async with opened(tmp_path / "place" / "history.sqlite") as history:
        assert await ids(history) == ["1"]


async def limit_pages(history: History, pages: int) -> None:
    """Let SQLite believe that the disk ends here."""
    file = history._writer.file
    assert file is not None
    await file._writer.execute_fetchall(f"PRAGMA max_page_count = {pages}")


async def test_what_a_full_disk_cannot_take_waits_and_is_told_once(path: Path) -> None:
    with capture_logs() as logs:
        async with opened(path) as history:
            await limit_pages(history, 1)
            for number in range(100):
                record_whole(history, ringing(f"new-{number}", name="Jan " * 40), minutes(200 + number))
                await history.settled()
            assert history.trouble is not None
            assert "full" in history.trouble
            assert len(await ids(history)) == 200
            waiting = len(history._writer.unsaved)
            assert 0 < waiting < 100
            await limit_pages(history, 100_000)
            assert await history.settled()
            assert history.trouble is None
            assert len(await ids(history)) == 200
    assert [entry["event"] for entry in logs] == [
        "The history cannot be saved now",
        "The history is saved again",
    ]
    async with opened(path) as history:
        assert len(await ids(history)) == 200


async def test_waiting_calls_are_saved_without_being_asked(path: Path) -> None:
    async with opened(path, retry_s=0.01) as history:
        await limit_pages(history, 1)
        for number in range(100):
            history.record(started(ringing(f"new-{number}", name="Jan " * 40)), minutes(200))
        assert not await history.settled()
        await limit_pages(history, 100_000)
        async with asyncio.timeout(10):
            while history.trouble:  # noqa: ASYNC110 - nobody is told when it goes
                await asyncio.sleep(0)
        assert not history._writer.unsaved


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "bubbled-test", disk], check=True)  # noqa: S603, S607
    yield disk
    subprocess.run(["umount", disk], check=True)  # noqa: S603, S607


def fill_up(disk: Path) -> Path:
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 1024)
        except OSError:
            return filler


@pytest.mark.mount
async def test_a_disk_that_is_really_full_loses_nothing_that_was_stored(small_disk: Path) -> None:
    path = small_disk / "bubbled" / "history.sqlite"
    async with opened(path) as history:
        await fill(history, 50)
        filler = fill_up(small_disk)
        for number in range(50):
            record_whole(history, ringing(f"new-{number}", name="Jan " * 400), minutes(200 + number))
        assert not await history.settled()
        assert history.trouble is not None
        assert "make room" in history.trouble
        assert len(await ids(history)) == 100
        with pytest.raises(HistoryError, match="make room"):
            await history.forget("+31612345678")
        for number in range(50):
            record_whole(history, ringing(f"more-{number}"), minutes(300 + number))
        filler.unlink()
        assert await history.settled()
    async with opened(path) as history:
        assert history.trouble is None
        assert len(await ids(history)) == 100


@pytest.mark.mount
async def test_a_daemon_that_starts_on_a_full_disk_saves_when_there_is_room(small_disk: Path) -> None:
    path = small_disk / "bubbled" / "history.sqlite"
    async with opened(path) as history:
        await fill(history, 50)
    filler = fill_up(small_disk)
    async with opened(path) as history:
        for number in range(50):
            record_whole(history, ringing(f"new-{number}", name="Jan " * 400), minutes(200 + number))
        assert not await history.settled()
        assert history.trouble is not None
        assert "make room" in history.trouble
        filler.unlink()
        assert await history.settled()
        assert len(await ids(history)) == 100
    assert "history.sqlite" in files_in(path.parent)
