from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest

from tests.lab.ami import CTI, FULL, Session, User
from tests.lab.pbx import Asterisk

if TYPE_CHECKING:
    from tests.lab.stage import Stage


async def connect(pbx: Asterisk, user: User = CTI) -> Session:
    return await Session.connect(pbx.ami, user, time.monotonic)


async def test_two_run_side_by_side(asterisk: Asterisk) -> None:
    async with Asterisk() as other:
        assert other.ami != asterisk.ami
        for pbx in (asterisk, other):
            session = await connect(pbx, FULL)
            await session.event("FullyBooted")
            await session.close()


async def test_a_wrong_password_is_refused(asterisk: Asterisk) -> None:
    with pytest.raises(ConnectionError, match="Authentication failed"):
        await connect(asterisk, User("cti", "wrong"))


async def test_killed_it_says_nothing_and_starts_again(asterisk: Asterisk) -> None:
    session = await connect(asterisk)
    await asterisk.kill()
    await asyncio.wait_for(session.lost.wait(), 5)
    await session.close()
    with pytest.raises(ConnectionError):
        await connect(asterisk)
    await asterisk.start()
    await (await connect(asterisk)).close()


async def test_frozen_it_keeps_connections_and_answers_nobody(asterisk: Asterisk) -> None:
    session = await connect(asterisk)
    with asterisk.frozen():
        asking = asyncio.create_task(session.action("Ping"))
        done, _ = await asyncio.wait([asking], timeout=0.3)
        assert not done
        assert not session.lost.is_set()
    assert (await asking)["Response"] == "Success"
    await session.close()


async def test_a_restart_hangs_up_and_the_phones_are_found_again(stage: Stage) -> None:
    _, inner = await stage.conversation()
    await stage.restart_pbx()
    await inner.is_over()
    outer, inner = await stage.conversation()
    await outer.hang_up()
    await inner.is_over()
    await stage.idle()


async def test_its_console_answers(asterisk: Asterisk) -> None:
    assert "active channel" in await asterisk.run("core show channels count")


async def test_an_account_can_be_added(asterisk: Asterisk) -> None:
    await asterisk.admit("[guest]\nsecret = s3\nread = call\npermit = 127.0.0.0/255.0.0.0")
    await (await connect(asterisk, User("guest", "s3"))).close()
