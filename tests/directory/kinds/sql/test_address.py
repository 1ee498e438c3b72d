from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.directory.kinds.sql.address import Address, Family, read_address
from bubbled.error import DirectoryError


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("sqlite:////home/me/crm.db", Address(Family.SQLITE, "/home/me/crm.db")),
        ("sqlite:////home/a%20b/%3F%23.db", Address(Family.SQLITE, "/home/a b/?#.db")),
        ("sqlite:///~/crm.db", Address(Family.SQLITE, str(Path("~/crm.db").expanduser()))),
        (
            "postgresql://bubbled@db.example.com/crm",
            Address(Family.POSTGRESQL, "crm", "db.example.com", 5432, "bubbled"),
        ),
        (
            "postgresql+asyncpg://a%40b@db:5433/my%20crm",
            Address(Family.POSTGRESQL, "my crm", "db", 5433, "a@b"),
        ),
        ("postgres://db/crm", Address(Family.POSTGRESQL, "crm", "db", 5432)),
        ("mysql://me@db/crm", Address(Family.MARIADB, "crm", "db", 3306, "me")),
        ("mariadb://me@[::1]:3307/crm", Address(Family.MARIADB, "crm", "::1", 3307, "me")),
        (
            "postgresql:///crm?host=/run/postgresql",
            Address(Family.POSTGRESQL, "crm", None, 5432, None, "/run/postgresql"),
        ),
        (
            "mysql://me@/crm?unix_socket=/run/mysqld/mysqld.sock",
            Address(Family.MARIADB, "crm", None, 3306, "me", "/run/mysqld/mysqld.sock"),
        ),
    ],
)
def test_an_url_names_a_database(url: str, address: Address) -> None:
    assert read_address(url) == address


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("", "names no database that bubbled knows"),
        ("db.example.com", "names no database that bubbled knows"),
        ("oracle://db/crm", "names no database that bubbled knows"),
        ("postgresql://db:port/crm", "is no address"),
        ("postgresql://[db/crm", "is no address"),
        ("postgresql://db", "names no database;"),
        ("postgresql://db/", "names no database;"),
        ("postgresql://db/a/b", "names no database;"),
        ("postgresql:///crm", "names no host"),
        ("postgresql://db/crm?sslmode=disable", r'holds "sslmode"; .*only "\?host='),
        ("mysql://db/crm?unix_socket=/a#b", "holds something behind #"),
        ("sqlite:///crm.db", "whole path"),
        ("sqlite://", "whole path"),
        ("sqlite:///:memory:", "whole path"),
        ("sqlite:////crm.db?mode=rw", "whole path"),
    ],
)
def test_what_is_wrong_with_an_url_is_told(url: str, told: str) -> None:
    with pytest.raises(DirectoryError, match=told):
        read_address(url)


def test_a_password_in_an_url_is_refused_and_not_repeated() -> None:
    with pytest.raises(DirectoryError, match="move it to password") as raised:
        read_address("postgresql://bubbled:sesame@db/crm")
    assert "sesame" not in str(raised.value)
    assert raised.value.__cause__ is None


@pytest.mark.parametrize(
    ("url", "called", "is_near"),
    [
        ("postgresql://db/crm", "db:5432", False),
        ("mysql://[2001:db8::1]/crm", "[2001:db8::1]:3306", False),
        ("mysql://localhost/crm", "localhost:3306", True),
        ("mysql://127.0.0.2/crm", "127.0.0.2:3306", True),
        ("mysql:///crm?unix_socket=/run/x", "/run/x", True),
        ("sqlite:////crm.db", "/crm.db", True),
    ],
)
def test_an_address_has_a_name_and_a_distance(url: str, called: str, *, is_near: bool) -> None:
    address = read_address(url)
    assert (str(address), address.is_on_this_computer) == (called, is_near)


@given(st.text(max_size=60) | st.from_regex(r"(sqlite|mysql|postgresql)://[^\n]{0,40}", fullmatch=True))
def test_any_text_is_an_address_or_refused(url: str) -> None:
    with suppress(DirectoryError):
        assert read_address(url).database
