from __future__ import annotations

import asyncio
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from bubbled.control.check import check_from_json
from bubbled.control.client import Client, NotRunningError, quoted, understood
from bubbled.control.status import status_json
from bubbled.error import ControlError
from tests.control.desk import STATUS, Desk, a_call

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


async def test_the_client_reads_what_the_server_says(served: Path) -> None:
    answer = await asyncio.to_thread(Client(served).get, "/v1/status")
    assert answer == status_json(STATUS)


async def test_any_text_goes_through_as_a_query_or_as_a_part_of_a_path(served: Path) -> None:
    client = Client(served)
    number = "+31 (0)6 & ü/?#%\x1b\udc80"
    answer = await asyncio.to_thread(client.get, "/v1/lookup", {"number": number})
    assert answer["number"] == number.replace("\udc80", "?")
    with pytest.raises(ControlError, match=r"no call \.\./status"):
        await asyncio.to_thread(client.get, f"/v1/calls/{quoted('../status')}")


async def test_a_refusal_carries_the_daemons_words(served: Path, desk: Desk) -> None:
    desk.refusal = ControlError("Not now.")
    with pytest.raises(ControlError, match=r"^Not now\.$"):
        await asyncio.to_thread(Client(served).post, "/v1/reload")


async def test_changes_are_followed_until_the_daemon_stops(served: Path, desk: Desk) -> None:
    changes = Client(served).changes()
    first = asyncio.create_task(asyncio.to_thread(next, changes))
    change = {"change": "started", "call": a_call("1")}
    async with asyncio.timeout(5):
        await desk.followed.wait()
        desk.feed.publish(change)
        assert await first == change
        desk.feed.close()
        assert await asyncio.to_thread(list, changes) == []


def test_without_a_daemon_the_user_is_told_how_to_start_it(tmp_path: Path) -> None:
    with pytest.raises(NotRunningError, match="systemctl --user start bubbled"):
        Client(tmp_path / "control.sock").get("/v1/status")


def test_what_a_dead_daemon_left_counts_as_no_daemon(tmp_path: Path) -> None:
    path = tmp_path / "control.sock"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    with pytest.raises(NotRunningError):
        Client(path).get("/v1/status")


@contextmanager
def listener_at(path: Path, backlog: int = 5) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(backlog)
        yield listener


def test_a_hanging_daemon_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "control.sock"
    with listener_at(path), pytest.raises(ControlError, match="may hang"):
        Client(path).get("/v1/status", timeout_s=0.05)


def test_a_daemon_that_hangs_with_others_waiting_is_noticed_too(tmp_path: Path) -> None:
    path = tmp_path / "control.sock"
    with listener_at(path, backlog=0), socket.socket(socket.AF_UNIX) as other:
        other.connect(str(path))
        with pytest.raises(ControlError, match="may hang"):
            Client(path).get("/v1/status", timeout_s=0.05)


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        (b"", "is not bubbled"),
        (b"220 smtp ready\r\n", "is not bubbled"),
        (b"\x00" * 100_000, "is not bubbled"),
        (b"HTTP/1.0 200 OK\r\n\r\nhello", "does not understand"),
        (b"HTTP/1.0 200 OK\r\n\r\n\xff", "does not understand"),
        (b"HTTP/1.0 200 OK\r\n\r\n" + b"[" * 100_000, "does not understand"),
        (b"HTTP/1.0 500 No\r\n\r\n<html>", "HTTP status 500"),
    ],
)
async def test_what_is_no_daemon_of_ours_is_told_apart(tmp_path: Path, said: bytes, complaint: str) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(said)
        writer.close()

    path = tmp_path / "control.sock"
    async with await asyncio.start_unix_server(answer, path):
        with pytest.raises(ControlError, match=complaint):
            await asyncio.to_thread(Client(path).get, "/v1/status")


def test_an_answer_of_another_shape_is_no_traceback() -> None:
    with pytest.raises(ControlError, match="does not understand"):
        understood(check_from_json, {"version": 1})
    with pytest.raises(ControlError, match="does not understand"):
        understood(check_from_json, [])


def test_an_impossible_path_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ControlError, match="--socket"):
        Client(tmp_path / ("x" * 200)).get("/v1/status")
