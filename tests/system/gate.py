"""A way to the PBX that a test can cut as a network does, and that counts who comes through."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class Gate:
    """Forwards TCP connections.

    Attributes:
        address: where it listens.
        passed: how many connections have come.
    """

    def __init__(self, target: tuple[str, int]) -> None:
        self.address = ("127.0.0.1", 0)
        self.passed = 0
        self._target = target
        self._open: set[asyncio.Event] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: list[asyncio.StreamWriter] = []

    @classmethod
    @asynccontextmanager
    async def to(cls, target: tuple[str, int]) -> AsyncIterator[Gate]:
        gate = cls(target)
        server = await asyncio.start_server(gate._met, *gate.address)
        gate.address = server.sockets[0].getsockname()
        try:
            yield gate
        finally:
            server.close()
            for task in gate._tasks:
                task.cancel()
            await asyncio.gather(*gate._tasks, return_exceptions=True)
            for writer in gate._writers:
                writer.close()
            await server.wait_closed()

    def swallow(self) -> None:
        """From now on the connections that are open lose every byte, both ways, and stay open."""
        for connection in self._open:
            connection.set()
        self._open.clear()

    async def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.passed += 1
        swallows = asyncio.Event()
        self._open.add(swallows)
        beyond, towards = await asyncio.open_connection(*self._target)
        self._writers += (writer, towards)
        for source, sink in ((reader, towards), (beyond, writer)):
            task = asyncio.create_task(_carry(source, sink, swallows))
            self._tasks.add(task)


async def _carry(source: asyncio.StreamReader, sink: asyncio.StreamWriter, swallows: asyncio.Event) -> None:
    try:
        while data := await source.read(65_536):
            if not swallows.is_set():
                sink.write(data)
    except ConnectionError:
        pass  # as good as closed
    finally:
        if not swallows.is_set():
            sink.close()
