from __future__ import annotations

import asyncio
import os
import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
import structlog

from bubbled.web.access.doorkeeper import Doorkeeper
from tests.web import stranger

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class Greeting(asyncio.Protocol):
    """Says hello to who was let in."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(b"hello")
        transport.close()


@asynccontextmanager
async def standing(**how: Any) -> AsyncIterator[int]:
    """Have a doorkeeper stand at a port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(0)
        keeper = Doorkeeper(Greeting, **({"is_full": lambda: False} | how))
        task = asyncio.create_task(keeper.stand(listener))
        try:
            yield listener.getsockname()[1]
        finally:
            task.cancel()
            await asyncio.wait([task])
            assert task.cancelled()


async def come(port: int) -> bytes:
    """What our own program gets."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        return await asyncio.wait_for(reader.read(), 20)
    finally:
        writer.close()


async def test_our_own_program_comes_in() -> None:
    async with standing() as port:
        assert await come(port) == b"hello"


@pytest.mark.root
async def test_another_user_is_shut_out_and_the_log_says_so_once() -> None:
    async with standing() as port:
        with structlog.testing.capture_logs() as log:
            answers = [await stranger.ask(port, b"x") for _ in range(3)]
            assert await come(port) == b"hello"
    assert answers == [b"", b"", b""]
    assert [(each["log_level"], each["user"]) for each in log] == [
        ("warning", stranger.UID),
        ("debug", stranger.UID),
        ("debug", stranger.UID),
    ]


@pytest.mark.root
async def test_who_sends_and_is_gone_is_not_taken_for_root() -> None:
    admitted: list[asyncio.Protocol] = []

    def admit() -> asyncio.Protocol:
        admitted.append(Greeting())
        return admitted[-1]

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        await stranger.hit(listener.getsockname()[1], b"GET / HTTP/1.1\r\n\r\n", 20)
        listener.settimeout(0)
        task = asyncio.create_task(Doorkeeper(admit, is_full=lambda: False).stand(listener))
        assert await come(listener.getsockname()[1]) == b"hello"  # behind all of his
        task.cancel()
        await asyncio.wait([task])
    assert len(admitted) == 1


async def test_root_is_another_user() -> None:
    async with standing(own=os.getuid() + 1, owner=lambda _client, _server: 0) as port:
        assert await come(port) == b""


async def test_whose_owner_nobody_knows_stays_outside_without_a_word() -> None:
    with structlog.testing.capture_logs() as log:
        async with standing(owner=lambda _client, _server: None) as port:
            assert await come(port) == b""
    assert log == []


async def test_a_full_house_takes_nobody_more_in() -> None:
    async with standing(is_full=lambda: True) as port:
        assert await come(port) == b""


async def test_a_defect_costs_one_connection() -> None:
    broken = iter([True, False])

    def owner(_client: object, _server: object) -> int:
        if next(broken):
            raise RuntimeError("the table has no legs")
        return os.getuid()

    async with standing(owner=owner) as port:
        assert await come(port) == b""
        assert await come(port) == b"hello"


async def test_the_calls_go_on_while_the_system_is_asked() -> None:
    loop, asked = asyncio.get_running_loop(), asyncio.Event()
    answer = asyncio.run_coroutine_threadsafe

    def owner(_client: object, _server: object) -> int:
        answer(_set(asked), loop).result(10)  # which only a loop that goes on can answer
        return os.getuid()

    async with standing(owner=owner) as port:
        assert await come(port) == b"hello"
    assert asked.is_set()


async def _set(event: asyncio.Event) -> None:
    event.set()


async def test_who_is_met_just_when_the_pages_end_is_shut_out() -> None:
    loop, asked, free = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()

    def owner(_client: object, _server: object) -> int:
        loop.call_soon_threadsafe(asked.set)
        asyncio.run_coroutine_threadsafe(free.wait(), loop).result(10)
        return os.getuid()

    async with standing(owner=owner) as port:
        coming = asyncio.create_task(come(port))
        await asked.wait()
    assert await coming == b""
    free.set()
