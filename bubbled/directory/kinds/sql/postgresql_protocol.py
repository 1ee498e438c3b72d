"""A connection of asyncpg whose end does not wait for the server for ever.

Left to itself, it waits until the server has said goodbye, which one that is stopped, or cut off, never does.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Final

import asyncpg  # type: ignore[import-untyped]  # it has no types

_GOODBYE_S: Final = 1.0


class Connection(asyncpg.Connection):  # type: ignore[misc]  # its base has no types
    """One connection."""

    async def close(self, *, timeout: float | None = _GOODBYE_S) -> None:  # noqa: ASYNC109 - as its base has it
        """Say goodbye, or cut the connection off when nobody answers that."""
        with suppress(TimeoutError):
            await super().close(timeout=timeout)
