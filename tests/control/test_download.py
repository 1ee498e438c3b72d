from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import aiohttp

from bubbled.control.search import Search

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.control.desk import Desk


class Tap:
    """Pieces without end; tells how many were drawn, and when it was turned off."""

    def __init__(self) -> None:
        self.drawn = 0
        self.off = asyncio.Event()

    async def pieces(self) -> AsyncIterator[bytes]:
        try:
            while True:
                self.drawn += 1
                yield bytes(100_000)
        finally:
            self.off.set()


async def test_no_more_is_made_than_is_taken_and_nothing_for_a_reader_who_left(
    served: Path, desk: Desk
) -> None:
    tap = Tap()

    async def endless(wanted: Search) -> AsyncIterator[bytes]:
        assert wanted == Search()
        return tap.pieces()

    desk.calls_csv = endless  # type: ignore[method-assign]  # what no history of a test can have
    async with (
        aiohttp.ClientSession("http://bubbled", connector=aiohttp.UnixConnector(str(served))) as session,
        session.get("/v1/history.csv") as answer,
    ):
        await answer.content.readexactly(1_000_000)
        assert tap.drawn < 100
        answer.close()
        await asyncio.wait_for(tap.off.wait(), 10)


async def test_who_asks_for_the_head_alone_gets_no_more_and_nothing_is_made(served: Path, desk: Desk) -> None:
    tap = Tap()

    async def endless(wanted: Search) -> AsyncIterator[bytes]:
        assert wanted == Search()
        return tap.pieces()

    desk.calls_csv = endless  # type: ignore[method-assign]  # as above
    reader, writer = await asyncio.open_unix_connection(str(served))
    writer.write(b"HEAD /v1/history.csv HTTP/1.1\r\nHost: bubbled\r\nConnection: close\r\n\r\n")
    try:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
        assert head.startswith(b"HTTP/1.1 200")
        assert (await asyncio.wait_for(reader.read(1), 10), tap.drawn) == (b"", 0)
    finally:
        writer.close()
