"""MySQL and MariaDB, by aiomysql."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from bubbled.directory.kinds.sql.fault import Fault, error_of
from bubbled.directory.kinds.sql.options import KEPT_S, MOST_ROWS
from bubbled.directory.kinds.sql.tls import tls_context

if TYPE_CHECKING:
    from bubbled.directory.kinds.sql.address import Address
    from bubbled.directory.kinds.sql.options import SqlOptions

_STOP_LIMIT_S: Final = 2.0

_CODES: Final = {
    1040: Fault.BUSY,
    1044: Fault.DATABASE,
    1045: Fault.ACCOUNT,
    1049: Fault.DATABASE,
    1052: Fault.COLUMN,
    1053: Fault.STARTING,
    1054: Fault.COLUMN,
    1064: Fault.SYNTAX,
    1129: Fault.ACCOUNT_FROM_HERE,
    1130: Fault.ACCOUNT_FROM_HERE,
    1142: Fault.FORBIDDEN,
    1143: Fault.FORBIDDEN,
    1146: Fault.TABLE,
    1203: Fault.BUSY,
    1205: Fault.LATE,
    1226: Fault.BUSY,
    1227: Fault.FORBIDDEN,
    1251: Fault.LOGIN_UNKNOWN,
    1290: Fault.WRITES,
    1305: Fault.FUNCTION,
    1317: Fault.LATE,
    1370: Fault.FORBIDDEN,
    1428: Fault.FUNCTION,
    1630: Fault.FUNCTION,
    1698: Fault.ACCOUNT,
    1792: Fault.WRITES,
    1836: Fault.WRITES,
    1927: Fault.CUT,
    1969: Fault.LATE,
    2006: Fault.CUT,
    2013: Fault.CUT,
    2059: Fault.LOGIN_UNKNOWN,
    3024: Fault.LATE,
    3118: Fault.ACCOUNT,
    3159: Fault.TLS_WANTED,
    4031: Fault.CUT,
}
"""Error numbers; https://mariadb.com/kb/en/mariadb-error-codes/ and those of MySQL, where they differ."""

_CANNOT_CONNECT: Final = 2003  # of it, what it came from tells more


class UnencryptedError(ConnectionError):
    """The server does not offer TLS."""


class Mariadb:
    """See `database.Database`."""

    dialect: Final = "mysql+aiomysql"
    kept_s: Final = KEPT_S

    def __init__(self, address: Address, options: SqlOptions, *, timeout_s: float) -> None:
        self.execution: Final[dict[str, Any]] = {}
        self._address = address
        self._options = options
        self._timeout_s = timeout_s

    async def connect(self) -> Any:
        """Log in; every transaction of the connection only reads."""
        connection = await self._log_in()
        try:
            await connection.query("SET SESSION TRANSACTION READ ONLY")
            # What is left of an answer must be read to its end before the next question.
            await connection.query(f"SET SESSION sql_select_limit = {MOST_ROWS}")
            await connection.query(self._limit(connection.server_version))
        except BaseException:
            connection.close()
            raise
        return connection

    async def stop(self, connection: Any) -> None:
        """Have the query killed: the server would notice only after it that nobody listens any more."""
        with suppress(Exception):  # nobody waits for it, and the server's own limit ends the query, too
            async with asyncio.timeout(_STOP_LIMIT_S):
                other = await self._log_in()
                try:
                    await other.query(f"KILL {int(connection.thread_id())}")
                finally:
                    other.close()

    def fault(self, problem: BaseException) -> tuple[Fault, str] | None:
        """What the server means."""
        if isinstance(problem, UnencryptedError):
            return Fault.NO_TLS, ""
        import pymysql  # type: ignore[import-untyped]  # noqa: PLC0415 - it has no types; loaded by now

        from bubbled.directory.kinds.sql.mysql_protocol import TooLargeError  # noqa: PLC0415 - as above

        if isinstance(problem, TooLargeError):
            return Fault.TOO_LARGE, ""
        if not isinstance(problem, pymysql.Error) or not problem.args:
            return None
        code, *rest = problem.args
        words = str(rest[0]) if rest else ""
        if code == _CANNOT_CONNECT:
            return None if problem.__cause__ else (Fault.REFUSED, words)
        return _CODES.get(code, Fault.OTHER) if isinstance(code, int) else Fault.OTHER, words or str(code)

    def _limit(self, version: str) -> str:
        """How the server is told to end a query; a `version` such as `11.4.2-MariaDB` says whose it is."""
        if "MariaDB" in version:
            return f"SET SESSION max_statement_time = {self._timeout_s:.3f}"
        return f"SET SESSION max_execution_time = {round(self._timeout_s * 1000)}"

    async def _log_in(self) -> Any:
        from bubbled.directory.kinds.sql.mysql_protocol import Connection  # noqa: PLC0415 - needs aiomysql

        address, options = self._address, self._options
        tls = await tls_context(address, options)
        password = await options.password() if options.password else ""
        connection = Connection(
            host=address.host or "localhost",
            port=address.port,
            user=address.user,
            db=address.database,
            # aiomysql sends it as Latin-1; servers know it as UTF-8.
            password=password.encode().decode("latin-1"),
            unix_socket=address.socket,
            charset="utf8mb4",
            connect_timeout=self._timeout_s,
            ssl=tls,
        )
        try:
            async with asyncio.timeout(self._timeout_s):  # its own limit ends with the greeting
                await connection.open()
        except BaseException:
            connection.close()
            raise
        if tls is not None and not connection.is_encrypted:
            raise error_of(Fault.NO_TLS, address)
        return connection
