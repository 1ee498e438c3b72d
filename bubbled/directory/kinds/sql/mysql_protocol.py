"""A connection of aiomysql that encrypts when told to, runs one statement, and reads no endless rows.

Left to itself, it goes on in clear text when the server, or somebody on the way, says that it cannot encrypt,
has the server run whatever else stands behind the semicolon of a query, and keeps rows of any length.
"""

from __future__ import annotations

from typing import Any

import aiomysql  # type: ignore[import-untyped]  # it has no types
from pymysql import OperationalError  # type: ignore[import-untyped]  # as above
from pymysql.constants import CLIENT, CR  # type: ignore[import-untyped]  # as above

from bubbled.directory.kinds.sql.mariadb import UnencryptedError
from bubbled.directory.kinds.sql.options import LONGEST_CELL


class TooLargeError(OperationalError):  # type: ignore[misc]  # its base has no types
    """A row is too long; as a lost connection, which it is then, for those who know no more of it."""


class Connection(aiomysql.Connection):  # type: ignore[misc]  # its base has no types
    """One connection, not yet open."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.client_flag &= ~CLIENT.MULTI_STATEMENTS

    @property
    def is_encrypted(self) -> bool:
        """Whether nobody can read along."""
        return self._writer is not None and self._writer.get_extra_info("ssl_object") is not None

    async def open(self) -> None:
        """Connect and log in."""
        await self._connect()

    async def _get_server_information(self) -> None:
        """Read the server's greeting, after which its base sends the password."""
        await super()._get_server_information()
        if self._ssl_context is not None and not self.server_capabilities & CLIENT.SSL:
            raise UnencryptedError

    async def _read_bytes(self, num_bytes: int) -> bytes:
        """Read a part of what the server says; what is longer than a packet may be comes in several."""
        if num_bytes >= LONGEST_CELL:
            self.close()
            raise TooLargeError(CR.CR_SERVER_LOST, "")
        data: bytes = await super()._read_bytes(num_bytes)
        return data
