"""The numbers by which an X server knows names (X11 protocol, InternAtom)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from Xlib.protocol import request

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bubbled.x11.connection import Connection


async def atoms(connection: Connection, names: Iterable[str]) -> list[int]:
    """Ask for the atoms of names, all at once; in their order.

    Raises:
        XServerError: the connection is lost.
    """
    asked = (connection.ask(request.InternAtom, name=name, only_if_exists=False) for name in names)
    return [each.atom for each in await asyncio.gather(*asked)]
