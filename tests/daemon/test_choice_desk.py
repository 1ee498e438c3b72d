from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import pytest

from bubbled.daemon.port import DaemonPort
from bubbled.error import ControlError
from bubbled.model import CallId
from tests.daemon.test_port import rewrite

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bubbled.pbx.demo import DemoPbx
    from tests.daemon.test_port import Run

FAST = 50.0


@pytest.fixture
async def with_namesakes(settings_file: Path, run: Run, pbx: DemoPbx) -> AsyncIterator[DaemonPort]:
    """A daemon whose address book has two persons with the number that calls in the demo."""
    book = settings_file.with_name("family.csv")
    book.write_text("Name,Company,Phone,City\nAnn,Acme,0612345678,Utrecht\nBas,Acme,0612345678,Gouda\n")
    rewrite(settings_file, lambda text: re.sub(r'path = ".*"', f'path = "{book}"', text))
    async with run(settings_file) as daemon:
        await pbx.wait_for_client()
        port = DaemonPort(daemon)
        await port.lookup("+31612345678")  # waits for the address book
        yield port


async def a_call_of(port: DaemonPort, pbx: DemoPbx) -> CallId:
    following = port.subscribe()
    await pbx.play("answered", speed=FAST)
    async with asyncio.timeout(10):
        while (change := await anext(following))["change"] != "ended":
            pass
    return CallId(change["call"]["id"])


async def test_one_of_several_contacts_is_chosen_and_remembered(
    with_namesakes: DaemonPort, pbx: DemoPbx
) -> None:
    port = with_namesakes
    assert await port.matches(None) is None
    call_id = await a_call_of(port, pbx)
    found = await port.matches(None)
    assert found is not None
    assert found.call_id == call_id
    assert [(each.line, each.is_chosen) for each in found.matches] == [
        ("Ann · Acme", True),
        ("Bas · Acme", False),
    ]
    chosen = await port.choose(call_id, 2)
    assert chosen is not None
    assert [each.is_chosen for each in chosen.matches] == [False, True]
    assert ((await port.call(call_id)) or {})["contact"]["name"] == "Bas"
    assert ((await port.call(await a_call_of(port, pbx))) or {})["contact"]["name"] == "Bas"
    with pytest.raises(ControlError, match="no 3 to choose"):
        await port.choose(None, 3)
    assert await port.matches(CallId("nobody")) is None
    assert await port.choose(CallId("nobody"), 1) is None


async def test_whom_the_user_chose_is_forgotten_with_the_number(
    with_namesakes: DaemonPort, pbx: DemoPbx, folder: Path
) -> None:
    port = with_namesakes
    await port.choose(await a_call_of(port, pbx), 2)
    kept = folder / ".local/state/bubbled/choices.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert "+31612345678" in kept.read_text()
    assert await port.forget("06-12345678") == 1
    assert "+31612345678" not in kept.read_text()
    assert await port.matches(None) is None
