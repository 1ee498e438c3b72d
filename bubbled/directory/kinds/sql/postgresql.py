"""PostgreSQL, by asyncpg."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bubbled.directory.kinds.sql.fault import Fault
from bubbled.directory.kinds.sql.options import KEPT_S
from bubbled.directory.kinds.sql.tls import tls_context

if TYPE_CHECKING:
    from bubbled.directory.kinds.sql.address import Address
    from bubbled.directory.kinds.sql.options import SqlOptions

_CODES: Final = {
    "28000": Fault.ACCOUNT_FROM_HERE,
    "28P01": Fault.ACCOUNT,
    "3D000": Fault.DATABASE,
    "42501": Fault.FORBIDDEN,
    "42601": Fault.SYNTAX,
    "42702": Fault.COLUMN,
    "42703": Fault.COLUMN,
    "42804": Fault.FUNCTION,
    "42883": Fault.FUNCTION,
    "42P01": Fault.TABLE,
    "42P18": Fault.PARAMETER_TYPE,
    "53300": Fault.BUSY,
    "57014": Fault.LATE,
    "57P03": Fault.STARTING,
}
"""SQLSTATEs; https://www.postgresql.org/docs/current/errcodes-appendix.html."""

_CLASSES: Final = {
    "08": Fault.CUT,
    "22": Fault.VALUE,
    "25": Fault.WRITES,
    "28": Fault.ACCOUNT,
    "57": Fault.CUT,
}
"""The same, of all others that begin so."""


class Postgresql:
    """See `database.Database`."""

    dialect: Final = "postgresql+asyncpg"
    kept_s: Final = KEPT_S

    def __init__(self, address: Address, options: SqlOptions, *, timeout_s: float) -> None:
        # Each transaction says that it only reads: a query could change what the connection says.
        self.execution: Final[dict[str, Any]] = {"postgresql_readonly": True}
        self._address = address
        self._options = options
        self._timeout_s = timeout_s

    async def connect(self) -> Any:
        """Log in."""
        import asyncpg  # type: ignore[import-untyped]  # noqa: PLC0415 - it has no types; only for who needs it

        from bubbled.directory.kinds.sql.postgresql_protocol import Connection  # noqa: PLC0415 - needs asyncpg

        address, options = self._address, self._options
        return await asyncpg.connect(
            connection_class=Connection,
            host=address.host or address.socket,
            port=address.port,
            user=address.user,
            database=address.database,
            password=await options.password() if options.password else None,
            ssl=await tls_context(address, options) or False,
            timeout=self._timeout_s,
            server_settings=self._settings(),
        )

    async def stop(self, connection: Any) -> None:
        """Do nothing: asyncpg has the server cancel a query whose task is cancelled."""

    def fault(self, problem: BaseException) -> tuple[Fault, str] | None:
        """What PostgreSQL means."""
        code = getattr(problem, "sqlstate", None)
        if isinstance(code, str):
            return _CODES.get(code) or _CLASSES.get(code[:2]) or Fault.OTHER, str(problem)
        if isinstance(problem, ConnectionError) and "SSL upgrade" in str(problem):
            return Fault.NO_TLS, ""
        if type(problem) in {ValueError, OverflowError}:
            return Fault.VALUE, ""  # asyncpg cannot read dates of before Christ, or the time 24:00
        return None

    def _settings(self) -> dict[str, str]:
        return {
            "application_name": "bubbled",
            "default_transaction_read_only": "on",
            "statement_timeout": str(round(self._timeout_s * 1000)),
        }
