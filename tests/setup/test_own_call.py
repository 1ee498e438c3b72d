"""Ringing a real phone of a real Asterisk."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bubbled.error import PbxError
from bubbled.model import Device
from bubbled.pbx.ami.access import Access, Address
from bubbled.pbx.ami.login import Credentials
from bubbled.setup.own_call import Rang, new_call_id, ring

if TYPE_CHECKING:
    from tests.lab.stage import Stage

ALICE = Device("PJSIP/101")


def access(stage: Stage, user: str = "cti") -> Access:
    return Access(address=Address(*stage.pbx.ami), credentials=Credentials(user, "ctisecret"))


async def nothing() -> None:
    """Let it ring."""


async def never() -> None:
    raise AssertionError("nothing rang")


async def test_the_phone_rings_and_shows_that_it_is_a_test(stage: Stage) -> None:
    rings = asyncio.Event()

    async def told() -> None:
        rings.set()

    ringing = asyncio.create_task(ring(access(stage), ALICE, new_call_id(), told))
    call = await stage.alice.rings()
    assert (call.number, call.name) == ("0", "bubbled test")
    async with asyncio.timeout(5):
        await rings.wait()
    call.reject()
    assert await ringing is Rang.NOT_LIFTED


async def test_a_phone_that_is_lifted_is_told_and_nobody_else_is_called(stage: Stage) -> None:
    ringing = asyncio.create_task(ring(access(stage), ALICE, new_call_id(), nothing))
    call = await stage.alice.rings()
    await call.answer()
    assert await ringing is Rang.LIFTED
    assert not stage.bob.calls
    assert not stage.outside.calls
    await call.hang_up()


async def test_a_phone_that_there_is_not_never_rings(stage: Stage) -> None:
    assert await ring(access(stage), Device("PJSIP/nobody"), new_call_id(), never) is Rang.NEVER_RANG


async def test_an_account_that_may_originate_and_hear_of_calls_is_enough(stage: Stage) -> None:
    await stage.pbx.admit("[least]\nsecret = ctisecret\nread = call\nwrite = originate\n")
    rings = asyncio.Event()

    async def told() -> None:
        rings.set()

    ringing = asyncio.create_task(ring(access(stage, "least"), ALICE, new_call_id(), told))
    call = await stage.alice.rings()
    async with asyncio.timeout(5):
        await rings.wait()
    call.reject()
    assert await ringing is Rang.NOT_LIFTED


async def test_an_account_that_may_not_call_is_told_so(stage: Stage) -> None:
    await stage.pbx.admit("[reader]\nsecret = ctisecret\nread = call\nwrite = call\n")
    with pytest.raises(PbxError, match="refuses Originate"):
        await ring(access(stage, "reader"), ALICE, new_call_id(), never)
