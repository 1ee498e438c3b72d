from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from bubbled.pbx.ami.connection import Connection
from bubbled.pbx.ami.error import (
    ActionRefusedError,
    ActionUnknownError,
    ConnectionFailedError,
    NotConnectedError,
    UnsafeActionError,
)
from bubbled.pbx.ami.keepalive import keep_alive

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.pbx.ami.scripted_pbx import Peer, ScriptedPbx


@asynccontextmanager
async def connected(pbx: ScriptedPbx, **options: object) -> AsyncIterator[tuple[Connection, Peer]]:
    loop = asyncio.get_running_loop()
    _, connection = await loop.create_connection(
        lambda: Connection(**options),  # type: ignore[arg-type]  # options are passed on as they are
        "127.0.0.1",
        pbx.port,
    )
    peer = await pbx.accept()
    peer.greet()
    try:
        yield connection, peer
    finally:
        connection.abort(ConnectionFailedError("the test is over"))
        await connection.ended()


async def test_the_greeting_tells_the_version(pbx: ScriptedPbx) -> None:
    async with connected(pbx) as (connection, _):
        await connection.greeting()
        assert connection.version == "11.0.0"


@pytest.mark.parametrize("greeting", [b"HTTP/1.1 400 Bad Request\r\n", b"Event: A\r\n\r\n"])
async def test_what_is_no_asterisk_is_told_apart(pbx: ScriptedPbx, greeting: bytes) -> None:
    loop = asyncio.get_running_loop()
    _, connection = await loop.create_connection(Connection, "127.0.0.1", pbx.port)
    (await pbx.accept()).writer.write(greeting)
    with pytest.raises(ConnectionFailedError, match="no Asterisk"):
        await connection.greeting()
    await connection.ended()


async def test_an_action_gets_its_own_answer(pbx: ScriptedPbx) -> None:
    async with connected(pbx) as (connection, peer):
        first = asyncio.create_task(connection.action({"Action": "Ping"}))
        second = asyncio.create_task(connection.action({"Action": "CoreStatus"}))
        ping, status = await peer.asked("Ping"), await peer.asked("CoreStatus")
        peer.answer(status, CoreCurrentCalls="1")
        peer.answer(ping, Ping="Pong")
        assert (await first)["Ping"] == "Pong"
        assert (await second)["CoreCurrentCalls"] == "1"


async def test_an_error_response_is_raised_with_its_text(pbx: ScriptedPbx) -> None:
    async with connected(pbx) as (connection, peer):
        task = asyncio.create_task(connection.action({"Action": "Status"}))
        peer.answer(await peer.asked("Status"), Response="Error", Message="Permission denied")
        with pytest.raises(ActionRefusedError, match="Permission denied") as refusal:
            await task
        assert refusal.value.response["Response"] == "Error"


async def test_a_list_is_collected_and_events_among_it_stay_events(pbx: ScriptedPbx) -> None:
    async with connected(pbx, wanted=["Newstate"]) as (connection, peer):
        task = asyncio.create_task(connection.list({"Action": "Status"}))
        action_id = {"ActionID": (await peer.asked("Status"))["ActionID"]}
        peer.say(
            {"Response": "Success", "EventList": "start"} | action_id,
            {"Event": "Status", "Channel": "PJSIP/101-1"} | action_id,
            {"Event": "Newstate", "Channel": "PJSIP/101-1"},
            {"Event": "Unwanted"},
            {"Event": "StatusComplete", "EventList": "Complete"} | action_id,
        )
        assert [item["Channel"] for item in await task] == ["PJSIP/101-1"]
        assert (await anext(connection.events()))["Event"] == "Newstate"


async def test_a_forged_action_id_neither_answers_nor_hides_the_answer(pbx: ScriptedPbx) -> None:
    async with connected(pbx) as (connection, peer):
        task = asyncio.create_task(connection.action({"Action": "Originate"}))
        asked = await peer.asked("Originate")
        peer.say({"Response": "Error", "ActionID": "bubbled-1"})
        peer.writer.write(b"Response: Success\r\nActionID: forged\r\n")
        peer.say({"ActionID": asked["ActionID"], "Message": "queued"})
        assert (await task)["Message"] == "queued"


