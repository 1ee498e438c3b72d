"""Against servers that do not behave; they need no more than a port."""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bubbled.directory.kinds.ldap.session import FailedSearchError, Pool, Question
from bubbled.directory.kinds.ldap.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

pytestmark = pytest.mark.server

ANYBODY = Question("dc=example,dc=org", "sub", "(cn=*)", ("cn",))
BOUND = bytes.fromhex("300c02010161070a010004000400")  # the answer to a bind with message number 1: success

# To message number 2: an entry without a name, whose only attribute, a, has one value of 100,000 bytes.
ENTRY = (
    bytes.fromhex("3084000186c60201026484000186bd04003084000186b53084000186af0401613184000186a60484000186a0")
    + b"x" * 100_000
)


@asynccontextmanager
async def serving(serve: Serve) -> AsyncIterator[int]:
    """A server that does the same for each client; yields its port."""
    ended = asyncio.Event()

    async def attend(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
            await ended.wait()
        except OSError:
            pass  # the client has gone
        finally:
            writer.close()

    server = await asyncio.start_server(attend, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        ended.set()
        server.close()
        await server.wait_closed()


@asynccontextmanager
async def asking(port: int, limit_s: float = 30.0, **account: Any) -> AsyncIterator[Pool]:
    usual = {"scheme": "ldap", "host": "127.0.0.1", "port": port, "start_tls": False, "ca_file": None}

    async def tell() -> dict[str, Any]:
        return {**usual, "bind_dn": None, "password": None, "binary": [], **account}

    pool = Pool(tell, limit_s)
    try:
        yield pool
    finally:
        await pool.aclose()


def agents() -> set[int]:
    """The processes of ours that speak LDAP."""
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    return {int(child) for child in children if b"ldap.agent" in Path(f"/proc/{child}/cmdline").read_bytes()}


async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Accept, and leave it at that."""


SILENT: dict[str, dict[str, Any]] = {
    "bind": {},
    "tls": {"scheme": "ldaps"},
    "start_tls": {"start_tls": True},
}


@pytest.mark.parametrize("account", SILENT.values(), ids=SILENT)
async def test_a_server_that_never_answers_holds_nobody_up(account: dict[str, Any]) -> None:
    connected = asyncio.Event()

    async def note(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
        connected.set()

    async with serving(note) as port, asking(port, **account) as pool:
        question = asyncio.create_task(pool.ask(ANYBODY))
        # All of this happens in the loop that would be held up.
        await connected.wait()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()
        await reader.read()
        assert not question.done()
        question.cancel()
        with pytest.raises(asyncio.CancelledError):
            await question
        await pool.aclose()
        assert agents() == set()


@pytest.mark.parametrize("account", SILENT.values(), ids=SILENT)
async def test_an_answer_that_is_overdue_ends_the_process_that_waits_for_it(account: dict[str, Any]) -> None:
    async with serving(say_nothing) as port, asking(port, limit_s=0.3, **account) as pool:
        with pytest.raises(FailedSearchError) as told:
            await pool.ask(ANYBODY)
        assert told.value.trouble is Trouble.SILENT
        assert agents() == set()


async def test_a_server_that_never_answers_is_asked_by_two_at_a_time() -> None:
    connected = asyncio.Semaphore(0)

    async def count(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
        connected.release()

    async with serving(count) as port, asking(port) as pool:
        questions = [asyncio.create_task(pool.ask(ANYBODY)) for _ in range(10)]
        await connected.acquire()
        await connected.acquire()
        for question in questions:
            question.cancel()
        await asyncio.wait(questions)
        assert len(agents()) == 2
        await pool.aclose()
        assert agents() == set()


@pytest.mark.parametrize(
    "words",
    [
        b"",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        BOUND[:5],
        BOUND + b"\x30\x84\x7f\xff\xff\xf0\x02\x01\x02\x64",  # announces an entry of two gigabytes
        bytes(range(256)),
    ],
    ids=["nothing", "web", "cut", "huge", "rubbish"],
)
async def test_a_server_that_speaks_something_else_and_hangs_up_is_an_error(words: bytes) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(words)
        await writer.drain()
        writer.close()

    async with serving(serve) as port, asking(port) as pool:
        with pytest.raises(FailedSearchError):
            await pool.ask(ANYBODY)
        assert agents() == set()


async def test_a_process_that_died_is_replaced() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(BOUND)
        await reader.readuntil(b"cn")
        # The search was message 2: no entries, success.
        writer.write(bytes.fromhex("300c02010265070a010004000400"))

    async with serving(serve) as port, asking(port) as pool:
        assert await pool.ask(ANYBODY) == []
        (agent,) = agents()
        os.kill(agent, 9)
        assert await pool.ask(ANYBODY) == []


async def test_entries_without_end_do_not_fill_the_memory_of_the_computer() -> None:
    sent = 0

    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await reader.read(1000)
        writer.write(BOUND)
        await reader.read(1000)
        while True:
            writer.write(ENTRY)
            sent += len(ENTRY)
            await writer.drain()

    async with serving(flood) as port, asking(port) as pool:
        with pytest.raises(FailedSearchError):
            await pool.ask(ANYBODY)
        assert sent < 500_000_000
        assert agents() == set()
