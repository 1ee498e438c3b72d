"""A file that is made while it is taken, piece by piece."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from aiohttp import hdrs, web

from bubbled.control.stream import following

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


async def download(request: web.Request, pieces: AsyncIterator[bytes], name: str) -> web.StreamResponse:
    """Send a table in CSV as a file with a name; no faster than the reader takes it."""
    headers = {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    response = web.StreamResponse(headers=headers)
    async with following(pieces):
        with suppress(ConnectionError):  # the reader has seen enough
            await response.prepare(request)
            if request.method != hdrs.METH_HEAD:  # else it would be taken for the answer to the next request
                async for piece in pieces:
                    await response.write(piece)
    return response
