from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bubbled.directory.entry import clean
from bubbled.directory.kinds.sql.address import read_address
from bubbled.directory.kinds.sql.options import LONGEST_CELL, SqlOptions
from bubbled.directory.kinds.sql.sqlite import Sqlite
from bubbled.directory.kinds.sql.value import as_text
from bubbled.error import DirectoryError
from tests.directory.kinds.sql.place import BY_E164, JAN, SqlitePlace, directory

if TYPE_CHECKING:
    from pathlib import Path

ANY_CELL = st.none() | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.text() | st.binary()


async def test_a_connection_writes_nothing_wherever(sqlite_place: SqlitePlace) -> None:
    other = SqlitePlace(sqlite_place.path.with_name("other.db"))
    address = read_address(sqlite_place.options().url)
    connection = await Sqlite(address, timeout_s=1).connect()
    try:
        for statement in (
            "INSERT INTO customer (name) VALUES ('Jan')",
            "PRAGMA query_only = OFF; DELETE FROM customer",
            f"ATTACH '{other.path}' AS other; DELETE FROM other.customer",  # noqa: S608 - our own text
            "CREATE TEMP TABLE x (y)",
        ):
            with pytest.raises(sqlite3.OperationalError, match=r"readonly|unable to open"):
                await connection.executescript(statement)
            await connection.execute("PRAGMA query_only = ON")
    finally:
        await connection.close()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(ANY_CELL, ANY_CELL, ANY_CELL), min_size=1, max_size=50))
async def test_any_rows_are_contacts_with_their_text(
    sqlite_place: SqlitePlace, rows: list[tuple[object, object, object]]
) -> None:
    with closing(sqlite3.connect(sqlite_place.path)) as connection, connection:
        connection.execute("DELETE FROM customer")
        values = ((JAN, *(_storable(cell) for cell in row)) for row in rows)
        connection.executemany(
            "INSERT INTO customer (phone, name, company, city) VALUES (?, ?, ?, ?)", values
        )
    async with directory(sqlite_place.options()) as asked:
        found = await asked.lookup(JAN)
    named = [row for row in rows if any(clean(as_text(cell)) for cell in row[:2])]
    assert len(found) <= len(named)
    for contact in found:
        assert contact.name or contact.company


def _storable(cell: object) -> object:
    """Python has text that no encoding has."""
    return cell.encode(errors="replace").decode() if isinstance(cell, str) else cell


async def test_a_text_that_is_not_utf8_does_not_spoil_the_others(sqlite_place: SqlitePlace) -> None:
    row = "CAST(x'4aff' AS TEXT)"
    sqlite_place.execute(f"INSERT INTO customer (name, phone) VALUES ({row}, '{JAN}'), ('Els', '{JAN}')")  # noqa: S608 - our own text
    async with directory(sqlite_place.options()) as asked:
        assert [contact.name for contact in await asked.lookup(JAN)] == ["J\ufffd", "Els"]


async def test_a_number_that_lost_its_zero_is_found(sqlite_place: SqlitePlace) -> None:
    sqlite_place.execute("INSERT INTO customer (name, phone) VALUES ('Jan', 612345678)")
    query = "SELECT name, phone FROM customer WHERE CAST(phone AS TEXT) = :significant"
    async with directory(sqlite_place.options(query)) as asked:
        (contact,) = await asked.lookup(JAN)
        assert dict(contact.fields) == {"phone": "612345678"}


async def test_a_file_that_is_not_there_is_told_and_not_made(tmp_path: Path) -> None:
    path = tmp_path / "crm.db"
    async with directory(SqlOptions(f"sqlite:///{path}", BY_E164)) as asked:
        with pytest.raises(DirectoryError, match=r"crm\.db cannot be opened: is it there"):
            await asked.lookup(JAN)
    assert not path.exists()


async def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "crm.db"
    path.write_text("Naam;Telefoon\n" * 1000)
    async with directory(SqlOptions(f"sqlite:///{path}", BY_E164)) as asked:
        with pytest.raises(DirectoryError, match=r"crm\.db is no SQLite database, or is damaged"):
            await asked.lookup(JAN)


