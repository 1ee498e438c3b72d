from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bubbled.history.fault import FileRefusedError, FileUnusableError
from bubbled.history.file import HistoryFile
from bubbled.history.schema import migrations
from tests.history.sample import files_in

if TYPE_CHECKING:
    from pathlib import Path

NEXT = "ALTER TABLE calls ADD COLUMN mood TEXT; UPDATE calls SET mood = 'sunny';"
BROKEN = "CREATE TABLE half (x); INSERT INTO nowhere VALUES (1);"
A_CALL = (
    "INSERT INTO calls (id, owner, device, direction, state, internal, started_at)"
    " VALUES ('1', 'me', 'PJSIP/101', 'inbound', 'ringing', 0, 0)"
)


def shape(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        (number,) = connection.execute("PRAGMA user_version").fetchone()
        return int(number)


def make(path: Path, steps: int, extra: str = "") -> None:
    """Make the file as an earlier bubbled would have left it."""
    with closing(sqlite3.connect(path)) as connection:
        for sql in migrations()[:steps]:
            connection.executescript(sql)
        connection.executescript(f"{extra}; PRAGMA user_version = {steps}")


async def test_every_earlier_version_becomes_what_a_new_file_is(tmp_path: Path) -> None:
    new = tmp_path / "new.sqlite"
    await (await HistoryFile.open(new)).close()
    assert version(new) == len(migrations())
    for steps in range(len(migrations()) + 1):
        old = tmp_path / f"{steps}.sqlite"
        make(old, steps)
        await (await HistoryFile.open(old)).close()
        assert (version(old), shape(old)) == (version(new), shape(new))


async def test_a_later_version_keeps_the_calls_and_is_not_applied_twice(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    make(path, len(migrations()), A_CALL)
    for _ in range(2):
        await (await HistoryFile.open(path, [*migrations(), NEXT])).close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT id, mood FROM calls").fetchall() == [("1", "sunny")]


async def test_a_step_that_fails_leaves_nothing_of_itself(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    make(path, len(migrations()), A_CALL)
    before = shape(path)
    with pytest.raises(FileUnusableError):
        await HistoryFile.open(path, [*migrations(), BROKEN])
    assert (shape(path), version(path)) == (before, len(migrations()))


async def test_a_file_of_a_newer_bubbled_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    await (await HistoryFile.open(path, [*migrations(), NEXT])).close()
    before = files_in(tmp_path)
    with pytest.raises(FileRefusedError, match="newer bubbled"):
        await HistoryFile.open(path)
    assert files_in(tmp_path) == before
