"""What differs between databases: how to connect so that nothing is written, and what their errors mean."""

from __future__ import annotations

import os
import socket
import ssl
from typing import TYPE_CHECKING, Any, Protocol, assert_never

from bubbled.directory.kinds.sql.address import Address, Family
from bubbled.directory.kinds.sql.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bubbled.directory.kinds.sql.options import SqlOptions


class Database(Protocol):
    """One database. A connection is that of its driver, whose types this package does not name."""

    @property
    def dialect(self) -> str:
        """What SQLAlchemy calls it and its driver: `postgresql+asyncpg`."""

    @property
    def kept_s(self) -> int:
        """How long a connection is used, in seconds, before the next question gets a new one."""

    @property
    def execution(self) -> dict[str, Any]:
        """Options for all that SQLAlchemy executes."""

    async def connect(self) -> Any:
        """A new connection, which cannot write, and on which no query takes longer than it may.

        Raises:
            Exception: the driver's, the system's, or a `DirectoryError`.
        """

    async def stop(self, connection: Any) -> None:
        """End at the server what a connection does whose task was cancelled; nobody uses it any more."""

    def fault(self, problem: BaseException) -> tuple[Fault, str] | None:
        """What an error of the driver means, and the database's words; None when it is not the driver's."""


def database(address: Address, options: SqlOptions, *, timeout_s: float) -> Database:
    """The database at an address; the libraries that it needs are loaded when it connects."""
    match address.family:
        case Family.SQLITE:
            from bubbled.directory.kinds.sql.sqlite import Sqlite  # noqa: PLC0415 - only whom the user has

            return Sqlite(address, timeout_s=timeout_s)
        case Family.POSTGRESQL:
            from bubbled.directory.kinds.sql.postgresql import Postgresql  # noqa: PLC0415 - as above

            return Postgresql(address, options, timeout_s=timeout_s)
        case Family.MARIADB:
            from bubbled.directory.kinds.sql.mariadb import Mariadb  # noqa: PLC0415 - as above

            return Mariadb(address, options, timeout_s=timeout_s)
        case _:
            assert_never(address.family)


def chain(problem: BaseException | None) -> Iterator[BaseException]:
    """An error, and what it came from: SQLAlchemy and the drivers wrap each other's."""
    seen: set[int] = set()
    while problem is not None and id(problem) not in seen:
        seen.add(id(problem))
        yield problem
        problem = getattr(problem, "orig", None) or problem.__cause__ or problem.__context__


def network_fault(problem: BaseException) -> tuple[Fault, str] | None:  # noqa: PLR0911 - one for each error
    """What an error of the system or of TLS means; None when it is neither."""
    match problem:
        case ssl.SSLCertVerificationError():
            return Fault.UNTRUSTED, problem.verify_message
        case ssl.SSLError():
            return Fault.UNTRUSTED, problem.reason or "TLS failed"
        case socket.gaierror():
            return Fault.UNKNOWN_HOST, ""
        case TimeoutError():
            return Fault.REFUSED, "no answer in time"
        case ConnectionResetError() | BrokenPipeError() | EOFError():
            return Fault.CUT, ""
        case OSError():
            return Fault.REFUSED, os.strerror(problem.errno) if problem.errno else type(problem).__name__
        case _:
            return None