async def test_what_is_no_file_is_told_and_waited_for_by_nobody(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    async with directory(SqlOptions(f"sqlite:///{path}", BY_E164)) as asked:
        with pytest.raises(DirectoryError, match=r"pipe is no SQLite database.*\(it is no file\)"):
            await asked.lookup(JAN)


@pytest.fixture
def half_changed(sqlite_place: SqlitePlace) -> SqlitePlace:
    """A program was killed while it wrote."""
    program = (
        "import os, sqlite3, sys\n"
        "connection = sqlite3.connect(sys.argv[1])\n"
        "connection.execute('PRAGMA cache_size = 1')\n"
        "connection.execute('BEGIN')\n"
        "connection.executemany('INSERT INTO customer (name) VALUES (?)', [('x' * 3000,)] * 3000)\n"
        "os._exit(0)\n"
    )
    subprocess.run([sys.executable, "-c", program, str(sqlite_place.path)], check=True)  # noqa: S603 - our own text
    return sqlite_place


async def test_a_change_that_was_cut_off_is_told(half_changed: SqlitePlace) -> None:
    async with directory(half_changed.options()) as asked:
        with pytest.raises(DirectoryError, match="was left in the middle of a change"):
            await asked.lookup(JAN)


async def test_a_value_that_would_fill_the_memory_is_told(sqlite_place: SqlitePlace) -> None:
    sqlite_place.execute(
        f"INSERT INTO customer (name, phone, city) VALUES ('Jan', '{JAN}', zeroblob({LONGEST_CELL + 1}))"  # noqa: S608 - our own text
    )
    async with directory(sqlite_place.options()) as asked:
        with pytest.raises(DirectoryError, match="leave what is large out of query"):
            await asked.lookup(JAN)
    async with directory(sqlite_place.options(BY_E164.replace(", city", ""))) as asked:
        assert [contact.name for contact in await asked.lookup(JAN)] == ["Jan"]


def test_a_file_that_hangs_does_not_keep_bubbled_from_ending() -> None:
    """As on a network that is cut."""
    program = (
        "import asyncio, sqlite3\n"
        "from threading import Event\n"
        "from bubbled.directory.kinds.sql.address import read_address\n"
        "from bubbled.directory.kinds.sql.sqlite import Sqlite\n"
        "begun = Event()\n"
        "sqlite3.connect = lambda *_, **__: (begun.set(), Event().wait())\n"
        "async def ask():\n"
        "    asyncio.create_task(Sqlite(read_address('sqlite:////missing.db'), timeout_s=1).connect())\n"
        "    await asyncio.to_thread(begun.wait)\n"
        "asyncio.run(ask())\n"
        "print('ended')\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=30, check=False)  # noqa: S603 - our own text
    assert (ended.returncode, ended.stdout) == (0, b"ended\n")


async def test_a_file_that_another_program_locks_is_told_and_asked_again(sqlite_place: SqlitePlace) -> None:
    async with directory(sqlite_place.options(), timeout_s=0.05) as asked:
        with closing(sqlite3.connect(sqlite_place.path)) as other:
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(DirectoryError, match="kept locked by another program"):
                await asked.lookup(JAN)
            other.rollback()
        assert await asked.lookup(JAN) == ()


async def test_a_file_that_another_program_changes_answers_anew(sqlite_place: SqlitePlace) -> None:
    async with directory(sqlite_place.options()) as asked:
        assert await asked.lookup(JAN) == ()
        sqlite_place.execute(f"INSERT INTO customer (name, phone) VALUES ('Jan', '{JAN}')")  # noqa: S608 - our own text
        assert [contact.name for contact in await asked.lookup(JAN)] == ["Jan"]


async def test_a_file_that_takes_the_place_of_another_is_asked_from_then_on(
    sqlite_place: SqlitePlace,
) -> None:
    export = SqlitePlace(sqlite_place.path.with_name("export.db"))
    export.execute(f"INSERT INTO customer (name, phone) VALUES ('Jan', '{JAN}')")  # noqa: S608 - our own text
    async with directory(sqlite_place.options()) as asked:
        assert await asked.lookup(JAN) == ()
        export.path.replace(sqlite_place.path)
        assert [contact.name for contact in await asked.lookup(JAN)] == ["Jan"]
