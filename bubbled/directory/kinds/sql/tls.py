"""How a connection to a database is encrypted."""

from __future__ import annotations

import asyncio
import ssl
from functools import lru_cache
from typing import TYPE_CHECKING

from bubbled.error import DirectoryError

if TYPE_CHECKING:
    from pathlib import Path

    from bubbled.directory.kinds.sql.address import Address
    from bubbled.directory.kinds.sql.options import SqlOptions


async def tls_context(address: Address, options: SqlOptions) -> ssl.SSLContext | None:
    """How to encrypt; None: not at all.

    Raises:
        DirectoryError: `ca_file` cannot be used.
    """
    is_wanted = not address.is_on_this_computer if options.tls is None else options.tls
    if not is_wanted or address.host is None:
        return None
    # Reading the system's certificates takes some 30 milliseconds, in which calls must pop up.
    return await asyncio.to_thread(_context, options.ca_file, verify=options.verify)


@lru_cache(maxsize=8)
def _context(ca_file: Path | None, *, verify: bool) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except OSError as problem:
        reason = "it holds none" if isinstance(problem, ssl.SSLError) else problem.strerror
        raise DirectoryError(
            f"the certificates in {ca_file} cannot be used ({reason}): check ca_file"
        ) from None
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
