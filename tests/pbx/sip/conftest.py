from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.pbx.sip.notifier import CHALLENGE, Notifier
from tests.pbx.sip.peer import UdpPbx

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def pbx() -> AsyncIterator[UdpPbx]:
    transport, protocol = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: UdpPbx(Notifier(CHALLENGE)), local_addr=("127.0.0.1", 0)
    )
    yield protocol
    transport.close()
