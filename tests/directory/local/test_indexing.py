from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from contextlib import aclosing, closing
from dataclasses import asdict, replace
from pathlib import Path

import pytest

import bubbled
from bubbled.directory.entry import ColumnNames
from bubbled.directory.local.index import Index
from bubbled.directory.local.indexing import Order, build_index, build_index_elsewhere
from bubbled.error import DirectoryError
from bubbled.model import E164

JAN = "Naam;Telefoon\nJan;020-1234567\n"


def order(
    tmp_path: Path, text: str | None = JAN, kind: str = "csv", columns: ColumnNames | None = None
) -> Order:
    path = tmp_path / "klanten.csv"
    if text is not None:
        path.write_text(text)
    return Order(kind, str(path), str(tmp_path / "cache" / "i.sqlite"), "NL", columns or ColumnNames())


def children() -> set[int]:
    return {int(pid) for pid in Path("/proc/self/task", str(os.getpid()), "children").read_text().split()}


def name_in(given: Order) -> str | None:
    with closing(Index(Path(given.index), "Klanten")) as index:
        assert index.about.identity == given.identity()
        return index.find(E164("+31201234567"))[0].name


def test_an_index_is_built_here(tmp_path: Path) -> None:
    given = order(tmp_path)
    assert [step.done for step in build_index(given)] == [1]
    assert name_in(given) == "Jan"


async def test_an_index_is_built_in_another_process_with_progress(tmp_path: Path) -> None:
    given = order(tmp_path, JAN + "Kees;06-12345678\n" * 20_000)
    steps = [step async for step in build_index_elsewhere(given)]
    assert steps[-1].done == 20_001
    assert [step.done for step in steps] == sorted(step.done for step in steps)
    assert all(step.total and step.total >= step.done for step in steps[:-1])
    assert name_in(given) == "Jan"


async def test_the_columns_of_the_settings_reach_the_other_process(tmp_path: Path) -> None:
    columns = ColumnNames(name="Wie", numbers=("Lijn",))
    given = order(tmp_path, "Wie;Lijn\nJan;020-1234567\n", columns=columns)
    assert [step.done async for step in build_index_elsewhere(given)] == [1]
    assert name_in(given) == "Jan"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, r"No such file or directory: .*klanten\.csv"),
        ("", "holds no contacts"),
        ("Naam;Plaats\nJan;Ede\n", "none of its columns is recognised"),
    ],
)
async def test_a_file_that_cannot_be_used_is_named_with_the_reason(
    tmp_path: Path, text: str | None, reason: str
) -> None:
    given = order(tmp_path, text)
    with pytest.raises(DirectoryError, match=reason):
        list(build_index(given))
    with pytest.raises(DirectoryError, match=reason):
        [step async for step in build_index_elsewhere(given)]


async def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    given = order(tmp_path)
    (tmp_path / "cache").write_text("in the way")
    with pytest.raises(DirectoryError, match="File exists"):
        [step async for step in build_index_elsewhere(given)]


async def test_closing_stops_the_other_process(tmp_path: Path) -> None:
    before = children()
    async with aclosing(build_index_elsewhere(order(tmp_path, JAN * 200_000))) as steps:
        await anext(steps)
        assert len(children() - before) == 1
    assert children() == before
    assert not (tmp_path / "cache" / "i.sqlite").exists()


async def test_a_process_that_is_killed_is_told_as_an_error(tmp_path: Path) -> None:
    before = children()
    async with aclosing(build_index_elsewhere(order(tmp_path, JAN * 200_000))) as steps:
        await anext(steps)
        (child,) = children() - before
        os.kill(child, signal.SIGKILL)
        with pytest.raises(DirectoryError, match="ended unexpectedly"):
            async for _ in steps:
                pass


async def test_the_process_ends_with_whoever_started_it_also_while_it_has_nothing_to_tell(
    tmp_path: Path,
) -> None:
    given = order(tmp_path)
    os.truncate(given.path, 2**40)  # which takes no room on the disk, but hours to read
    reader = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "bubbled.directory.local.indexing"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(Path(bubbled.__file__).parents[1])},
    )
    assert reader.stdin is not None
    reader.stdin.write(json.dumps(asdict(given)).encode() + b"\n")
    reader.stdin.close()
    async with asyncio.timeout(20):
        assert await reader.wait() != 0


async def test_the_loop_goes_on_meanwhile(tmp_path: Path) -> None:
    steps = 0

    async def build() -> None:
        nonlocal steps
        async for _ in build_index_elsewhere(order(tmp_path, JAN * 10_000)):
            steps += 1

    task = asyncio.create_task(build())
    turns = 0
    while not task.done():
        await asyncio.sleep(0)
        turns += 1
    await task
    assert turns > steps > 0


def test_the_identity_changes_with_the_file_and_with_the_settings(tmp_path: Path) -> None:
    given = order(tmp_path)
    first = given.identity()
    assert given.identity() == first
    columns = order(tmp_path, None, columns=ColumnNames(name="Wie"))
    assert columns.identity() != first
    assert replace(given, internal=True).identity() != first
    assert order(tmp_path, JAN + "\n").identity() != first


def test_a_folder_is_no_address_book(tmp_path: Path) -> None:
    with pytest.raises(DirectoryError, match="it is not a file"):
        Order("csv", str(tmp_path), "x", "NL").identity()