async def test_a_lost_connection_leaves_the_outcome_open_and_nothing_is_repeated(pbx: ScriptedPbx) -> None:
    async with connected(pbx) as (connection, peer):
        task = asyncio.create_task(connection.action({"Action": "Originate"}))
        await peer.asked("Originate")
        await peer.hang_up()
        with pytest.raises(ActionUnknownError, match="may or may not"):
            await task
        with pytest.raises(NotConnectedError):
            await connection.action({"Action": "Ping"})


async def test_an_action_without_an_answer_ends_at_its_time_limit(pbx: ScriptedPbx) -> None:
    async with connected(pbx, time_limit_s=0.01) as (connection, peer):
        with pytest.raises(ActionUnknownError, match="took too long"):
            await connection.action({"Action": "Originate"})
        late = await peer.asked("Originate")
        ping = asyncio.create_task(connection.action({"Action": "Ping"}, time_limit_s=10))
        peer.answer(late, Message="too late")
        peer.answer(await peer.asked("Ping"))
        assert "Message" not in await ping


async def test_nothing_unsafe_is_sent(pbx: ScriptedPbx) -> None:
    async with connected(pbx) as (connection, peer):
        with pytest.raises(UnsafeActionError):
            await connection.action({"Action": "Originate", "Exten": "1\r\n\r\nAction: Logoff"})
        task = asyncio.create_task(connection.action({"Action": "Ping"}))
        peer.answer(await peer.asked("Ping"))
        await task


async def test_events_end_after_the_last_one_when_the_pbx_hangs_up(pbx: ScriptedPbx) -> None:
    async with connected(pbx) as (connection, peer):
        peer.say({"Event": "Hangup", "Cause": "16"}, {"Event": "Shutdown", "Restart": "True"})
        peer.writer.write(b"Event: Hang")
        await peer.hang_up()
        assert [event["Event"] async for event in connection.events()] == ["Hangup", "Shutdown"]
        assert "restarting" in str(connection.loss)


async def test_too_many_events_end_the_connection_so_that_calls_are_asked_anew(pbx: ScriptedPbx) -> None:
    async with connected(pbx, queue_limit=10) as (connection, peer):
        peer.say(*({"Event": "Newstate", "Number": str(number)} for number in range(11)))
        await connection.ended()
        assert "could follow" in str(connection.loss)
        assert [event async for event in connection.events()] == []


async def test_five_megabytes_of_garbage_do_no_harm(pbx: ScriptedPbx) -> None:
    async with connected(pbx) as (connection, peer):
        peer.writer.write(b"x" * 5_000_000 + b"\r\n\r\n")
        peer.say({"Event": "Hangup"})
        assert (await anext(connection.events()))["Event"] == "Hangup"


async def test_the_tap_sees_every_byte(pbx: ScriptedPbx) -> None:
    seen = bytearray()
    async with connected(pbx, tap=seen.extend, wanted=[]) as (connection, peer):
        peer.writer.write(b"Event: A\r\nX: \xff\r\n\r\ncut")
        await peer.hang_up()
        await connection.ended()
    assert seen == b"Asterisk Call Manager/11.0.0\r\nEvent: A\r\nX: \xff\r\n\r\ncut"


async def test_a_dead_peer_is_noticed(pbx: ScriptedPbx) -> None:
    async with connected(pbx) as (connection, peer):
        await keep_alive(connection, idle_s=0.01, answer_s=0.01)
        await connection.ended()
        assert "gone silent" in str(connection.loss)
        assert (await peer.asked("Ping"))["ActionID"]


async def test_a_peer_that_answers_is_kept(pbx: ScriptedPbx) -> None:
    async with connected(pbx) as (connection, peer):
        keeper = asyncio.create_task(keep_alive(connection, idle_s=0.01, answer_s=10))
        for _ in range(3):
            peer.answer(await peer.asked("Ping"), Response="Error", Message="Permission denied")
        assert connection.loss is None
        keeper.cancel()


async def test_any_traffic_counts_as_life(pbx: ScriptedPbx) -> None:
    async with connected(pbx) as (connection, peer):
        keeper = asyncio.create_task(keep_alive(connection, idle_s=0.05, answer_s=0.3))
        await peer.asked("Ping")
        peer.say({"Event": "Newstate"})
        await peer.asked("Ping")
        assert connection.loss is None
        keeper.cancel()
