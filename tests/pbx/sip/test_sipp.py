"""sipp as a hostile peer: a program that shares no code with bubbled, and that says what it was answered."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bubbled.pbx.sip.access import Transport
from bubbled.pbx.state import Up
from tests.pbx.sip.notifier import early
from tests.pbx.sip.peer import follower
from tests.servers.process import free_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.pbx.sip.peer import UdpPbx

pytestmark = pytest.mark.server

SCENARIOS = Path(__file__).with_name("sipp")
FLOOD = 1000
PATIENCE_S = 60


@asynccontextmanager
async def sipp(scenario: str, *arguments: str) -> AsyncIterator[None]:
    """Let sipp play, meanwhile and until it is done; it must have heard all that its scenario expects."""
    playing = await asyncio.create_subprocess_exec(
        *("sipp", "-sf", str(SCENARIOS / scenario), "-i", "127.0.0.1", "-nostdin", "-trace_err"),
        *("-error_file", "/dev/stderr", "-timeout", f"{PATIENCE_S}s", "-timeout_error", *arguments),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield
        _, complaints = await playing.communicate()
        assert playing.returncode == 0, complaints.decode()[:2000]
    finally:
        if playing.returncode is None:
            playing.kill()
            await playing.communicate()


async def test_a_flood_from_the_address_of_the_pbx_is_turned_away_and_calls_pop_up(pbx: UdpPbx) -> None:
    async with follower(pbx.port) as it:
        await it.becomes(Up)
        assert pbx.peer is not None
        everybody = ("-m", str(FLOOD), "-r", str(FLOOD), f"127.0.0.1:{pbx.peer[1]}")
        async with sipp("stranger.xml", *everybody):
            pbx.sends(pbx.notifier.notify(early("0612345678")))
            assert await it.told.get() == "started 0612345678"
        assert it.told.empty()
        assert it.source.session is not None
        assert it.source.session.is_active


@pytest.mark.parametrize(("transport", "mode"), [(Transport.UDP, "u1"), (Transport.TCP, "t1")])
async def test_of_a_pbx_that_does_what_none_should_only_what_is_right_counts(
    transport: Transport, mode: str
) -> None:
    port = free_port()
    playing = sipp("hostile_pbx.xml", "-t", mode, "-p", str(port), "-m", "1")
    async with follower(port, transport) as it, playing:
        await it.becomes(Up)
        async with asyncio.timeout(PATIENCE_S):
            assert await it.told.get() == "started +31612345678"
        assert it.told.empty()
