from __future__ import annotations

import asyncio
import os
from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from bubbled.directory.local.file import FileDirectory, Pace
from bubbled.directory.local.indexing import Order
from bubbled.directory.port import Phase
from bubbled.error import DirectoryError
from bubbled.model import E164, Extension

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from bubbled.directory.port import State

DESK = E164("+31201234567")
QUICK = Pace(look_every_s=0.02, look_again_s=0.01, settle_s=0.01)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "klanten.csv"
    write(path, "Jan")
    return path


def write(path: Path, *names: str) -> None:
    """As careful programs do: the file is never there by halves."""
    write_text(path, "Naam;Telefoon\n" + "".join(f"{name};020-1234567\n" for name in names))


def write_text(path: Path, text: str) -> None:
    path.with_suffix(".new").write_text(text)
    path.with_suffix(".new").replace(path)


def remove(path: Path) -> None:
    path.unlink()


def made(source: Path, pace: Pace = QUICK) -> FileDirectory:
    index = source.parent / "cache" / "klanten.sqlite"
    return FileDirectory("Klanten", Order("csv", str(source), str(index), "NL"), 2.0, pace)


@asynccontextmanager
async def started(source: Path, pace: Pace = QUICK) -> AsyncIterator[FileDirectory]:
    directory = made(source, pace)
    await directory.start()
    try:
        yield directory
    finally:
        await directory.aclose()


async def until(directory: FileDirectory, holds: Callable[[State], bool]) -> State:
    async with asyncio.timeout(20):
        async for state in directory.states():
            if holds(state):
                return state
    raise AssertionError("states never end")


def has(directory: FileDirectory, count: int) -> Callable[[State], bool]:
    return lambda state: state.phase is Phase.READY and directory.count == count


async def names(directory: FileDirectory) -> list[str | None]:
    return [contact.name for contact in await directory.lookup(DESK)]


async def test_a_file_is_read_in_the_background_and_answers(source: Path) -> None:
    async with started(source) as directory:
        assert directory.state.phase is Phase.INDEXING
        assert directory.count is None
        await until(directory, has(directory, 1))
        assert await names(directory) == ["Jan"]
        assert str(directory.state) == "ready"


async def test_a_first_index_that_takes_long_holds_up_nobody(source: Path) -> None:
    write(source, *(f"Jan {serial}" for serial in range(500_000)))
    async with started(source) as directory:
        with pytest.raises(DirectoryError, match="Klanten is being read for the first time"):
            await directory.lookup(DESK)
        assert directory.state.phase is Phase.INDEXING


async def test_the_index_of_the_last_time_answers_at_once(source: Path) -> None:
    async with started(source) as directory:
        await until(directory, has(directory, 1))
    async with started(source) as directory:
        assert directory.state.phase is Phase.READY
        assert await names(directory) == ["Jan"]


async def test_a_file_that_changes_is_read_again_while_the_earlier_index_answers(source: Path) -> None:
    async with started(source) as directory:
        await until(directory, has(directory, 1))
        write(source, "Jan", "Kees")
        await until(directory, lambda state: state.phase is Phase.INDEXING)
        assert await names(directory) == ["Jan"]
        await until(directory, has(directory, 2))
        assert await names(directory) == ["Jan", "Kees"]


async def test_a_lookup_notices_that_the_file_changed(source: Path) -> None:
    pace = Pace(look_every_s=3600, look_again_s=0, settle_s=0.01)
    async with started(source, pace) as directory:
        await until(directory, has(directory, 1))
        write(source, "Jan", "Kees")
        assert await names(directory) == ["Jan"]
        await until(directory, has(directory, 2))


async def test_a_file_that_is_gone_leaves_the_earlier_index(source: Path) -> None:
    async with started(source) as directory:
        await until(directory, has(directory, 1))
        remove(source)
        state = await until(directory, lambda state: state.phase is Phase.FAILED)
        assert str(state) == (
            f"failed: {source}: No such file or directory; the 1 contacts read before are still used"
        )
        assert await names(directory) == ["Jan"]
        write(source, "Kees")
        await until(directory, lambda state: state.phase is Phase.INDEXING)
        await until(directory, has(directory, 1))
        assert await names(directory) == ["Kees"]


async def test_a_file_that_suddenly_holds_no_contacts_leaves_the_earlier_index(source: Path) -> None:
    async with started(source) as directory:
        await until(directory, has(directory, 1))
        write_text(source, "")
        state = await until(directory, lambda state: state.phase is Phase.FAILED)
        assert str(state) == (
            "failed: the file holds no contacts (it is empty); the 1 contacts read before are still used"
        )
        assert await names(directory) == ["Jan"]


async def test_a_file_that_was_never_there_says_so(source: Path) -> None:
    remove(source)
    async with started(source) as directory:
        await until(directory, lambda state: state.phase is Phase.FAILED)
        with pytest.raises(DirectoryError, match=r"cannot answer yet: .*No such file"):
            await directory.lookup(DESK)


async def test_a_folder_for_the_index_that_cannot_even_be_looked_into_is_told(source: Path) -> None:
    order = Order("csv", str(source), str(source.parent / ("x" * 300) / "klanten.sqlite"), "NL")
    async with aclosing(FileDirectory("Klanten", order, 2.0, QUICK)) as directory:
        await directory.start()
        state = await until(directory, lambda state: state.phase is Phase.FAILED)
        assert "File name too long" in str(state)


async def test_rows_that_are_no_contact_are_remarked(source: Path) -> None:
    write_text(source, "Naam;Telefoon\nJan;020-1234567\nKees;\n")
    async with started(source) as directory:
        state = await until(directory, has(directory, 1))
        assert str(state) == "ready: 1 more is no contact: row 3 (no phone number)"


async def test_a_damaged_index_is_built_anew(source: Path) -> None:
    async with started(source) as directory:
        await until(directory, has(directory, 1))
    for index in (source.parent / "cache").iterdir():
        index.write_bytes(b"rubbish")
    async with started(source) as directory:
        await until(directory, has(directory, 1))
        assert await names(directory) == ["Jan"]


async def test_an_index_that_is_damaged_while_it_is_open_is_built_anew(source: Path) -> None:
    async with started(source, Pace(look_every_s=3600)) as directory:
        await until(directory, has(directory, 1))
        for index in (source.parent / "cache").iterdir():
            os.truncate(index, 4096)
        with pytest.raises(DirectoryError, match="the index of Klanten is damaged"):
            await directory.lookup(DESK)
        await until(directory, has(directory, 1))
        assert await names(directory) == ["Jan"]


async def test_colleagues_are_found_by_their_extension_and_by_their_mobile(source: Path) -> None:
    write_text(source, "Naam;Telefoon;Mobiel\nJan;102;06-12345678\nKees;0102;\n")
    index = source.parent / "cache" / "collegas.sqlite"
    directory = FileDirectory("Collega's", Order("csv", str(source), str(index), "NL", internal=True), 2.0)
    await directory.start()
    try:
        for number, name in (("102", "Jan"), ("0102", "Kees"), ("+31612345678", "Jan")):
            found = await directory.lookup(E164(number) if number.startswith("+") else Extension(number))
            assert [contact.name for contact in found] == [name]
        assert await directory.lookup(Extension("103")) == ()
    finally:
        await directory.aclose()


async def test_closing_twice_and_before_the_start_does_no_harm(source: Path) -> None:
    directory = made(source)
    await directory.aclose()
    await directory.start()
    await directory.aclose()
    await directory.aclose()
