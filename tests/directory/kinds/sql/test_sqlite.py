from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bubbled.directory.entry import clean
from bubbled.directory.kinds.sql.address import read_address
from bubbled.directory.kinds.sql.options import SqlOptions
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
