"""What the user says of a database."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bubbled.directory.entry import ColumnNames

if TYPE_CHECKING:
    from pathlib import Path

    from bubbled.directory.port import Secret


MOST_ROWS: Final = 100
"""So many rows of an answer are read; a query that finds more does not look for a number."""

KEPT_S: Final = 900
"""How long a connection to a server is kept: firewalls forget those on which nobody speaks."""

LONGEST_CELL: Final = 0xFFFFFF
"""Bytes of one value of an answer; more fill the memory, and are no contact. Pictures have fewer."""


@dataclass(frozen=True, slots=True)
class SqlOptions:
    """A database, and how to find a number in it.

    Attributes:
        url: see `address.read_address`.
        query: see `query.Query`.
        password: of the account in `url`; None where it needs none.
        columns: headings of the answer that are not recognised by themselves.
        tls: whether to encrypt; None: whenever the server is another computer.
        ca_file: certificates (PEM) that are trusted instead of the system's.
        verify: whether the server's certificate is verified.
    """

    url: str
    query: str
    password: Secret | None = field(default=None, repr=False)
    columns: ColumnNames = field(default_factory=ColumnNames)
    tls: bool | None = None
    ca_file: Path | None = None
    verify: bool = True
