"""Server-sent events (WHATWG HTML, section 9.2) to one reader, who may be slow or gone."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar

from aiohttp import hdrs, web

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bubbled.control.status import JsonObject

T = TypeVar("T")

SIGN_OF_LIFE_S = 15.0
"""How often a silent stream says that it lives, which is also how soon a reader who left is noticed."""
WRITE_LIMIT_S = 5.0
"""How long a reader may leave untaken what is sent before it is dropped."""


async def stream(request: web.Request, changes: AsyncIterator[JsonObject]) -> web.StreamResponse:
    """Send changes until they end or the reader is too slow or gone."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    async with following(changes):
        try:
            await response.prepare(request)
            # Who asks for the head alone would take what follows for the answer to his next request.
            if request.method != hdrs.METH_HEAD:
                await _pump(response, changes)
        except (ConnectionError, TimeoutError):
            # What the reader did not take must not wait in memory for it.
            if request.transport is not None:
                request.transport.abort()
    return response


@asynccontextmanager
async def following(told: AsyncIterator[T]) -> AsyncIterator[AsyncIterator[T]]:
    """Take leave of who tells something at the end: else he would keep it for a reader who is gone."""
    try:
        yield told
    finally:
        close = getattr(told, "aclose", None)
        if close is not None:
            await close()


async def _pump(response: web.StreamResponse, changes: AsyncIterator[JsonObject]) -> None:
    await _write(response, b": following\n\n")
    while True:
        # The task outlives each sign of life: a change that arrives just then is not lost.
        change = asyncio.create_task(_next(changes), name="control stream: next change")
        try:
            while not change.done():
                await asyncio.wait({change}, timeout=SIGN_OF_LIFE_S)
                if not change.done():
                    await _write(response, b": alive\n\n")
        finally:
            change.cancel()
            await asyncio.wait({change})  # changes that are made for this reader can be closed only then
        if (event := change.result()) is None:
            return
        await _write(response, b"data: " + json.dumps(event).encode() + b"\n\n")


async def _next(changes: AsyncIterator[JsonObject]) -> JsonObject | None:
    return await anext(changes, None)


async def _write(response: web.StreamResponse, data: bytes) -> None:
    async with asyncio.timeout(WRITE_LIMIT_S):
        await response.write(data)
