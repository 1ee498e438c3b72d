from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pymysql import ProgrammingError  # type: ignore[import-untyped]  # it has no types

from bubbled.directory.kinds.sql.address import read_address
from bubbled.directory.kinds.sql.mariadb import Mariadb
from bubbled.directory.kinds.sql.options import LONGEST_CELL, SqlOptions
from bubbled.directory.port import BusyError
from bubbled.error import DirectoryError
from tests.directory.kinds.sql.place import BY_E164, JAN, directory, password, sham_server

if TYPE_CHECKING:
    from tests.directory.kinds.sql.place import MariadbPlace


# https://mariadb.com/kb/en/connection/#initial-handshake-packet, of a server that knows no TLS.
NO_TLS = (
    *(
        b"\x0a",
        b"11.4.2-MariaDB\0",
        bytes(4),
        b"saltsalt",
        b"\0",
        b"\x00\xa2",
        b"\x2d",
        bytes(2),
        b"\x08\x00",
    ),
    *(b"\x15", bytes(10), b"saltsaltsalt\0", b"mysql_clear_password\0"),
)


async def test_a_server_that_does_not_encrypt_is_told_nothing() -> None:
    greeting = b"".join(NO_TLS)
    async with sham_server(len(greeting).to_bytes(3, "little") + b"\0" + greeting) as sham:
        options = SqlOptions(f"mysql://me@127.0.0.1:{sham.port}/crm", BY_E164, password=password, tls=True)
        async with directory(options) as asked:
            with pytest.raises(DirectoryError, match="does not encrypt"):
                await asked.lookup(JAN)
    assert sham.told == b""


@pytest.mark.server
async def test_a_statement_that_locks_or_writes_is_refused(mariadb_place: MariadbPlace) -> None:
    mariadb_place.execute("GRANT ALL ON crm.* TO bubbled")
    mariadb_place.make_writing_function()
    query = "SELECT note(name) AS name, phone FROM customer WHERE phone = :e164"
    mariadb_place.execute(f"INSERT INTO customer (name, phone) VALUES ('Jan', '{JAN}')")  # noqa: S608 - our own text
    async with directory(mariadb_place.options(query)) as asked:
        with pytest.raises(DirectoryError, match="query writes"):
            await asked.lookup(JAN)
    assert mariadb_place.execute("SELECT count(*) FROM customer").strip() == "1"


@pytest.mark.server
async def test_a_connection_runs_no_second_statement(mariadb_place: MariadbPlace) -> None:
    mariadb_place.execute("GRANT ALL ON crm.* TO bubbled; INSERT INTO customer (name) VALUES ('Jan')")
    options = mariadb_place.options()
    connection = await Mariadb(read_address(options.url), options, timeout_s=20).connect()
    try:
        with pytest.raises(ProgrammingError, match="DELETE FROM customer"):
            await connection.query("SELECT 1; DELETE FROM customer; COMMIT")
    finally:
        connection.close()
    assert mariadb_place.execute("SELECT count(*) FROM customer").strip() == "1"


@pytest.mark.server
async def test_a_row_that_would_fill_the_memory_is_told(mariadb_place: MariadbPlace) -> None:
    mariadb_place.execute("SET GLOBAL max_allowed_packet = 1073741824")
    large = f"SELECT 'Jan' AS name, :e164 AS phone, REPEAT('x', {LONGEST_CELL}) AS city"
    async with directory(mariadb_place.options(large)) as asked:
        for _ in range(3):
            with pytest.raises(DirectoryError, match="leave what is large out of query"):
                await asked.lookup(JAN)
        assert mariadb_place.connections() <= 2
    async with directory(mariadb_place.options(large.replace("'x'", "''"))) as asked:
        assert [contact.name for contact in await asked.lookup(JAN)] == ["Jan"]


@pytest.mark.server
async def test_values_of_all_types_are_text(mariadb_place: MariadbPlace) -> None:
    query = """
        SELECT 'Jan' AS name, CAST(:e164 AS binary) AS phone, x'00ff' AS b,
        CAST('0000-00-00' AS date) AS never, CAST('01:02:03' AS time) AS at, 1.50 AS n, 1e3 AS f, TRUE AS t,
        JSON_OBJECT('a', 1) AS j, b'101' AS bits
    """
    async with directory(mariadb_place.options(query)) as asked:
        (contact,) = await asked.lookup(JAN)
    fields = dict(contact.fields)
    assert (fields["phone"], fields["at"], fields["n"], fields["f"], fields["t"]) == (
        JAN,
        "1:02:03",
        "1.5",
        "1000",
        "1",
    )
    assert fields["j"] == '{"a": 1}'
    assert "b" not in fields


@pytest.mark.server
async def test_a_number_in_the_words_of_the_database_is_not_repeated(mariadb_place: MariadbPlace) -> None:
    query = "SELECT name, phone FROM customer WHERE phone = (:e164 :national_spaced x"
    async with directory(mariadb_place.options(query)) as asked:
        with pytest.raises(DirectoryError, match="no SQL") as raised:
            await asked.lookup(JAN)
    assert "12345678" not in str(raised.value)


@pytest.mark.server
async def test_a_server_without_a_free_connection_is_asked_later(mariadb_place: MariadbPlace) -> None:
    mariadb_place.execute("ALTER USER bubbled WITH MAX_CONNECTIONS_PER_HOUR 1")
    async with directory(mariadb_place.options()) as asked:
        await asked.lookup(JAN)
    async with directory(mariadb_place.options()) as asked:
        with pytest.raises(BusyError, match="has no connection left for bubbled"):
            await asked.lookup(JAN)
