from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
import trustme

from tests.directory.kinds.sql.place import MariadbPlace, PostgresPlace, SqlitePlace
from tests.servers.mariadb import Mariadb, started_mariadb
from tests.servers.postgres import Postgres, started_postgres

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.directory.kinds.sql.place import Place


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def postgres(authority: trustme.CA) -> Iterator[Postgres]:
    with started_postgres(authority) as server:
        yield server


@pytest.fixture(scope="session")
def mariadb(authority: trustme.CA) -> Iterator[Mariadb]:
    with started_mariadb(authority) as server:
        yield server


@pytest.fixture
def sqlite_place(tmp_path: Path) -> SqlitePlace:
    return SqlitePlace(tmp_path / "crm ?#%.db")


@pytest.fixture
def postgres_place(postgres: Postgres) -> PostgresPlace:
    return PostgresPlace(postgres)


@pytest.fixture
def mariadb_place(mariadb: Mariadb) -> MariadbPlace:
    return MariadbPlace(mariadb)


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgres", marks=pytest.mark.server),
        pytest.param("mariadb", marks=pytest.mark.server),
    ]
)
def place(request: pytest.FixtureRequest) -> Place:
    """Each kind of database in turn, with an empty table of customers."""
    made: Place = request.getfixturevalue(f"{request.param}_place")
    return made


@pytest.fixture(
    params=[
        pytest.param("postgres", marks=pytest.mark.server),
        pytest.param("mariadb", marks=pytest.mark.server),
    ]
)
def remote(request: pytest.FixtureRequest) -> PostgresPlace | MariadbPlace:
    """Each kind of server in turn."""
    made: PostgresPlace | MariadbPlace = request.getfixturevalue(f"{request.param}_place")
    return made


@pytest.fixture(autouse=True)
def quiet_libraries(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """What goes wrong is told by us, in one line; the libraries add no tracebacks of their own."""
    yield
    loud = [record for record in caplog.get_records("call") if record.levelno >= logging.WARNING]
    assert [record.getMessage() for record in loud] == []
