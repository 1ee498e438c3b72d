"""Databases of each kind, with a table of customers and an account that may read it."""

from __future__ import annotations

import sqlite3
from contextlib import asynccontextmanager, closing
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from bubbled.directory.kinds.sql.directory import SqlDirectory
from bubbled.directory.kinds.sql.options import SqlOptions
from bubbled.model import E164

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.servers.mariadb import Mariadb
    from tests.servers.postgres import Postgres

JAN = E164("+31612345678")
BY_E164 = "SELECT name, company, phone, city FROM customer WHERE phone = :e164"
ANYBODY = "SELECT name, company, phone, city FROM customer WHERE phone LIKE '%' || :tail"

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
    infinite = "SELECT pg_sleep(600)::text AS name, :e164 AS phone"

    def __init__(self, server: Postgres) -> None:
        self.server = server.server
        self.port = server.port
        self.socket = server.socket
        self.execute = server.execute
        quoted = PASSWORD.replace("'", "''")
        server.execute(
            "DROP SCHEMA public CASCADE; CREATE SCHEMA public; DROP ROLE IF EXISTS bubbled; "
            f"CREATE ROLE bubbled LOGIN PASSWORD '{quoted}'; GRANT USAGE ON SCHEMA public TO bubbled; "
            "CREATE TABLE customer (id int, name text, company text, phone text, city text, last_contact timestamptz); "
            "GRANT SELECT ON customer TO bubbled"
        )

    def options(self, query: str = BY_E164, **changes: Any) -> SqlOptions:
        url = f"postgresql://bubbled@127.0.0.1:{self.port}/crm"
        return SqlOptions(**{"url": url, "query": query, "password": password, **changes})

    def running(self) -> int:
        where = "usename = 'bubbled' AND state = 'active'"
        return int(self.execute(f"SELECT count(*) FROM pg_stat_activity WHERE {where}"))


class MariadbPlace:
    infinite = "SELECT SLEEP(600) AS name, :e164 AS phone"

    def __init__(self, server: Mariadb) -> None:
        self.server = server.server
        self.port = server.port
        self.socket = server.socket
        self.execute = server.execute
        quoted = PASSWORD.replace("'", "''")
        server.execute(
            "DROP DATABASE crm; CREATE DATABASE crm; USE crm; DROP USER IF EXISTS bubbled; "
            f"CREATE USER bubbled IDENTIFIED BY '{quoted}'; "
            "CREATE TABLE customer (id int, name text, company text, phone text, city text, last_contact datetime); "
            "GRANT SELECT, EXECUTE ON crm.* TO bubbled"
        )

    def options(self, query: str = BY_E164, **changes: Any) -> SqlOptions:
        url = f"mysql://bubbled@127.0.0.1:{self.port}/crm"
        return SqlOptions(**{"url": url, "query": query, "password": password, **changes})

    def running(self) -> int:
        where = "user = 'bubbled' AND command <> 'Sleep'"
        return int(self.execute(f"SELECT count(*) FROM information_schema.processlist WHERE {where}"))


@asynccontextmanager
async def directory(options: SqlOptions, *, timeout_s: float = 20.0) -> AsyncIterator[SqlDirectory]:
    made = SqlDirectory("Customers", options, region="NL", timeout_s=timeout_s)
    try:
        yield made
    finally:
        await made.aclose()
