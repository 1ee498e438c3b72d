from __future__ import annotations

import asyncio
import math
import warnings
from typing import TYPE_CHECKING

import pytest

from bubbled.error import PbxError
from bubbled.pbx.ami.access import Access, Address
from bubbled.pbx.ami.client import AmiClient
from bubbled.pbx.ami.error import ConnectionFailedError, LoginRefusedError
from bubbled.pbx.ami.login import Credentials
from bubbled.pbx.demo import SCENES, DemoPbx

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from panoramisk.manager import Manager

if TYPE_CHECKING:
    from panoramisk.message import Message

ANY = "any"
TOTAL = sum(len(scene.events()) for scene in SCENES.values())


def client(pbx: DemoPbx, secret: str = ANY) -> AmiClient:
    return AmiClient(Access(address=Address("127.0.0.1", pbx.port), credentials=Credentials("me", secret)))


async def test_our_client_gets_every_event_in_order() -> None:
    async with DemoPbx() as pbx:
        connection = await client(pbx).connect()
        await pbx.wait_for_client()
        await pbx.play("answered", speed=math.inf)
        events = connection.events()
        got = [(await anext(events))["Event"] for _ in SCENES["answered"].events()]
        assert got == [event["Event"] for _, event in SCENES["answered"].events()]
    await connection.ended()


async def test_several_clients_hear_the_same() -> None:
    async with DemoPbx() as pbx:
        connections = [await client(pbx).connect() for _ in range(3)]
        await pbx.play_all(speed=math.inf)
        for connection in connections:
            events = connection.events()
            for _ in range(TOTAL):
                await anext(events)
    for connection in connections:
        await connection.ended()


async def test_a_client_that_joins_in_the_middle_may_ask_for_the_channels() -> None:
    async with DemoPbx() as pbx:
        early = await client(pbx).connect()
        playing = asyncio.create_task(pbx.play("answered", speed=0.001))
        assert (await anext(early.events()))["Event"] == "Newchannel"
        late = await client(pbx).connect()
        assert (await late.list({"Action": "Status"}))[0]["Channel"].startswith("PJSIP/trunk-")
        playing.cancel()
        await asyncio.wait([playing])
    await early.ended()
    await late.ended()


async def test_a_wrong_secret_is_refused() -> None:
    async with DemoPbx(secret="right") as pbx:
        with pytest.raises(LoginRefusedError):
            await client(pbx, "wrong").connect()
        connection = await client(pbx, "right").connect()
    await connection.ended()


async def test_a_guest_hears_nothing() -> None:
    async with DemoPbx() as pbx:
        reader, writer = await asyncio.open_connection("127.0.0.1", pbx.port)
        assert await reader.readline() == b"Asterisk Call Manager/11.0.0\r\n"
        await pbx.play("missed", speed=math.inf)
        writer.write(b"Action: Logoff\r\n\r\n")
        assert await reader.read() == b"Response: Goodbye\r\nMessage: Thanks for all the fish.\r\n\r\n"
        writer.close()
        await writer.wait_closed()


async def test_scenes_keep_their_timing() -> None:
    clock = asyncio.get_running_loop().time
    async with DemoPbx() as pbx:
        begun = clock()
        await pbx.play("answered", speed=10)
        assert clock() - begun >= (SCENES["answered"].events()[-1].t or math.inf) / 10


async def test_a_taken_port_is_a_clear_error() -> None:
    async with DemoPbx() as pbx:
        with pytest.raises(PbxError, match="Choose another"):
            await DemoPbx(port=pbx.port).__aenter__()


async def test_leaving_ends_every_connection() -> None:
    async with DemoPbx() as pbx:
        connection = await client(pbx).connect()
    await connection.ended()
    with pytest.raises(ConnectionFailedError):
        await client(pbx).connect()


async def test_panoramisk_is_served_too() -> None:
    """An independent client: its login, its lists and its events, by its own reading of AMI."""
    heard: asyncio.Queue[str] = asyncio.Queue()
    async with DemoPbx(secret="right") as pbx:
        manager = Manager(
            loop=asyncio.get_running_loop(),
            port=pbx.port,
            username="me",
            secret="right",
            reconnect_timeout=3600,
        )

        @manager.register_event("*")  # type: ignore[untyped-decorator]  # panoramisk has no types
        def hear(_manager: Manager, event: Message) -> None:
            heard.put_nowait(event.event)

        await manager.connect()
        await pbx.wait_for_client()
        assert (await manager.send_action({"Action": "Ping"})).ping == "Pong"
        assert (await manager.send_action({"Action": "Nonsense"})).response == "Error"
        rows = await manager.send_action({"Action": "CoreShowChannels"})
        assert rows[-1].eventlist == "Complete"
        await pbx.play_all(speed=math.inf)
        expected = [event["Event"] for scene in SCENES.values() for _, event in scene.events()]
        assert [await heard.get() for _ in expected] == expected
        manager.close()
