from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bubbled.directory.port import BusyError, CredentialsError
from bubbled.error import DirectoryError
from tests.directory.kinds.sql.place import JAN, PostgresPlace, directory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers.postgres import Postgres

pytestmark = pytest.mark.server

ALLOW = "set_config('transaction_read_only', 'off', false)"
ALLOW_LATER = "set_config('default_transaction_read_only', 'off', false)"


@pytest.mark.parametrize("allow", [ALLOW, ALLOW_LATER])
async def test_a_query_cannot_allow_itself_to_write(postgres_place: PostgresPlace, allow: str) -> None:
    postgres_place.make_writing_function()
    query = f"SELECT {allow} || note(:e164) AS name, :e164 AS phone"
    async with directory(postgres_place.options(query)) as asked:
        for _ in range(3):
            with pytest.raises(DirectoryError, match="query writes"):
                await asked.lookup(JAN)
    assert postgres_place.execute("SELECT count(*) FROM customer").strip() == "0"


async def test_what_a_query_allows_is_forgotten_with_its_transaction(postgres_place: PostgresPlace) -> None:
    query = f"SELECT current_setting('default_transaction_read_only') AS name, :e164 AS phone, {ALLOW_LATER}"
    async with directory(postgres_place.options(query)) as asked:
        for _ in range(3):
            assert [contact.name for contact in await asked.lookup(JAN)] == ["on"]


async def test_a_statement_inside_the_query_writes_nothing(postgres_place: PostgresPlace) -> None:
    postgres_place.execute("GRANT ALL ON customer TO bubbled")
    query = "WITH gone AS (DELETE FROM customer RETURNING name, phone) SELECT * FROM gone WHERE phone = :e164"
    async with directory(postgres_place.options(query)) as asked:
        with pytest.raises(DirectoryError, match="query writes"):
            await asked.lookup(JAN)


async def test_values_of_all_types_are_text(postgres_place: PostgresPlace) -> None:
    query = """
        SELECT 'Jan' AS name, ARRAY[:e164, '020-1234567'] AS phones, '{"a": [1]}'::jsonb AS j,
        '\\x00ff'::bytea AS b, 'infinity'::timestamptz AS forever, 1.50::numeric AS n, true AS t,
        '10.0.0.0/8'::inet AS net, '00000000-0000-0000-0000-000000000001'::uuid AS u,
        interval '1 day' AS i, int4range(1, 5) AS r,
        point(1, 2) AS p, ROW(1, 'x') AS row
    """
    async with directory(postgres_place.options(query)) as asked:
        (contact,) = await asked.lookup(JAN)
    fields = dict(contact.fields)
    assert fields["phones"] == f"{JAN}; 020-1234567"
    assert (fields["j"], fields["n"], fields["t"], fields["net"]) == (
        '{"a": [1]}',
        "1.5",
        "yes",
        "10.0.0.0/8",
    )
    assert "b" not in fields


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("SELECT name, phone FROM customer WHERE id = :e164", "query uses a function or operator"),
        ("SELECT name, phone FROM customer WHERE id = CAST(:e164 AS int)", "column of another kind"),
        ("SELECT name, phone FROM customer WHERE date(:e164) = date(phone)", "column of another kind"),
        (
            "SELECT name, phone FROM customer WHERE phone = :e164 AND id = $7",
            "cannot answer|type of a parameter",
        ),
    ],
)
async def test_what_is_wrong_with_a_comparison_is_told(
    postgres_place: PostgresPlace, query: str, told: str
) -> None:
    postgres_place.execute("INSERT INTO customer (id, phone) VALUES (1, 'x')")
    async with directory(postgres_place.options(query)) as asked:
        with pytest.raises(DirectoryError, match=told) as raised:
            await asked.lookup(JAN)
    assert JAN[3:] not in str(raised.value)


@pytest.mark.parametrize("value", ["date '0044-03-15 BC'", "timestamptz '12024-01-01'", "time '24:00'"])
async def test_what_python_has_no_value_for_is_told(postgres_place: PostgresPlace, value: str) -> None:
    query = "SELECT 'Jan' AS name, :e164 AS phone, {}"
    async with directory(postgres_place.options(query.format(value))) as asked:
        with pytest.raises(DirectoryError, match=r"perhaps with CAST\(column AS text\)"):
            await asked.lookup(JAN)
    async with directory(postgres_place.options(query.format(f"CAST({value} AS text)"))) as asked:
        assert [contact.name for contact in await asked.lookup(JAN)] == ["Jan"]


@pytest.mark.usefixtures("without_tls")
async def test_a_server_that_does_not_encrypt_is_told(postgres_place: PostgresPlace) -> None:
    async with directory(postgres_place.options(tls=True)) as asked:
        with pytest.raises(DirectoryError, match="does not encrypt"):
            await asked.lookup(JAN)


@pytest.fixture
def without_tls(postgres: Postgres) -> Iterator[None]:
    """The server, as many are installed."""
    command = postgres.server.command
    postgres.server.stop()
    postgres.server.command = [word.replace("--ssl=on", "--ssl=off") for word in command]
    postgres.server.start()
    yield
    postgres.server.stop()
    postgres.server.command = command
    postgres.server.start()


async def test_an_account_that_may_not_come_from_here_is_told(postgres_place: PostgresPlace) -> None:
    postgres_place.execute("ALTER ROLE bubbled NOLOGIN")
    async with directory(postgres_place.options()) as asked:
        with pytest.raises(CredentialsError, match="does not let this account in from this computer"):
            await asked.lookup(JAN)


async def test_a_server_without_a_free_connection_is_asked_later(postgres_place: PostgresPlace) -> None:
    postgres_place.execute("ALTER ROLE bubbled CONNECTION LIMIT 0")
    async with directory(postgres_place.options()) as asked:
        with pytest.raises(BusyError, match="has no connection left for bubbled"):
            await asked.lookup(JAN)
