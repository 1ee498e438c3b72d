"""Databases of each kind, with a table of customers and an account that may read it."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from bubbled.directory.kinds.sql.directory import SqlDirectory
from bubbled.directory.kinds.sql.options import SqlOptions
from bubbled.model import E164
from tests.servers.process import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.servers.mariadb import Mariadb
    from tests.servers.postgres import Postgres

JAN = E164("+31612345678")
BY_E164 = "SELECT name, company, phone, city FROM customer WHERE phone = :e164"
PASSWORD = "p@ss/w:rd 'x'"


async def password() -> str:
    return PASSWORD


class Place(Protocol):
    """One database."""

    infinite: str
    """A query that never ends by itself, and names `:e164`."""

    def options(self, query: str = BY_E164, **changes: Any) -> SqlOptions:
        """How to ask it."""

    def execute(self, sql: str) -> str:
        """Change it, as its owner."""

    def running(self) -> int:
        """How many queries of bubbled it works at."""


class SqlitePlace:
    infinite = (
        "WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x) "
        "SELECT count(*) AS name, :e164 AS phone FROM x, (SELECT count(*) FROM customer)"
    )

    def __init__(self, path: Path) -> None:
        self.path = path
        self.execute("CREATE TABLE customer (id, name, company, phone, city, last_contact)")

    def options(self, query: str = BY_E164, **changes: Any) -> SqlOptions:
        return SqlOptions(**{"url": f"sqlite:///{quote(str(self.path))}", "query": query, **changes})

    def execute(self, sql: str) -> str:
        with closing(sqlite3.connect(self.path, timeout=0)) as connection:
            connection.executescript(sql)
        return ""

    def running(self) -> int:
        """A query that reads keeps others from taking the whole file."""
        try:
            self.execute("BEGIN EXCLUSIVE; ROLLBACK;")
        except sqlite3.OperationalError:
            return 1
        return 0


class PostgresPlace:
    identified = "PASSWORD"
    infinite = "SELECT pg_sleep(600)::text AS name, :e164 AS phone"
    is_encrypted = (
        "SELECT CASE WHEN ssl THEN 'encrypted' ELSE 'plain' END AS name, :e164 AS phone "
        "FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    )

    def __init__(self, server: Postgres) -> None:
        self.server = server.server
        self.port = server.port
        self.socket_url = f"postgresql://bubbled@:{server.port}/crm?host={server.socket}"
        self.execute = server.execute
        server.execute(
            "DROP SCHEMA IF EXISTS hr CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public; "
            f"DROP ROLE IF EXISTS bubbled; CREATE ROLE bubbled LOGIN PASSWORD {self.literal(PASSWORD)}; "
            "GRANT USAGE ON SCHEMA public TO bubbled; "
            "CREATE TABLE customer "
            "(id int, name text, company text, phone text, city text, last_contact timestamptz); "
            "GRANT SELECT ON customer TO bubbled"
        )

    def options(self, query: str = BY_E164, **changes: Any) -> SqlOptions:
        url = f"postgresql://bubbled@127.0.0.1:{self.port}/crm"
        return SqlOptions(**{"url": url, "query": query, "password": password, **changes})

    def running(self) -> int:
        active = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'bubbled' AND state = 'active'"
        return int(self.execute(active))

    def connections(self) -> int:
        return int(self.execute("SELECT count(*) FROM pg_stat_activity WHERE usename = 'bubbled'"))

    def make_writing_function(self) -> None:
        """Make `note(text)`, which adds a customer with the rights of its owner."""
        self.execute(
            "CREATE FUNCTION note(text) RETURNS text LANGUAGE sql SECURITY DEFINER "
            "AS 'INSERT INTO customer (name) VALUES ($1) RETURNING name'"
        )

    @staticmethod
    def literal(text: str) -> str:
        return "'" + text.replace("'", "''") + "'"


class MariadbPlace:
    identified = "IDENTIFIED BY"
    infinite = "SELECT SLEEP(600) AS name, :e164 AS phone"
    is_encrypted = (
        "SELECT IF(variable_value = '', 'plain', 'encrypted') AS name, :e164 AS phone "
        "FROM information_schema.session_status WHERE variable_name = 'Ssl_cipher'"
    )

    def __init__(self, server: Mariadb) -> None:
        self.server = server.server
        self.port = server.port
        self.socket_url = f"mysql://bubbled@/crm?unix_socket={server.socket}"
        self.execute = server.execute
        server.execute(
            "DROP DATABASE IF EXISTS hr; DROP DATABASE crm; CREATE DATABASE crm; USE crm; "
            f"DROP USER IF EXISTS bubbled; CREATE USER bubbled IDENTIFIED BY {self.literal(PASSWORD)}; "
            "CREATE TABLE customer "
            "(id int, name text, company text, phone text, city text, last_contact datetime); "
            "GRANT SELECT, EXECUTE ON crm.* TO bubbled"
        )

    def options(self, query: str = BY_E164, **changes: Any) -> SqlOptions:
        url = f"mysql://bubbled@127.0.0.1:{self.port}/crm"
        return SqlOptions(**{"url": url, "query": query, "password": password, **changes})

    def running(self) -> int:
        active = "user = 'bubbled' AND command = 'Query'"
        return int(self.execute(f"SELECT count(*) FROM information_schema.processlist WHERE {active}"))  # noqa: S608 - our own text

    def connections(self) -> int:
        mine = "SELECT count(*) FROM information_schema.processlist WHERE user = 'bubbled'"
        return int(self.execute(mine))

    def make_writing_function(self) -> None:
        """Make `note(text)`, which adds a customer with the rights of its owner."""
        self.execute(
            "DELIMITER //\nCREATE FUNCTION note(name text) RETURNS text DETERMINISTIC MODIFIES SQL DATA "
            "BEGIN INSERT INTO customer (name) VALUES (name); RETURN name; END//"
        )

    @staticmethod
    def literal(text: str) -> str:
        return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


@asynccontextmanager
async def directory(options: SqlOptions, *, timeout_s: float = 20.0) -> AsyncIterator[SqlDirectory]:
    made = SqlDirectory("Customers", options, region="NL", timeout_s=timeout_s)
    try:
        yield made
    finally:
        await made.aclose()


@dataclass(slots=True)
class ShamServer:
    """What only seems to be a database: `port`, and what it was `told`."""

    port: int = 0
    told: bytearray = field(default_factory=bytearray)


@asynccontextmanager
async def sham_server(words: bytes = b"") -> AsyncIterator[ShamServer]:
    """Accepts connections, says `words`, and then only listens."""
    sham = ShamServer()
    writers: list[asyncio.StreamWriter] = []

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        writer.write(words)
        while heard := await reader.read(1000):
            sham.told += heard
        writer.close()

    server = await asyncio.start_server(accept, LOOPBACK, 0)
    sham.port = server.sockets[0].getsockname()[1]
    try:
        yield sham
    finally:
        server.close()
        for writer in writers:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
        await server.wait_closed()
