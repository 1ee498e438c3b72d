"""Which database the user means with an URL such as `postgresql://bubbled@db.example.com/crm`. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from bubbled.error import DirectoryError
from bubbled.settings.value import is_loopback

if TYPE_CHECKING:
    from collections.abc import Mapping
    from urllib.parse import SplitResult


class Family(StrEnum):
    """Databases that are spoken to in the same way."""

    SQLITE = "SQLite"
    POSTGRESQL = "PostgreSQL"
    MARIADB = "MariaDB"
    """MySQL, too."""


_FAMILIES: Final = {
    "sqlite": Family.SQLITE,
    "postgresql": Family.POSTGRESQL,
    "postgres": Family.POSTGRESQL,
    "mysql": Family.MARIADB,
    "mariadb": Family.MARIADB,
}
_PORTS: Final = {Family.POSTGRESQL: 5432, Family.MARIADB: 3306}

# As each family's own programs call the socket in their URLs.
_SOCKETS: Final = {Family.POSTGRESQL: "host", Family.MARIADB: "unix_socket"}
_FORMS: Final = "sqlite:////home/me/crm.db, postgresql://user@host/database or mysql://user@host/database"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is.

    Attributes:
        database: its name at the server; of SQLite the path of the file.
        host: None for SQLite, and for a server that is reached by its socket.
        port: of no meaning without `host`.
        user: None: whom the driver takes by itself.
        socket: the path of a server's socket, or for PostgreSQL of the folder that holds it.
    """

    family: Family
    database: str
    host: str | None = None
    port: int = 0
    user: str | None = None
    socket: str | None = None

    def __str__(self) -> str:
        """How it is called in messages: `db.example.com:5432`."""
        if self.host is None:
            return self.socket or self.database
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def is_on_this_computer(self) -> bool:
        """Whether nobody can listen on the way."""
        return self.host is None or is_loopback(self.host)


def read_address(url: str) -> Address:
    """Read the URL of a database; a driver in it (`postgresql+asyncpg:`) is of no importance.

    Raises:
        DirectoryError: it is none, or holds a password; its text does not repeat the URL.
    """
    try:
        parts = urlsplit(url)
        port, password = parts.port, parts.password
    except ValueError:
        raise DirectoryError(f"url is no address of a database; write it like {_FORMS}") from None
    family = _FAMILIES.get(parts.scheme.partition("+")[0])
    if family is None:
        raise DirectoryError(f"url names no database that bubbled knows; write it like {_FORMS}")
    if password is not None:
        raise DirectoryError("url holds a password, which others could read there; move it to password")
    if family is Family.SQLITE:
        return Address(family, _file(parts))
    return _server(family, parts, port or _PORTS[family])


def _file(parts: SplitResult) -> str:
    path = Path(unquote(parts.path.removeprefix("/"))).expanduser()
    if parts.netloc or parts.query or parts.fragment or not path.is_absolute():
        raise DirectoryError(
            "url of an SQLite file must hold its whole path and nothing else, such as "
            "sqlite:////home/me/crm.db or sqlite:///~/crm.db"
        )
    return str(path)


def _server(family: Family, parts: SplitResult, port: int) -> Address:
    extras: Mapping[str, str] = dict(parse_qsl(parts.query, keep_blank_values=True))
    key = _SOCKETS[family]
    unknown = sorted(extras.keys() - {key})
    if unknown or parts.fragment:
        what = f'"{unknown[0]}"' if unknown else "something behind #"
        raise DirectoryError(
            f'url holds {what}; behind the database only "?{key}=..." may stand, for a socket'
        )
    database = unquote(parts.path.removeprefix("/"))
    if not database or "/" in database:
        raise DirectoryError(f"url names no database; write it like {_FORMS}")
    user = unquote(parts.username) if parts.username else None
    socket = extras.get(key)
    if socket is None and parts.hostname is None:
        raise DirectoryError(f"url names no host; write it like {_FORMS}")
    if socket is not None:
        return Address(family, database, port=port, user=user, socket=socket)
    return Address(family, database, parts.hostname, port, user)
